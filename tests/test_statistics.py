"""Statistics: intervals by resampling sites, tests by flipping their signs, ranks and letters."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import metrics, statistics
from bench.corpus import Page
from bench.gold import Header
from bench.scores import Row, ScoreTable
from bench.statistics import Comparison, compare_rows, estimate, holm, sign_flip

# One row of page scores, and the site of each page
SITES = ["a", "a", "a", "b", "c", "c", "d"]
ROW = [0.9, 0.8, 1.0, 0.2, 0.5, 0.7, 0.4]
FINE = 1_000  # tokens of a page's gold and output: scores are multiples of 1 / FINE
SCORES = st.integers(0, FINE).map(lambda n: n / FINE)
PAGES = st.lists(st.tuples(SCORES, st.sampled_from("abcdef")), min_size=1, max_size=12)
LCS = metrics.load("lcs")


def _table(rows: Sequence[Sequence[float]], sites: Sequence[str]) -> ScoreTable:
    """Return a table whose rows have these P, R and F1: gold and output of FINE tokens each."""
    counts = [[[round(score * FINE), 0, FINE, FINE] for score in row] for row in rows]
    headers = [Header(str(n), "", "", "en", s, "", "qa", "", [], "") for n, s in enumerate(sites)]
    return ScoreTable(
        metric="lcs",
        view="main",
        rows=tuple(Row(f"row{r}", "extractor") for r in range(len(rows))),
        pages=tuple(Page(header.page, Path(), Path(), "", header) for header in headers),
        counts=np.array(counts, dtype=np.int64).reshape(len(rows), len(sites), 4),
        missed=np.zeros((len(rows), len(sites)), dtype=np.bool_),
    )


def _ends(rows: Sequence[Sequence[float]], sites: Sequence[str]) -> statistics.Floats:
    """Return the ends of the interval of each row's F1, rows × 2."""
    found = estimate(_table(rows, sites), LCS)
    return np.stack([found.low[:, 2], found.high[:, 2]], axis=-1)


def test_the_figures_are_means_over_pages() -> None:
    """P, R and F1 of a row are the means of the pages', not made from each other's means."""
    table = _table([[1.0, 0.0]], ["a", "b"])
    table.counts[0] = [[10, 0, 10, 40], [10, 0, 40, 10]]  # P 1/4, R 1; P 1, R 1/4; F1 2/5 both
    assert estimate(table, LCS).figures.tolist() == [pytest.approx([0.625, 0.625, 0.4])]


def test_pages_without_content_and_misses() -> None:
    """A page with nothing to keep stands outside the mean, a miss is 0 within it."""
    table = _table([[1.0, 1.0, 1.0, 1.0]], ["a", "b", "b", "c"])
    table.counts[0, 0] = [0, 0, 0, 5]
    table.missed[0, 1] = True
    found = estimate(table, LCS)
    assert found.figures.tolist() == [pytest.approx([2 / 3] * 3)]
    assert (found.low[0, 2], found.high[0, 2]) == (0.5, 1)


def test_the_same_result_twice() -> None:
    """The draw is seeded: the same values give the same interval, bit for bit."""
    first, second = (_ends([ROW], SITES) for _ in range(2))
    assert first.tolist() == second.tolist()


def test_another_seed_another_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seed that the signature names is the one that is used, for resamples and for signs."""
    before = statistics.resampled_weights(5), statistics._drawn_signs(5)
    for function in (statistics.resampled_weights, statistics._drawn_signs):
        monkeypatch.setattr(statistics, function.__name__, function.__wrapped__)
    assert np.array_equal(statistics.resampled_weights(5), before[0])
    assert np.array_equal(statistics._drawn_signs(5), before[1])
    monkeypatch.setattr(statistics, "SEED", statistics.SEED + 1)
    assert not np.array_equal(statistics.resampled_weights(5), before[0])
    assert not np.array_equal(statistics._drawn_signs(5), before[1])


def test_one_site() -> None:
    """Pages of one site can only be drawn together: both ends are the figure."""
    found = estimate(_table([ROW, [0.5] * 7], ["a"] * 7), LCS)
    assert found.figures[:, 2] == pytest.approx(np.array([np.mean(ROW), 0.5]))
    assert found.low == pytest.approx(found.figures)
    assert found.high == pytest.approx(found.figures)


def test_no_page() -> None:
    """A mean over no page has no interval, in every row."""
    ends = _ends([[], []], [])
    assert ends.shape == (2, 2)
    assert np.isnan(ends).all()


def test_rows_share_one_draw() -> None:
    """Every row sees the same resamples, so that rows can be compared with each other."""
    row = np.array(ROW)
    together = _ends([ROW, (row / 2).tolist(), (1 - row).tolist()], SITES)
    assert together[0] == pytest.approx(_ends([ROW], SITES)[0], abs=1e-12)
    assert together[1] == pytest.approx(together[0] / 2, abs=1e-12)
    assert together[2] == pytest.approx(1 - together[0][::-1], abs=1e-12)


def test_sites_are_resampled_not_pages() -> None:
    """Copies of a site's page are no new evidence: they leave the interval as it is."""
    few, many = (_ends([[0, 1] * n], ["a", "b"] * n)[0] for n in (1, 50))
    assert few.tolist() == many.tolist() == [0, 1]
    as_pages = _ends([[0.0, 1.0] * 50], [str(n) for n in range(100)])[0]
    assert 0.35 < as_pages[0] < as_pages[1] < 0.65


def test_pages_of_a_site_weigh_by_their_number() -> None:
    """A figure, and a resample's, is a mean over pages, not over sites."""
    sums = statistics.by_site(np.array([ROW])[:, :, None], SITES)[:, :, 0]
    assert sums.tolist() == [pytest.approx([2.7, 0.2, 1.2, 0.4])]
    found = estimate(_table([[0, 0, 0, 1]], ["a", "a", "a", "b"]), LCS)
    assert found.figures[0, 2] == 0.25
    assert (found.low[0, 2], found.high[0, 2]) == (0, 1)


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
    assert _ends([ROW], SITES)[0] == pytest.approx(exact, abs=0.02)
    assert exact[1] - exact[0] > 0.4


@settings(max_examples=25)
@given(PAGES)
def test_an_interval_contains_its_mean(pages: list[tuple[float, str]]) -> None:
    """Low end ≤ mean ≤ high end, and both ends are means that the sites can give."""
    values, sites = [value for value, _ in pages], [site for _, site in pages]
    low, high = _ends([values], sites)[0]
    assert low - 1e-9 <= np.mean(values) <= high + 1e-9
    both = np.stack([values, np.ones(len(values))], axis=-1)[None]
    sums, sizes = np.moveaxis(statistics.by_site(both, sites)[0], -1, 0)
    assert (sums / sizes).min() - 1e-9 <= low
    assert high <= (sums / sizes).max() + 1e-9


@settings(max_examples=10)
@given(PAGES)
def test_the_order_of_pages_does_not_matter(pages: list[tuple[float, str]]) -> None:
    """The interval of a table is the same when its pages are turned round."""
    values, sites = [value for value, _ in pages], [site for _, site in pages]
    back = _ends([values[::-1]], sites[::-1])
    assert back == pytest.approx(_ends([values], sites), abs=1e-9)


PAIR = (np.array([0]), np.array([1]))
# Sums of a row by site, and how far another row is from it, in millionths
SUMS = st.lists(st.tuples(st.integers(10**6, 10**7), st.integers(-3, 3)), min_size=1, max_size=9)


def _brute(differences: Sequence[int]) -> Fraction:
    """Return the share of all sign patterns whose sum is as far from 0 as the one observed."""
    patterns = [*product((1, -1), repeat=len(differences))]
    sums = [abs(sum(s * d for s, d in zip(some, differences, strict=True))) for some in patterns]
    return Fraction(sum(found >= sums[0] for found in sums), len(patterns))


@given(SUMS)
def test_sign_flip_is_exact(pairs: list[tuple[int, int]]) -> None:
    """Up to 16 sites p is what counting whole numbers over all patterns gives, ties included."""
    base, change = np.array(pairs).T
    sums = np.stack([base / 1e6, (base + change) / 1e6])
    assert sign_flip(sums, *PAIR)[0] == pytest.approx(float(_brute(change.tolist())), abs=1e-12)


@pytest.mark.parametrize("sites", [2, 10, 16])
def test_the_smallest_p(sites: int) -> None:
    """Where every site says the same, only all signs and no sign do as well: 2 of 2ⁿ."""
    sums = np.stack([np.arange(1.0, sites + 1), np.zeros(sites)])
    assert sign_flip(sums, *PAIR) == 2 / 2**sites


def test_many_sites_are_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn patterns come near the exact p, and never give 0."""
    base, change = np.arange(10.0), np.array([3, -1, 2, 5, -2, 4, 1, 3, -1, 2])
    sums = np.stack([base, base + change])
    monkeypatch.setattr(statistics, "EXACT_SITES", 0)
    assert sign_flip(sums, *PAIR)[0] == pytest.approx(float(_brute(change.tolist())), abs=0.005)
    far = np.stack([np.zeros(60), np.ones(60)])
    assert sign_flip(far, *PAIR)[0] == 1 / (statistics.SIGNS + 1)


HOLM = [
    # p; corrected, by hand
    ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
    ([0.02, 0.02, 0.02], [0.06, 0.06, 0.06]),
    ([0.6, 0.01], [0.6, 0.02]),
    ([0.9, 0.8], [1.0, 1.0]),
    ([0.04], [0.04]),
    ([], []),
]


@pytest.mark.parametrize(("p", "expected"), HOLM)
def test_holm(p: list[float], expected: list[float]) -> None:
    """The smallest p times the number of tests, the next times one less, none below its former."""
    assert holm(np.array(p)) == pytest.approx(np.array(expected))


def _compared(rows: Sequence[Sequence[float]]) -> Comparison:
    return compare_rows(np.array(rows), [str(n) for n in range(len(rows[0]))])


def test_all_pairs_are_one_family() -> None:
    """Every pair of rows is tested once, both ways, and all are corrected together."""
    rows = [[0.1 * n for n in range(10)], [0.5] * 10, [0.1 * n + 0.2 for n in range(10)]]
    found, pairs = _compared(rows), list(combinations(range(3), 2))
    assert found.pairs == 3
    assert found.differences == pytest.approx(np.subtract.outer(*[np.mean(rows, axis=1)] * 2))
    alone = [_compared([rows[a], rows[b]]).p[0, 1] for a, b in pairs]
    assert [found.p[a, b] for a, b in pairs] == alone == [found.p[b, a] for a, b in pairs]
    assert [found.corrected[a, b] for a, b in pairs] == holm(np.array(alone)).tolist()
    assert found.significant.tolist() == [[False] * 2 + [True], [False] * 3, [True] + [False] * 2]


@st.composite
def _comparisons(draw: st.DrawFn) -> Comparison:
    """Draw means of up to 7 rows, and which pairs are told apart; equal means never are."""
    means = np.array(draw(st.lists(st.integers(0, 9), min_size=1, max_size=7)), dtype=float)
    corrected = np.ones((len(means), len(means)))
    for a, b in combinations(range(len(means)), 2):
        if means[a] != means[b] and draw(st.booleans()):
            corrected[a, b] = corrected[b, a] = 0.01
    return Comparison(means[:, None] - means[None, :], corrected, corrected, len(means))


@given(_comparisons())
def test_rows_share_a_letter_iff_they_cannot_be_told_apart(found: Comparison) -> None:
    """No pair is wrongly joined or parted; the best row has an `a`, no letter is needless."""
    order = np.argsort(-found.differences[:, 0], kind="stable").tolist()
    letters = [{*some} for some in statistics.groups(found, order)]
    shared = [[bool(one & other) for other in letters] for one in letters]
    assert shared == (~found.significant).tolist()
    assert "a" in letters[order[0]]
    members = [{r for r, some in enumerate(letters) if x in some} for x in set.union(*letters)]
    assert not any(one < other for one in members for other in members)


def test_every_letter_is_one_character() -> None:
    """60 rows that all differ have 60 letters, in the order of the ranking."""
    corrected = np.zeros((60, 60))
    letters = statistics.groups(Comparison(corrected, corrected, corrected, 1770), [*range(60)])
    assert "".join(letters)[:54] == "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZαβ"
    assert len(set(letters)) == len("".join(letters)) == 60


@given(_comparisons())
def test_a_rank_interval_contains_the_rank(found: Comparison) -> None:
    """Rows that are better for sure stand before, rows that are worse for sure behind."""
    means = found.differences[:, 0]
    for r, (best, worst) in enumerate(statistics.rank_intervals(found)):
        assert best <= 1 + (means > means[r]).sum()
        assert worst >= len(means) - (means < means[r]).sum()
        told_apart = found.significant[r].sum()
        assert len(means) - (worst - best + 1) == told_apart


NEEDED: list[tuple[list[float], str, int | None]] = [
    # differences by page; their sites; pages: ⌈2.8² × variance / mean² × pages a site⌉
    ([0.1, 0.3], "ab", 4),  # 7.84 × 0.02 / 0.04
    ([-0.1, -0.3], "ab", 4),
    ([0.01, 0.03], "ab", 4),
    ([0.1, 0.3] * 5, "ab" * 5, 20),  # copies are no new evidence
    ([0.0] * 9 + [0.4], "abcdefghij", 79),  # 7.84 × 10
    ([0.2, -0.1, 0.2, 0.1], "abab", 32),  # sums 0.4 and 0: 7.84 × 2 × 2
    ([0.0, 0.0], "ab", None),
    ([0.1, -0.1], "ab", None),
    ([0.1, 0.2], "aa", None),  # one site has no variance
]


@pytest.mark.parametrize(("differences", "sites", "expected"), NEEDED)
def test_pages_needed(differences: list[float], sites: str, expected: int | None) -> None:
    """The more the sites disagree, the more pages; None where the rows do not differ at all."""
    assert statistics.pages_needed(np.array(differences), [*sites]) == expected
