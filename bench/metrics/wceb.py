r"""wceb: the metrics of the Web Content Extraction Benchmark: ROUGE-LSum, and a Levenshtein ratio.

Tokens are split at white space. P, R and F1 are ROUGE-LSum over lines, mean per page; gold empty:
R 1, and all 1 if the output is empty too. `levenshtein` is the mean of 1 - (insertions and
deletions) / (tokens of both), the "ratio" of python-Levenshtein, which that benchmark prints as a
distance. All four are in 0..1. Lines stand for sentences, as its published scores are met with;
its later switch to the sentence splitter of nltk needs a model that is fetched at run time.
Source: Bevendorff et al., SIGIR 2023, and its eval.py.
It cannot see a failed extractor: a crash is an empty text there. A page of Chinese or Japanese is
a token per line.
"""

import numpy as np
from rapidfuzz.distance import Indel

from bench.metrics import base
from bench.metrics.base import Counts, Output, Reference, Scores
from bench.metrics.rouge_lsum import hits


class Metric(base.Metric):
    """Counts: hits, tokens of gold, of the output; insertions and deletions between them."""

    name = "wceb"
    fields = ("matched", "gold", "output", "indel")
    extra = ("levenshtein",)

    def counts(self, reference: Reference, output: Output) -> tuple[int, int, int, int]:
        """Return hits, both lengths and the distance, in tokens."""
        gold, out = reference.kept.split(), output.text.split()
        matched = hits(_lines(reference.kept), _lines(output.text))
        return matched, len(gold), len(out), Indel.distance(gold, out)

    def scores(self, counts: Counts) -> Scores:
        """Return P, R and F1 in the last axis."""
        matched, gold, output, _ = base.columns(counts)
        precision = np.where(gold + output == 0, 1.0, base.divide(matched, output))
        recall = np.where(gold == 0, 1.0, base.divide(matched, gold))
        f1 = np.where(gold + output == 0, 1.0, base.divide(2 * matched, gold + output))
        return np.stack([precision, recall, f1], axis=-1)

    def parts(self, counts: Counts, missed: base.Flags) -> tuple[Scores, Scores]:
        """Return P, R, F1 and the ratio of each page; a miss is an empty text."""
        del missed
        _, gold, output, indel = base.columns(counts)
        ratio = 1 - base.divide(indel, gold + output)
        values = np.concatenate([self.scores(counts), ratio[..., None]], axis=-1)
        return values, np.ones_like(values)


def _lines(text: str) -> list[list[str]]:
    return [words for line in text.split("\n") if (words := line.split())]
