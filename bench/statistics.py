"""Statistics: seeded intervals and tests over the pages' figures, with sites as the unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from string import ascii_letters

import numpy as np
from numpy.typing import NDArray

from bench.metrics import Metric
from bench.metrics.base import divide
from bench.scores import ScoreTable

RESAMPLES = 10_000
SIGNS = 100_000
SEED = 20240807  # the date of the post that started the project
LEVEL = 95.0
ALPHA = 0.05
# All sign patterns are tried below this many sites: 2^16 are fewer than SIGNS
EXACT_SITES = 17
# Below this many sites a percentile interval is too narrow (coverage 85-92 % at 10 sites)
FEW_SITES = 20
# Below this many sites the smallest p (2 / 2^sites) cannot survive a correction for many pairs
TOO_FEW_SITES = 10
_ROUNDING = 1e-12  # relative; a difference below it is none
_BATCH = 500  # sign patterns at once: the 325 pairs of 26 rows then fit a cache of 2 MB

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Estimates:
    """Figures of each row with the ends of their intervals, all rows × figures.

    The first three figures are precision, recall and F1; the metric's extra ones follow.
    """

    figures: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Comparison:
    """Paired tests between all rows: mean differences, raw and Holm-corrected p, rows × rows.

    `pairs` is the number of tests that were corrected for.
    """

    differences: Floats
    p: Floats
    corrected: Floats
    pairs: int

    @property
    def significant(self) -> NDArray[np.bool_]:
        """Which rows differ, both ways."""
        return np.asarray(self.corrected < ALPHA)


def estimate(table: ScoreTable, metric: Metric) -> Estimates:
    """Return the system figures and their 95 % intervals, over the pages that have content.

    The ends of an interval are percentiles of what `resample` gives. NaN where there is no page;
    with one site both ends are the figure itself.
    """
    figures, resampled = resample(table, metric)
    return Estimates(figures, *interval(resampled))


def interval(resampled: Floats) -> tuple[Floats, Floats]:
    """Return both ends of the 95 % interval of rows × resamples, or rows × resamples × figures."""
    tail = (100 - LEVEL) / 2
    low, high = np.percentile(resampled, [tail, 100 - tail], axis=1)
    return low, high


def resample(table: ScoreTable, metric: Metric, stream: int = 0) -> tuple[Floats, Floats]:
    """Return rows × figures over all pages that have content, and rows × resamples × figures.

    Paired weight bootstrap: each resample draws as many sites as there are, with replacement, the
    same draw for every row, and combines the drawn sites' pages as the metric combines all pages
    (Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, ch. 13). Corpora that are
    compared are drawn from in different streams, so that their draws do not depend on each other.
    """
    inside = table.only(table.has_content)
    if not inside.pages:
        nothing = np.full((len(table.rows), 3 + len(metric.extra)), np.nan)
        return nothing, nothing[:, None]
    values, weights = metric.parts(inside.counts, inside.missed)
    weighed, weights = (
        by_site(np.nan_to_num(values) * weights, inside.sites),
        by_site(weights, inside.sites),
    )
    blank = np.asarray(np.isnan(values).all(axis=1))
    figures = _combined(metric, weighed.sum(axis=1), weights.sum(axis=1), blank)
    draws = resampled_weights(weighed.shape[1], stream)
    resampled = _combined(metric, _drawn(draws, weighed), _drawn(draws, weights), blank[:, None])
    return figures, resampled


def _drawn(draws: Floats, sums: Floats) -> Floats:
    """Return the sums over drawn sites, rows × resamples × parts."""
    rows, sites, parts = sums.shape
    flat = draws @ sums.transpose(1, 0, 2).reshape(sites, rows * parts)
    return flat.reshape(-1, rows, parts).transpose(1, 0, 2)


def _combined(metric: Metric, sums: Floats, weights: Floats, blank: NDArray[np.bool_]) -> Floats:
    return metric.combine(np.where(blank, np.nan, divide(sums, weights)))


def by_site(values: Floats, sites: Sequence[str]) -> Floats:
    """Return the sums of rows × pages × parts by site, rows × sites × parts."""
    _, index = np.unique(np.array(sites), return_inverse=True)
    member = np.zeros((index.max() + 1, len(sites)))
    member[index, np.arange(len(sites))] = 1.0
    return np.asarray(np.einsum("sp,rpk->rsk", member, values, optimize=True))


@cache
def resampled_weights(sites: int, stream: int = 0) -> Floats:
    """Return how often each resample draws each site, resamples × sites."""
    shares = np.full(sites, 1 / sites)
    draw = np.random.default_rng(SEED + stream).multinomial(sites, shares, RESAMPLES)
    return draw.astype(np.float64)


def compare_rows(scores: Floats, sites: Sequence[str]) -> Comparison:
    """Return the tests between all pairs of rows; `scores` is rows × pages.

    Sign-flip test on the mean difference: under the null hypothesis each site's difference may
    as well have the other sign (Fisher's randomisation test; exact below 17 sites). Holm (1979)
    over all pairs.
    """
    rows = len(scores)
    sums = by_site(scores[:, :, None], sites)[:, :, 0]
    left, right = np.triu_indices(rows, 1)
    p = sign_flip(sums, left, right)
    matrix, corrected = np.ones((rows, rows)), np.ones((rows, rows))
    for target, found in ((matrix, p), (corrected, holm(p))):
        target[left, right] = target[right, left] = found
    means = scores.mean(axis=1)
    return Comparison(means[:, None] - means[None, :], matrix, corrected, len(left))


def sign_flip(sums: Floats, left: Places, right: Places) -> Floats:
    """Return the two-sided p of the differences between rows `left` and `right` of rows × sites.

    1 where all differences are 0.
    """
    sites = sums.shape[1]
    exact = sites < EXACT_SITES
    differences = sums[left] - sums[right]
    # Sums of the same numbers in another order differ in the last bits, and those of rows that are
    # nearly alike in many more: what counts is the size of the sums, not of the differences
    size = np.abs(sums).sum(axis=1)
    bar = np.abs(differences.sum(axis=1)) - _ROUNDING * (size[left] + size[right])
    count, total = np.zeros(len(differences)), 0
    for signs in _all_signs(sites) if exact else _random_signs(sites):
        flipped = sums @ signs.T
        gaps = flipped[left]
        gaps -= flipped[right]
        np.abs(gaps, out=gaps)
        count += np.count_nonzero(gaps >= bar[:, None], axis=1)
        total += len(signs)
    return count / total if exact else (count + 1) / (total + 1)


def _all_signs(sites: int) -> Iterator[Floats]:
    for start in range(0, 2**sites, _BATCH):
        patterns = np.arange(start, min(start + _BATCH, 2**sites))
        yield (patterns[:, None] >> np.arange(sites) & 1).astype(np.float64) * 2 - 1


def _random_signs(sites: int) -> Iterator[Floats]:
    drawn = _drawn_signs(sites)
    for start in range(0, SIGNS, _BATCH):
        yield drawn[start : start + _BATCH].astype(np.float64)


@cache
def _drawn_signs(sites: int) -> NDArray[np.int8]:
    bits = np.random.default_rng(SEED).integers(0, 2, (SIGNS, sites), dtype=np.int8)
    return bits * np.int8(2) - np.int8(1)


def holm(p: Floats) -> Floats:
    """Return p corrected for the number of tests (Holm, 1979), in the same order."""
    order = np.argsort(p)
    factors = np.arange(len(p), 0, -1)
    stepped = np.minimum(np.maximum.accumulate(p[order] * factors), 1.0)
    corrected = np.empty_like(p)
    corrected[order] = stepped
    return corrected


def rank_intervals(comparison: Comparison) -> list[tuple[int, int]]:
    """Return the best and worst rank of each row that the tests allow, from 1."""
    k = len(comparison.p)
    better = comparison.significant & (comparison.differences < 0)
    worse = comparison.significant & (comparison.differences > 0)
    return [
        (1 + int(ahead), k - int(behind))
        for ahead, behind in zip(better.sum(axis=1), worse.sum(axis=1), strict=True)
    ]


def groups(comparison: Comparison, order: Sequence[int]) -> list[str]:
    """Return letters for each row: rows that share one cannot be told apart.

    Insert and absorb (Piepho, 2004); letters follow `order`, best row first.
    """
    sets = [set(order)]
    for i, a in enumerate(order):
        for b in order[i + 1 :]:
            if comparison.significant[a, b]:
                sets = _absorbed([part for one in sets for part in _split(one, a, b)])
    place = {row: n for n, row in enumerate(order)}
    sets.sort(key=lambda one: sorted(place[row] for row in one))
    letters = [_letter(n) for n in range(len(sets))]
    return [
        "".join(name for name, one in zip(letters, sets, strict=True) if row in one)
        for row in range(len(comparison.p))
    ]


def _split(one: set[int], a: int, b: int) -> list[set[int]]:
    return [one - {a}, one - {b}] if {a, b} <= one else [one]


def _absorbed(sets: list[set[int]]) -> list[set[int]]:
    kept: list[set[int]] = []
    for one in sorted(sets, key=len, reverse=True):
        if not any(one <= other for other in kept):
            kept.append(one)
    return kept


def _letter(n: int) -> str:
    """Return one character: a to z, A to Z, then Greek and what follows it in Unicode."""
    return ascii_letters[n] if n < len(ascii_letters) else chr(0x3B1 + n - len(ascii_letters))


def kendall(one: Floats, other: Floats) -> Floats:
    """Return Kendall's tau-b of rows × draws, a value a draw; NaN where a side has only ties.

    Kendall, "The treatment of ties in ranking problems", Biometrika, 1945.
    """
    left, right = np.triu_indices(len(one), 1)
    signs = np.sign(one[left] - one[right]), np.sign(other[left] - other[right])
    untied = np.sqrt(np.abs(signs[0]).sum(axis=0) * np.abs(signs[1]).sum(axis=0))
    with np.errstate(invalid="ignore"):
        return np.asarray((signs[0] * signs[1]).sum(axis=0) / untied)


def pages_needed(differences: Floats, sites: Sequence[str]) -> int | None:
    """Return how many pages would tell two rows apart, None if they do not differ at all.

    `differences` by page. Two-sided 5 %, power 80 %, normal approximation over sites:
    (1.96 + 0.84)² × variance / mean², times pages per site.
    """
    sums = by_site(differences[None, :, None], sites)[0, :, 0]
    mean, spread = sums.mean(), sums.std(ddof=1) if len(sums) > 1 else np.nan
    if abs(mean) < _ROUNDING or np.isnan(spread):
        return None
    return int(np.ceil((1.96 + 0.84) ** 2 * (spread / mean) ** 2 * len(sites) / len(sums)))
