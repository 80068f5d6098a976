"""Precision against recall: what is lost, and what is let through."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.plots.labels import label
from bench.plots.results import Record, results
from bench.plots.style import COLOURS, GREY, MARKERS, PALE, SMALL, mark, sheet
from bench.report.layout import Subject

FIGURE = "F1"
_LEVELS = (0.2, 0.4, 0.6, 0.8)


def draw(look: Subject, width_cm: float) -> Figure:
    """Return mean precision against mean recall, with lines of equal 2PR / (P + R).

    A mean F1 is below the line that its means are on, since F1 of means is not mean F1. Of the
    controls only `everything` is drawn; the others stand in a corner by definition.
    """
    records, controls = results(look)
    rows = records + [one for one in controls if one["extractor"] == "everything"]
    page = sheet(look.signature(FIGURE), width_cm, max(10.5, width_cm * 0.75))
    axes = page.subplots()
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="recall (mean over pages)")
    axes.set_ylabel("precision (mean over pages)")
    _iso_lines(axes)
    _points(axes, rows)
    axes.legend()
    points = [(row["recall"], row["precision"]) for row in rows]
    label(page, axes, points, [row["extractor"] for row in rows])
    return page


def _iso_lines(axes: Axes) -> None:
    for level in _LEVELS:
        ahead = np.geomspace(level**2 / (2 - level), 2 - level, 40)  # 2R - F, from P = 1 to R = 1
        recall = (ahead + level) / 2
        axes.plot(recall, level * recall / ahead, color=PALE, lw=0.6, ls="--")
        axes.text(recall[0], 1.01, f"F {level:g}", fontsize=SMALL, color=GREY, ha="center")


def _points(axes: Axes, rows: Sequence[Record]) -> None:
    for category, marker in MARKERS.items():
        own = [row for row in rows if row["category"] == category]
        x, y = ([row[key] for row in own] for key in ("recall", "precision"))
        if own:
            mark(axes, x, y, marker, COLOURS[category], label=category)
