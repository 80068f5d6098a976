"""Leaks: which kinds of boilerplate an extractor lets through, and how much of each."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from bench.alignment import OFF_PAGE, align
from bench.corpus import Corpus
from bench.gold import BlockGold, read_blocks
from bench.records import Extraction
from bench.respelling import Speller
from bench.runs import Run
from bench.text import tokens
from bench.views import KINDS, role


@dataclass(frozen=True, slots=True)
class Leak:
    """What one extraction let through of one page: tokens by kind, and tokens of no block."""

    page: str
    extractor: str
    passed: dict[str, int]
    off_page: int
    repeated: int
    output: int


@dataclass(frozen=True, slots=True)
class Rate:
    """How much of a kind one extractor let through over a corpus.

    `share` is tokens let through / tokens of the kind, `pages_share` pages with any of it let
    through / pages that have the kind; both in 0..1.
    """

    tokens: int
    passed: int
    pages: int
    pages_passed: int

    @property
    def share(self) -> float:
        """Share of the kind's tokens."""
        return self.passed / self.tokens if self.tokens else 0.0

    @property
    def pages_share(self) -> float:
        """Share of the pages that have the kind."""
        return self.pages_passed / self.pages if self.pages else 0.0


Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeakTable:
    """Rates by extractor and group of kinds; `outside` is tokens off the page and repeated.

    A group is a kind, or a kind and a page type; the outside shares are per output token.
    """

    groups: tuple[Group, ...]
    rates: dict[str, dict[Group, Rate]]
    outside: dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class WorstLeak:
    """One run of boilerplate in an extraction: its kind, its length and its text on the page."""

    extractor: str
    page: str
    kind: str
    tokens: int
    text: str


class LabelledPage:
    """A page's tokens with the kind and the block of each."""

    def __init__(self, gold: BlockGold) -> None:
        """Tokenise every block once."""
        pairs = [(block.kind, tokens(block.text)) for block in gold.blocks]
        self.gold = gold
        self.tokens = [token for _, some in pairs for token in some]
        self.kinds = [kind for kind, some in pairs for _ in some]
        self.blocks = [number for number, (_, some) in enumerate(pairs) for _ in some]
        self.sizes = Counter(self.kinds)

    @cached_property
    def _speller(self) -> Speller:
        return Speller(self.tokens, self.blocks)

    def traced(self, text: str) -> tuple[list[str], list[int]]:
        """Return an output's words, spelled as on the page, and where each came from."""
        words = self._speller.respelled(tokens(text))
        return words, align(self.tokens, self.blocks, words)


def leak(page: LabelledPage, extraction: Extraction) -> Leak:
    """Return what an extraction let through of a page."""
    _, sources = page.traced(extraction.text)
    return Leak(
        page=extraction.page,
        extractor=extraction.extractor,
        passed=dict(Counter(page.kinds[source] for source in sources if source >= 0)),
        off_page=sources.count(OFF_PAGE),
        repeated=sum(source < OFF_PAGE for source in sources),
        output=len(sources),
    )


def leak_table(
    run: Run, corpus: Corpus, *, view: str, key: Callable[[str, str], Group]
) -> LeakTable:
    """Return the leaks of a run; kinds that a view keeps are left out.

    `key` makes the group of a kind and a page type.
    """
    golds = labelled(corpus)
    leaks: dict[str, list[Leak]] = defaultdict(list)
    for extraction in run.extractions():
        leaks[extraction.extractor].append(leak(golds[extraction.page], extraction))
    cells = {
        (page, kind): key(kind, gold.gold.header.page_type)
        for page, gold in golds.items()
        for kind in gold.sizes
        if role(view, kind) != "keep"
    }
    order = {kind: place for place, kind in enumerate(KINDS)}
    groups = tuple(sorted(set(cells.values()), key=lambda group: (order[group[0]], group)))
    names = [item["name"] for item in run.plan["contestants"]]
    return LeakTable(
        groups=groups,
        rates={name: _rates(cells, golds, leaks[name]) for name in names},
        outside={name: _outside(leaks[name]) for name in names},
    )


def labelled(corpus: Corpus) -> dict[str, LabelledPage]:
    """Return the labelled tokens of all pages, by id."""
    return {page.id: LabelledPage(read_blocks(page.gold_path)) for page in corpus.pages}


def worst_leaks(run: Run, corpus: Corpus, *, view: str) -> list[WorstLeak]:
    """Return the blocks of boilerplate that came through, most tokens first; no controls."""
    golds = labelled(corpus)
    real = {item["name"] for item in run.plan["contestants"] if item["category"] == "extractor"}
    found = [
        worst
        for extraction in run.extractions()
        if extraction.extractor in real
        for worst in _leaked_blocks(golds[extraction.page], extraction, view)
    ]
    return sorted(found, key=lambda worst: (-worst.tokens, worst.extractor, worst.page))


def _leaked_blocks(page: LabelledPage, extraction: Extraction, view: str) -> Iterator[WorstLeak]:
    _, sources = page.traced(extraction.text)
    passed = Counter(page.blocks[source] for source in sources if source >= 0)
    for number, count in passed.items():
        block = page.gold.blocks[number]
        if role(view, block.kind) == "drop":
            yield WorstLeak(extraction.extractor, extraction.page, block.kind, count, block.text)


def _rates(
    cells: dict[tuple[str, str], Group], golds: dict[str, LabelledPage], leaks: list[Leak]
) -> dict[Group, Rate]:
    tokens: dict[Group, dict[str, int]] = defaultdict(Counter)
    passed: dict[Group, dict[str, int]] = defaultdict(Counter)
    for (page, kind), group in cells.items():
        tokens[group][page] += golds[page].sizes[kind]
    for leak in leaks:
        for kind, count in leak.passed.items():
            if (leak.page, kind) in cells:
                passed[cells[leak.page, kind]][leak.page] += count
    return {
        group: Rate(
            sum(pages.values()), sum(passed[group].values()), len(pages), len(passed[group])
        )
        for group, pages in tokens.items()
    }


def _outside(leaks: list[Leak]) -> tuple[float, float]:
    output = sum(leak.output for leak in leaks) or 1
    off_page = sum(leak.off_page for leak in leaks)
    return off_page / output, sum(leak.repeated for leak in leaks) / output
