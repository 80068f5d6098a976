r"""zyte: the metric of scrapinghub/article-extraction-benchmark, with its rules of averaging.

Tokens are `\w+` (case kept), shingles 4 tokens, a shorter text one shingle. Precision is averaged
over pages where anything was predicted, recall over pages with gold, and F1 is the harmonic mean
of the two means, not a mean. Accuracy is the share of pages whose tokens equal the gold's. All
four are in 0..1.
Source: its evaluate.py and README at commit 4a3bc97 (2026-03-01).
What it cannot see: silence is rewarded, since an empty answer leaves the mean of precision; a
clause of Chinese or Japanese is one token; the unseeded bootstrap of the original is not copied.
"""

import re
from collections import Counter

import numpy as np

from bench.metrics import base
from bench.metrics.base import Counts, Output, Reference, Scores

_TOKEN = re.compile(r"\w+")
_LENGTH = 4


def _shingles(words: list[str]) -> list[tuple[str, ...]]:
    if len(words) < _LENGTH:
        return [tuple(words)] if words else []
    return list(zip(*(words[start:] for start in range(_LENGTH)), strict=False))


class Metric(base.Metric):
    """Counts: shingles in common, only in the output, only in gold; 1 if the tokens are equal."""

    name = "zyte"
    fields = ("both", "extra", "missing", "equal")
    extra = ("accuracy",)

    def counts(self, reference: Reference, output: Output) -> tuple[int, int, int, int]:
        """Return the sizes of gold ∩ output, output - gold, gold - output; and equality."""
        gold, out = _TOKEN.findall(reference.kept), _TOKEN.findall(output.text)
        left, right = _shingles(gold), _shingles(out)
        available = Counter(right)
        both = sum(min(n, available[shingle]) for shingle, n in Counter(left).items())
        return both, len(right) - both, len(left) - both, int(gold == out)

    def scores(self, counts: Counts) -> Scores:
        """Return P, R and F1 of each page alone; 1 where gold and output are both empty."""
        both, extra, missing, _ = base.columns(counts)
        return base.overlap_scores(both, both + missing, both + extra)

    def parts(self, counts: Counts, missed: base.Flags) -> tuple[Scores, Scores]:
        """Return P, R and accuracy; P weighs where anything was predicted, R where gold is."""
        del missed
        both, extra, missing, equal = base.columns(counts)
        values = [base.divide(both, both + extra), base.divide(both, both + missing), equal]
        weights = [both + extra > 0, both + missing > 0, np.ones_like(equal)]
        return np.stack(values, axis=-1), np.stack(weights, axis=-1).astype(np.float64)

    def combine(self, means: Scores) -> Scores:
        """Return mean P, mean R, the harmonic mean of both, and accuracy."""
        precision, recall, accuracy = np.moveaxis(means, -1, 0)
        f1 = base.harmonic(precision, recall)
        return np.stack([precision, recall, f1, accuracy], axis=-1)
