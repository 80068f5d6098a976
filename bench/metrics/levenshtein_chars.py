"""levenshtein_chars: 1 - edit distance / length of the longer text, over characters, in 0..1.

Both texts are normalised (NFKC, casefolded) and their white space is folded to single spaces.
The distance is Levenshtein's (1966). One figure, shown as F1. 1 if both texts are empty.
It cannot tell what was lost from what leaked; it is quadratic, so ask for it by name.
"""

import numpy as np
from rapidfuzz.distance import Levenshtein

from bench.metrics import base
from bench.metrics.base import Counts, Output, Reference, Scores
from bench.metrics.levenshtein_tokens import similarity_scores
from bench.text import norm


def folded(text: str) -> str:
    """Return the normalised text with single spaces."""
    return " ".join(norm(text).split())


class Metric(base.Metric):
    """Counts: distance, characters of gold and of the output."""

    name = "levenshtein_chars"
    fields = ("distance", "kept", "output")

    def counts(self, reference: Reference, output: Output) -> tuple[int, int, int]:
        """Return the distance and both lengths, in characters."""
        kept, out = folded(reference.kept), folded(output.text)
        return Levenshtein.distance(kept, out), len(kept), len(out)

    def scores(self, counts: Counts) -> Scores:
        """Return NaN, NaN and the similarity in the last axis."""
        distance, kept, output = base.columns(counts)
        return similarity_scores(distance, np.maximum(kept, output))
