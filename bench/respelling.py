"""Respelling: words that an extractor glued or split, spelled as the page spells them.

Extractors lose the white space between blocks and inside inline markup, or put some into words.
The tokens of such words are on no page, though their text is.
"""

import itertools
from collections.abc import Iterator, Sequence

MOST_PIECES = 6  # blocks of one word each that are glued in a row; longer rows are rare


class Speller:
    """The words of a labelled page, and which of them may stand glued together."""

    def __init__(self, page: Sequence[str], blocks: Sequence[int]) -> None:
        """Take the page's tokens and the number of each token's block."""
        starts = [i for i in range(len(page)) if i == 0 or blocks[i] != blocks[i - 1]]
        ends = [i - 1 for i in starts[1:]] + ([len(page) - 1] if page else [])
        self._words = frozenset(page)
        self._lengths = sorted(set(map(len, page)))
        self._firsts = frozenset(page[i] for i in starts)
        self._lasts = frozenset(page[i] for i in ends)
        self._pairs = frozenset(itertools.pairwise(page))

    def respelled(self, output: Sequence[str]) -> list[str]:
        """Return the output's tokens, glued ones cut and split ones joined as on the page."""
        return [word for words in self._words_of(output) for word in words]

    def _words_of(self, output: Sequence[str]) -> Iterator[Sequence[str]]:
        i = 0
        while i < len(output):
            joined = self._joined(output, i)
            if joined > 1:
                yield ["".join(output[i : i + joined])]
            elif output[i] in self._words:
                yield [output[i]]
            else:
                yield self._pieces(output[i], "", MOST_PIECES) or [output[i]]
            i += joined

    def _joined(self, output: Sequence[str], i: int) -> int:
        """Return how many tokens from `i` on are one word of the page, 1 if they are apart."""
        for count in range(2, MOST_PIECES + 1):
            some = output[i : i + count]
            if len(some) < count or all(word in self._words for word in some):
                break
            if "".join(some) in self._words:
                return count
        return 1

    def _pieces(self, word: str, before: str, most: int) -> list[str]:
        """Return words of the page that spell `word` and may follow `before`; else nothing."""
        if word in self._words and self._may_follow(before, word):
            return [word]
        for cut in self._lengths if most > 1 else ():
            if cut >= len(word):
                break
            head = word[:cut]
            if head in self._words and self._may_follow(before, head):
                rest = self._pieces(word[cut:], head, most - 1)
                if rest:
                    return [head, *rest]
        return []

    def _may_follow(self, before: str, word: str) -> bool:
        """Words are glued where blocks meet, or where they stand side by side."""
        return (
            not before
            or (before, word) in self._pairs
            or (before in self._lasts and word in self._firsts)
        )
