"""F1 against × lxml: who gives the most for what it costs (the Pareto front)."""

from collections.abc import Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.errors import BenchError
from bench.plots.labels import label
from bench.plots.pareto import front
from bench.plots.results import Record, results
from bench.plots.style import BLUE, GREY, MARKERS, PALE, log_axis, mark, sheet
from bench.report.layout import Subject
from bench.speed import BASELINE

FIGURE = "F1"


def draw(look: Subject, width_cm: float) -> Figure:
    """Return F1 with its interval against CPU time as a multiple of the row `lxml_text`.

    Controls are left out; `everything`, the page text as it is, is a line. Raises BenchError where
    the run has no such row, or no contestant with a speed.
    """
    records, controls = results(look)
    rows = [one for one in records if one["times_lxml"] is not None]
    if not rows:
        raise BenchError(f"no x lxml: the run has no {BASELINE} row with a speed")
    points = [(row["times_lxml"], row["f1"]) for row in rows]
    best = front(points)
    page = sheet(look.signature(FIGURE), width_cm, max(10.5, width_cm * 0.62))
    axes = page.subplots()
    _points(axes, rows, best)
    _everything(axes, controls)
    log_axis(axes, "x", 2, 5)
    axes.set(xlabel="CPU time, × lxml (log)", ylabel="F1 [95 % CI]")
    axes.legend()
    level = [(*points[one], points[next_][0], points[one][1]) for one, next_ in pairwise(best)]
    label(page, axes, points, [row["extractor"] for row in rows], level)
    return page


def _points(axes: Axes, rows: Sequence[Record], best: Sequence[int]) -> None:
    x, y, low, high = (
        [row[key] for row in rows] for key in ("times_lxml", "f1", "f1_low", "f1_high")
    )
    axes.vlines(x, low, high, color=PALE, lw=0.6)
    axes.step(
        [x[r] for r in best], [y[r] for r in best], where="post", color=BLUE, label="Pareto front"
    )
    for category, marker in MARKERS.items():
        own = [r for r, row in enumerate(rows) if row["category"] == category]
        if own:
            mark(axes, [x[r] for r in own], [y[r] for r in own], marker, GREY, label=category)
    for r in best:
        mark(axes, [x[r]], [y[r]], MARKERS[rows[r]["category"]], BLUE, fill=BLUE)


def _everything(axes: Axes, controls: Sequence[Record]) -> None:
    """Draw what giving back all page text scores."""
    for row in controls:
        if row["extractor"] == "everything":
            axes.axhline(row["f1"], color=GREY, lw=0.6, ls=":", label="everything (control)")
