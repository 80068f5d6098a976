"""The project's own pages: what the corpus promises, held against pages and labels."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from statistics import median

import pytest

from bench.audit import audit, faults
from bench.check import problems_of
from bench.corpus import HOME, Corpus, Page, open_corpus
from bench.gold import BlockGold, read_blocks
from bench.passes import PASSES, ceiling
from bench.text import tokens
from bench.views import KINDS
from tests.figures import datacard

SHORT, LONG = 60, 3_000  # tokens of a body


@cache
def _own() -> Corpus:
    return open_corpus()


@cache
def _gold(id: str) -> BlockGold:
    return read_blocks(_own().by_id()[id].gold_path)


def _tokens(id: str, kind: str) -> int:
    return sum(len(tokens(block.text)) for block in _gold(id).blocks if block.kind == kind)


def _headers(key: str) -> Counter[str]:
    return Counter(getattr(page.header, key) for page in _own().pages)


AT_LEAST: list[tuple[str, int, Callable[[], int]]] = [
    ("pages", 64, lambda: len(_own().pages)),
    ("families", 25, lambda: len(_headers("family"))),
    ("languages", 15, lambda: len(_headers("language"))),
    ("charsets", 8, lambda: len({page.encoding(truth=True) for page in _own().pages})),
    ("sites of several pages", 8, lambda: sum(n > 1 for n in _headers("site").values())),
    ("median bytes", 18_000, lambda: int(median(p.path.stat().st_size for p in _own().pages))),
    ("blocks of the rarest kind", 3, lambda: min(_kinds().values())),
    ("pages labelled twice", 24, lambda: len(_passes("second"))),
]


@pytest.mark.parametrize(("what", "least", "count"), AT_LEAST, ids=[row[0] for row in AT_LEAST])
def test_there_are_enough(what: str, least: int, count: Callable[[], int]) -> None:
    """The corpus is as broad as its data card says."""
    assert count() >= least, what


PAGE_TYPES = {
    "article": 36,
    "thread": 8,
    "qa": 3,
    "product": 3,
    "listing": 3,
    "documentation": 4,
    "none": 4,
}


def test_page_types() -> None:
    """Every page type is there, each often enough to be looked at."""
    found = _headers("page_type")
    assert {name: n for name, n in PAGE_TYPES.items() if found[name] < n} == {}


FAMILIES = {"gnuboard5": 16, "rhymix xe1": 5, "gnuboard4 zeroboard4": 5, "kboard": 1}
FAMILIES |= {"tistory textcube": 3, "korean-news-cms": 3, "discuz dedecms typecho zblog": 5}
FAMILIES |= {"movabletype fc2 hatena basercms": 5}


@pytest.mark.parametrize(("names", "least"), FAMILIES.items())
def test_families(names: str, least: int) -> None:
    """The systems that no other set has are there in number."""
    found = _headers("family")
    assert sum(found[name] for name in names.split()) >= least


def test_the_corpus_is_small() -> None:
    """A clone stays quick: pages and labels take less than 8 MB."""
    files = [path for top in ("corpus", "gold") for path in (HOME / top).rglob("*")]
    assert sum(path.stat().st_size for path in files if path.is_file()) < 8_000_000


def test_gold_spells_every_page() -> None:
    """`boilerbench check` finds nothing wrong with the project's own labels."""
    assert problems_of(_own()) == []


def test_the_audit_is_clean() -> None:
    """`boilerbench audit` finds no fault: no two bodies share eight tokens in a row, for one."""
    assert faults(audit(_own())) == []


@pytest.mark.parametrize("page", open_corpus().pages, ids=lambda page: page.id)
def test_bytes_are_of_their_charset(page: Page) -> None:
    """Decoded by the known charset and encoded again, a page is the same bytes."""
    codec = page.encoding(truth=True)
    assert page.html().decode(codec).encode(codec) == page.html()


@pytest.mark.parametrize("page", open_corpus().pages, ids=lambda page: page.id)
def test_a_page_stands_where_its_header_says(page: Page) -> None:
    """The folder is the family, and the host is invented."""
    assert page.id.startswith(f"{page.header.family}/")
    assert ".example/" in page.header.url


def test_hard_cases() -> None:
    """Each hard case stands on two pages at least, all of them there."""
    known = {page.id for page in _own().pages}
    found = datacard.cases()
    assert {name: pages for name, pages in found.items() if len({*pages}) < 2} == {}
    assert {page for pages in found.values() for page in pages} - known == set()


def _repeats(id: str) -> bool:
    """Return whether a paragraph of five tokens or more stands twice in a body."""
    lines = [line for b in _gold(id).blocks if b.kind == "body" for line in b.text.split("\n")]
    counts = Counter(" ".join(tokens(line)) for line in lines if len(tokens(line)) >= 5)
    return max(counts.values()) > 1


def _undeclared(page: Page) -> bool:
    declared = b"charset" in page.html().lower() or "charset" in page.content_type
    return page.charset is not None or not declared


MEASURED: Mapping[str, Callable[[str], bool]] = {
    "very short body": lambda page: 0 < _tokens(page, "body") < SHORT,
    "very long body": lambda page: _tokens(page, "body") > LONG,
    "comments longer than the body": lambda page: _tokens(page, "comments") > _tokens(page, "body"),
    "identical paragraph twice": _repeats,
    "hidden duplicate of the body": lambda page: (
        _tokens(page, "hidden-technical") > _tokens(page, "body") * 0.8
    ),
    "missing or lying charset": lambda page: _undeclared(_own().by_id()[page]),
}


@pytest.mark.parametrize("case", MEASURED)
def test_what_can_be_measured_of_a_hard_case(case: str) -> None:
    """A page that is listed for a case that can be counted has it."""
    listed = datacard.cases()[case]
    assert [id for id in listed if not MEASURED[case](id)] == []


def test_the_card_is_up_to_date() -> None:
    """What the data card counts, and the agreement in `card.toml`, follow from the labels."""
    card = datacard.CARD.read_text(encoding="utf-8")
    golds = {page.id: _gold(page.id) for page in _own().pages}
    stale = [mark for mark, make in datacard.SECTIONS.items() if make(_own(), golds) not in card]
    assert stale == [], "make datacard"
    assert _own().card["agreement"] == ceiling(_own())


def test_both_passes_are_kept() -> None:
    """A page that was labelled twice has both passes, says so, and spans many families."""
    first, second = map(_passes, PASSES)
    assert first == second
    twice = {page.id for page in _own().pages if page.header.labelled_by == ["first", "second"]}
    assert {*first} == twice
    assert len({id.partition("/")[0] for id in first}) >= 20


def _passes(name: str) -> list[str]:
    folder = HOME / "corpus" / "passes" / name
    return sorted(
        path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.jsonl")
    )


def _kinds() -> dict[str, int]:
    counts = Counter(block.kind for page in _own().pages for block in _gold(page.id).blocks)
    return {kind: counts[kind] for kind in KINDS}


@pytest.mark.parametrize("position", [0, 9, -1])
def test_three_of_them(position: int) -> None:
    """Records 0, 9 and last have content where their type asks for it, and many kinds."""
    page = _own().pages[position]
    found = Counter(block.kind for block in _gold(page.id).blocks)
    assert ("body" in found) == (page.header.page_type != "none")
    assert len(found) >= 10
    assert Path(page.path).suffix == ".html"
