r"""wcxb: the metric of the Web Content eXtraction Benchmark: bags of words, and snippet rates.

Tokens are `\w+` of the lower-cased text, as multisets; means per page. `with` and `without` are
the mean shares of the page's snippets that are substrings of the lower-cased output; a page
without snippets counts as 1 in both, so gold against itself does not give a `without` of 0.
Both texts empty: 1; else 0 for P, R and F1 if either is. All five are in 0..1.
Source: its evaluate.py and README at commit c039d5e (2026-04-04).
It cannot see order, and a snippet such as "Home" is found inside any word.
"""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from bench.metrics import base
from bench.metrics.base import Counts, Output, Reference, Scores

_TOKEN = re.compile(r"\w+")


def _found(snippets: Sequence[str], text: str) -> int:
    lower = text.lower()
    return sum(snippet.lower() in lower for snippet in snippets)


class Metric(base.Metric):
    """Counts: words in common, in gold, in the output; snippets found and asked for, twice."""

    name = "wcxb"
    fields = ("matched", "gold", "output", "present", "of", "absent", "of_absent")
    extra = ("with", "without")

    def counts(self, reference: Reference, output: Output) -> tuple[int, ...]:
        """Return the sizes of the bags and the snippets found."""
        gold, out = (_TOKEN.findall(text.lower()) for text in (reference.kept, output.text))
        right = Counter(out)
        matched = sum(min(n, right[token]) for token, n in Counter(gold).items())
        return (
            *(matched, len(gold), len(out)),
            *(_found(reference.present, output.text), len(reference.present)),
            *(_found(reference.absent, output.text), len(reference.absent)),
        )

    def scores(self, counts: Counts) -> Scores:
        """Return P, R and F1 in the last axis."""
        matched, gold, output, *_ = base.columns(counts)
        both_empty = ((gold == 0) & (output == 0))[..., None]
        precision, recall = base.divide(matched, output), base.divide(matched, gold)
        scores = np.stack([precision, recall, base.harmonic(precision, recall)], axis=-1)
        return np.where(both_empty, 1.0, scores)

    def parts(self, counts: Counts, missed: base.Flags) -> tuple[Scores, Scores]:
        """Return P, R, F1 and both snippet rates of each page."""
        del missed
        _, _, _, present, of, absent, of_absent = base.columns(counts)
        rates = [
            np.where(asked == 0, 1.0, base.divide(found, asked))
            for found, asked in ((present, of), (absent, of_absent))
        ]
        values = np.concatenate([self.scores(counts), np.stack(rates, axis=-1)], axis=-1)
        return values, np.ones_like(values)
