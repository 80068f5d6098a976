"""levenshtein_tokens: 1 - edit distance / length of the longer text, over tokens, in 0..1.

The distance counts insertions, deletions and substitutions of one token (Levenshtein, 1966).
One figure, shown as F1; it has no precision and recall. 1 if both texts are empty.
It cannot tell what was lost from what leaked, and a moved paragraph costs twice.
"""

import numpy as np
from rapidfuzz.distance import Levenshtein

from bench.metrics import base
from bench.metrics.base import Counts, Output, Reference, Scores


def similarity_scores(distance: Scores, longest: Scores) -> Scores:
    """Return NaN, NaN and 1 - distance / longest in the last axis, 1 where both texts are empty."""
    similarity = 1 - base.divide(distance, longest)
    nothing = np.full_like(similarity, np.nan)
    return np.stack([nothing, nothing, similarity], axis=-1)


class Metric(base.Metric):
    """Counts: distance, tokens of gold and of the output."""

    name = "levenshtein_tokens"
    fields = ("distance", "kept", "output")

    def counts(self, reference: Reference, output: Output) -> tuple[int, int, int]:
        """Return the distance and both lengths, in tokens."""
        kept, out = reference.kept_code, output.encoded(reference)
        return Levenshtein.distance(kept, out), len(kept), len(out)

    def scores(self, counts: Counts) -> Scores:
        """Return NaN, NaN and the similarity in the last axis."""
        distance, kept, output = base.columns(counts)
        return similarity_scores(distance, np.maximum(kept, output))
