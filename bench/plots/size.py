"""CPU time against page size, a small panel a contestant, with the fitted exponent."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench import cost
from bench.cost import Estimate
from bench.errors import BenchError
from bench.plots.style import GREY, VERMILION, contestants, log_axis, panels
from bench.report.layout import Subject
from bench.speed import least, measured

FIGURE = "ms"


def draw(look: Subject, width_cm: float) -> Figure:
    """Return CPU ms (least over rounds) against kB of each page, log-log, cheapest first.

    The line has the exponent of `boilerbench speed`. Raises BenchError where nobody was timed.
    """
    names, timings = contestants(look), look.run.timings()
    ms = {name: least(some) for name, some in measured(timings).items() if name in names}
    if not ms:
        raise BenchError("the run has no timing of a contestant")
    sizes = cost.extents(look.corpus)
    fits = cost.costs(timings, look.run.lives(), sizes)
    order = sorted(ms, key=lambda name: (float(np.median([*ms[name].values()])), name))
    titles = {name: _said(fits[name].by_bytes) for name in order}
    x, y = "page, kB (log); the figure is the exponent [95 % CI]", "CPU time, ms (log)"
    page, drawn = panels(look.signature(FIGURE), titles, width_cm, x=x, y=y)
    for name, axes in drawn.items():
        kilobytes = [sizes[page].bytes / 1000 for page in ms[name]]
        _panel(axes, kilobytes, [*ms[name].values()], fits[name].by_bytes)
    log_axis(drawn[order[0]], "x", 2, 5)  # which all panels share
    log_axis(drawn[order[0]], "y")
    return page


def _said(fit: Estimate | None) -> str:
    return f"{fit.value:z.2f} [{fit.low:z.2f}, {fit.high:z.2f}]" if fit else "-"


def _panel(axes: Axes, size: Sequence[float], ms: Sequence[float], fit: Estimate | None) -> None:
    axes.plot(size, ms, ".", ms=2.4, color=GREY, mew=0)
    if fit:
        ends = np.array([min(size), max(size)])
        # Least squares passes through the mean of the logarithms
        middle, level = (np.exp(np.mean(np.log(values))) for values in (size, ms))
        axes.plot(ends, level * (ends / middle) ** fit.value, color=VERMILION)
