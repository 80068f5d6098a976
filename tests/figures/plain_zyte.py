"""The definition of the metric `zyte` written plainly, as the yardstick of speed."""

import random
import re
from collections import Counter
from statistics import mean, stdev

Page = tuple[float, float, float]


def plain_zyte(golds: dict[str, str], texts: dict[str, str], resamples: int) -> tuple[float, float]:
    """Return F1 and 1.96 standard deviations of it over resampled pages."""
    pages = [_page(golds[name], texts[name]) for name in golds]
    draws = ([random.choice(pages) for _ in pages] for _ in range(resamples))
    return _f1(pages), 1.96 * stdev(_f1(draw) for draw in draws)


def _page(gold: str, text: str) -> Page:
    """Return shingles in both, only in the text, only in gold, as shares of all three."""
    left, right = _shingles(gold), _shingles(text)
    both = extra = missing = 0
    for shingle in {*left, *right}:
        n, m = left.get(shingle, 0), right.get(shingle, 0)
        both += min(n, m)
        extra += max(0, m - n)
        missing += max(0, n - m)
    total = (both + extra + missing) or 1
    return both / total, extra / total, missing / total


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    starts = range(max(1, len(words) - 3)) if words else ()
    return Counter(tuple(words[i : i + 4]) for i in starts)


def _f1(pages: list[Page]) -> float:
    precision = mean(_share(both, extra) for both, extra, _ in pages if both + extra > 0)
    recall = mean(_share(both, missing) for both, _, missing in pages if both + missing > 0)
    return 2 * precision * recall / (precision + recall)


def _share(part: float, rest: float) -> float:
    return part / (part + rest)
