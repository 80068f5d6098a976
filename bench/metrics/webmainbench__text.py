"""webmainbench-text: the text edit similarity of WebMainBench, over raw characters, in 0..1.

1 - Levenshtein distance / length of the longer text, nothing normalised. One figure, shown as F1.
Pages where gold and output are both empty leave the mean, and so do pages that failed.
Source: webmainbench/metrics/text_metrics.py at commit 9d991bd; its splitting off of code, formulas
and tables, which wants Markdown, is not part of it here.
It cannot see a crash: failing on the hard pages raises the score. White space counts as text.
"""

import numpy as np
from rapidfuzz.distance import Levenshtein

from bench.metrics import base
from bench.metrics.base import Counts, Output, Reference, Scores
from bench.metrics.levenshtein_tokens import similarity_scores


class Metric(base.Metric):
    """Counts: distance, characters of gold and of the output."""

    name = "webmainbench-text"
    fields = ("distance", "gold", "output")

    def counts(self, reference: Reference, output: Output) -> tuple[int, int, int]:
        """Return the distance and both lengths, in characters."""
        distance = Levenshtein.distance(reference.kept, output.text)
        return distance, len(reference.kept), len(output.text)

    def scores(self, counts: Counts) -> Scores:
        """Return NaN, NaN and the similarity in the last axis."""
        distance, gold, output = base.columns(counts)
        return similarity_scores(distance, np.maximum(gold, output))

    def parts(self, counts: Counts, missed: base.Flags) -> tuple[Scores, Scores]:
        """Return the figures of each page; what failed or is empty on both sides weighs nothing."""
        _, gold, output = base.columns(counts)
        scores = self.scores(counts)
        weights = (np.maximum(gold, output) > 0) & ~missed
        return scores, np.broadcast_to(weights[..., None], scores.shape).astype(np.float64)
