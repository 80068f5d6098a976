"""Respelling: glued and split words become those of the page, and no letter is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.respelling import MOST_PIECES, Speller

# Two blocks of some words, one of one word each
BLOCKS = ["green tea is dry", "it rains today", "home", "news", "letters"]
WORDS = [(word, number) for number, text in enumerate(BLOCKS) for word in text.split()]
TABLE = [
    # words of an output; as on the page
    ("", ""),
    ("green tea", "green tea"),
    ("greentea", "green tea"),  # they stand side by side
    ("greenteaisdry", "green tea is dry"),
    ("dryit", "dry it"),  # the end of a block and the beginning of one
    ("dryhomenews", "dry home news"),
    ("homeletters", "home letters"),
    ("teagreen", "teagreen"),  # nothing glues these
    ("greendry", "greendry"),
    ("gre en", "green"),  # split by markup
    ("g r e e n tea", "green tea"),
    ("to day rains", "today rains"),
    ("rain s", "rains"),
    ("unknown greentea words", "unknown green tea words"),
    ("greenteas", "greenteas"),
    ("is", "is"),
]


@pytest.mark.parametrize(("output", "expected"), TABLE)
def test_table(output: str, expected: str) -> None:
    """Words that the page has glued are cut, words that it has whole are joined."""
    assert _speller().respelled(output.split()) == expected.split()


@given(st.lists(st.sampled_from(["green", "tea", "is", "it", "homenews", "re", "en", "x", "비"])))
def test_no_letter_is_lost(output: list[str]) -> None:
    """Whatever the output, its letters stay, in order."""
    assert "".join(_speller().respelled(output)) == "".join(output)


@given(st.lists(st.sampled_from([word for word, _ in WORDS])))
def test_words_of_the_page_stay(output: list[str]) -> None:
    """An output of the page's own words is not changed."""
    assert _speller().respelled(output) == output


def test_so_many_pieces() -> None:
    """A row of one-word blocks is cut up to so many pieces; a longer one stays."""
    words = [f"w{n}." for n in range(MOST_PIECES + 1)]
    speller = Speller(words, range(len(words)))
    assert speller.respelled(["".join(words[:-1])]) == words[:-1]
    assert speller.respelled(["".join(words)]) == ["".join(words)]


def test_an_empty_page() -> None:
    """A page without words spells nothing."""
    assert Speller([], []).respelled(["tea"]) == ["tea"]


def test_a_word_of_megabytes_is_looked_at() -> None:
    """A blob that a page has not, such as an inlined picture, does not stop the harness."""
    blob = "green" + "A0b1" * 500_000
    assert _speller().respelled([blob, "tea"]) == [blob, "tea"]


def _speller() -> Speller:
    return Speller([word for word, _ in WORDS], [number for _, number in WORDS])
