"""shingle(n): precision, recall and F1 of the multisets of token n-grams, n = 4 unless told.

A text of fewer than n tokens is one shorter shingle. Each figure in 0..1. Shingles of n = 4 are the
unit of the article extraction benchmark (Lopukhin, Scrapinghub, 2019) and of near-duplicate
search (Broder, 1997); here on boilerbench's tokens and with means per page.
It cannot see order beyond n tokens; one wrong token costs n shingles.
"""

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from bench.metrics import base
from bench.metrics.base import Counts, Output, Reference, Scores

_INT64 = 2**63
Counted = tuple[NDArray[np.int64], NDArray[np.int64]]


class Metric(base.Metric):
    """Counts: shingles in common, in gold and in the output."""

    name = "shingle"
    fields = ("matched", "kept", "output")

    def __init__(self, n: int = 4) -> None:
        """Take the length of a shingle in tokens; raises ValueError below 1."""
        if n < 1:
            raise ValueError("a shingle has at least one token")
        self._n = n

    def counts(self, reference: Reference, output: Output) -> tuple[int, int, int]:
        """Return |gold ∩ output|, |gold| and |output| as multisets of shingles."""
        left, right = reference.kept_code, output.encoded(reference)
        radix = ord(max(left, default="\0")) + 2
        kept, out = _shingles(left, self._n, radix), _shingles(right, self._n, radix)
        return _common(kept, out), int(kept[1].sum()), int(out[1].sum())

    def scores(self, counts: Counts) -> Scores:
        """Return P, R and F1 in the last axis."""
        return base.overlap_scores(*base.columns(counts))


@lru_cache(2)  # gold is counted once for all outputs of its page
def _shingles(code: str, n: int, radix: int) -> Counted:
    """Return the shingles of a text as sorted numbers, equal for equal ones, and how many of each.

    `radix` is above every code of the gold.
    """
    numbers = base.array(code).astype(np.int64)
    # Words that the gold has not are one digit; none is 0, or a short shingle would equal a longer
    numbers[(numbers == 0) | (numbers >= radix)] = radix - 1
    n = min(n, len(numbers))
    count = max(len(numbers) - n + 1, 0) if n else 0
    if radix**n < _INT64:
        digits = (numbers[i : i + count] * radix**i for i in range(n))
        values = sum(digits, start=np.zeros(count, dtype=np.int64))
    else:
        # Too many words for one number: Python's hash of the bytes, 64 bits wide
        windows = sliding_window_view(numbers, n)
        values = np.array([hash(row.tobytes()) for row in windows], dtype=np.int64)
    return np.unique(values, return_counts=True)


def _common(left: Counted, right: Counted) -> int:
    """Return the size of the intersection of two multisets."""
    (ours, many), (theirs, times) = left, right
    if not len(ours):
        return 0
    place = np.minimum(np.searchsorted(ours, theirs), len(ours) - 1)
    same = ours[place] == theirs
    return int(np.minimum(many[place], times)[same].sum())
