"""The history of one extractor: its versions in order, each against the one before it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from bench import metrics, speed, statistics
from bench.comparison import Change, paired, sites_notes
from bench.errors import BenchError
from bench.report.absence import absent_notes
from bench.report.layout import Cell, Subject, Table, figure, shown
from bench.scores import ScoreTable
from bench.scoring import score

_FIGURES = ("f1", "precision", "recall")
_PLACES = (2, 0, 1)  # of these among a metric's figures
_COLUMNS = (
    *("version", "F1 [95% CI]", "P [95% CI]", "R [95% CI]", "misses", "ms", "x lxml"),
    *("F1 to the one before [95% CI]", "p (Holm)", "verdict"),
)
_STEP_NOTES = ("steps: mean over pages of the difference in F1; sign-flip tests by site",)


def history_table(subject: Subject, names: Sequence[str]) -> Table:
    """Return P, R, F1 and speed of each row named, in this order, and what changed from the last.

    Sign-flip tests by site, Holm over the steps from version to version. Versions that could not
    be had stand in the notes. Raises BenchError where none of them was run.
    """
    table = score(subject.run, subject.corpus, view=subject.view, metric=subject.metric)
    place = {row.name: r for r, row in enumerate(table.rows)}
    ran = [name for name in names if name in place]
    if not ran:
        raise BenchError(absent_notes(subject.run) or "no version was run", exit_code=1)
    rows = [place[name] for name in ran]
    steps = _steps(table, ran, rows)
    records = [
        {**_figures(subject, table, name, place[name]), **_step_record(steps.get(name))}
        for name in ran
    ]
    return Table(
        title=f"History of {ran[0].rpartition('@')[0]} on {subject.corpus.name}",
        columns=_COLUMNS,
        cells=[_cells(record) for record in records],
        records=records,
        signature=subject.signature("F1 by version"),
        notes=[
            *(_STEP_NOTES if steps else ()),
            *(sites_notes(table, len(steps)) if steps else ()),
            *absent_notes(subject.run),
        ],
    )


def version_table(subject: Subject) -> Table:
    """Return the history of all that was run beside `lxml_text`, in the order of the run."""
    names = [one["name"] for one in subject.run.plan["contestants"]]
    return history_table(subject, [name for name in names if name != speed.BASELINE])


def _steps(table: ScoreTable, names: Sequence[str], rows: Sequence[int]) -> dict[str, Change]:
    """Return the change to each version from the one before it."""
    inside = table.only(table.has_content)
    if len(rows) < 2 or not inside.pages:
        return {}
    f1 = inside.scores[rows, :, 2]
    found = paired(names[1:], f1[:-1], f1[1:], inside.sites)
    return {change.extractor: change for change in found}


def _figures(subject: Subject, table: ScoreTable, name: str, row: int) -> dict[str, Any]:
    found = statistics.estimate(table, metrics.load(subject.metric))
    sizes = {page.id: page.path.stat().st_size for page in table.pages}
    cost = speed.speeds(subject.run.timings(), subject.run.lives(), sizes).get(name)
    parts = (("", found.figures), ("_low", found.low), ("_high", found.high))
    return {
        "extractor": name,
        "version": subject.run.provenance["contestants"].get(name, {}).get("version", ""),
        **{
            f"{what}{end}": figure(values[row, at])
            for what, at in zip(_FIGURES, _PLACES, strict=True)
            for end, values in parts
        },
        "misses": int(np.count_nonzero(table.missed[row])),
        "median_ms": cost.median_ms if cost else None,
        "times_lxml": cost.times_lxml if cost else None,
    }


def _step_record(change: Change | None) -> dict[str, Any]:
    if change is None:
        return dict.fromkeys(("difference", "low", "high", "p", "verdict"))
    return {
        "difference": figure(change.after - change.before),
        "low": figure(change.low),
        "high": figure(change.high),
        "p": figure(change.p),
        "verdict": change.verdict,
    }


def _cells(record: dict[str, Any]) -> list[Cell]:
    step: list[Cell] = ["", "", ""]
    if record["verdict"]:
        low, gap, high = (shown(record[key], "+z.3f") for key in ("low", "difference", "high"))
        step = [f"{gap} [{low}, {high}]", shown(record["p"], ".4f"), record["verdict"]]
    return [
        record["version"],
        *(_with_ends(record, what) for what in _FIGURES),
        record["misses"],
        shown(record["median_ms"], ".1f"),
        shown(record["times_lxml"], ".2f"),
        *step,
    ]


def _with_ends(record: dict[str, Any], what: str) -> str:
    value, low, high = (shown(record[f"{what}{end}"], ".3f") for end in ("", "_low", "_high"))
    return f"{value} [{low}, {high}]"
