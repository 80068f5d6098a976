"""Speed: what a page costs, from the timings of a run.

The unit is CPU time. Of times, the least of a page's rounds counts, since noise only ever adds; of
ratios, their median.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from bench.records import Life, Timing

BASELINE = "lxml_text"
DISAGREEMENT = 0.10  # rounds that differ by this share are not steady (pyperf's threshold)
_NS_PER_MS = 1e6


@dataclass(frozen=True, slots=True)
class Speed:
    """One contestant: CPU ms per page, pages and MB per CPU second, start-up and peak memory.

    `times_lxml` is the geometric mean of the per-page `ratios` to the `lxml_text` row of the same
    run, or None where the run has no such row. `spread` is how far the slowest round is from the
    fastest, as a share. Memory is VmHWM of the worker in MiB.
    """

    median_ms: float
    p95_ms: float
    pages_per_s: float
    mb_per_s: float
    times_lxml: float | None
    startup_ms: float
    peak_mib: float
    spread: float

    @property
    def steady(self) -> bool:
        """Whether the rounds agree."""
        return self.spread < DISAGREEMENT


def speeds(
    timings: Sequence[Timing], lives: Sequence[Life], sizes: Mapping[str, int]
) -> dict[str, Speed]:
    """Return the speed of each contestant that gave at least one page; `sizes` in bytes by page."""
    by_name = measured(timings)
    startup: dict[str, float] = {}
    for life in lives:
        ns = life.startup_ns / _NS_PER_MS
        startup[life.extractor] = min(ns, startup.get(life.extractor, ns))
    return {
        name: _speed(some, by_name.get(BASELINE, []), startup.get(name, 0.0), sizes)
        for name, some in by_name.items()
    }


def measured(timings: Iterable[Timing]) -> dict[str, list[Timing]]:
    """Return the timings that count, by contestant: no warm-ups, no misses."""
    by_name: dict[str, list[Timing]] = defaultdict(list)
    for timing in timings:
        if timing.status == "ok" and not timing.warmup:
            by_name[timing.extractor].append(timing)
    return by_name


def least(
    timings: Iterable[Timing], time_ns: Callable[[Timing], int] = lambda timing: timing.cpu_ns
) -> dict[str, float]:
    """Return the least ms of each page over the rounds, of CPU time by default; never 0."""
    best: dict[str, float] = {}
    for timing in timings:
        ms = max(time_ns(timing), 1) / _NS_PER_MS
        best[timing.page] = min(ms, best.get(timing.page, ms))
    return best


def ratios(timings: Iterable[Timing], baseline: Iterable[Timing]) -> dict[str, float]:
    """Return each page's CPU time as a multiple of the baseline's, the median over the rounds.

    In one round both do a page right after each other, on a machine that is as fast for the one as
    for the other. The least times of both are of different moments, so their ratio moves as the
    machine's clock does: by up to 4.9 % where this moved by 0.9 % (docs/speed.md).
    """
    ns = {(one.page, one.round): max(one.cpu_ns, 1) for one in baseline}
    found: dict[str, list[float]] = defaultdict(list)
    for one in timings:
        if beside := ns.get((one.page, one.round)):
            found[one.page].append(max(one.cpu_ns, 1) / beside)
    return {page: median(some) for page, some in found.items()}


def _speed(
    timings: Sequence[Timing],
    baseline: Sequence[Timing],
    startup_ms: float,
    sizes: Mapping[str, int],
) -> Speed:
    best = least(timings)
    ms = np.array(list(best.values()))
    seconds = float(ms.sum()) / 1000
    multiples = [*ratios(timings, baseline).values()]
    return Speed(
        median_ms=float(np.median(ms)),
        p95_ms=float(np.percentile(ms, 95)),
        pages_per_s=len(ms) / seconds,
        mb_per_s=sum(sizes[page] for page in best) / 1e6 / seconds,
        times_lxml=float(np.exp(np.mean(np.log(multiples)))) if multiples else None,
        startup_ms=startup_ms,
        peak_mib=max(timing.peak_kib for timing in timings) / 1024,
        spread=_spread(timings),
    )


def _spread(timings: Sequence[Timing]) -> float:
    """Return (slowest - fastest) / fastest over the rounds, on the pages that all rounds have."""
    rounds: dict[int, dict[str, int]] = defaultdict(dict)
    for timing in timings:
        rounds[timing.round][timing.page] = max(timing.cpu_ns, 1)
    common = set.intersection(*(set(pages) for pages in rounds.values()))
    totals = [sum(pages[page] for page in common) for pages in rounds.values()]
    return max(totals) / min(totals) - 1 if common else 0.0
