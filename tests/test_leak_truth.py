"""Attribution of leaks where the truth is known: labelled blocks, put together again."""

import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path

import pytest

from bench.corpus import open_corpus
from bench.gold import Block, read_blocks
from bench.leaks import LabelledPage, labelled
from bench.text import tokens

ENGLISH = Path(__file__).resolve().parent / "pages" / "english.jsonl"
MARKDOWN = ("# {}", "* {}", "- {}", "**{}**", "> {}", "| {} | |", "[{}](#)", "{}  ")
RIGHT = 0.995  # of the tokens
WINDOW = 2  # tokens on both sides that make a piece of text


@cache
def _pages(language: str) -> dict[str, LabelledPage]:
    """Return the project's own pages, which are Korean, or the English page of this test."""
    if language == "ko":
        return labelled(open_corpus())
    return {"english": LabelledPage(read_blocks(ENGLISH))}


def _in_order(blocks: list[Block], _: random.Random) -> tuple[list[Block], str]:
    return blocks, "\n".join(block.text for block in blocks)


def _shuffled(blocks: list[Block], chance: random.Random) -> tuple[list[Block], str]:
    return _in_order(chance.sample(blocks, len(blocks)), chance)


def _marked(blocks: list[Block], chance: random.Random) -> tuple[list[Block], str]:
    return blocks, "\n\n".join(chance.choice(MARKDOWN).format(block.text) for block in blocks)


def _glued(blocks: list[Block], _: random.Random) -> tuple[list[Block], str]:
    return blocks, "".join(block.text for block in blocks)


Recombine = Callable[[list[Block], random.Random], tuple[list[Block], str]]
WAYS: dict[str, Recombine] = {
    "in order": _in_order,
    "shuffled": _shuffled,
    "with Markdown": _marked,
    "glued": _glued,
}


CASES = [
    ("ko", "in order"),
    ("ko", "shuffled"),
    ("ko", "with Markdown"),
    ("ko", "glued"),
    ("en", "in order"),
    ("en", "shuffled"),
    ("en", "with Markdown"),
    ("en", "glued"),
]
TIMES = {"ko": 1, "en": 20}  # the one English page is put together more often


@pytest.mark.parametrize(("language", "way"), CASES)
def test_attribution(language: str, way: str) -> None:
    """Of the tokens of chosen blocks, at least .995 are traced to their kind."""
    chance = random.Random(20240807)
    right: list[bool] = []
    for page in _pages(language).values():
        for _ in range(TIMES[language]):
            chosen = [block for block in page.gold.blocks if chance.random() < 0.5]
            said, text = WAYS[way](chosen, chance)
            right += _verdicts(page, said, text)
    assert len(right) > 3000
    assert sum(right) / len(right) >= RIGHT


def test_the_english_page_is_a_page() -> None:
    """The page has most kinds, several blocks of one kind, and text that stands in two of them."""
    (page,) = _pages("en").values()
    assert len(page.gold.blocks) >= 40
    assert len(page.sizes) >= 28
    assert page.gold.header.language == "en"
    assert len(set(page.tokens)) < len(page.tokens)


def _verdicts(page: LabelledPage, said: Sequence[Block], text: str) -> Iterator[bool]:
    """Yield for each token that was said whether it was traced to its kind.

    Where the same text stands in blocks of two kinds, either is right.
    """
    kinds = defaultdict(set)
    for block in page.gold.blocks:
        kinds[tuple(tokens(block.text))].add(block.kind)
    pieces = [tuple(tokens(block.text)) for block in said]
    words, sources = page.traced(text)
    # Glued words may be cut elsewhere than the page does, but no letter is lost
    assert "".join(words) == "".join(token for piece in pieces for token in piece)
    starts = [0, *accumulate(map(len, words))]
    at = 0
    for piece in pieces:
        for k, token in enumerate(piece):
            source = sources[bisect_right(starts, at) - 1]
            at += len(token)
            yield source >= 0 and (
                page.kinds[source] in kinds[piece] or _same_text(page, source, piece, k)
            )


def _same_text(page: LabelledPage, source: int, piece: Sequence[str], k: int) -> bool:
    """Return whether the words around a place on the page are those around a token of a block."""
    before = min(k, WINDOW)
    window = list(piece[k - before : k + WINDOW + 1])
    return page.tokens[max(source - before, 0) :][: len(window)] == window
