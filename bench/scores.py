"""The counts of a run, rows × pages, and the file they are kept in: `scores.jsonl`."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench import metrics, records
from bench.contestants import ORACLE
from bench.corpus import Corpus, Page
from bench.errors import BenchError
from bench.metrics import Counts, Scores
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
    def scores(self) -> Scores:
        """Precision, recall and F1, rows × pages × 3; all 0 where the page was missed."""
        scores = metrics.load(self.metric).scores(self.counts)
        return np.where(self.missed[:, :, None], 0.0, scores)

    @cached_property
    def has_content(self) -> NDArray[np.bool_]:
        """Which pages stand in the mean; those without main content do not (abstention)."""
        return metrics.load(self.metric).has_content(self.counts[0])

    @property
    def sites(self) -> list[str]:
        """The site of each page."""
        return [page.header.site for page in self.pages]

    def only(self, pages: NDArray[np.bool_]) -> "ScoreTable":
        """Return the table of some of the pages."""
        chosen = tuple(page for page, keep in zip(self.pages, pages, strict=True) if keep)
        return replace(
            self, pages=chosen, counts=self.counts[:, pages], missed=self.missed[:, pages]
        )


def rows_of(run: Run) -> tuple[Row, ...]:
    """Return the run's contestants and the oracle, controls last."""
    rows = [Row(item["name"], item["category"]) for item in run.plan["contestants"]]
    rows.append(Row(ORACLE, "control"))
    return tuple(sorted(rows, key=lambda row: row.category == "control"))


def _head(run: Run, corpus: Corpus, view: str, metric: str) -> dict[str, Any]:
    return {
        "metric": metric,
        "view": view,
        "tokeniser": TOKENISER,
        "fields": list(metrics.load(metric).fields),
        "corpus": corpus.digest,
        "gold": corpus.gold_digest,
        "contestants": [[row.name, row.category] for row in rows_of(run)],
    }


def store(run: Run, corpus: Corpus, table: ScoreTable) -> None:
    """Write `scores.jsonl`."""
    lines = [_head(run, corpus, table.view, table.metric), *_lines(table)]
    text = "".join(records.to_line(line) + "\n" for line in lines)
    (run.folder / "scores.jsonl").write_text(text, encoding="utf-8")


def _lines(table: ScoreTable) -> Iterator[dict[str, Any]]:
    for p, page in enumerate(table.pages):
        for r, row in enumerate(table.rows):
            yield {
                "page": page.id,
                "extractor": row.name,
                "missed": bool(table.missed[r, p]),
                "counts": table.counts[r, p].tolist(),
            }


def load(run: Run, corpus: Corpus, view: str, metric: str) -> ScoreTable | None:
    """Return the stored counts, or None where they are absent, torn or of something else."""
    try:
        head, lines = _lines_of(run.folder / "scores.jsonl")
        same = head == _head(run, corpus, view, metric)
        return _table(head, lines, corpus) if same else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_scores(path: Path, corpus: Corpus) -> ScoreTable:
    """Return the counts in a kept `scores.jsonl`.

    Raises BenchError where the file holds no counts or those of other pages, gold or tokens.
    """
    try:
        head, lines = _lines_of(path)
        digests = {"corpus": corpus.digest, "gold": corpus.gold_digest, "tokeniser": TOKENISER}
        problems = [
            f"{path}: another {key} ({str(head[key])[:8]}, here {here[:8]})"
            for key, here in digests.items()
            if head[key] != here
        ]
        table = None if problems else _table(head, lines, corpus)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BenchError(f"{path}: not a scores.jsonl ({error})") from error
    if table is None:
        raise BenchError(problems or f"{path}: torn: lines are missing, or in another order")
    return table


def _lines_of(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    head, *lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    return head, lines


def _table(head: dict[str, Any], lines: list[dict[str, Any]], corpus: Corpus) -> ScoreTable | None:
    rows = tuple(Row(name, category) for name, category in head["contestants"])
    shape = len(corpus.pages), len(rows)
    order = [(page.id, row.name) for page in corpus.pages for row in rows]
    if [(line["page"], line["extractor"]) for line in lines] != order:
        return None
    counts = np.array([line["counts"] for line in lines], dtype=np.int64).reshape(*shape, -1)
    missed = np.array([line["missed"] for line in lines], dtype=np.bool_).reshape(shape)
    return ScoreTable(
        head["metric"],
        head["view"],
        rows,
        corpus.pages,
        counts.transpose(1, 0, 2),
        missed.transpose(),
    )
