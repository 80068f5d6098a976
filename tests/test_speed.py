"""Speed: what a page costs, from the timings of a run."""

import pytest

from bench.records import Life, Timing
from bench.speed import Speed, speeds
from tests.written import timing

SIZES = {"a": 1000, "b": 3000, "c": 500_000}
MS = 1_000_000


def test_the_least_of_all_rounds_counts() -> None:
    """Noise only ever adds: a page costs what its fastest round says, page by page."""
    speed = _speed(timing("a", "x", 1, 5 * MS), timing("b", "x", 1, 2 * MS))
    assert speed.median_ms == 3.5
    speed = _speed(
        *(timing("a", "x", 1, 5 * MS), timing("b", "x", 1, 2 * MS)),
        *(timing("a", "x", 2, 3 * MS), timing("b", "x", 2, 4 * MS)),
    )
    assert speed.median_ms == 2.5
    assert speed.pages_per_s == pytest.approx(2 / 0.005)
    assert speed.mb_per_s == pytest.approx(0.004 / 0.005)


def test_median_and_95th_percentile() -> None:
    """The middle page and the slow end are over pages, not over timings."""
    timings = [timing(f"p{n}", "x", number, n * MS) for n in range(1, 102) for number in (1, 2)]
    found = speeds(timings, [], dict.fromkeys((f"p{n}" for n in range(1, 102)), 1000))["x"]
    assert (found.median_ms, found.p95_ms) == (51, 96)


RATIOS: list[tuple[list[float], list[float], float | None]] = [
    # ms of the pages a, b, c; the same for lxml_text; x lxml
    ([1, 1, 1], [1, 1, 1], 1),
    ([2, 2, 2], [1, 1, 1], 2),
    ([1, 4], [1, 1], 2),  # the geometric mean
    ([10, 0.1], [1, 1], 1),  # ten times slower and ten times faster is as fast
    ([1, 100], [2, 50], 1),  # ratios first, so that no large page outweighs all others
    ([3], [1, 1, 1], 3),  # on the pages that both have
    ([1, 1], [], None),  # no such row, no figure
]


@pytest.mark.parametrize(("costs", "baseline", "expected"), RATIOS)
def test_times_lxml(costs: list[float], baseline: list[float], expected: float | None) -> None:
    """× lxml is the geometric mean of per-page ratios to the row `lxml_text` of the same run."""
    found = speeds([*_costs("x", costs), *_costs("lxml_text", baseline)], [], SIZES)
    assert found["x"].times_lxml == (expected and pytest.approx(expected))
    if baseline:
        assert found["lxml_text"].times_lxml == pytest.approx(1)


ROUNDS: list[tuple[list[float], list[float], float]] = [
    # ms of one page in each round; the same for lxml_text; x lxml
    ([10, 20, 40], [1, 2, 4], 10),  # the machine was slower from round to round
    ([10, 10, 10], [2, 2, 1], 5),  # it was fast for a moment, for the one and not for the other
    ([10, 30, 11], [1, 1, 1], 11),  # as one was disturbed
    ([10, 12], [1, 1], 11),
    ([10, 30], [1, 1, 1], 20),  # the rounds that both have
]


@pytest.mark.parametrize(("costs", "baseline", "expected"), ROUNDS)
def test_rounds_of_times_lxml(costs: list[float], baseline: list[float], expected: float) -> None:
    """What a machine does from moment to moment does not move × lxml: ratios are of one round."""
    rows = {"x": costs, "lxml_text": baseline}
    timings = [
        timing("a", name, number, int(ms * MS))
        for name, some in rows.items()
        for number, ms in enumerate(some, 1)
    ]
    assert speeds(timings, [], SIZES)["x"].times_lxml == pytest.approx(expected)


def test_warm_ups_and_misses_are_left_out() -> None:
    """Neither a warm-up nor a page that failed says what a page costs."""
    kept = [timing("a", "x", 1, 5 * MS), timing("b", "x", 1, 7 * MS)]
    left_out = [
        timing("a", "x", 1, 1 * MS, warmup=True, peak_kib=9_000_000),
        timing("c", "x", 1, 1 * MS, missed=True, peak_kib=9_000_000),
    ]
    assert _speed(*kept, *left_out) == _speed(*kept)


def test_who_never_answered_has_no_speed() -> None:
    """A contestant whose pages were all missed has no row here."""
    assert speeds([timing("a", "x", missed=True)], [_life("x", 5)], SIZES) == {}


SPREADS: list[tuple[list[list[float]], float]] = [
    # ms of the pages a, b in each round; (slowest - fastest) / fastest
    ([[1, 2]], 0),
    ([[1, 2], [1, 2]], 0),
    ([[1, 2], [2, 1]], 0),  # rounds are compared, not pages
    ([[10, 10], [10, 11]], 0.05),
    ([[10, 10], [11, 11]], 0.1),
    ([[10, 10], [15, 15], [12, 12]], 0.5),
    ([[10, 10], [10]], 0),  # on the pages that all rounds have
    ([[10, 90], [20]], 1),
]


@pytest.mark.parametrize(("rounds", "spread"), SPREADS)
def test_spread(rounds: list[list[float]], spread: float) -> None:
    """Rounds that differ by 10 % or more are not steady."""
    speed = _speed(*(t for n, costs in enumerate(rounds, 1) for t in _costs("x", costs, n)))
    assert speed.spread == pytest.approx(spread)
    assert speed.steady == (spread < 0.1)


def test_rounds_without_a_common_page_cannot_disagree() -> None:
    """Where no page was done in every round, no spread is claimed."""
    assert _speed(timing("a", "x", 1, MS), timing("b", "x", 2, 9 * MS)).spread == 0


def test_start_up_and_memory() -> None:
    """Start-up is the fastest worker's, memory the highest mark of all."""
    timings = [timing("a", "x", 1, MS, peak_kib=4096), timing("b", "x", 1, MS, peak_kib=1024)]
    speed = speeds(timings, [_life("x", 80), _life("x", 50), _life("y", 1)], SIZES)["x"]
    assert (speed.startup_ms, speed.peak_mib) == (50, 4)


def test_a_page_that_costs_no_measurable_time() -> None:
    """A cost of 0 ns divides nothing by zero."""
    found = speeds([timing("a", "x", 1, 0), timing("a", "lxml_text", 1, 0)], [], SIZES)
    assert found["x"].times_lxml == 1
    assert found["x"].spread == 0


def _speed(*timings: Timing) -> Speed:
    return speeds(timings, [], SIZES)["x"]


def _costs(name: str, ms: list[float], number: int = 1) -> list[Timing]:
    return [timing(p, name, number, int(c * MS)) for p, c in zip("abc", ms, strict=False)]


def _life(name: str, ms: int) -> Life:
    return Life(f"{name}/{ms}", name, 1, {}, ms * MS, ms * MS, {})
