"""trafilatura-snippets: the metric of trafilatura's own evaluation: pooled substring hits.

Of each page a few snippets must and a few must not appear; white space is folded to single
spaces on both sides, nothing else. TP, FP, FN and TN are summed over all pages, then P, R, F1 and
accuracy are taken once, each in 0..1. A miss counts as no hit at all.
Source: tests/eval_common.py at commit e90b0ef (2026-08-21).
It cannot see order, duplicates, or anything outside its six snippets a page.
"""

from collections.abc import Sequence

import numpy as np

from bench.metrics import base
from bench.metrics.base import Counts, Output, Reference, Scores


def _folded(text: str) -> str:
    return " ".join(text.split())


def _hits(snippets: Sequence[str], text: str) -> int:
    return sum(_folded(snippet) in text for snippet in snippets)


class Metric(base.Metric):
    """Counts: TP, FP, FN, TN."""

    name = "trafilatura-snippets"
    gold = "snippets"
    fields = ("tp", "fp", "fn", "tn")
    extra = ("accuracy",)

    def counts(self, reference: Reference, output: Output) -> tuple[int, int, int, int]:
        """Return TP, FP, FN and TN of one page."""
        text = _folded(output.text)
        tp, fp = _hits(reference.present, text), _hits(reference.absent, text)
        return tp, fp, len(reference.present) - tp, len(reference.absent) - fp

    def scores(self, counts: Counts) -> Scores:
        """Return P, R and F1 of each page alone, 0 where the denominator is."""
        tp, fp, fn, _ = base.columns(counts)
        f1 = base.divide(2 * tp, 2 * tp + fp + fn)
        return np.stack([base.divide(tp, tp + fp), base.divide(tp, tp + fn), f1], axis=-1)

    def parts(self, counts: Counts, missed: base.Flags) -> tuple[Scores, Scores]:
        """Return the four counts, whose means stand for their sums."""
        del missed
        values = counts.astype(np.float64)
        return values, np.ones_like(values)

    def combine(self, means: Scores) -> Scores:
        """Return P, R, F1 and accuracy of the pooled counts."""
        tp, fp, fn, tn = np.moveaxis(means, -1, 0)
        f1 = base.divide(2 * tp, 2 * tp + fp + fn)
        accuracy = base.divide(tp + tn, tp + fp + fn + tn)
        figures = [base.divide(tp, tp + fp), base.divide(tp, tp + fn), f1, accuracy]
        return np.stack(figures, axis=-1)
