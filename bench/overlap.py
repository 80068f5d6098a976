"""What texts have in common: shingles, resemblance, the longest run of tokens."""

from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, triu, vstack

_BATCH = 500  # texts compared with all others at once: bounds memory where all share something

Shingles = NDArray[np.int64]
Places = NDArray[np.intp]
Floats = NDArray[np.float64]


def shingles(tokens: Sequence[str], length: int) -> Shingles:
    """Return the set of runs of so many tokens as sorted 64-bit numbers, equal for equal runs.

    Empty for a shorter text. The numbers hold within one process.
    """
    runs = zip(*(tokens[start:] for start in range(length)), strict=False)
    return np.unique(np.fromiter(map(hash, runs), np.int64))


def sharing(sets: Sequence[Shingles]) -> tuple[Places, Places, Places]:
    """Return the pairs of sets that share anything: both places, and how much they share.

    Exact: a sparse table of sets × shingles, multiplied by itself; the cost grows with the pairs
    that share something, not with all pairs.
    """
    sizes = [len(one) for one in sets]
    if not sum(sizes):
        nowhere = np.empty(0, np.intp)
        return nowhere, nowhere, nowhere
    _, column, often = np.unique(np.concatenate(sets), return_inverse=True, return_counts=True)
    row = np.repeat(np.arange(len(sets)), sizes)
    inside = often[column] > 1  # a shingle of one set alone joins nothing
    cells = (np.ones(inside.sum(), np.int32), (row[inside], column[inside]))
    table = csr_array(cells, shape=(len(sets), len(often)))
    starts = range(0, len(sets), _BATCH)
    rows = [triu(table[n : n + _BATCH] @ table.T, n + 1, "csr") for n in starts]
    found = vstack(rows).tocoo()
    return found.row.astype(np.intp), found.col.astype(np.intp), found.data.astype(np.intp)


def resembling(sets: Sequence[Shingles], least: float) -> list[tuple[int, int, float]]:
    """Return the pairs whose resemblance |A ∩ B| / |A ∪ B|, in 0..1, is at least so much.

    Broder, "On the resemblance and containment of documents", 1997.
    """
    left, right, common = sharing(sets)
    sizes = np.array([len(one) for one in sets])
    resemblance = common / (sizes[left] + sizes[right] - common)
    near = resemblance >= least
    return list(
        zip(left[near].tolist(), right[near].tolist(), resemblance[near].tolist(), strict=True)
    )


def longest_run(one: Sequence[str], other: Sequence[str]) -> Sequence[str]:
    """Return the longest run of tokens that both have, the first of equally long ones."""
    found = SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
    return one[found.a : found.a + found.size]
