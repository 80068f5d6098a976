"""lcs: the primary metric, from a page's kept and optional text and an output."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import metrics
from bench.metrics import Output, Reference

LCS = metrics.load("lcs")

TABLE: list[tuple[str, str, str, tuple[float, float, float]]] = [
    # kept; kept and optional; output; P, R and F1
    ("", "", "", (1, 1, 1)),  # a page without main content, and silence
    ("", "", "anything", (0, 1, 0)),
    ("", "", "!?", (1, 1, 1)),  # punctuation is no output
    ("", "Notice", "Notice", (1, 1, 1)),  # what is forgiven is no output either
    ("", "Notice", "Notice anything", (0, 1, 0)),
    ("a b", "a b", "", (0, 0, 0)),
    ("a b", "T a b", "T", (0, 0, 0)),  # the optional title alone is as good as silence
    ("a b", "a b", "x y", (0, 0, 0)),
    ("a b", "a b", "a b", (1, 1, 1)),
    ("a b", "a b", "A\n«b»!", (1, 1, 1)),  # case, punctuation and white space do not count
    ("a b c d", "a b c d", "a b", (1, 1 / 2, 2 / 3)),
    ("a b", "a b", "x a b y", (1 / 2, 1, 2 / 3)),
    ("a b", "a b", "a b a b", (1 / 2, 1, 2 / 3)),  # said twice, counted once
    ("a b", "a b", "b a", (1 / 2, 1 / 2, 1 / 2)),  # order counts
    ("a b", "T a b", "a b", (1, 1, 1)),  # the optional title may be left out,
    ("a b", "T a b", "T a b", (1, 1, 1)),  # or given,
    ("a b", "T a b", "T T T a b", (1 / 2, 1, 2 / 3)),  # but only once,
    ("a b", "T a b", "a b T", (2 / 3, 1, 4 / 5)),  # and only in its place
    ("a b", "a T b", "x T b", (1 / 2, 1 / 2, 1 / 2)),
    ("a b c", "a a b c", "a b c", (1, 1, 1)),  # an optional word that is also a kept one
    ("a b c", "a a b c", "a a b c", (1, 1, 1)),
    ("가 나 다", "제목 가 나 다", "제목 가 나", (1, 2 / 3, 4 / 5)),
    ("東京へ", "東京へ", "東 京 へ", (1, 1, 1)),
    ("東京へ", "東京へ", "京都へ", (2 / 3, 2 / 3, 2 / 3)),
    ("हिन्दी में", "हिन्दी में", "हिन्द में", (1 / 2, 1 / 2, 1 / 2)),
]


@pytest.mark.parametrize(("kept", "lenient", "output", "expected"), TABLE)
def test_table(kept: str, lenient: str, output: str, expected: tuple[float, float, float]) -> None:
    """A page with this gold and this output has this precision, recall and F1."""
    assert _scores(kept, lenient, output) == pytest.approx(expected, abs=1e-12)


def test_counts_are_the_four_lengths() -> None:
    """The counts of a page are L, O, |K| and |output|."""
    reference = Reference(["a b", "c"], ["T t", "a b", "c"])
    assert LCS.counts(reference, Output("T a c x")) == (2, 1, 3, 4)


def test_scores_work_on_any_leading_axes() -> None:
    """Counts of rows × pages give scores of rows × pages, each as if alone."""
    counts = np.array([[[2, 1, 3, 4], [0, 0, 0, 0]], [[0, 0, 3, 0], [0, 0, 0, 5]]])
    expected = [[[2 / 3, 2 / 3, 2 / 3], [1, 1, 1]], [[0, 0, 0], [0, 1, 0]]]
    assert LCS.scores(counts) == pytest.approx(np.array(expected))


def test_more_words_than_a_16_bit_code_holds() -> None:
    """A page of 70 000 different words against itself is 1, one word less shows."""
    words = [f"w{n}" for n in range(70_000)]
    whole, less = " ".join(words), " ".join(words[:-1])
    assert _scores(whole, whole, whole) == (1, 1, 1)
    assert LCS.counts(Reference([whole], [whole]), Output(less))[0] == 69_999


FEW = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12)
WORDS = st.lists(st.sampled_from(["tea", "비", "東", "京", "में", "3", "ⅷ"]), max_size=12)
SPACE = st.sampled_from([" ", "\n", "\t \n", "\u00a0", "\u3000", " \u200b"])


@given(WORDS)
def test_identical_is_one(words: list[str]) -> None:
    """A text against itself is 1 in all three."""
    text = " ".join(words)
    assert _scores(text, text, text) == (1, 1, 1)


@given(WORDS.filter(bool), WORDS.filter(bool))
def test_swapping_output_and_gold_swaps_p_and_r(left: list[str], right: list[str]) -> None:
    """Without optional text, precision one way is recall the other way, and F1 stays."""
    one, two = " ".join(left), " ".join(right)
    p, r, f1 = _scores(one, one, two)
    assert (r, p, f1) == _scores(two, two, one)


@given(WORDS, WORDS, st.lists(SPACE, min_size=12, max_size=12))
def test_white_space_changes_nothing(gold: list[str], out: list[str], space: list[str]) -> None:
    """Any white space between words counts like one space."""
    spaced = ["".join(a + b for a, b in zip(space, some, strict=False)) for some in (gold, out)]
    plain = [" ".join(gold), " ".join(out)]
    assert _scores(spaced[0], spaced[0], spaced[1]) == _scores(plain[0], plain[0], plain[1])


@given(FEW, FEW, FEW)
def test_scores_are_shares(title: list[str], gold: list[str], out: list[str]) -> None:
    """P, R and F1 are in 0..1, and F1 is their harmonic mean where there is something to keep."""
    kept = " ".join(gold)
    p, r, f1 = _scores(kept, " ".join(title + gold), " ".join(out))
    assert all(0 <= value <= 1 for value in (p, r, f1))
    if gold:
        assert f1 == pytest.approx(2 * p * r / (p + r) if p + r else 0)


@given(FEW, FEW, FEW, FEW)
def test_optional_text_never_punishes(
    before: list[str], gold: list[str], after: list[str], out: list[str]
) -> None:
    """Making text optional around the kept text lowers no score and leaves recall as it is."""
    kept, said = " ".join(gold), " ".join(out)
    strict, lenient = (
        _scores(kept, kept, said),
        _scores(kept, " ".join(before + gold + after), said),
    )
    assert lenient[1] == strict[1]
    assert lenient[0] >= strict[0]
    assert lenient[2] >= strict[2]


@given(FEW, FEW, FEW)
def test_lengths_are_those_of_a_naive_lcs(
    title: list[str], gold: list[str], out: list[str]
) -> None:
    """L and O are what the textbook's table gives."""
    reference = Reference([" ".join(gold)], [" ".join(title), " ".join(gold)])
    matched, forgiven, kept, length = LCS.counts(reference, Output(" ".join(out)))
    assert matched == _naive_lcs(gold, out)
    assert forgiven == _naive_lcs(title + gold, out) - matched
    assert (kept, length) == (len(gold), len(out))


def _scores(kept: str, lenient: str, output: str) -> tuple[float, ...]:
    counts = np.array(LCS.counts(Reference([kept], [lenient]), Output(output)))
    return tuple(float(score) for score in LCS.scores(counts))


def _naive_lcs(left: Sequence[str], right: Sequence[str]) -> int:
    above = [0] * (len(right) + 1)
    for token in left:
        row = [0]
        for j, other in enumerate(right):
            row.append(above[j] + 1 if token == other else max(above[j + 1], row[j]))
        above = row
    return above[-1]
