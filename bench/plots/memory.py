"""Peak memory over the pages in the order they were taken, by worker."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from bench.errors import BenchError
from bench.plots.style import BLACK, BLUE, SKY, VERMILION, contestants, panels
from bench.records import Timing
from bench.report.layout import Subject

FIGURE = "MiB"
_LINES = (("-", BLUE), ("--", VERMILION), (":", BLACK), ("-.", SKY))


def draw(look: Subject, width_cm: float) -> Figure:
    """Return the peak MiB of each worker after each of its pages, leanest contestant first.

    Warm-ups and misses count as pages. Raises BenchError where no contestant was timed.
    """
    peaks = by_worker(look.run.timings())
    found = {name: peaks[name] for name in contestants(look) if name in peaks}
    if not found:
        raise BenchError("the run has no timing of a contestant")
    names = sorted(found, key=lambda name: (_highest(found[name]), name))
    titles = {name: _said(found[name]) for name in names}
    x, y = "pages that a worker has taken, the warm-up first", "peak memory, MiB (log)"
    page, drawn = panels(look.signature(FIGURE), titles, width_cm, x=x, y=y)
    for name, axes in drawn.items():
        _panel(axes, found[name])
    return page


def by_worker(timings: Sequence[Timing]) -> dict[str, dict[str, list[float]]]:
    """Return the peaks in MiB by contestant and worker, in the order they were taken."""
    peaks: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in timings:
        peaks[one.extractor][one.worker].append(one.peak_kib / 1024)
    return peaks


def _highest(workers: Mapping[str, Sequence[float]]) -> float:
    return max(max(peaks) for peaks in workers.values())


def _said(workers: Mapping[str, Sequence[float]]) -> str:
    first = min(peaks[0] for peaks in workers.values())
    return f"{first:.0f} to {_highest(workers):.0f} MiB"


def _panel(axes: Axes, workers: Mapping[str, Sequence[float]]) -> None:
    axes.set_yscale("log", base=2)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))
    axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True, min_n_ticks=1))
    for place, peaks in enumerate(workers.values()):
        line, color = _LINES[place % len(_LINES)]
        dot = "" if peaks[1:] else "."  # a line needs two pages
        axes.plot(range(1, len(peaks) + 1), peaks, dot + line, color=color, lw=0.7, ms=3)
