"""blocks: share of body blocks that are found whole, and of other blocks that are kept out.

R = kept blocks whose tokens stand together in the output / kept blocks; P = dropped blocks that do
not / dropped blocks; F1 is their harmonic mean; each in 0..1. Optional blocks do not count. A block
shorter than 3 tokens is found in nearly any text, so it is not asked for; a rate of no block is 1.
Source: boilerbench's own.
It cannot see partial blocks, order, or text that is on no block; P here is a rate of rejection, not
the precision of the output.
"""

import numpy as np

from bench.metrics import base
from bench.metrics.base import Counts, Output, Reference, Scores
from bench.text import tokens

SHORTEST = 3  # tokens, as in the alignment


class Metric(base.Metric):
    """Counts: kept blocks found and in all, other blocks kept out and in all."""

    name = "blocks"
    gold = "blocks"
    fields = ("found", "kept", "rejected", "dropped")

    def counts(self, reference: Reference, output: Output) -> tuple[int, int, int, int]:
        """Return blocks found, to keep, kept out, to drop."""
        text = f" {' '.join(output.tokens)} "
        found = {True: 0, False: 0}
        asked = {True: 0, False: 0}
        for kept, block in reference.blocks:
            words = tokens(block)
            if len(words) >= SHORTEST:
                asked[kept] += 1
                found[kept] += f" {' '.join(words)} " in text
        return found[True], asked[True], asked[False] - found[False], asked[False]

    def scores(self, counts: Counts) -> Scores:
        """Return the rate of rejection, the rate of finding and their harmonic mean."""
        found, kept, rejected, dropped = base.columns(counts)
        precision = np.where(dropped == 0, 1.0, base.divide(rejected, dropped))
        recall = np.where(kept == 0, 1.0, base.divide(found, kept))
        return np.stack([precision, recall, base.harmonic(precision, recall)], axis=-1)
