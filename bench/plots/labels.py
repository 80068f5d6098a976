"""Labels at points, moved until they overlap nothing."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bench.plots.style import GREY, SMALL
from bench.statistics import Floats

_MARK = 2.5  # points around the middle of a marker that stay free
_AWAY = np.arange(3.0, 60.0, 2.0)  # points from a marker to its label that are tried
_TURNS = np.linspace(0, 2 * np.pi, 24, endpoint=False)
_GAP = 2.0  # points between neighbours
_PASSES = 3  # labels that gave way find a nearer place when all stand
# What is as bad as a point of distance: a tenth of a square point of overlap; and what is as bad as
# eight: that another marker is nearer, or that the leader goes through another box
_OVERLAP, _WRONG = 10.0, 8.0
_LEADER = {"arrowstyle": "-", "lw": 0.3, "color": GREY, "shrinkA": 0, "shrinkB": 2}
_FAR = 7.0  # points; beyond it a label needs a leader


def label(
    figure: Figure,
    axes: Axes,
    points: Sequence[tuple[float, float]],
    names: Sequence[str],
    avoid: Sequence[tuple[float, float, float, float]] = (),
) -> None:
    """Write names at points; a name that is far, or nearer to another point, has a leader.

    `avoid` are boxes to be kept free, as left, bottom, right, top; all in data units.
    """
    FigureCanvasAgg(figure)  # which measures text
    figure.draw_without_rendering()  # settles the layout
    sizes = np.array([_size(figure, name) for name in names])
    at = axes.transData.transform([*points])
    kept = axes.transData.transform(np.reshape([*avoid], (-1, 2))).reshape(-1, 4)
    if legend := axes.get_legend():
        kept = np.vstack([kept, np.array(legend.get_window_extent().extents)])
    boxes = placed(at, sizes, np.array(axes.get_window_extent().extents), kept)
    away = distances(boxes, at)
    for place, name in enumerate(names):
        own = away[place, place]
        led = own > _FAR or own > away[place].min()
        axes.annotate(
            name,
            points[place],
            tuple((boxes[place, :2] + boxes[place, 2:]) / 2 - at[place]),
            textcoords="offset points",
            fontsize=SMALL,
            ha="center",
            va="center",
            arrowprops=_LEADER if led else None,
            bbox={"pad": 0.5, "fc": "none", "ec": "none"},  # where a leader ends
        )


def _size(figure: Figure, name: str) -> tuple[float, float]:
    """Return width and height of a name in points, which are pixels at 72 dpi."""
    text = figure.text(0, 0, name, fontsize=SMALL)
    extent = text.get_window_extent()
    text.remove()
    return extent.width + _GAP, extent.height


def placed(points: Floats, sizes: Floats, inside: Floats, avoid: Floats) -> Floats:
    """Return a box for each point, near it and inside, as free of all others as can be.

    A box is left, bottom, right, top; all in points of the page.
    """
    taken = np.vstack([np.hstack([points - _MARK, points + _MARK]), avoid])
    boxes = np.full((len(points), 4), np.inf)  # infinitely far: not there yet
    for _ in range(_PASSES):
        for place in range(len(points)):
            others = np.vstack([taken, np.delete(boxes, place, axis=0)])
            boxes[place] = _best(points, place, sizes[place], inside, others)
    return boxes


def _best(points: Floats, place: int, size: Floats, inside: Floats, others: Floats) -> Floats:
    """Return the best box for a point, given the boxes that are taken."""
    tried = _around(points[place], size)
    lost = size.prod() - common(tried, inside[None])[:, 0]
    away = distances(tried, points)
    wrong = away[:, place] > away.min(axis=1)
    wrong = wrong + crossed(points[place], tried, others)
    cost = _OVERLAP * (lost + common(tried, others).sum(axis=1)) + away[:, place] + _WRONG * wrong
    return np.asarray(tried[np.argmin(cost.round(6))])


def _around(point: Floats, size: Floats) -> Floats:
    """Return boxes around a point, nearest first."""
    turns = np.stack([np.cos(_TURNS), np.sin(_TURNS)], axis=1)
    middles = point + turns * (_AWAY[:, None, None] + size / 2)
    return np.concatenate([middles - size / 2, middles + size / 2], axis=2).reshape(-1, 4)


def crossed(point: Floats, boxes: Floats, others: Floats) -> Floats:
    """Return how many others a line from a point to the middle of each box goes through."""
    way = ((boxes[:, :2] + boxes[:, 2:]) / 2 - point)[:, None]  # boxes × others × axes
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.stack([(others[:, :2] - point) / way, (others[:, 2:] - point) / way])
    # What share of the way it takes until the line is within the box on both axes, and is no more
    enters, leaves = ends.min(axis=0).max(axis=2), ends.max(axis=0).min(axis=2)
    hit = (enters < leaves) & (enters < 1) & (leaves > 0)
    return np.asarray(hit.sum(axis=1), dtype=np.float64)


def common(some: Floats, others: Floats) -> Floats:
    """Return the area that boxes share with other boxes, some × others."""
    high = np.minimum(some[:, None, 2:], others[None, :, 2:])
    low = np.maximum(some[:, None, :2], others[None, :, :2])
    return np.asarray(np.where((high > low).all(axis=2), (high - low).prod(axis=2), 0.0))


def distances(boxes: Floats, points: Floats) -> Floats:
    """Return how far boxes are from points, boxes × points; 0 inside."""
    below, above = boxes[:, None, :2] - points[None], points[None] - boxes[:, None, 2:]
    return np.asarray(np.hypot(*np.moveaxis(np.maximum(np.maximum(below, above), 0), 2, 0)))
