"""rouge_lsum: summary-level ROUGE-L: union of the longest common subsequences of lines, in 0..1.

Each line of gold is compared with each line of the output; the gold tokens that lie on any of these
LCS count as hits, each token type at most as often as both texts have it. P = hits / |output|,
R = hits / |gold|. Lin, "ROUGE" (2004), section 3.2, as the rouge-score package counts it, on
boilerbench's tokens. Which LCS is taken changes the union, so the package's order of tracing back
is kept: on unequal tokens it moves to the shorter output prefix only if that is strictly longer.
It cannot see the order of lines; a line of common words matches pieces of many others.
"""

from collections import Counter
from collections.abc import Sequence

from bench.metrics import base
from bench.metrics.base import Counts, Output, Reference, Scores
from bench.text import tokens

Line = Sequence[str]


def lcs_positions(gold: Line, places: dict[str, int], output: Line) -> list[int]:
    """Return the positions in gold of the LCS that rouge-score's trace-back finds.

    `places` maps a token to the bits of its positions in the output. One row of the table is one
    integer, whose bits say where the LCS grows along the output (Hyyrö, "Bit-parallel LCS-length
    computation revisited", 2004).
    """
    # A gold token that the output has not never grows a row, and the trace passes it by
    kept = [i for i, token in enumerate(gold) if token in places]
    full = (1 << len(output)) - 1
    row, rows = full, [0]
    for i in kept:
        match = row & places[gold[i]]
        row = ((row + match) | (row - match)) & full
        rows.append(~row & full)
    found = []
    r, j, length = len(kept), len(output), rows[-1].bit_count()
    while length:
        if gold[kept[r - 1]] == output[j - 1]:
            found.append(kept[r - 1])
            r, j, length = r - 1, j - 1, length - 1
        elif rows[r] >> (j - 1) & 1 or (rows[r - 1] & ((1 << j) - 1)).bit_count() == length:
            r -= 1
        else:
            j -= 1
    return found


def hits(gold: Sequence[Line], output: Sequence[Line]) -> int:
    """Return the number of gold tokens on the union of LCS, clipped by the counts of both."""
    placed = [(_places(line), line) for line in output]
    left = Counter(token for line in gold for token in line)
    left &= Counter(token for line in output for token in line)
    total = 0
    for line in gold:
        union = {i for places, other in placed for i in lcs_positions(line, places, other)}
        for i in union:
            total += left[line[i]] > 0
            left[line[i]] -= 1
    return total


def _places(line: Line) -> dict[str, int]:
    places: dict[str, int] = {}
    for position, token in enumerate(line):
        places[token] = places.get(token, 0) | 1 << position
    return places


class Metric(base.Metric):
    """Counts: hits, tokens of gold and of the output."""

    name = "rouge_lsum"
    fields = ("matched", "kept", "output")

    def counts(self, reference: Reference, output: Output) -> tuple[int, int, int]:
        """Return hits and both lengths, in tokens."""
        gold, out = _lines(reference.kept), _lines(output.text)
        return hits(gold, out), sum(map(len, gold)), sum(map(len, out))

    def scores(self, counts: Counts) -> Scores:
        """Return P, R and F1 in the last axis."""
        return base.overlap_scores(*base.columns(counts))


def _lines(text: str) -> list[list[str]]:
    return [words for line in text.split("\n") if (words := tokens(line))]
