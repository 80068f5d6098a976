"""lcs: precision, recall and F1 of the longest common subsequence of tokens. The primary metric.

K is the kept tokens, K⁺ the kept and optional ones, both in page order; L = |LCS(K, output)|,
O = |LCS(K⁺, output)| - L, n = |output| - O. P = L/n, R = L/|K|, F1 = 2L/(n + |K|), each in 0..1.
Each optional token is forgiven once, in its place. K empty: 1 if the output is empty, else
P 0, R 1, F1 0. The family of ROUGE-L (Lin, "ROUGE", 2004), on boilerbench's tokens.
It cannot see white space, punctuation, markup, nor that a paragraph moved as a whole is a lesser
fault than one that is lost.
"""

from rapidfuzz.distance import LCSseq

from bench.metrics import base
from bench.metrics.base import Counts, Output, Reference, Scores


class Metric(base.Metric):
    """Counts: L, O, |K| and |output|."""

    name = "lcs"
    fields = ("matched", "forgiven", "kept", "output")

    def counts(self, reference: Reference, output: Output) -> tuple[int, int, int, int]:
        """Return L, O, |K| and |output|."""
        out = output.encoded(reference)
        matched = LCSseq.similarity(reference.kept_code, out)
        forgiven = 0
        if len(reference.lenient_code) > len(reference.kept_code):
            forgiven = LCSseq.similarity(reference.lenient_code, out) - matched
        return matched, forgiven, len(reference.kept_code), len(out)

    def scores(self, counts: Counts) -> Scores:
        """Return P, R and F1 in the last axis."""
        matched, forgiven, kept, output = base.columns(counts)
        return base.overlap_scores(matched, kept, output - forgiven)
