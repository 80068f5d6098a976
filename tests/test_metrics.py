"""The project's own metrics: counts and scores of one page; `lcs` has more in test_lcs.py."""

import re
from collections import Counter
from collections.abc import Sequence
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import metrics
from bench.errors import BenchError
from bench.metrics import Output, Reference

Three = tuple[float, float, float]
OVERLAPS = ("lcs", "bag", "shingle", "shingle(1)", "shingle(9)", "rouge_lsum", "char_lcs")
SIMILARITIES = ("levenshtein_tokens", "levenshtein_chars")
EDGES: list[tuple[str, str, Three]] = [
    # gold; output; P, R and F1 of all metrics; those of similarity have the F1 only
    ("", "", (1, 1, 1)),
    (" \n", "\u00a0\u200b", (1, 1, 1)),
    ("", "tea", (0, 1, 0)),
    ("tea", "", (0, 0, 0)),
    ("tea", "tea", (1, 1, 1)),
    ("Green tea\nis dry", "green TEA is\tdry", (1, 1, 1)),
    ("東京の茶", "東京の茶", (1, 1, 1)),
    ("녹차 한 잔", "녹차 한 잔", (1, 1, 1)),
    ("abc", "xyz", (0, 0, 0)),
]


@pytest.mark.parametrize("name", OVERLAPS)
@pytest.mark.parametrize(("gold", "text", "expected"), EDGES)
def test_edges_of_overlaps(name: str, gold: str, text: str, expected: Three) -> None:
    """Identical: 1; gold empty: 1 if the output is, else P and F1 0; output empty: 0."""
    assert _scores(name, gold, text) == expected


@pytest.mark.parametrize("name", SIMILARITIES)
@pytest.mark.parametrize(("gold", "text", "expected"), EDGES)
def test_edges_of_similarities(name: str, gold: str, text: str, expected: Three) -> None:
    """Identical and both empty: 1; one empty: 0; there is no precision and no recall."""
    precision, recall, similarity = _scores(name, gold, text)
    assert similarity == expected[2]
    assert np.isnan([precision, recall]).all()


TABLE: list[tuple[str, str, str, Three]] = [
    # metric; gold; output; P, R and F1
    ("bag", "a b c", "c b a", (1, 1, 1)),  # order is not seen
    ("bag", "a a b", "a b b", (2 / 3, 2 / 3, 2 / 3)),
    ("bag", "a b", "a b x x", (1 / 2, 1, 2 / 3)),
    ("bag", "東京", "京東", (1, 1, 1)),
    ("shingle(2)", "a b c", "a b d", (1 / 2, 1 / 2, 1 / 2)),
    ("shingle(2)", "a b c d", "c d a b", (2 / 3, 2 / 3, 2 / 3)),
    ("shingle(2)", "a b a b", "a b x a b", (1 / 2, 2 / 3, 4 / 7)),
    ("shingle", "a b c d e", "a b c d", (1, 1 / 2, 2 / 3)),  # n is 4
    ("shingle(4)", "a b c d e", "a b c d", (1, 1 / 2, 2 / 3)),
    ("shingle", "a b", "a b", (1, 1, 1)),  # a text shorter than n is one shingle,
    ("shingle", "a b", "b a", (0, 0, 0)),
    ("shingle", "a b c d", "a b c", (0, 0, 0)),  # which no longer one is
    ("shingle(3)", "a b c", "x a b c", (1 / 2, 1, 2 / 3)),
    ("rouge_lsum", "a b\nc d", "c d\na b", (1, 1, 1)),  # the order of lines is not seen,
    ("rouge_lsum", "a b c d", "c d\na b", (1, 1, 1)),
    ("rouge_lsum", "a b c d", "d c b a", (1 / 4, 1 / 4, 1 / 4)),  # that within a line is
    ("rouge_lsum", "a\na", "a", (1, 1 / 2, 2 / 3)),  # a token counts as often as both have it
    ("rouge_lsum", "a", "a\na\na", (1 / 3, 1, 1 / 2)),
    ("char_lcs", "note book", "notebook", (1, 1, 1)),  # white space is not seen
    ("char_lcs", "book", "books", (4 / 5, 1, 8 / 9)),
    ("char_lcs", "abcd", "dcba", (1 / 4, 1 / 4, 1 / 4)),
    ("char_lcs", "ﬁne", "FINE", (1, 1, 1)),
]


@pytest.mark.parametrize(("name", "gold", "text", "expected"), TABLE)
def test_overlaps(name: str, gold: str, text: str, expected: Three) -> None:
    """Each metric of overlaps has these P, R and F1."""
    assert _scores(name, gold, text) == pytest.approx(expected, abs=1e-12)


SIMILAR: list[tuple[str, str, str, float]] = [
    # metric; gold; output; similarity
    ("levenshtein_tokens", "a b c", "a x c", 2 / 3),  # one substitution
    ("levenshtein_tokens", "a b", "x a b y", 1 / 2),
    ("levenshtein_tokens", "a b c d", "c d a b", 0),  # a moved paragraph costs twice
    ("levenshtein_tokens", "green tea", "greed tea", 1 / 2),
    ("levenshtein_chars", "green tea", "greed tea", 8 / 9),
    ("levenshtein_chars", "a  b\n", "A b", 1),  # white space is one space
    ("levenshtein_chars", "a b", "ab", 2 / 3),
    ("levenshtein_chars", "tea", "tea.", 3 / 4),  # punctuation is text
]


@pytest.mark.parametrize(("name", "gold", "text", "expected"), SIMILAR)
def test_similarities(name: str, gold: str, text: str, expected: float) -> None:
    """Each metric of similarity has this figure."""
    assert _scores(name, gold, text)[2] == pytest.approx(expected, abs=1e-12)


BLOCKS = ((True, "a b c"), (False, "n a v"), (True, "d e f g"), (False, "ad"), (False, "l e g"))
BLOCK_TABLE: list[tuple[Sequence[tuple[bool, str]], str, Three]] = [
    # blocks, True those to keep; output; rate kept out, rate found, harmonic mean
    (BLOCKS, "a b c\nd e f g", (1, 1, 1)),
    (BLOCKS, "", (1, 0, 0)),
    (BLOCKS, "A, b, c!", (1, 1 / 2, 2 / 3)),
    (BLOCKS, "a b c d e f", (1, 1 / 2, 2 / 3)),  # a block is whole or not found
    (BLOCKS, "l e g d e f g n a v a b c", (0, 1, 0)),
    (BLOCKS, "a b c n a v", (1 / 2, 1 / 2, 1 / 2)),
    (BLOCKS, "a b c d e f g ad", (1, 1, 1)),  # fewer than 3 tokens are not asked for
    (BLOCKS, "xa b c", (1, 0, 0)),  # a part of a word is not the word
    (((True, "a b c"),), "a b c", (1, 1, 1)),  # nothing to keep out: all of it was
    (((True, "a b c"),), "", (1, 0, 0)),
    (((False, "n a v"),), "", (1, 1, 1)),
    (((False, "n a v"),), "n a v", (0, 1, 0)),
    ((), "anything", (1, 1, 1)),
]


@pytest.mark.parametrize(("blocks", "text", "expected"), BLOCK_TABLE)
def test_blocks(blocks: Sequence[tuple[bool, str]], text: str, expected: Three) -> None:
    """Kept blocks are found where their tokens stand together, the others kept out where not."""
    reference = Reference([], blocks=blocks)
    counts = np.array(metrics.load("blocks").counts(reference, Output(text)))
    assert tuple(metrics.load("blocks").scores(counts)) == pytest.approx(expected)


WORDS = st.lists(
    st.sampled_from(["tea", "TEA", "비", "東", "京", "3", "ﬁ", "a\nb", "!"]), max_size=9
)


@pytest.mark.parametrize("name", [*OVERLAPS, *SIMILARITIES])
@given(WORDS, WORDS)
def test_scores_are_shares(name: str, gold: list[str], out: list[str]) -> None:
    """Every figure is in 0..1, whatever the texts."""
    scores = _scores(name, " ".join(gold), " ".join(out))
    assert all(0 <= score <= 1 for score in scores if not np.isnan(score))
    assert 0 <= scores[2] <= 1


@pytest.mark.parametrize("name", [*OVERLAPS, *SIMILARITIES])
@given(WORDS)
def test_identical_is_one(name: str, words: list[str]) -> None:
    """A text against itself is exactly 1."""
    text = " ".join(words)
    assert _scores(name, text, text)[2] == 1


LETTERS = st.lists(st.sampled_from("abcd"), max_size=50)
# Unknown to gold: x y z, and o p q where the page has no optional text
OUTPUT = st.lists(st.sampled_from("aabbcdopqxyz"), max_size=50)
OPTIONAL = st.lists(st.sampled_from("abopqrstuv"), max_size=12)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 30])  # 30 digits do not fit one number
@given(gold=LETTERS, optional=OPTIONAL, out=OUTPUT)
def test_shingles_are_counted(n: int, gold: list[str], optional: list[str], out: list[str]) -> None:
    """The counts are those of a plain Counter of n-grams, whatever else the page says."""
    reference = Reference([" ".join(gold)], [" ".join(gold), " ".join(optional)])
    found = metrics.load(f"shingle({n})").counts(reference, Output(" ".join(out)))
    left, right = _shingles(gold, n), _shingles(out, n)
    assert found == ((left & right).total(), left.total(), right.total())


@given(gold=LETTERS, optional=OPTIONAL, out=OUTPUT)
def test_bags_are_counted(gold: list[str], optional: list[str], out: list[str]) -> None:
    """The counts are those of a plain Counter of tokens, and those of shingles of one token."""
    reference = Reference([" ".join(gold)], [" ".join(optional), " ".join(gold)])
    found = metrics.load("bag").counts(reference, Output(" ".join(out)))
    assert found == ((Counter(gold) & Counter(out)).total(), len(gold), len(out))
    assert found == metrics.load("shingle(1)").counts(reference, Output(" ".join(out)))


@given(st.lists(st.sampled_from("abc"), max_size=9), st.lists(st.sampled_from("abcx"), max_size=9))
def test_levenshtein_is_that_of_the_textbook(gold: list[str], out: list[str]) -> None:
    """The distance is what the textbook's table gives, over tokens and over characters."""
    pair = Reference([" ".join(gold)]), Output(" ".join(out))
    expected = _distance(gold, out)
    assert metrics.load("levenshtein_tokens").counts(*pair) == (expected, len(gold), len(out))
    distance, *_ = metrics.load("levenshtein_chars").counts(*pair)
    assert distance == _distance(" ".join(gold), " ".join(out))


@given(st.text("ab c", max_size=9), st.text("ab xc", max_size=9))
def test_char_lcs_is_that_of_the_textbook(gold: str, out: str) -> None:
    """The LCS of characters follows from a distance without substitutions."""
    left, right = ("".join(text.split()) for text in (gold, out))
    matched, kept, length = metrics.load("char_lcs").counts(Reference([gold]), Output(out))
    assert kept + length - 2 * matched == _distance(left, right, substitution=2)


@pytest.mark.parametrize("name", metrics.names())
def test_docstrings(name: str) -> None:
    """A metric's docstring has its name, its source, its range, and what it cannot see."""
    doc = import_module(type(metrics.load(name)).__module__).__doc__ or ""
    assert re.match(rf"{name}(\(n\))?: \S.*\.\n", doc)
    assert re.search(r"Source: |\(\D*(19|20)\d\d\)", doc)
    assert "0..1" in doc
    assert re.search(r"cannot (see|tell)", doc)
    assert metrics.describe(name) in doc


REFUSED = [
    # a name; what is said of it
    ("", "unknown metric ''"),
    ("base", "unknown metric 'base'"),
    ("Bag", r"unknown metric 'Bag'; did you mean 'bag'\?"),
    ("rouge", r"unknown metric 'rouge'; did you mean 'rouge_lsum'\? \(valid: bag, blocks"),
    ("shingle(", r"unknown metric 'shingle\('"),
    ("shingle(-1)", r"unknown metric 'shingle\(-1\)'"),
    ("shingle(four)", r"unknown metric"),
    ("shingle(0)", r"metric 'shingle\(0\)': a shingle has at least one token"),
    ("lcs(3)", r"metric 'lcs\(3\)': "),
    ("wcxb.x", "unknown metric"),
]


@pytest.mark.parametrize(("name", "message"), REFUSED)
def test_wrong_names(name: str, message: str) -> None:
    """A name that is no metric is refused with the nearest one, or with what is wrong."""
    with pytest.raises(BenchError) as refused:
        metrics.load(name)
    assert re.match(message, refused.value.problems[0])
    assert refused.value.exit_code == 2


def _scores(name: str, gold: str, text: str) -> tuple[float, ...]:
    counts = np.array(metrics.load(name).counts(Reference([gold]), Output(text)))
    return tuple(float(score) for score in metrics.load(name).scores(counts))


def _shingles(words: list[str], n: int) -> Counter[tuple[str, ...]]:
    starts = range(max(len(words) - n, 0) + 1) if words else ()
    return Counter(tuple(words[start : start + n]) for start in starts)


def _distance(left: Sequence[str], right: Sequence[str], *, substitution: int = 1) -> int:
    above = list(range(len(right) + 1))
    for i, token in enumerate(left, 1):
        row = [i]
        for j, other in enumerate(right):
            changed = above[j] + (substitution if token != other else 0)
            row.append(min(changed, above[j + 1] + 1, row[j] + 1))
        above = row
    return above[-1]
