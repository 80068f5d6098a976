"""How a plot is laid out: the front, names at their points, numbers on the axes, the foot."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from bench.plots.labels import common, crossed, placed
from bench.plots.pareto import front
from bench.plots.style import log_axis, panels, wrapped

POINTS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=12)


@given(POINTS)
def test_the_front(points: list[tuple[int, int]]) -> None:
    """On the front is who nobody beats; off it is who somebody on it beats."""
    best = front(points)
    beaten = {
        place
        for place, (cost, gain) in enumerate(points)
        if any(c <= cost and g >= gain and (c, g) != (cost, gain) for c, g in points)
    }
    assert {*best} == {*range(len(points))} - beaten
    assert [points[place] for place in best] == sorted(points[place] for place in best)
    assert all(
        any(points[b][0] <= points[a][0] and points[b][1] >= points[a][1] for b in best)
        for a in beaten
    )


def test_labels_overlap_nothing_where_there_is_room() -> None:
    """Twelve markers in a heap: their names share no area with each other, and stay inside."""
    points = np.array([(100 + n % 4, 100 + n // 4) for n in range(12)], dtype=float)
    boxes = placed(
        points, np.full((12, 2), (30.0, 6.0)), np.array([0, 0, 200, 200.0]), np.empty((0, 4))
    )
    assert common(boxes, boxes).sum() == pytest.approx(12 * 30 * 6)
    assert boxes.min() >= 0
    assert boxes.max() <= 200


CROSSED = [
    # middle of a box whose leader starts at (0, 0), how many of two boxes are in its way
    ((20, 0), 1),
    ((0, 20), 0),
    ((40, 0), 2),
    ((-20, 0), 0),
]


@pytest.mark.parametrize(("middle", "number"), CROSSED)
def test_a_leader_goes_round_other_names(middle: tuple[int, int], number: int) -> None:
    """What a line from a point to the middle of its box goes through is counted."""
    others = np.array([(8, -2, 12, 2), (28, -2, 32, 2), (np.inf,) * 4])
    boxes = np.array([np.add((*middle, *middle), (-3, -1, 3, 1))], dtype=float)
    assert crossed(np.zeros(2), boxes, others) == [number]


AXES = [
    # sizes of pages in bytes; the numbers that are to be read on an axis with 1, 2 and 5
    ([52_000, 55_000], [50, 100]),
    ([12_000, 110_000], [20, 50, 100]),
    ([1_000], [0.1, 0.2, 0.5, 1, 2, 5, 10]),
]


@pytest.mark.parametrize(("sizes", "numbers"), AXES)
def test_a_log_axis_shows_two_numbers(sizes: list[int], numbers: list[float]) -> None:
    """Pages of nearly one size do not crowd the axis, nor leave it without a number."""
    axes = Figure().subplots()
    axes.plot([size / 1000 for size in sizes], sizes)
    log_axis(axes, "x", 2, 5)
    low, high = axes.get_xlim()
    assert [tick for tick in axes.get_xticks() if low <= tick <= high] == pytest.approx(numbers)


@pytest.mark.parametrize("number", [2, 4, 6])
def test_every_column_of_panels_has_its_numbers(number: int) -> None:
    """The lowest panel of a column says what its axis shows, though the last row ends before it."""
    page, drawn = panels("signature", dict.fromkeys(map(str, range(number)), ""), 10.0, x="", y="")
    page.draw_without_rendering()
    lowest = {round(axes.get_position().x0, 2): axes for axes in drawn.values()}
    assert all(axes.get_xticklabels()[0].get_visible() for axes in lowest.values())


@given(st.lists(st.text("ab:", min_size=1, max_size=9), min_size=1), st.integers(10, 40))
def test_a_signature_is_broken_before_a_bar(parts: list[str], width: int) -> None:
    """Joined again it is the same, and no line is longer than asked for."""
    signature = "|".join(parts)
    lines = wrapped(signature, width).split("\n")
    assert "".join(lines) == signature
    assert max(map(len, lines)) <= width
