"""Scoring: extractions and gold become counts per page; nothing is averaged here.

Every page × contestant of the plan has its counts: a miss counts as no output and is marked,
an extraction that the run lacks is a miss too.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench import metrics, records
from bench.contestants import ORACLE
from bench.corpus import Corpus, Page
from bench.gold import Gold, read_gold
from bench.metrics import Counts, Output, Reference
from bench.records import Extraction
from bench.runs import Run
from bench.text import TOKENISER


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table to be: a contestant's name and category."""

    name: str
    category: str


@dataclass(frozen=True)
class ScoreTable:
    """The counts of rows × pages under one metric and one view.

    `counts` has the shape rows × pages × fields, `missed` rows × pages.
    """

    metric: str
    view: str
    rows: tuple[Row, ...]
    pages: tuple[Page, ...]
    counts: Counts
    missed: NDArray[np.bool_]

    @cached_property
    def scores(self) -> NDArray[np.float64]:
        """Precision, recall and F1, rows × pages × 3; all 0 where the page was missed."""
        scores = metrics.load(self.metric).scores(self.counts)
        return np.where(self.missed[:, :, None], 0.0, scores)

    @cached_property
    def has_content(self) -> NDArray[np.bool_]:
        """Which pages have main content; the others stand outside the mean (abstention)."""
        kept = metrics.load(self.metric).FIELDS.index("kept")
        return np.asarray(self.counts[0, :, kept] > 0)

    @property
    def sites(self) -> list[str]:
        """The site of each page."""
        return [page.header.site for page in self.pages]


def reference(gold: Gold, view: str) -> Reference:
    """Return the gold of a page as a view sees it."""
    return Reference(gold.texts(view, "keep"), gold.texts(view, "keep", "optional"))


def score(run: Run, corpus: Corpus, *, view: str, metric: str) -> ScoreTable:
    """Return the counts of a run, from `scores.jsonl` where that follows from the same gold."""
    stored = _load(run, corpus, view, metric)
    if stored is None:
        stored = _count(run, corpus, view, metric)
        _store(run, corpus, stored)
    return stored


def rows_of(run: Run) -> tuple[Row, ...]:
    """Return the run's contestants and the oracle, controls last."""
    rows = [Row(item["name"], item["category"]) for item in run.plan["contestants"]]
    rows.append(Row(ORACLE, "control"))
    return tuple(sorted(rows, key=lambda row: row.category == "control"))


def oracle_text(gold: Gold, view: str) -> str:
    """Return what a perfect extractor would give under a view: the kept blocks."""
    return "\n".join(gold.texts(view, "keep"))


def _count(run: Run, corpus: Corpus, view: str, metric: str) -> ScoreTable:
    rows = rows_of(run)
    extractions = {extraction.key: extraction for extraction in run.extractions()}
    pages = [_count_page(page, rows, extractions, view, metric) for page in corpus.pages]
    counts = np.array([[counts for counts, _ in page] for page in pages], dtype=np.int64)
    missed = np.array([[miss for _, miss in page] for page in pages], dtype=np.bool_)
    return ScoreTable(
        metric, view, rows, corpus.pages, counts.transpose(1, 0, 2), missed.transpose()
    )


def _count_page(
    page: Page,
    rows: Sequence[Row],
    extractions: dict[tuple[str, str], Extraction],
    view: str,
    metric: str,
) -> list[tuple[tuple[int, ...], bool]]:
    """Return the counts of one page for all rows, and whether each is a miss."""
    gold = read_gold(page.gold_path)
    wanted, measure = reference(gold, view), metrics.load(metric)
    given = {ORACLE: oracle_text(gold, view)}
    for row in rows:
        extraction = extractions.get((page.id, row.name))
        if extraction is not None and extraction.status == "ok":
            given[row.name] = extraction.text
    return [
        (measure.counts(wanted, Output(given.get(row.name, ""))), row.name not in given)
        for row in rows
    ]


def _head(run: Run, corpus: Corpus, view: str, metric: str) -> dict[str, Any]:
    return {
        "metric": metric,
        "view": view,
        "tokeniser": TOKENISER,
        "fields": list(metrics.load(metric).FIELDS),
        "corpus": corpus.digest,
        "gold": corpus.gold_digest,
        "contestants": [row.name for row in rows_of(run)],
    }


def _store(run: Run, corpus: Corpus, table: ScoreTable) -> None:
    """Write `scores.jsonl`; a folder that cannot be written only costs the time to count again."""
    lines = [_head(run, corpus, table.view, table.metric), *_lines(table)]
    try:
        text = "".join(records.to_line(line) + "\n" for line in lines)
        (run.folder / "scores.jsonl").write_text(text, encoding="utf-8")
    except OSError:
        return


def _lines(table: ScoreTable) -> Iterator[dict[str, Any]]:
    for p, page in enumerate(table.pages):
        for r, row in enumerate(table.rows):
            yield {
                "page": page.id,
                "extractor": row.name,
                "missed": bool(table.missed[r, p]),
                "counts": table.counts[r, p].tolist(),
            }


def _load(run: Run, corpus: Corpus, view: str, metric: str) -> ScoreTable | None:
    """Return the stored counts, or None where they are absent, torn or of something else."""
    rows, path = rows_of(run), run.folder / "scores.jsonl"
    try:
        head, *lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    except (OSError, ValueError):
        return None
    shape = len(corpus.pages), len(rows)
    if head != _head(run, corpus, view, metric) or len(lines) != shape[0] * shape[1]:
        return None
    counts = np.array([line["counts"] for line in lines], dtype=np.int64).reshape(*shape, -1)
    missed = np.array([line["missed"] for line in lines], dtype=np.bool_).reshape(shape)
    return ScoreTable(
        metric, view, rows, corpus.pages, counts.transpose(1, 0, 2), missed.transpose()
    )
