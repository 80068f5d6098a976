"""What texts have in common: the fast ways agree with the plain definitions."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import overlap
from bench.overlap import longest_run, resembling, sharing, shingles

TEXT = st.lists(st.sampled_from("abc"), max_size=8)
TEXTS = st.lists(TEXT, max_size=7)
LENGTHS = st.integers(1, 3)
BATCHES = st.sampled_from([1, 2, 3, 500])


def _runs(text: Sequence[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(text[n : n + length]) for n in range(len(text) - length + 1)}


def _common(texts: Sequence[Sequence[str]], length: int) -> dict[tuple[int, int], int]:
    """Return how many runs each pair shares, by the definition, if it shares any."""
    sets = [_runs(text, length) for text in texts]
    sizes = {(a, b): len(sets[a] & sets[b]) for a, b in combinations(range(len(sets)), 2)}
    return {pair: size for pair, size in sizes.items() if size}


SHINGLES = [
    # tokens; length; how many different runs
    ("", 1, 0),
    ("a b", 3, 0),
    ("a b c", 3, 1),
    ("a b c d", 3, 2),
    ("a b a b a b", 2, 2),
    ("a a a a", 2, 1),
    ("a b b a", 1, 2),
]


@pytest.mark.parametrize(("text", "length", "number"), SHINGLES)
def test_shingles(text: str, length: int, number: int) -> None:
    """A text has as many shingles as different runs of that length."""
    assert len(shingles(text.split(), length)) == number


@given(TEXT, TEXT, LENGTHS)
def test_shingles_are_equal_for_equal_runs_only(one: list[str], other: list[str], n: int) -> None:
    """Shingles are sorted, each there once, and two texts share them as they share runs."""
    found = shingles(one, n)
    assert found.tolist() == sorted({*found.tolist()})
    assert len(np.intersect1d(found, shingles(other, n))) == len(_runs(one, n) & _runs(other, n))


@given(TEXTS, LENGTHS, BATCHES)
def test_sharing_is_exact(texts: list[list[str]], length: int, batch: int) -> None:
    """Every pair that shares a shingle is there once, with the number, whatever the batches."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overlap, "_BATCH", batch)
        left, right, common = sharing([shingles(text, length) for text in texts])
    pairs = list(zip(left.tolist(), right.tolist(), strict=True))
    assert pairs == sorted(pairs)
    assert dict(zip(pairs, common.tolist(), strict=True)) == _common(texts, length)


@given(TEXTS, LENGTHS, st.sampled_from([0.1, 1 / 3, 0.5, 0.8, 1]))
def test_resemblance_is_jaccards(texts: list[list[str]], length: int, least: float) -> None:
    """Pairs at or above the least resemblance are found in order, with |A ∩ B| / |A ∪ B|."""
    runs = [_runs(text, length) for text in texts]
    jaccard = {
        (a, b): size / len(runs[a] | runs[b]) for (a, b), size in _common(texts, length).items()
    }
    assert resembling([shingles(text, length) for text in texts], least) == [
        (a, b, value) for (a, b), value in jaccard.items() if value >= least
    ]


RUNS = [
    # two texts; their longest common run
    ("", "", ""),
    ("a b c", "", ""),
    ("a b", "c d", ""),
    ("a b c", "a b c", "a b c"),
    ("x a b y", "p a b q", "a b"),
    ("a b x c d e", "c d e y a b", "c d e"),
    ("a b x c d", "c d y a b", "a b"),  # the first of equally long ones
    ("a x b y c", "a b c", "a"),
    ("x " + "a b " * 200, "y " + "a b " * 200, "a b " * 200),  # no token is too common
]


@pytest.mark.parametrize(("one", "other", "run"), RUNS)
def test_longest_run(one: str, other: str, run: str) -> None:
    """The longest run is in both texts without a gap."""
    assert longest_run(one.split(), other.split()) == run.split()


@given(TEXT, TEXT)
def test_no_run_is_longer(one: list[str], other: list[str]) -> None:
    """Of all runs that both texts have it is the longest, and of these the first."""
    both = [
        one[start:end]
        for start, end in combinations(range(len(one) + 1), 2)
        if tuple(one[start:end]) in _runs(other, end - start)
    ]
    assert longest_run(one, other) == max(both, key=len, default=[])
