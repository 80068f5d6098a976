"""The closer look at time and memory: tails, intervals, growth, cost against size."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.corpus import open_corpus
from bench.cost import LEAST_PAGES, Cost, Extent, costs, extents, throughput
from bench.records import Life, Timing
from tests.conftest import make_corpus
from tests.written import timing

MS = 1_000_000
SITES = {name: Extent(f"site-{name}", 1000, 100) for name in "abcdefgh"}


def test_the_slow_end() -> None:
    """p99 and max are over pages; the wall time is the middle page's in its fastest round."""
    sizes = {f"p{n}": Extent("s", 1, 1) for n in range(1, 202)}
    some = [
        timing(f"p{n}", "x", number, n * number * MS) for n in range(1, 202) for number in (1, 2)
    ]
    found = costs(some, [], sizes)["x"]
    assert (found.p99_ms, found.max_ms, found.wall_ms) == (199, 201, 202)


def test_warm_ups_and_misses_cost_nothing() -> None:
    """Neither moves a figure, and who gave no page has none."""
    kept = [timing(page, "x", 1, 5 * MS) for page in "ab"]
    more = [timing("c", "x", 1, 90 * MS, missed=True), timing("a", "x", 1, MS, warmup=True)]
    assert _cost(*kept, *more) == _cost(*kept)
    assert costs(more, [], SITES) == {}


RATIOS: list[tuple[str, list[float], tuple[float, float, float]]] = [
    # sites of the pages, ms of x where lxml_text takes 1; x lxml and both ends
    ("abc", [3, 3, 3], (3, 3, 3)),
    ("ab", [1, 4], (2, 1, 4)),  # a quarter of the draws hold the first site only
    ("aaa", [1, 4, 2], (2, 2, 2)),  # one site is one draw
]


@pytest.mark.parametrize(("places", "ms", "expected"), RATIOS)
def test_the_interval_of_times_lxml(
    places: str, ms: list[float], expected: tuple[float, float, float]
) -> None:
    """It is of the geometric mean of the pages' ratios, drawn by site."""
    sizes = {f"p{n}": Extent(site, 1, 1) for n, site in enumerate(places)}
    some = [timing(page, "x", 1, int(one * MS)) for page, one in zip(sizes, ms, strict=True)]
    base = [timing(page, "lxml_text") for page in sizes]
    found = costs([*some, *base], [], sizes)
    assert _ends(found["x"], "times_lxml") == pytest.approx(expected)
    assert _ends(found["lxml_text"], "times_lxml") == (1, 1, 1)
    assert costs(some, [], sizes)["x"].times_lxml is None


@settings(max_examples=20)  # each draws 10,000 times
@given(st.sampled_from([0.0, 0.5, 1.0, 2.0]), st.floats(0.1, 1e3), st.permutations(range(1, 9)))
def test_a_power_of_the_size_is_found(power: float, ms: float, factors: list[int]) -> None:
    """Where a page costs c·size^k, the exponent is k, whatever c, and every draw says so."""
    sizes = {
        page: Extent(page, 1000 * factor, 10 * factor**2)
        for page, factor in zip("abcdefgh", factors, strict=True)
    }
    some = [timing(page, "x", 1, int(ms * MS * size.bytes**power)) for page, size in sizes.items()]
    found = costs(some, [], sizes)["x"]
    assert _ends(found, "by_bytes") == pytest.approx((power,) * 3, abs=1e-4)
    assert _ends(found, "by_text") == pytest.approx((power / 2,) * 3, abs=1e-4)


@pytest.mark.parametrize("sizes", [(1000, 2500, 3001), (1009, 9973, 70_001), (100, 200, 300)])
def test_draws_of_one_size_have_no_exponent(sizes: tuple[int, ...]) -> None:
    """Of three sites many a draw holds the same page three times, which moves no end."""
    extents = {f"p{n}": Extent(f"s{n}", size, size) for n, size in enumerate(sizes)}
    some = [timing(page, "x", 1, size.bytes**2) for page, size in extents.items()]
    assert _ends(costs(some, [], extents)["x"], "by_bytes") == pytest.approx((2, 2, 2))


@pytest.mark.parametrize("characters", [[5], [5, 5, 5], [0, 0, 7]])
def test_sizes_that_do_not_differ_show_no_exponent(characters: list[int]) -> None:
    """One size, or text on one page only, is a point, not a line."""
    sizes = {f"p{n}": Extent(f"s{n}", 1, size) for n, size in enumerate(characters)}
    assert costs([timing(page, "x") for page in sizes], [], sizes)["x"].by_text is None


LONG = 2 * LEAST_PAGES
LIVES: Mapping[str, tuple[Sequence[int], float | None]] = {
    # KiB after each page → MiB per 1,000 pages
    "flat": ([5000] * LONG, 0),
    "a MiB a page": ([5000 + 1024 * n for n in range(LONG)], 1000),
    "warms up, then flat": ([5000 + 1024 * min(n, 15) for n in range(LONG)], 0),
    "one large page": ([*[5000] * 30, 90_000, *[5000] * 9], 0),
    "collected from time to time": ([5000 + 300 * (n % 4) for n in range(LONG)], 0),
    "gives memory back": ([90_000 - 1024 * n for n in range(LONG)], -1000),
    "long": ([5000 + n for n in range(5000)], 1000 / 1024),
    "too short": ([5000 + 1024 * n for n in range(LEAST_PAGES - 1)], None),
    "journal without it": ([0] * LONG, None),
}


@pytest.mark.parametrize(("resident", "expected"), LIVES.values(), ids=LIVES)
def test_growth(resident: Sequence[int], expected: float | None) -> None:
    """A leak is the slope over the second half of a worker's life; what is collected is none."""
    found = _cost(*_life_of(resident)).growth_mib
    assert (found and found.value) == (expected and pytest.approx(expected, abs=1e-6))


def test_growth_over_rounds() -> None:
    """Each round is a life of its own: their median stands, with the least and the greatest."""
    rounds = enumerate((9, 1, 2))
    lives = [_life_of([5000 + slope * n for n in range(LONG)], at) for at, slope in rounds]
    found = _ends(_cost(*chain(*lives)), "growth_mib")
    assert found == pytest.approx([slope * 1000 / 1024 for slope in (2, 1, 9)])


PEAKS: list[tuple[list[tuple[str, int]], float | None]] = [
    # worker and peak in KiB of each page; MiB above the idle peak, 1024 KiB of x/1, 4096 of x/2
    ([("x/1", 3072)], 2),
    ([("x/1", 3072), ("x/2", 5120)], 2),  # the greatest above, not the greatest
    ([("x/1", 1024)], 0),
    ([("x/9", 3072)], None),  # a journal that does not know what it was when idle
    ([("x/1", 0)], None),
]


@pytest.mark.parametrize(("peaks", "expected"), PEAKS)
def test_memory_above_an_idle_worker(peaks: list[tuple[str, int]], expected: float | None) -> None:
    """What a worker takes before any page is the start's, not the pages'."""
    some = [replace(timing("a", "x", peak_kib=kib), worker=worker) for worker, kib in peaks]
    lives = [Life(f"x/{n}", "x", n, {}, 1, 1, {}, kib) for n, kib in ((1, 1024), (2, 4096), (9, 0))]
    assert costs(some, lives, SITES)["x"].above_idle_mib == expected


@given(st.integers(1, 8), st.lists(st.integers(1, 50), min_size=1, max_size=8))
def test_throughput(lanes: int, ms: list[int]) -> None:
    """Lanes that are as fast as one give as many times its pages per second of wall time."""
    some = [timing(page, "x", 1, one * MS) for page, one in zip("abcdefgh", ms, strict=False)]
    assert throughput(some, lanes) == pytest.approx(lanes * len(ms) / (sum(ms) * 2 / 1000))


def test_extents(tmp_path: Path) -> None:
    """A page is as large as its bytes, and as the text that the standard's parser finds in it."""
    html = "<!doctype html><meta charset=utf-8><title>x</title><script>no</script><p>é tea\n</p>"
    corpus = open_corpus(make_corpus(tmp_path, {"b/c": [("body", "é tea")]}, html={"b/c": html}))
    assert extents(corpus) == {"b/c": Extent("b", len(html.encode()), 4)}


def _cost(*timings: Timing) -> Cost:
    sizes = {one.page: SITES.get(one.page, Extent("s", 1, 1)) for one in timings}
    return costs(timings, [], sizes)["x"]


def _life_of(resident: Sequence[int], number: int = 1) -> list[Timing]:
    return [timing(f"p{n}", "x", number, resident_kib=kib) for n, kib in enumerate(resident)]


def _ends(cost: Cost, name: str) -> tuple[float, float, float]:
    found = getattr(cost, name)
    return found.value, found.low, found.high
