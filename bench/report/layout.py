"""What a table is before it is printed: columns, cells, full figures, notes and the signature."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bench import signature
from bench.corpus import Corpus
from bench.errors import BenchError
from bench.runs import Run

Cell = str | int


@dataclass(frozen=True, slots=True)
class Table:
    """One table: `records` holds the full figures for machines, `cells` what people read."""

    title: str
    columns: tuple[str, ...]
    cells: list[list[Cell]]
    records: list[dict[str, Any]]
    signature: str
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a table is made from: a run, its corpus, and how it is looked at."""

    run: Run
    corpus: Corpus
    view: str
    metric: str

    def require_gold(self) -> None:
        """Raise BenchError for a run over pages that have none."""
        folder = self.run.folder
        if not self.corpus.has_gold:
            raise BenchError(
                f"{folder}: its pages came without gold (--warc), so nothing can be scored",
                hint=f"speed, misses and lengths: boilerbench report {folder}",
            )

    def signature(self, figure: str) -> str:
        """Return the signature of a table; `figure` is what it shows, such as "F1"."""
        network = self.run.provenance["network"]
        return signature.signature(
            figure, self.run.plan, self.corpus, network, view=self.view, metric=self.metric
        )


def figure(value: float) -> float | None:
    """Return a figure for JSON, which has no NaN: a mean over no page is null."""
    return None if np.isnan(value) else round(float(value), 6)


def shown(value: float | None, form: str) -> str:
    """Return a figure for people, "-" where there is none."""
    return "-" if value is None else format(value, form)
