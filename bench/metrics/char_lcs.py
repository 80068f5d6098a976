"""char_lcs: precision, recall and F1 of the longest common subsequence of characters, in 0..1.

Both texts are normalised (NFKC, casefolded) and their white space is removed, so glued and split
words cost nothing. P = LCS / |output|, R = LCS / |gold|, in characters. ROUGE-L (Lin, "ROUGE",
2004) with characters for words.
It cannot see words: letters of unrelated text line up by chance, so low scores are too high.
It is quadratic, so ask for it by name.
"""

from rapidfuzz.distance import LCSseq

from bench.metrics import base
from bench.metrics.base import Counts, Output, Reference, Scores
from bench.text import norm


class Metric(base.Metric):
    """Counts: characters in common, in gold and in the output."""

    name = "char_lcs"
    fields = ("matched", "kept", "output")

    def counts(self, reference: Reference, output: Output) -> tuple[int, int, int]:
        """Return the length of the LCS and both lengths, in characters."""
        kept, out = ("".join(norm(text).split()) for text in (reference.kept, output.text))
        return LCSseq.similarity(kept, out), len(kept), len(out)

    def scores(self, counts: Counts) -> Scores:
        """Return P, R and F1 in the last axis."""
        return base.overlap_scores(*base.columns(counts))
