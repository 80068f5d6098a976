"""bag: precision, recall and F1 of the multisets of tokens, each in 0..1.

Overlap = sum over tokens of min(count in gold, count in output); P = overlap / |output|,
R = overlap / |gold|. The bag-of-words F1 of question answering (Rajpurkar et al., "SQuAD", 2016),
on boilerbench's tokens; gold is the kept blocks.
It cannot see order: text in any order scores the same, and common words of boilerplate match
words of the body.
"""

import numpy as np

from bench.metrics import base
from bench.metrics.base import Counts, Output, Reference, Scores


class Metric(base.Metric):
    """Counts: tokens in common, in gold and in the output."""

    name = "bag"
    fields = ("matched", "kept", "output")

    def counts(self, reference: Reference, output: Output) -> tuple[int, int, int]:
        """Return |gold ∩ output|, |gold| and |output| as multisets."""
        kept, out = base.array(reference.kept_code), base.array(output.encoded(reference))
        size = int(kept.max(initial=0)) + 1
        left = np.bincount(kept, minlength=size)
        right = np.bincount(out[out < size], minlength=size)
        return int(np.minimum(left, right)[1:].sum()), len(kept), len(out)

    def scores(self, counts: Counts) -> Scores:
        """Return P, R and F1 in the last axis."""
        return base.overlap_scores(*base.columns(counts))
