"""The conformance test: for each check a fake that fails it and nothing else."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import Result

from bench import contestants
from bench.conformance import Verdicts, checks, examine
from bench.conformance.checks import CHECKS, Evidence
from bench.conformance.marks import MARKS, marks
from bench.conformance.pages import MARKERS, odd_pages, sound_pages, varied_pages
from bench.conformance.sittings import Answer, Growth, Sitting, sit
from bench.pagetext import page_text, squeeze
from tests.running import ZOO

Call = Callable[[str], Result]
Writer = Callable[[str, str], Path]
PAGES = 40  # of the long sitting: with fakes, enough to tell 1 MiB a page from none

# Fake, the one check that it fails, words of the verdict
FAULTS = [
    ("dies_in_import", "start", "FileNotFoundError: model.bin"),
    ("wants_ascii", "sound pages", "UTF-8: UnicodeDecodeError"),
    ("gives_none", "odd pages", "empty: TypeError: extract() returned NoneType, not str"),
    ("hash_order", "repeats", "differs on UTF-8, EUC-KR"),
    ("nondeterministic", "repeats", "differs on UTF-8, EUC-KR"),
    ("network_native", "no network", "called an Internet address on the page UTF-8"),
    ("network_python", "no network", "called an Internet address on the page UTF-8"),
    ("child_calls", "no network", "no answer with the trap on UTF-8"),
    ("writes_outside", "no files", "UTF-8: OSError: [Errno 30] Read-only file system"),
    ("speaks_unasked", "protocol", "empty: protocol: not JSON: b'no page'"),
    ("gives_markdown", "no Markdown", "heading: # How the kettle sings; link: [kettle](/kettles)"),
    ("keeps_pages", "memory", "MiB a page"),
    ("wears_out", "memory", "ended on page 31: exited with code 5"),
]
# Nothing of this is against the rules: prints go to the log, scratch is there to be written to
LEGAL = [
    *("echo", "prints_c", "writes_files"),
    *(pytest.param(fake, marks=pytest.mark.slow) for fake in ("prints_python", "reads_stdin")),
]


@cache
def verdicts(fake: str) -> Verdicts:
    """Return what a fake of the zoo is found to be."""
    return examine(contestants.read(ZOO / f"{fake}.py"), PAGES)


def failed(found: Verdicts) -> set[str]:
    """Return the checks that failed."""
    return {check for check, verdict in found.items() if verdict.result == "fail"}


def test_a_sound_extractor_passes_every_check() -> None:
    """What keeps every rule has not even a note."""
    found = verdicts("sound")
    skipped = {name for name, verdict in found.items() if verdict.result == "not checked"}
    assert skipped <= {"no files", "no network"}  # where the kernel grants no cage
    assert {verdict.result for verdict in found.values()} - {"not checked"} == {"pass"}
    assert found.keys() == CHECKS.keys()


@pytest.mark.parametrize(("fake", "check", "words"), FAULTS, ids=[row[0] for row in FAULTS])
def test_a_fault_fails_its_own_check_and_no_other(fake: str, check: str, words: str) -> None:
    """Each rule is checked by itself, and the verdict says what was seen."""
    verdict = verdicts(fake)[check]
    if verdict.result == "not checked":
        pytest.skip(verdict.detail)
    assert failed(verdicts(fake)) == {check}
    assert words in verdict.detail


@pytest.mark.parametrize("fake", LEGAL)
def test_what_is_legal_does_not_fail(fake: str) -> None:
    """Prints, a read of standard input and files in the scratch folder break no rule."""
    assert not failed(verdicts(fake))


def test_every_check_is_failed_by_some_fake_or_is_a_note() -> None:
    """A check that nothing fails would check nothing."""
    assert {check for _, check, _ in FAULTS} == CHECKS.keys() - {"content kept"}


def test_what_does_not_start_is_not_checked_further() -> None:
    """One reason is enough."""
    found = verdicts("dies_in_import")
    assert {found[check].result for check in CHECKS if check != "start"} == {"not checked"}


# Fake, check, what is noted
NOTES = [
    ("wants_ascii", "odd pages", "a miss on windows-1251: UnicodeDecodeError"),
    ("echo", "content kept", "not kept on mislabelled"),
    ("nondeterministic", "content kept", f"not kept on {', '.join(MARKERS)}"),
    ("speaks_unasked", "odd pages", ""),
]


@pytest.mark.parametrize(("fake", "check", "words"), NOTES)
def test_what_is_legal_but_worth_knowing_is_a_note(fake: str, check: str, words: str) -> None:
    """A miss on an odd page is a note, and so is content that is lost; a broken protocol is not."""
    verdict = verdicts(fake)[check]
    assert verdict.result == ("note" if words else "pass")
    assert verdict.detail.startswith(words)


def evidence(answer: Answer | None = None, growth: Growth | None = None, **cage: str) -> Evidence:
    """Return evidence in which every page has the same answer."""
    pages = [task.page for task in (*sound_pages(), *odd_pages())]
    sitting = Sitting(cage, dict.fromkeys(pages, answer or Answer("ok", "calm")))
    return Evidence(sitting, sitting, sitting, growth or Growth([0] * PAGES))


def test_what_the_kernel_does_not_grant_is_not_checked() -> None:
    """Without a cage that would show a fault, nobody passes and nobody fails."""
    assert checks.files(evidence(files="open")).result == "not checked"
    assert checks.files(evidence(files="read-only")).result == "pass"
    assert checks.network(evidence(network="open")).result == "not checked"
    assert checks.network(evidence(trap="seccomp")).result == "pass"
    assert checks.markdown(evidence(Answer("error", why="ValueError"))).result == "not checked"


@pytest.mark.parametrize(
    "words",
    [
        "OSError: [Errno 30] Read-only file system: 'cache'",
        "EROFS: read-only file system, open 'cache'",
        "java.io.IOException: cache (Read-only file system)",
    ],
)
def test_a_write_outside_is_seen_in_any_language(words: str) -> None:
    """In an error or in the log, as Python, Node and Java put it."""
    for answer in (Answer("error", why=words), Answer("ok", log=f"begin\n{words}\nend")):
        verdict = checks.files(evidence(answer, files="read-only"))
        assert (verdict.result, verdict.detail) == ("fail", f"UTF-8: {words}")


# Resident MiB page by page, MiB a page that are found
GROWTHS: list[tuple[list[float], float]] = [
    ([50] * 40, 0),
    ([50 + page for page in range(40)], 1),
    ([50 + min(page, 20) for page in range(40)], 0),  # a cache that is full half way
    ([50 + 8 * (page % 9) for page in range(40)], 0),  # collected from time to time
    ([50 + page / 4 + 8 * (page % 5) for page in range(40)], 0.25),
    ([90 - page / 2 for page in range(40)], -0.5),
]


@pytest.mark.parametrize(("resident", "slope"), GROWTHS)
def test_growth_is_what_does_not_come_back(resident: list[float], slope: float) -> None:
    """Neither a warm-up nor what is collected later counts as growth."""
    growth = Growth([int(mib * 1024) for mib in resident])
    assert growth.mib_per_page == pytest.approx(slope)
    result = "fail" if slope > checks.MIB_PER_PAGE else "pass"
    assert checks.memory(evidence(growth=growth)).result == result


def test_memory_that_ran_out_fails_though_it_no_longer_grows() -> None:
    """Whoever raises MemoryError on every later page has a flat curve."""
    growth = Growth([2048] * 40, errors=("MemoryError: ",) * 9)
    verdict = checks.memory(evidence(growth=growth))
    assert (verdict.result, verdict.detail) == ("fail", "MemoryError:  on 9 of 40 pages")


# Text, the mark that is found in it
MARKED = [
    ("## What you need", "heading"),
    ("What you need\n====", "underlined heading"),
    ("a **copper bottom** sings", "bold"),
    ("a __copper bottom__ sings", "bold"),
    ("it sings *quietly*, at first", "emphasis"),
    ("it sings _quietly_, at first", "emphasis"),
    ("a [hammered kettle](/kettles) hears", "link"),
    ("a [hammered kettle][1] hears", "link"),
    ("![a pot](/pot.png)", "link"),
    ("calls `pour(water)` at once", "code"),
    ("```python\npour(water)\n```", "fence"),
    ("> The water has a voice", "quote"),
    ("Tea | Minutes\n---|---\ngreen | 2", "table rule"),
    ("| :--- | ---: |", "table rule"),
    ("* * *", "rule"),
    ("under the name setting\\_no\\_4", "escape"),
]
# Text of pages and of text browsers
UNMARKED = [
    "  * a kettle\n  * a pot",
    "- a kettle\n- a pot",
    "• a kettle",
    "1. Fill the kettle",
    "green tea | 2\nblack tea | 4",
    "----------",
    "C# and F#, #kettle",
    "2 * 3 * 4, a * b",
    "setting_no_4 and _private",
    "see [1] (or not)",
    "5 > 4",
    "C:\\kettle",
    "it's `so",
]


def test_every_mark_is_found_and_every_mark_has_a_line() -> None:
    """One text a mark, in which no other one is seen."""
    assert {text: list(marks(text, "")) for text, _ in MARKED} == {
        text: [name] for text, name in MARKED
    }
    assert {name for _, name in MARKED} == MARKS.keys()


@pytest.mark.parametrize("text", UNMARKED)
def test_what_text_has_anyway_is_no_mark(text: str) -> None:
    """Bullets, numbers, bars and dashes are what text browsers print."""
    assert not marks(text, "")


def test_a_mark_that_the_page_shows_is_its_own() -> None:
    """A page on Markdown, or a comment in its code, may look like that."""
    assert not marks("# warm the pot first", "a page:\n#  warm the pot\nfirst")
    assert marks("# warm the pot first\n# pour", "# warm the pot first") == {"heading": "# pour"}


def test_pages_are_what_they_say() -> None:
    """Each article holds its marker under its true encoding; nothing lies but the one that does."""
    tasks = {task.page: task for task in (*sound_pages(), *odd_pages())}
    for page, marker in MARKERS.items():
        html = tasks[page].html.decode(tasks[page].true_encoding)
        assert squeeze(marker) in squeeze(page_text(html))
    liars = [page for page, task in tasks.items() if task.encoding != task.true_encoding]
    assert liars == ["mislabelled"]


def test_varied_pages_vary_and_nobody_has_their_address() -> None:
    """No two are alike, and their hosts cannot exist (RFC 2606)."""
    tasks = [*sound_pages(), *odd_pages(), *varied_pages(200)]
    assert len({task.html for task in tasks}) == len({task.url for task in tasks}) == len(tasks)
    assert all((urlsplit(task.url).hostname or "").endswith(".example") for task in tasks)


def test_a_worker_that_ended_is_started_anew(extractor: Writer) -> None:
    """What ends on one page is asked for the next one all the same."""
    source = (
        '"""Ends."""\nimport os\ndef extract(html, url):\n    return html and "x" or os._exit(7)\n'
    )
    sitting = sit(contestants.read(extractor("ends", source)), odd_pages())
    said = {page: answer.why or answer.text for page, answer in sitting.answers.items()}
    assert said.pop("empty") == "exited with code 7"
    assert {*said.values()} == {"x"}


def test_the_verb_prints_a_table_and_fails_with_a_line_for_each_check(
    call: Call, extractor: Writer
) -> None:
    """A row a check; exit 1, and a sentence for each that failed."""
    source = '"""Raises."""\ndef extract(html, url):\n    return html.decode("ascii") and "**x**"\n'
    result = call(f"check --extractor {extractor('raises', source)} --format json")
    rows = {row["check"]: row for row in json.loads(result.stdout)["rows"]}
    assert list(rows) == list(CHECKS)
    assert rows["no Markdown"]["detail"] == "bold: **x**"
    assert result.exit_code == 1
    assert [line.split(": ")[:3] for line in result.stderr.splitlines()] == [
        ["error", "raises", "sound pages"],
        ["error", "raises", "no Markdown"],
    ]


def test_the_verb_refuses_what_makes_no_sense(call: Call) -> None:
    """An extractor has no pins and no gold; every wrong name is said at once."""
    for words in ("--pin", "--corpus mini"):
        assert call(f"check --extractor nothing {words}").exit_code == 2
    result = call("check --extractor nothin --format jason")
    assert result.exit_code == 2
    assert "did you mean 'nothing'?" in result.stderr
    assert "did you mean 'json'?" in result.stderr
