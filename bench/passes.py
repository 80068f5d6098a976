"""Two independent passes of labelling over the same pages, and how far they agree, token by token.

A pass is a folder `corpus/passes/NAME/` of gold files, kept as they were before the two were
compared. A token is taken from the finer of the two partitions of a page.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from krippendorff import alpha

from bench import signature
from bench.corpus import Corpus
from bench.errors import BenchError
from bench.gold import Block, read_blocks
from bench.pagetext import squeeze
from bench.report.layout import Cell, Table, figure, shown
from bench.text import tokens
from bench.views import DEFAULT_VIEW, KINDS, role

PASSES = ("first", "second")
_WORST = 8  # pairs of kinds that were taken for each other most often, in the notes
Labels = list[tuple[str, str]]  # the kinds that both passes gave each token


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two passes agree: the share of tokens of one kind, and Krippendorff's alpha.

    `kinds` is over all kinds, `main` over what the default view keeps and what it does not; NaN
    where no token could have been labelled otherwise.
    """

    pages: int
    tokens: int
    same: float
    kinds: float
    main: float


def passes_table(corpus: Corpus) -> Table:
    """Return the agreement of the two passes over all pages labelled twice, and by family.

    Krippendorff, "Content Analysis", 1980, ch. 12; nominal, a unit a token. Raises BenchError
    where the corpus has no two passes, or a pass does not spell the same page.
    """
    pages = dict(_labelled_twice(corpus))
    families: dict[str, list[Labels]] = defaultdict(list)
    for page, labels in pages.items():
        families[page.partition("/")[0]].append(labels)
    rows = {"all": agreement([*pages.values()])}
    rows |= {name: agreement(some) for name, some in sorted(families.items())}
    return Table(
        title=f"Agreement of two passes of labelling, {len(pages)} pages of {corpus.name}",
        columns=("family", "pages", "tokens", "same kind", "alpha, all kinds", "alpha, main"),
        cells=[_cells(name, row) for name, row in rows.items()],
        records=[_record(name, row) for name, row in rows.items()],
        signature=signature.of_corpus("agreement", corpus),
        notes=[
            "measured before the passes were compared; main: kept by the default view or not",
            *_confusions([pair for labels in pages.values() for pair in labels]),
        ],
    )


def ceiling(corpus: Corpus) -> str:
    """Return the agreement over all pages in one line, as it stands in the corpus's card."""
    found = agreement([labels for _, labels in _labelled_twice(corpus)])
    kinds, main = (shown(figure(value), ".3f") for value in (found.kinds, found.main))
    return f"alpha {kinds} over {len(KINDS)} kinds, {main} main or not, {found.pages} pages"


def agreement(pages: Sequence[Labels]) -> Agreement:
    """Return how far both passes agree over some pages."""
    pairs = [pair for labels in pages for pair in labels]
    kept = [tuple(role(DEFAULT_VIEW, kind) == "keep" for kind in pair) for pair in pairs]
    return Agreement(
        pages=len(pages),
        tokens=len(pairs),
        same=float(np.mean([one == other for one, other in pairs])) if pairs else np.nan,
        kinds=_alpha([tuple(map(KINDS.index, pair)) for pair in pairs]),
        main=_alpha(kept),
    )


def labelled(first: Sequence[Block], second: Sequence[Block]) -> Labels:
    """Return the kinds that two partitions of one page text give each token.

    Raises ValueError where they do not spell the same text.
    """
    if squeeze("".join(b.text for b in first)) != squeeze("".join(b.text for b in second)):
        raise ValueError("the passes do not spell the same text")
    found: Labels = []
    others = _ends(second)
    end, kind = next(others, (0, ""))
    at = 0
    for block in first:
        part = ""
        for character in block.text:
            if not character.isspace() and at == end:
                found += [(block.kind, kind)] * len(tokens(part))
                part, (end, kind) = "", next(others)
            part += character
            at += not character.isspace()
        found += [(block.kind, kind)] * len(tokens(part))
    return found


def _ends(blocks: Sequence[Block]) -> Iterator[tuple[int, str]]:
    """Yield where each block ends, counted without white space, and its kind."""
    at = 0
    for block in blocks:
        at += len(squeeze(block.text))
        yield at, block.kind


def _labelled_twice(corpus: Corpus) -> Iterator[tuple[str, Labels]]:
    first, second = (corpus.root / "corpus" / "passes" / name for name in PASSES)
    names = sorted(path.relative_to(second) for path in second.rglob("*.jsonl"))
    if not names:
        raise BenchError(f"{second}: no page was labelled twice")
    problems: list[str] = []
    for name in names:
        try:
            yield name.with_suffix("").as_posix(), _both(first / name, second / name)
        except (BenchError, OSError, ValueError) as error:
            problems.append(f"{second / name}: {error}")
    if problems:
        raise BenchError(problems)


def _both(first: Path, second: Path) -> Labels:
    return labelled(read_blocks(first).blocks, read_blocks(second).blocks)


def _alpha(pairs: Sequence[tuple[int, ...]]) -> float:
    codes = np.array(pairs, dtype=float).reshape(-1, 2).T
    if len(np.unique(codes)) < 2:  # one label only: nothing could have been told apart
        return float("nan")
    return float(alpha(reliability_data=codes, level_of_measurement="nominal"))


def _confusions(pairs: Labels) -> list[str]:
    """Return the kinds that were most often taken for each other, with the number of tokens."""
    taken = Counter(tuple(sorted(pair)) for pair in pairs if pair[0] != pair[1])
    return [f"{one} / {other}: {count} tokens" for (one, other), count in taken.most_common(_WORST)]


def _cells(name: str, row: Agreement) -> list[Cell]:
    alphas = (shown(figure(value), ".3f") for value in (row.kinds, row.main))
    return [name, row.pages, row.tokens, shown(figure(row.same), ".1%"), *alphas]


def _record(name: str, row: Agreement) -> dict[str, Any]:
    figures = {key: figure(getattr(row, key)) for key in ("same", "kinds", "main")}
    return {"family": name, "pages": row.pages, "tokens": row.tokens, **figures}
