"""Cost: the closer look at time and memory that `boilerbench speed` takes at a run.

Intervals are paired weight bootstraps over sites, as for the scores.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench import pagetext, statistics
from bench.corpus import Corpus
from bench.records import Life, Timing
from bench.speed import BASELINE, least, measured, ratios
from bench.statistics import Floats

LEAST_PAGES = 20  # under which half a worker's life shows no slope
# justext grew by 16.6 MiB per 1,000 pages on 72, by 0.1 on 288 (docs/speed.md)
FEW_PAGES = 200
_ROUNDING = 1e-12  # relative; pages whose sizes differ by less are of one size
_MOST_POINTS = 1000  # a slope looks at all pairs; of longer lives every n-th page counts


@dataclass(frozen=True, slots=True)
class Extent:
    """How large a page is: bytes, and characters of page text, white space left out."""

    site: str
    bytes: int
    characters: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and both ends of its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What a contestant costs, beside its Speed; None where the run cannot say.

    Times are of the least of all rounds, in ms. `times_lxml` is the geometric mean of the per-page
    ratios to `lxml_text`. `by_text` and `by_bytes` are exponents of a log-log fit of CPU time
    over the size of a page: 1 is in proportion, 2 quadratic. Memory is in MiB: the highest peak
    of a worker above the peak it had when it said hello, and the growth per 1,000 pages with its
    extremes over the rounds.
    `wall_pages_per_s` is of all lanes together, on the mean of all rounds.
    """

    p99_ms: float
    max_ms: float
    wall_ms: float
    wall_pages_per_s: float
    times_lxml: Estimate | None
    above_idle_mib: float | None
    growth_mib: Estimate | None
    by_text: Estimate | None
    by_bytes: Estimate | None


def extents(corpus: Corpus) -> dict[str, Extent]:
    """Return the size of each page of a corpus."""
    return {
        page.id: Extent(page.header.site, len(html), len(pagetext.squeeze(text)))
        for page in corpus.pages
        for html in [page.html()]
        for text in [pagetext.page_text(pagetext.decode(html, page.content_type, page.charset))]
    }


def costs(
    timings: Sequence[Timing], lives: Sequence[Life], sizes: Mapping[str, Extent], lanes: int = 1
) -> dict[str, Cost]:
    """Return the cost of each contestant that gave at least one page."""
    by_name = measured(timings)
    cpu = {name: least(some) for name, some in by_name.items()}
    idle = {life.worker: life.idle_kib for life in lives}
    return {
        name: Cost(
            p99_ms=float(np.percentile([*cpu[name].values()], 99)),
            max_ms=max(cpu[name].values()),
            wall_ms=float(np.median([*least(some, lambda one: one.wall_ns).values()])),
            wall_pages_per_s=throughput(some, lanes),
            times_lxml=_multiple(ratios(some, by_name.get(BASELINE, [])), sizes),
            above_idle_mib=_above_idle(some, idle),
            growth_mib=_growth(some),
            by_text=_exponent(cpu[name], sizes, lambda size: size.characters),
            by_bytes=_exponent(cpu[name], sizes, lambda size: size.bytes),
        )
        for name, some in by_name.items()
    }


def throughput(timings: Sequence[Timing], lanes: int) -> float:
    """Return pages per second of wall time, were all lanes at work on these all the while."""
    return lanes * len(timings) * 1e9 / max(sum(one.wall_ns for one in timings), 1)


def _multiple(multiples: Mapping[str, float], sizes: Mapping[str, Extent]) -> Estimate | None:
    """Return the geometric mean of the pages' ratios."""
    parts = np.stack([np.log([*multiples.values()]), np.ones(len(multiples))], axis=1)
    return _bootstrapped(
        parts, [*multiples], sizes, lambda sums: np.exp(sums[..., 0] / sums[..., 1])
    )


def _exponent(
    ms: Mapping[str, float], sizes: Mapping[str, Extent], measure: Callable[[Extent], int]
) -> Estimate | None:
    """Return the slope of least squares of log time over log size; None where sizes are one."""
    pages = [page for page in ms if measure(sizes[page]) > 0]
    x = np.log([measure(sizes[page]) for page in pages])
    y = np.log([ms[page] for page in pages])
    if not len(x) or not np.ptp(x):
        return None
    x -= x.mean()
    parts = np.stack([np.ones(len(x)), x, y, x * y, x * x], axis=1)
    return _bootstrapped(parts, pages, sizes, _slope)


def _slope(sums: Floats) -> Floats:
    n, x, y, xy, xx = np.moveaxis(sums, -1, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.where(n * xx - x * x > _ROUNDING * n * xx, n * xx - x * x, np.nan)
        return np.asarray((n * xy - x * y) / spread)


def _bootstrapped(
    parts: Floats,
    pages: Sequence[str],
    sizes: Mapping[str, Extent],
    figure: Callable[[Floats], Floats],
) -> Estimate | None:
    """Return a figure made of sums over pages × parts, resampled by site; None without a page."""
    if not pages:
        return None
    sums = statistics.by_site(parts[None], [sizes[page].site for page in pages])[0]
    drawn = figure(statistics.resampled_weights(len(sums)) @ sums)
    # A draw of a single site over and over may have pages of one size only: it has no slope
    low, high = statistics.interval(drawn[np.isfinite(drawn)][None])
    return Estimate(float(figure(sums.sum(axis=0))), float(low[0]), float(high[0]))


def _above_idle(timings: Iterable[Timing], idle: Mapping[str, int]) -> float | None:
    above = [
        one.peak_kib - idle[one.worker] for one in timings if one.peak_kib and idle.get(one.worker)
    ]
    return max(above) / 1024 if above else None


def _growth(timings: Iterable[Timing]) -> Estimate | None:
    """Return the median slope of the workers' lives with the least and the greatest."""
    lives: dict[str, list[int]] = defaultdict(list)
    for one in timings:
        lives[one.worker].append(one.resident_kib)
    slopes = [_leak(kib) for kib in lives.values() if len(kib) >= LEAST_PAGES and all(kib)]
    if not slopes:
        return None
    return Estimate(float(np.median(slopes)), min(slopes), max(slopes))


def _leak(resident_kib: Sequence[int]) -> float:
    """Return MiB per 1,000 pages over the second half of a life; the first one fills caches.

    Theil-Sen, the median of the slopes between all pairs: one large page moves it little (Sen,
    "Estimates of the regression coefficient based on Kendall's tau", JASA, 1968).
    """
    from scipy import stats

    half = np.array(resident_kib[len(resident_kib) // 2 :]) / 1024
    step = -(-len(half) // _MOST_POINTS)
    return float(stats.theilslopes(half[::step]).slope) * 1000 / step
