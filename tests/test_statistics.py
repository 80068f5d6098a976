"""Statistics: intervals of means over pages, by resampling sites."""

from collections import defaultdict
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import statistics
from bench.statistics import intervals

# One row of page scores, and the site of each page
SITES = ["a", "a", "a", "b", "c", "c", "d"]
ROW = [0.9, 0.8, 1.0, 0.2, 0.5, 0.7, 0.4]
SCORES = st.floats(0, 1, allow_subnormal=False)
PAGES = st.lists(st.tuples(SCORES, st.sampled_from("abcdef")), min_size=1, max_size=12)


def test_the_same_result_twice() -> None:
    """The draw is seeded: the same values give the same interval, bit for bit."""
    first, second = (intervals(np.array([ROW]), SITES) for _ in range(2))
    assert first.tolist() == second.tolist()


def test_another_seed_another_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seed that the signature names is the one that is used."""
    before = statistics.resampled_weights(5)
    monkeypatch.setattr(statistics, "SEED", statistics.SEED + 1)
    assert not np.array_equal(statistics.resampled_weights(5), before)


def test_one_site() -> None:
    """Pages of one site can only be drawn together: both ends are the mean."""
    ends = intervals(np.array([ROW, [0.5] * 7]), ["a"] * 7)
    assert ends == pytest.approx(np.array([[np.mean(ROW)] * 2, [0.5, 0.5]]))


def test_no_page() -> None:
    """A mean over no page has no interval, in every row."""
    ends = intervals(np.empty((2, 0)), [])
    assert ends.shape == (2, 2)
    assert np.isnan(ends).all()


def test_rows_share_one_draw() -> None:
    """Every row sees the same resamples, so that rows can be compared with each other."""
    row = np.array(ROW)
    together = intervals(np.stack([row, row / 2, 1 - row]), SITES)
    assert together[0] == pytest.approx(intervals(row[None], SITES)[0], abs=1e-12)
    assert together[1] == pytest.approx(together[0] / 2, abs=1e-12)
    assert together[2] == pytest.approx(1 - together[0][::-1], abs=1e-12)


def test_sites_are_resampled_not_pages() -> None:
    """Copies of a site's page are no new evidence: they leave the interval as it is."""
    few, many = (intervals(np.array([[0, 1] * n]), ["a", "b"] * n)[0] for n in (1, 50))
    assert few.tolist() == many.tolist() == [0, 1]
    as_pages = intervals(np.array([[0.0, 1.0] * 50]), [str(n) for n in range(100)])[0]
    assert 0.35 < as_pages[0] < as_pages[1] < 0.65


def test_pages_of_a_site_weigh_by_their_number() -> None:
    """A resample's mean is over its pages, not over its sites."""
    sums, sizes = statistics.by_site(np.array([ROW]), SITES)
    assert sums.tolist() == [pytest.approx([2.7, 0.2, 1.2, 0.4])]
    assert sizes.tolist() == [3, 1, 2, 1]


def test_resamples_draw_as_many_sites_as_there_are() -> None:
    """10 000 resamples, each of n sites with replacement."""
    weights = statistics.resampled_weights(4)
    assert weights.shape == (10_000, 4)
    assert set(weights.sum(axis=1)) == {4}
    assert weights.mean(axis=0) == pytest.approx(np.ones(4), abs=0.05)


def test_against_all_resamples() -> None:
    """For 4 sites the ends are those of all 4⁴ resamples, written out, within 0.02."""
    by_site = defaultdict(list)
    for site, value in zip(SITES, ROW, strict=True):
        by_site[site].append(value)
    means = [
        np.mean([value for site in drawn for value in by_site[site]])
        for drawn in product(by_site, repeat=len(by_site))
    ]
    exact = np.percentile(means, [2.5, 97.5])
    assert intervals(np.array([ROW]), SITES)[0] == pytest.approx(exact, abs=0.02)
    assert exact[1] - exact[0] > 0.4


@settings(max_examples=25)
@given(PAGES)
def test_an_interval_contains_its_mean(pages: list[tuple[float, str]]) -> None:
    """Low end ≤ mean ≤ high end, and both ends are means that the sites can give."""
    values, sites = np.array([[value for value, _ in pages]]), [site for _, site in pages]
    low, high = intervals(values, sites)[0]
    assert low - 1e-9 <= values.mean() <= high + 1e-9
    sums, sizes = statistics.by_site(values, sites)
    assert (sums[0] / sizes).min() - 1e-9 <= low
    assert high <= (sums[0] / sizes).max() + 1e-9


@settings(max_examples=10)
@given(PAGES)
def test_the_order_of_pages_does_not_matter(pages: list[tuple[float, str]]) -> None:
    """The interval of a table is the same when its pages are turned round."""
    values, sites = np.array([[value for value, _ in pages]]), [site for _, site in pages]
    back = intervals(values[:, ::-1], sites[::-1])
    assert back == pytest.approx(intervals(values, sites), abs=1e-9)
