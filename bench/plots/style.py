"""What all plots share: paper, type, colours, the signature, small panels."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Literal

import numpy as np
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from bench.errors import BenchError
from bench.report.layout import Subject

# Okabe & Ito, "Color Universal Design", 2008: told apart by colour-blind people. Grey print parts
# them less well, so each has a marker or a line style of its own wherever it says who is who
BLACK, BLUE, VERMILION, SKY = "#000000", "#0072B2", "#D55E00", "#56B4E9"
GREY, PALE = "#767676", "#c8c8c8"  # GREY: the lightest with a contrast of 4.5 to white (WCAG 2)
COLOURS = {"extractor": BLUE, "baseline": VERMILION, "control": BLACK}
MARKERS = {"extractor": "o", "baseline": "s", "control": "D"}
POINTS = 72 / 2.54  # in a centimetre
PANEL_CM = 2.7  # the least width of a panel
SMALL = 5  # points; the least that journals print
_LEAST_TICKS = 2  # with fewer an axis has no scale
_EM = 0.62  # width of a character over its height; on average, in this type
_STYLE = {
    "font.family": "DejaVu Sans",  # comes with matplotlib
    "font.size": 7,
    "axes.labelsize": 7,
    "axes.linewidth": 0.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": 6,
    "ytick.labelsize": 6,
    "xtick.major.width": 0.5,
    "ytick.major.width": 0.5,
    "xtick.minor.width": 0.3,
    "ytick.minor.width": 0.3,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.minor.size": 1.5,
    "ytick.minor.size": 1.5,
    "lines.linewidth": 0.8,
    "legend.fontsize": 5,
    "legend.frameon": False,
    "figure.labelsize": 7,
    "savefig.dpi": 300,
    "text.parse_math": False,  # a name may hold a dollar
    "svg.hashsalt": "boilerbench",  # else ids are random
    "pdf.fonttype": 42,  # text stays text
}


def styled() -> AbstractContextManager[None]:
    """Return a context with this style alone, whatever the user's own settings are."""
    return style.context(["default", _STYLE])


def sheet(signature: str, width_cm: float, height_cm: float, label: str = "") -> Figure:
    """Return an empty figure of a size, with the signature at its foot.

    `label` stands above the signature, where all panels share it.
    """
    width, height = width_cm * POINTS, height_cm * POINTS
    signature = wrapped(signature, int(width / (SMALL * _EM)))
    foot = (3 + (signature.count("\n") + 1) * SMALL * 1.3) / height
    free = foot + (9 / height if label else 0)
    layout = ConstrainedLayoutEngine(rect=(0, free, 1, 1 - free), w_pad=0.03, h_pad=0.03)
    page = Figure(figsize=(width / 72, height / 72), dpi=72, layout=layout)
    page.text(0.004, 3 / height, signature, fontsize=SMALL, color=GREY)
    if label:
        page.supxlabel(label, y=foot, va="bottom")
    return page


def wrapped(signature: str, width: int) -> str:
    """Return a signature in lines of at most `width` characters, broken before a `|`."""
    lines = [""]
    for part in signature.replace("|", "\0|").split("\0"):
        if lines[-1] and len(lines[-1] + part) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def panels(
    signature: str, titles: Mapping[str, str], width_cm: float, *, x: str, y: str
) -> tuple[Figure, dict[str, Axes]]:
    """Return a figure of small panels with common axes, and the panel of each contestant.

    Above a panel stands its contestant, and under it the figure in `titles`; `x` and `y` are what
    the axes show.
    """
    longest = max(map(len, titles)) * SMALL * _EM / POINTS
    across = min(len(titles), max(1, int(width_cm / max(PANEL_CM, longest))))
    down = -(-len(titles) // across)
    page = sheet(signature, width_cm, max(5.0, 1.0 + 1.9 * down), label=x)
    page.supylabel(y)
    grid = page.subplots(down, across, sharex=True, sharey=True, squeeze=False)
    for unused in grid.flat[len(titles) :]:
        unused.remove()
    drawn = dict(zip(titles, grid.flat, strict=False))
    for name, axes in drawn.items():
        axes.set_title("\n".join([name, titles[name]]), fontsize=SMALL, loc="left", pad=2)
        axes.tick_params(labelsize=SMALL)
    for axes in [*drawn.values()][-across:]:  # under some of them there is no other
        axes.tick_params(labelbottom=True)
    return page, drawn


def mark(
    axes: Axes,
    x: Sequence[float],
    y: Sequence[float],
    marker: str,
    color: str,
    *,
    fill: str = "white",
    label: str = "",
) -> None:
    """Draw contestants, by default hollow; those at the edge whole."""
    drawn = axes.plot(x, y, marker, color=color, mfc=fill, ms=3.5, mew=0.8, label=label)
    drawn[0].set_clip_on(False)


def log_axis(axes: Axes, name: Literal["x", "y"], *steps: int) -> None:
    """Make an axis logarithmic, with plain numbers at 1 and at `steps` of each power of ten.

    Called when all is drawn: it is widened to a number on both sides where fewer than two show.
    """
    axes.set(**{f"{name}scale": "log"})
    axis = axes.xaxis if name == "x" else axes.yaxis
    ticks = np.outer(10.0 ** np.arange(-9, 10), (1, *steps)).ravel()
    low, high = sorted(axis.get_view_interval())
    if ((low <= ticks) & (ticks <= high)).sum() < _LEAST_TICKS:
        axes.set(**{f"{name}lim": (ticks[ticks <= low].max(), ticks[ticks >= high].min())})
    axis.set_major_locator(FixedLocator([*ticks]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_locator(NullLocator())


def contestants(look: Subject) -> list[str]:
    """Return the contestants of a run that are no controls; BenchError where there is none."""
    names = [one["name"] for one in look.run.plan["contestants"] if one["category"] != "control"]
    if not names:
        raise BenchError("the run has no contestant beside the controls")
    return names
