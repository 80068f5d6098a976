"""lcs: precision, recall and F1 of the longest common subsequence of tokens. The primary metric.

K is the kept tokens, K⁺ the kept and optional ones, both in page order; L = |LCS(K, output)|,
O = |LCS(K⁺, output)| - L, n = |output| - O. P = L/n, R = L/|K|, F1 = 2L/(n + |K|), each in 0..1.
Each optional token is forgiven once, in its place. K empty: 1 if the output is empty, else
P 0, R 1, F1 0. The family of ROUGE-L (Lin, "ROUGE", 2004), on boilerbench's tokens.
It cannot see white space, punctuation, markup, nor that a paragraph moved as a whole is a lesser
fault than one that is lost.
"""

import numpy as np
from rapidfuzz.distance import LCSseq

from bench.metrics import Counts, Output, Reference, Scores

NAME = "lcs"
FIELDS = ("matched", "forgiven", "kept", "output")


def counts(reference: Reference, output: Output) -> tuple[int, int, int, int]:
    """Return L, O, |K| and |output|."""
    out = reference.encode(output.tokens)
    matched = LCSseq.similarity(reference.kept_code, out)
    forgiven = 0
    if len(reference.lenient_code) > len(reference.kept_code):
        forgiven = LCSseq.similarity(reference.lenient_code, out) - matched
    return matched, forgiven, len(reference.kept_code), len(out)


def scores(counts: Counts) -> Scores:
    """Return P, R and F1 in the last axis."""
    matched, forgiven, kept, output = np.moveaxis(counts, -1, 0).astype(np.float64)
    length = output - forgiven
    silent = (kept == 0) & (length == 0)
    nothing_to_keep = kept == 0
    precision = np.where(silent, 1.0, _divide(matched, length))
    recall = np.where(nothing_to_keep, 1.0, _divide(matched, kept))
    f1 = np.where(silent, 1.0, _divide(2 * matched, length + kept))
    return np.stack([precision, recall, f1], axis=-1)


def _divide(part: Scores, whole: Scores) -> Scores:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
