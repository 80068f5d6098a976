"""Verifying: a run is what it was when it ended, and a published table follows from it."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from bench import verbs
from bench.report import TABLES
from bench.report.formats import FORMATS
from tests.conftest import make_corpus
from tests.written import TEXTS, written

Call = Callable[[str], Result]
Edit = Callable[[str], str]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a corpus, whose name has a space, and a scored run over it."""
    folder = tmp_path_factory.mktemp("origin")
    written(folder / "run", make_corpus(folder / "my pages"), {**TEXTS, "lxml_text": {}})
    verbs.score(verbs.subject(folder / "run", None, "main", "lcs"))
    return folder


@pytest.fixture
def here(origin: Path, tmp_path: Path, call: Call) -> Callable[[str], Result]:
    """Return a function that runs a command line beside copies of run and corpus."""
    for name in ("run", "my pages"):
        shutil.copytree(origin / name, tmp_path / name)
    plan = json.loads((tmp_path / "run/plan.json").read_text())
    plan["corpus"]["root"] = str(tmp_path / "my pages")
    (tmp_path / "run/plan.json").write_text(json.dumps(plan))
    return call


def test_a_clean_run(here: Call) -> None:
    """A run that nobody touched holds; that its scores were never stored is no fault."""
    expected = "run: digests hold, scores follow from the extractions\n"
    assert (here("verify run").stdout, here("verify run").exit_code) == (expected, 0)
    Path("run/scores.jsonl").unlink()
    assert here("verify run").stdout == expected


def _replaced(path: str, old: str, new: str) -> Callable[[], object]:
    def edit() -> None:
        text = Path(path).read_text(encoding="utf-8")
        assert old in text
        Path(path).write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


FOLLOWS_NOT = r"run/scores\.jsonl: does not follow from the extractions"
CHANGED = r"changed since the run ended \(SHA-256 differs\)"
TAMPERED: list[tuple[Callable[[], object], list[str]]] = [
    # what happened to the run or to its corpus; what is said, each a pattern
    (
        _replaced("run/extractions.jsonl", "It rains.", "It snows."),
        [rf"run/extractions\.jsonl: {CHANGED}", FOLLOWS_NOT],
    ),
    # a change that the primary metric cannot see
    (
        _replaced("run/extractions.jsonl", "It rains.", "It rains!"),
        [rf"run/extractions\.jsonl: {CHANGED}"],
    ),
    (
        _replaced("run/extractions.jsonl", '"ok"', '"error"'),
        [rf"run/extractions\.jsonl: {CHANGED}", FOLLOWS_NOT],
    ),
    (
        _replaced("run/timings.jsonl", '"cpu_ns": 1000000', '"cpu_ns": 100000'),
        [rf"run/timings\.jsonl: {CHANGED}"],
    ),
    (_replaced("run/workers.jsonl", '"1.0"', '"1.1"'), [rf"run/workers\.jsonl: {CHANGED}"]),
    (lambda: Path("run/workers.jsonl").unlink(), [r"run/workers\.jsonl: missing"]),
    (lambda: Path("run/extractions.jsonl").unlink(), [r"run/extractions\.jsonl: missing"]),
    (_replaced("run/scores.jsonl", ": [4,", ": [3,"), [FOLLOWS_NOT]),
    (_replaced("run/scores.jsonl", '"missed": true', '"missed": false'), [FOLLOWS_NOT]),
    (
        _replaced("my pages/gold/board/second.jsonl", '"comments"', '"body"'),
        [r".*/my pages/gold: labels have changed since the run \(#\w{8} then, #\w{8} now\)"],
    ),
]


@pytest.mark.parametrize(("tamper", "problems"), TAMPERED)
def test_tampering(here: Call, tamper: Callable[[], object], problems: list[str]) -> None:
    """What is not as it was is named, all at once, and exits 1."""
    tamper()
    result = here("verify run")
    assert (result.stdout, result.exit_code) == ("", 1)
    for line, problem in zip(result.stderr.splitlines(), problems, strict=True):
        assert re.match(f"error: {problem}", line)


def test_changed_pages(here: Call) -> None:
    """A run whose pages are gone cannot be verified; the corpus says which page."""
    _replaced("my pages/corpus/wiki/third.html", "grows", "shrinks")()
    result = here("verify run")
    assert (result.stdout, result.exit_code) == ("", 2)
    assert "wiki/third.html: bytes differ from the pin" in result.stderr


@pytest.mark.parametrize("form", FORMATS)
def test_tables_follow(here: Call, form: str) -> None:
    """Each table of `report` follows from its run, also within a document that cites it."""
    tables = [_published(here, by, form) for by in TABLES]
    paper = ["We measured.", *tables, here("cite run").stdout, "It was good.", ""]
    Path("paper.txt").write_text("\n\n".join(paper), encoding="utf-8")
    result = here("verify run --table paper.txt")
    assert (result.stderr, result.exit_code) == ("", 0)
    assert result.stdout.endswith(", and paper.txt follows from it\n")


def test_each_table_has_its_view_and_metric(here: Call) -> None:
    """A table under another view and metric than the default follows as well."""
    Path("t").write_text(_published(here, "", "markdown", "--view full --metric bag"))
    assert here("verify run --table t").exit_code == 0


TWINS = [("kind", "kind", "50.0%", "40.0%"), ("kind", "leak", "Home News", "Hume News")]


@pytest.mark.parametrize(("one", "other", "old", "new"), TWINS)
def test_tables_of_one_signature(here: Call, one: str, other: str, old: str, new: str) -> None:
    """A table that follows does not vouch for another one with the same signature."""
    good, altered = _published(here, one, "markdown"), _published(here, other, "markdown")
    assert old in altered
    Path("a.md").write_text(good + "\n\n" + altered.replace(old, new, 1), encoding="utf-8")
    result = here("verify run --table a.md")
    assert result.stderr.startswith("error: a.md: leaks table: ")
    assert result.exit_code == 1


def test_a_citation_is_no_table(here: Call) -> None:
    """The text of `cite` has a signature, but nothing that could follow."""
    Path("t").write_text(here("cite run").stdout, encoding="utf-8")
    assert here("verify run --table t").stderr.startswith("error: t: no signature")


@pytest.mark.parametrize("form", FORMATS)
def test_one_altered_figure(here: Call, form: str) -> None:
    """A table with one other digit does not follow; its line is shown beside the run's."""
    table = _published(here, "", form)
    altered = re.sub(r"0\.16(7|6667)", "0.967", table, count=1)
    assert altered != table
    Path("t").write_text(altered, encoding="utf-8")
    result = here("verify run --table t")
    message, ours, theirs = result.stderr.splitlines()
    assert (message, result.exit_code) == ("error: t: F1 table: 1 lines do not follow from run", 1)
    assert "0.16" in ours.removeprefix("    run:  ")
    assert "0.967" in theirs.removeprefix("    file: ")


def _row(table: str) -> str:
    """Return the first line of a table that is about `bad`."""
    return next(line for line in table.splitlines(keepends=True) if re.match(r"\W*bad\b", line))


REARRANGED: list[tuple[str, Edit]] = [
    ("a row is left out", lambda table: table.replace(_row(table), "")),
    ("a row is added", lambda table: table.replace(_row(table), _row(table) * 2)),
    ("a row is moved", lambda table: _row(table) + table.replace(_row(table), "")),
    (
        "a better row is put above",
        lambda table: table.replace(_row(table), _row(table).replace("bad", "our") + _row(table)),
    ),
]


@pytest.mark.parametrize(("case", "edit"), REARRANGED, ids=[case for case, _ in REARRANGED])
@pytest.mark.parametrize("form", ["terminal", "markdown", "latex", "csv"])
def test_rearranged_rows(here: Call, form: str, case: str, edit: Edit) -> None:
    """A table follows as a whole: no row less, none more, none elsewhere."""
    Path("t").write_text(edit(_published(here, "", form)), encoding="utf-8")
    assert here("verify run --table t").exit_code == 1


def test_a_row_below_the_last_one(here: Call) -> None:
    """CSV has its signature at the top; a row added at the end is seen all the same."""
    Path("t.csv").write_text(_published(here, "", "csv") + "\nour,extractor,2.0,1.0,1.0\n")
    result = here("verify run --table t.csv")
    assert "t.csv: F1 table: has lines that run has not, or another order" in result.stderr


SIGNATURES: list[tuple[str, str, str]] = [
    # a part of the signature; what stands there instead; what is said
    (r"pages:3", "pages:4", "another pages than the run's"),
    (r"rounds:1", "rounds:3", "another rounds than the run's"),
    (r"v:0\S+", "v:9.9", "another v than the run's"),
    (r"gold:#\w+", "gold:#00000000", "another gold than the run's"),
    (r"#\w+\|gold:#\w+", "#0|gold:#1", "another corpus, gold than the run's"),
    (r"\|view:main", "", "unknown view ''"),
    (r"view:main", "view:maine", "unknown view 'maine'; did you mean 'main'"),
    (r"\|lcs\|", "|lsc|", "unknown metric 'lsc'; did you mean 'lcs'"),
    (r"^F1\|", "F2|", "no verb prints a table of 'F2'"),
    (r"^F1\|", "F1 by colour|", "no verb prints a table of 'F1 by colour'"),
    (r"^F1\|lcs", "F1 by metric|lcs+lsc", "unknown metric 'lsc'; did you mean 'lcs'"),
    (r"net:none", "net:open", "another net than the run's"),
]


@pytest.mark.parametrize(("old", "new", "message"), SIGNATURES)
def test_another_signature(here: Call, old: str, new: str, message: str) -> None:
    """A table with the signature of another run does not follow, and the key is named."""
    table = _published(here, "", "terminal")
    altered = re.sub(old, new, table, flags=re.MULTILINE)
    assert altered != table
    Path("t").write_text(altered, encoding="utf-8")
    result = here("verify run --table t")
    assert result.exit_code == 1
    assert re.match(rf"error: t: signature F\S.*: {re.escape(message)}", result.stderr)


@pytest.mark.parametrize("text", ["", "F1 is 0.9.", "F1|lcs|tok:1", "| a | b |\n|---|---|\n"])
def test_no_signature(here: Call, text: str) -> None:
    """A table without a signature cannot be traced to a run."""
    Path("t").write_text(text)
    result = here("verify run --table t")
    assert result.stderr == (
        "error: t: no signature; a table without one cannot be traced to a run\n"
    )
    assert result.exit_code == 1


def _published(call: Call, by: str, form: str, options: str = "") -> str:
    wanted = f"--by {by}" if by else ""
    return call(f"report run {wanted} --format {form} {options}").stdout.removesuffix("\n")
