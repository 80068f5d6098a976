"""The audit of a corpus: what pages have in common, the table, the faults, the command."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from bench.audit import BETWEEN, Finding, Findings, audit, audit_table, faults
from bench.corpus import open_corpus
from bench.errors import BenchError
from bench.inspection import NO_FAULTS, PAGE_CHECKS, SNIPPET_CHECKS
from bench.report.layout import Table
from tests.conftest import PAGES, Blocks, make_corpus

Call = Callable[[str], Result]
Headers = Mapping[str, Mapping[str, Any]]
Common = dict[str, list[tuple[str, str]]]
SAME, SAME_ACROSS = "same bytes", "same bytes across splits"
ALIKE, ALIKE_ACROSS = "nearly the same text", "nearly the same text across splits"
HOSTS = "host in several splits"
BODIES = "body shares 8 tokens in a row"
ACROSS, NO_SNIPPETS = {SAME_ACROSS, ALIKE_ACROSS, HOSTS}, {*SNIPPET_CHECKS}
CHECKS = [*BETWEEN, *PAGE_CHECKS]
TEA = "green tea is dry and black tea is wet where the rain falls on it"
NUMBERS = "one two three four five six seven eight nine ten eleven twelve thirteen".split()


def _common(root: Path) -> Common:
    """Return what the pages of a folder have in common: their ids, joined, and what is said."""
    findings = audit(open_corpus(root))
    return {
        name: [(" ".join(one.pages), one.detail) for one in found]
        for name in BETWEEN
        if (found := findings[name])
    }


def _texts(folder: Path, pages: list[tuple[str, str]], urls: tuple[str, ...] = ()) -> Path:
    """Write pages a, b, … of (split, HTML), all with another text as gold."""
    ids = "abcdefgh"[: len(pages)]
    headers = {
        id: {"gold": "text", "split": split, "url": url}
        for id, (split, _), url in zip(ids, pages, urls or ("",) * len(pages), strict=True)
    }
    golds: dict[str, Blocks] = {id: [("text", f"Rain {id}")] for id in ids}
    html = {id: f"<p>{text}" for id, (_, text) in zip(ids, pages, strict=True)}
    return make_corpus(folder, golds, html=html, headers=headers)


def _numbers(size: int, last: str = "") -> str:
    return " ".join([*NUMBERS[: size - 1], last or NUMBERS[size - 1]])


DUPLICATES: list[tuple[list[tuple[str, str]], Common]] = [
    # split and HTML of each page; what they have in common
    ([("", "tea"), ("", "rain")], {}),
    ([("", "tea"), ("", "tea")], {SAME: [("a b", "")]}),
    ([("", "tea"), ("", "rain"), ("", "tea"), ("", "tea")], {SAME: [("a c d", "")]}),
    ([("dev", "tea"), ("test", "tea")], {SAME_ACROSS: [("a b", "")]}),
    ([("dev", "tea"), ("", "tea")], {SAME_ACROSS: [("a b", "")]}),
    ([("dev", "tea"), ("test", "rain"), ("dev", "tea")], {SAME: [("a c", "")]}),
    (
        [("dev", "tea"), ("test", "tea"), ("dev", "tea"), ("test", "rain"), ("dev", "rain")],
        {SAME: [("a c", "")], SAME_ACROSS: [("a b c", ""), ("d e", "")]},
    ),
    # Of 13 tokens the last is another: 8 of 10 shingles are shared; of 12, 7 of 9
    ([("", _numbers(13)), ("", _numbers(13, "tea"))], {ALIKE: [("a b", "resemblance 0.80")]}),
    ([("", _numbers(12)), ("", _numbers(12, "tea"))], {}),
    ([("", _numbers(13)), ("", f"<b>{_numbers(13)}</b>")], {ALIKE: [("a b", "resemblance 1.00")]}),
    (
        [("dev", _numbers(13)), ("test", _numbers(13, "tea"))],
        {ALIKE_ACROSS: [("a b", "resemblance 0.80")]},
    ),
    ([("dev", _numbers(12)), ("test", _numbers(12, "tea"))], {}),
    # The same text in another order, or too short for a shingle, is not alike
    ([("", _numbers(13)), ("", " ".join(reversed(NUMBERS)))], {}),
    ([("", "green tea is dry"), ("", "green tea is <b>dry")], {}),
    # Pages of the same bytes are not told of twice
    (
        [("", TEA), ("", f"<i>{TEA}</i>"), ("", TEA)],
        {SAME: [("a c", "")], ALIKE: [(two, "resemblance 1.00") for two in ("a b", "b c")]},
    ),
]


@pytest.mark.parametrize(("pages", "expected"), DUPLICATES)
def test_duplicates(tmp_path: Path, pages: list[tuple[str, str]], expected: Common) -> None:
    """Pages of the same bytes are groups, pages of nearly the same text pairs, by split."""
    assert _common(_texts(tmp_path, pages)) == expected


ADDRESSES: list[tuple[str, str, str]] = [
    # the addresses of two pages in two splits; the host they share
    ("http://tea.example/a", "http://tea.example/b", "tea.example"),
    ("http://www.tea.example/a", "https://TEA.example:8080/b", "tea.example"),
    ("http://tea.example/a", "http://rain.example/a", ""),
    ("http://tea.example/a", "http://shop.tea.example/a", ""),
    ("", "", ""),
    ("tea.example", "tea.example", ""),  # a path, by the standard
    ("http://[tea", "http://[tea", ""),  # no address at all
]


@pytest.mark.parametrize(("one", "other", "host"), ADDRESSES)
def test_hosts(tmp_path: Path, one: str, other: str, host: str) -> None:
    """A host whose pages lie in several splits is named, with all its pages."""
    pages = [("dev", "tea"), ("test", "rain"), ("dev", "hat")]
    urls = (one, other, one)
    assert _common(_texts(tmp_path / "parted", pages, urls)) == (
        {HOSTS: [("a b c", host)]} if host else {}
    )
    within = [("dev", text) for _, text in pages]
    assert _common(_texts(tmp_path / "whole", within, urls)) == {}


SEVEN = "is picked in spring and dried at"
EIGHT = f"tea {SEVEN}"
QUOTES: list[tuple[Blocks, Blocks, str]] = [
    # the blocks of two pages; the run of tokens that their bodies share
    ([("body", f"Green {EIGHT} once")], [("body", f"They say {EIGHT} night")], EIGHT),
    ([("body", f"Green {SEVEN} once")], [("body", f"They say {SEVEN} night")], ""),
    ([("body", f"Green {EIGHT} once")], [("body", f"{EIGHT.upper()}; once")], f"{EIGHT} once"),
    ([("body", "Tea"), ("poll", "Yes"), ("body", SEVEN)], [("body", EIGHT)], EIGHT),
    ([("body", "Tea"), ("body", "Yes"), ("body", SEVEN)], [("body", EIGHT)], ""),
    ([("body", "Rain"), ("comments", EIGHT)], [("body", "Tea"), ("comments", EIGHT)], ""),
    ([("body", EIGHT)], [("body", "Tea"), ("title", EIGHT)], ""),
]


@pytest.mark.parametrize(("one", "other", "run"), QUOTES)
def test_shared_bodies(tmp_path: Path, one: Blocks, other: Blocks, run: str) -> None:
    """Bodies that share eight tokens in a row are told of with the longest run, seven are not."""
    root = make_corpus(tmp_path, {"a": one, "b": [("body", "It rains.")], "c": other})
    found = _common(root).get(BODIES)
    assert found == ([("a c", f"{len(run.split())} tokens: {run}")] if run else None)


def test_every_check_between_pages_is_triggered_here() -> None:
    """No check of what pages have in common goes without a row above."""
    assert {HOSTS, BODIES}.union(*(expected for _, expected in DUPLICATES)) == {*BETWEEN}


APPLYING: list[tuple[str, list[Blocks], list[str], set[str]]] = [
    # type of gold; the gold of each page; their splits; the checks that do not apply
    ("blocks", [[("body", "Tea")], [("body", "Rain")]], ["", ""], ACROSS | NO_SNIPPETS),
    ("blocks", [[("body", "Tea")], [("title", "Rain")]], ["dev", "test"], NO_SNIPPETS),
    ("text", [[("text", "Tea")]] * 2, ["dev", "dev"], ACROSS | NO_SNIPPETS | {BODIES}),
    ("text", [[("text", "Tea")]] * 2, ["dev", "test"], NO_SNIPPETS | {BODIES}),
    ("text", [[("text", "Tea"), ("absent", "x")], []], ["", ""], ACROSS | {BODIES}),
    ("text", [[("text", "Tea")], [("present", "x")]], ["a", "b"], {BODIES}),
]


@pytest.mark.parametrize(("gold", "lines", "splits", "expected"), APPLYING)
def test_what_does_not_apply(
    tmp_path: Path, gold: str, lines: list[Blocks], splits: list[str], expected: set[str]
) -> None:
    """A check for splits, blocks or snippets that a corpus has not finds None, and shows "-"."""
    headers = {id: {"gold": gold, "split": split} for id, split in zip("ab", splits, strict=True)}
    root = make_corpus(tmp_path, dict(zip("ab", lines, strict=True)), headers=headers)
    table, shown = _table(root), [name for name in CHECKS if name in expected]
    assert any(note.startswith("splits: ") for note in table.notes) == any(splits)
    assert [row for row in table.cells if "-" in row] == [[name, "-", "-", ""] for name in shown]
    assert [record for record in table.records if record["pages"] is None] == [
        {"check": name, "pages": None, "share": None, "fault": False, "findings": []}
        for name in shown
    ]


def _table(root: Path) -> Table:
    corpus = open_corpus(root)
    return audit_table(corpus, audit(corpus))


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """Give a corpus of two splits with duplicates, a lie that is known, and a quotation."""
    quote: Blocks = [("body", f"Rain. {EIGHT} once.")]
    pages: dict[str, Blocks] = {
        **{f"tea/{n}": [("body", "Tea")] for n in range(3)},
        "wiki/a-page-whose-name-is-a-sentence-too-long-for-a-table": quote,
        "wiki/b": [("main-nav", "Home News Hats"), *quote],
        "wiki/c": [("body", "No hat")],
    }
    headers = {id: {"split": "dev" if id < "wiki/b" else "test", "url": ""} for id in pages}
    headers["wiki/c"] = {**headers["wiki/c"], "charset": "windows-1252"}
    return make_corpus(tmp_path / "faulty", pages, headers=headers)


def test_the_table(faulty: Path) -> None:
    """A row counts the pages that a check concerns, each once, and shows five findings at most."""
    table = _table(faulty)
    long = "wiki/a-page-whose-name-is-a-sen…"
    assert table.title == "Audit of faulty@0, 6 pages"
    assert [row for row in table.cells if row[1] not in (0, "-")] == [
        [SAME, 3, "50.0%", "tea/0 = tea/1 = …"],
        [BODIES, 2, "33.3%", f"{long} = wiki/b"],
        ["no url", 6, "100.0%", f"tea/0, tea/1, tea/2, {long}, wiki/b"],
        ["charset lies, gold knows", 1, "16.7%", "wiki/c"],
    ]
    assert table.cells[1] == [SAME_ACROSS, 0, "0.0%", ""]
    assert table.notes[0] == "splits: dev 4, test 2"
    assert table.notes[-1] == (
        "wiki/a-page-whose-name-is-a-sentence-too-long-for-a-table = wiki/b "
        f"share 10 tokens: rain {EIGHT} once"
    )
    assert table.signature.startswith("audit|-|tok:1|corpus:faulty@0#")


def test_the_records(faulty: Path, call: Call) -> None:
    """The records have every finding in full, of every check, in the table's order."""
    data = json.loads(call(f"audit {faulty} --format json").stdout)
    records = {record.pop("check"): record for record in data["rows"]}
    assert [*records] == CHECKS
    ids = [page.id for page in open_corpus(faulty).pages]
    assert records["no url"] == {
        "pages": 6,
        "share": 1,
        "fault": True,
        "findings": [{"pages": [id], "detail": "no url"} for id in ids],
    }
    assert records[SAME]["findings"] == [{"pages": ids[:3], "detail": ""}]
    assert records[BODIES] == {
        "pages": 2,
        "share": 0.333333,
        "fault": True,
        "findings": [{"pages": ids[3:5], "detail": f"10 tokens: rain {EIGHT} once"}],
    }
    assert [name for name, record in records.items() if record["findings"]] == [
        *(SAME, BODIES, "no url", "charset lies, gold knows")
    ]
    assert not records["charset lies, gold knows"]["fault"]


FAULTS: list[tuple[Findings, list[str]]] = [
    # findings; faults
    ({SAME: None, ALIKE: []}, []),
    ({SAME: [Finding(("a", "b"), ""), Finding(("c", "d"), "")]}, [f"{SAME}: 4 pages"]),
    ({ALIKE: [Finding(("a", "b"), ""), Finding(("a", "c"), "")]}, [f"{ALIKE}: 3 pages"]),
    ({name: [Finding(("a",), "it lies")] for name in NO_FAULTS}, []),
]


@pytest.mark.parametrize(("findings", "expected"), FAULTS)
def test_faults(findings: Findings, expected: list[str]) -> None:
    """A check that found anything is a fault, of so many pages, unless it only tells."""
    assert faults(findings) == expected


def test_strict(faulty: Path, call: Call) -> None:
    """Faults are in the table either way; with --strict they also are errors, a line each."""
    plain, strict = call(f"audit {faulty}"), call(f"audit {faulty} --strict")
    assert (plain.exit_code, plain.stderr, strict.exit_code) == (0, "", 1)
    assert plain.stdout == strict.stdout
    assert strict.stderr.splitlines() == [
        "error: same bytes: 3 pages",
        "error: body shares 8 tokens in a row: 2 pages",
        "error: no url: 6 pages",
    ]


def test_what_is_no_fault_does_not_fail(corpus: Path, call: Call) -> None:
    """A corpus with nothing but a lie that its gold knows passes with --strict."""
    make_corpus(corpus, headers={"wiki/third": {"content_type": "text/html; charset=euc-kr"}})
    assert call("audit mini --strict").exit_code == 1
    true = {"content_type": "text/html; charset=euc-kr", "charset": "utf-8"}
    make_corpus(corpus, headers={"wiki/third": true})
    result = call("audit mini --strict")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "wiki/third" in result.stdout


def test_gold_that_cannot_be_read(tmp_path: Path, call: Call) -> None:
    """All problems of all pages are told of together, and there is no table."""
    wrong: dict[str, Blocks] = {"a": [("bdy", "Tea"), ("poll", " ")], "b": [("titel", "Rain")]}
    root = make_corpus(tmp_path / "mini", {**PAGES, **wrong})
    with pytest.raises(BenchError) as caught:
        audit(open_corpus(root))
    assert [problem.removeprefix(f"{root}/gold/") for problem in caught.value.problems] == [
        "a.jsonl:2: unknown kind 'bdy'; see: boilerbench list kinds",
        "a.jsonl:3: the text of a 'poll' block is empty",
        "b.jsonl:2: unknown kind 'titel'; see: boilerbench list kinds",
    ]
    result = call("audit mini")
    assert (result.exit_code, result.stdout, result.stderr.count("error: ")) == (2, "", 3)


def test_wrong_names_are_told_of_together(call: Call) -> None:
    """A corpus that is not there and a format that is none are one wrong use."""
    result = call("audit nowhere --format jsn")
    lines = result.stderr.splitlines()
    assert (result.exit_code, result.stdout, len(lines)) == (2, "", 3)
    assert lines[0].startswith("error: no corpus 'nowhere'")
    assert lines[1].startswith("error: unknown format 'jsn'; did you mean 'json'?")
    assert lines[2].startswith("hint: boilerbench import nowhere")
