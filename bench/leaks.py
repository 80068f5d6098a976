"""Leaks: which kinds of boilerplate an extractor lets through, and how much of each."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from bench.alignment import OFF_PAGE, align
from bench.corpus import Corpus
from bench.gold import Gold, read_gold
from bench.records import Extraction
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


@dataclass(frozen=True, slots=True)
class LeakTable:
    """Rates by extractor and kind; `outside` is tokens off the page and repeated, per token."""

    view: str
    kinds: tuple[str, ...]
    rates: dict[str, dict[str, Rate]]
    outside: dict[str, tuple[float, float]]


class LabelledPage:
    """A page's tokens with the kind and the block of each."""

    def __init__(self, gold: Gold) -> None:
        """Tokenise every block once."""
        pairs = [(block.kind, tokens(block.text)) for block in gold.blocks]
        self.tokens = [token for _, some in pairs for token in some]
        self.kinds = [kind for kind, some in pairs for _ in some]
        self.blocks = [number for number, (_, some) in enumerate(pairs) for _ in some]
        self.sizes = Counter(self.kinds)


def leak(page: LabelledPage, extraction: Extraction) -> Leak:
    """Return what an extraction let through of a page."""
    sources = align(page.tokens, page.blocks, tokens(extraction.text))
    return Leak(
        page=extraction.page,
        extractor=extraction.extractor,
        passed=dict(Counter(page.kinds[source] for source in sources if source >= 0)),
        off_page=sources.count(OFF_PAGE),
        repeated=sum(source < OFF_PAGE for source in sources),
        output=len(sources),
    )


def leak_table(run: Run, corpus: Corpus, *, view: str) -> LeakTable:
    """Return the leaks of a run; kinds that a view keeps are left out."""
    golds = {page.id: LabelledPage(read_gold(page.gold_path)) for page in corpus.pages}
    leaks: dict[str, list[Leak]] = defaultdict(list)
    for extraction in run.extractions():
        leaks[extraction.extractor].append(leak(golds[extraction.page], extraction))
    kinds = tuple(
        kind
        for kind in KINDS
        if role(view, kind) != "keep" and any(gold.sizes[kind] for gold in golds.values())
    )
    names = [item["name"] for item in run.plan["contestants"]]
    return LeakTable(
        view=view,
        kinds=kinds,
        rates={name: dict(_rates(kinds, golds, leaks[name])) for name in names},
        outside={name: _outside(leaks[name]) for name in names},
    )


def _rates(
    kinds: tuple[str, ...], golds: dict[str, LabelledPage], leaks: list[Leak]
) -> Iterator[tuple[str, Rate]]:
    for kind in kinds:
        having = [gold.sizes[kind] for gold in golds.values() if gold.sizes[kind]]
        passed = [leak.passed[kind] for leak in leaks if leak.passed.get(kind)]
        yield kind, Rate(sum(having), sum(passed), len(having), len(passed))


def _outside(leaks: list[Leak]) -> tuple[float, float]:
    output = sum(leak.output for leak in leaks) or 1
    off_page = sum(leak.off_page for leak in leaks)
    return off_page / output, sum(leak.repeated for leak in leaks) / output
