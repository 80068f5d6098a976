"""Tables by a property of the pages: page type, language, family or site."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from bench import metrics, statistics
from bench.report.layout import Cell, Subject, Table, figure, shown
from bench.scores import ScoreTable
from bench.scoring import score

SLICES = ("page_type", "language", "family", "site")


def slice_table(subject: Subject, by: str) -> Table:
    """Return F1 and its interval of every contestant on each slice of the pages."""
    whole = score(subject.run, subject.corpus, view=subject.view, metric=subject.metric)
    values = [getattr(page.header, by) for page in whole.pages]
    records = [
        _record(by, value, whole.only(np.array([other == value for other in values])))
        for value in sorted(set(values))
    ]
    names = [row.name for row in whole.rows]
    return Table(
        title=f"F1 [95% CI] by {by} on {subject.corpus.name}@{subject.corpus.version}",
        columns=(by, "pages", *names),
        cells=[_cells(by, record, names) for record in records],
        records=records,
        signature=subject.signature(f"F1 by {by}"),
        notes=["pages without main content stand outside the means; - where no other page is left"],
    )


def _record(by: str, value: str, part: ScoreTable) -> dict[str, Any]:
    found = statistics.estimate(part, metrics.load(part.metric))
    return {
        by: value,
        "pages": len(part.pages),
        "sites": len(set(part.sites)),
        "extractors": {
            row.name: {
                "precision": figure(found.figures[r, 0]),
                "recall": figure(found.figures[r, 1]),
                "f1": figure(found.figures[r, 2]),
                "f1_low": figure(found.low[r, 2]),
                "f1_high": figure(found.high[r, 2]),
            }
            for r, row in enumerate(part.rows)
        },
    }


def _cells(by: str, record: dict[str, Any], names: Sequence[str]) -> list[Cell]:
    return [
        record[by],
        record["pages"],
        *(_cell(record["extractors"][name], record) for name in names),
    ]


def _cell(found: dict[str, float | None], record: dict[str, Any]) -> str:
    f1 = shown(found["f1"], ".3f")
    if found["f1"] is None or record["sites"] < 2:
        return f1
    return f"{f1} [{shown(found['f1_low'], '.2f')}, {shown(found['f1_high'], '.2f')}]"
