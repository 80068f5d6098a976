"""Alignment: which token of the labelled page each token of an extraction came from.

Runs of the longest common subsequence that are at least 3 tokens long are kept and what is left is
tiled greedily, longest match first (Wise, "String similarity via greedy string tiling", 1993); or
all of it is tiled, where that gives fewer pieces. One or two tokens match beside a neighbour that
is already placed, else in the shortest block that has them. Of several places for the same words,
a whole block is the likelier source than a part.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from rapidfuzz.distance import LCSseq

OFF_PAGE, REPEATED = -1, -2
SURE = 3  # tokens: shorter matches occur by chance in any two texts
NEAR = 12  # tokens: how far from a placed neighbour a short match may be
TRACE_BYTES = 200 << 20  # the traceback of rapidfuzz keeps one bit per pair of tokens
OCCURRENCES = 64  # places tried for one 3-gram; more of them is a page that repeats itself


def align(page: Sequence[str], blocks: Sequence[int], output: Sequence[str]) -> list[int]:
    """Return for each output token its position in the page, or OFF_PAGE or REPEATED.

    `blocks` numbers the block of each page token. No page token is used twice. The common
    subsequence cuts the matches of text that was moved, and tiling alone those of text that the
    page repeats; of both ways the one that explains the output in fewer pieces is taken.
    """
    tiled = _placed(page, blocks, output, anchored=False)
    if len(page) * len(output) / 8 > TRACE_BYTES:
        return tiled
    anchored = _placed(page, blocks, output, anchored=True)
    return min(anchored, tiled, key=_pieces)


def _placed(
    page: Sequence[str], blocks: Sequence[int], output: Sequence[str], *, anchored: bool
) -> list[int]:
    state = _Tiling(page, blocks, output)
    if anchored:
        state.place_common_subsequence()
    state.tile()
    state.place_short()
    state.prefer_whole_blocks()
    state.settle_seams()
    return state.finished()


def _pieces(sources: Sequence[int]) -> int:
    """Return how many stretches of the page an output is made of."""
    return sum(j < 0 or j != i + 1 for i, j in zip([OFF_PAGE, *sources], sources, strict=False))


class _Tiling:
    """What is placed so far; -1 in `source` and False in `used` is free."""

    def __init__(self, page: Sequence[str], blocks: Sequence[int], output: Sequence[str]) -> None:
        code: dict[str, int] = {}
        self.page = [code.setdefault(token, len(code)) for token in page]
        self.output = [code.get(token, -1) for token in output]
        self.blocks = blocks
        self.source = [OFF_PAGE] * len(output)
        self.used = [False] * len(page)

    def place(self, i: int, j: int, length: int) -> None:
        """Say that `length` output tokens from `i` came from the page tokens from `j`."""
        self.source[i : i + length] = range(j, j + length)
        self.used[j : j + length] = [True] * length

    def free_run(self, i: int, j: int, most: int) -> int:
        """Return how many tokens match and are free from output `i` and page `j` on."""
        n = 0
        most = min(most, len(self.output) - i, len(self.page) - j)
        while (
            n < most
            and self.output[i + n] == self.page[j + n]
            and self.source[i + n] == OFF_PAGE
            and not self.used[j + n]
        ):
            n += 1
        return n

    def place_common_subsequence(self) -> None:
        left, right = _string(self.page), _string(self.output)
        runs: list[tuple[int, int, int]] = []
        for block in LCSseq.opcodes(left, right).as_matching_blocks():
            if block.size:  # the last one is empty
                self._append_joined(runs, block.b, block.a, block.size)
        for i, j, n in runs:
            if n >= SURE:
                self.place(i, j, n)

    def _append_joined(self, runs: list[tuple[int, int, int]], i: int, j: int, n: int) -> None:
        """Append a run, and make one of two where the page has both together at either place.

        Subsequences of one length are many; the one in fewest pieces is the likeliest source.
        """
        while runs:
            i0, j0, n0 = runs[-1]
            end = j0 + n0
            if i0 + n0 != i:
                break
            if self.page[j - n0 : j] == self.page[j0:end]:
                j -= n0
            elif self.page[end : end + n] == self.page[j : j + n]:
                j = j0
            else:
                break
            i, n = i0, n0 + n
            runs.pop()
        runs.append((i, j, n))

    def tile(self) -> None:
        """Place the longest free match again and again, down to SURE tokens."""
        heap = [(-n, i, j) for i, j, n in self._matches()]
        heapq.heapify(heap)
        while heap:
            length, i, j = heapq.heappop(heap)
            n = self.free_run(i, j, -length)
            if n == -length:
                self.place(i, j, n)
                continue
            # Something longer has cut the match in two
            for skip, rest in ((0, n), (n + 1, -length - n - 1)):
                if rest >= SURE:
                    heapq.heappush(heap, (-rest, i + skip, j + skip))

    def _matches(self) -> Iterator[tuple[int, int, int]]:
        """Yield maximal free matches (output position, page position, length)."""
        places: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for j in range(len(self.page) - SURE + 1):
            if not any(self.used[j : j + SURE]):
                places[tuple(self.page[j : j + SURE])].append(j)
        for i in range(len(self.output) - SURE + 1):
            if any(source != OFF_PAGE for source in self.source[i : i + SURE]):
                continue
            for j in places.get(tuple(self.output[i : i + SURE]), [])[:OCCURRENCES]:
                # Not maximal where the match could begin one token earlier
                if not (i and j and self.free_run(i - 1, j - 1, 1)):
                    yield i, j, self.free_run(i, j, len(self.output))

    def place_short(self) -> None:
        """Place tokens beside their neighbours, forwards and backwards, then whole blocks."""
        count = len(self.output)
        for order, step in ((range(count), 1), (range(count - 1, -1, -1), -1)):
            for i in order:
                if self.source[i] == OFF_PAGE and 0 <= i - step < count:
                    self._place_near(i, self.source[i - step], step)
        self._place_alone()

    def _place_near(self, i: int, neighbour: int, step: int) -> None:
        if neighbour < 0 or self.output[i] < 0:
            return
        for distance in range(1, NEAR + 1):
            j = neighbour + step * distance
            if 0 <= j < len(self.page) and self.free_run(i, j, 1):
                self.place(i, j, 1)
                return

    def _place_alone(self) -> None:
        """Place what has no neighbour in the shortest free block that holds it."""
        sizes: dict[int, int] = defaultdict(int)
        places: dict[int, list[int]] = defaultdict(list)
        for j, token in enumerate(self.page):
            sizes[self.blocks[j]] += 1
            if not self.used[j]:
                places[token].append(j)
        for i, token in enumerate(self.output):
            free = [j for j in places.get(token, ()) if not self.used[j]]
            if self.source[i] == OFF_PAGE and free:
                self.place(i, min(free, key=lambda j: sizes[self.blocks[j]]), 1)

    def prefer_whole_blocks(self) -> None:
        """Move each run that is a part of its block to a free block that is just this run."""
        whole: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for j, n in _runs(self.blocks):
            if n >= SURE:  # what is shorter has its place by its neighbours
                whole[tuple(self.page[j : j + n])].append(j)
        keys = [(self.blocks[j], j - i) if j >= 0 else None for i, j in enumerate(self.source)]
        for i, n in _runs(keys):
            j, places = self.source[i], whole.get(tuple(self.output[i : i + n]), [])
            free = [k for k in places if not any(self.used[k : k + n])]
            if free and j >= 0 and j not in places:
                self.used[j : j + n] = [False] * n
                self.place(i, free[0], n)

    def settle_seams(self) -> None:
        """Where two runs meet within a block, move the seam to where blocks end and begin.

        Words that go on from the one run may as well lead to the other: a heading that a contents
        list has too, the first word of a post that a signature begins with.
        """
        starts = {j for j, _ in _runs(self.blocks)} | {len(self.page)}
        for i in range(1, len(self.output)):
            left, right = self.source[i - 1], self.source[i]
            if min(left, right) < 0 or right == left + 1 or {left + 1, right} <= starts:
                continue
            for n in range(1, self._shared(i) + 1):
                if {left - n + 1, right - n} <= starts:
                    self.used[left - n + 1 : left + 1] = [False] * n
                    self.place(i - n, right - n, n)
                    break

    def _shared(self, i: int) -> int:
        """Return how many tokens before output `i` could lead to its source, and are free there."""
        left, right, n = self.source[i - 1], self.source[i], 0
        while (
            n < min(i, right)
            and self.source[i - 1 - n] == left - n
            and self.page[right - 1 - n] == self.output[i - 1 - n]
            and not self.used[right - 1 - n]
        ):
            n += 1
        return n

    def finished(self) -> list[int]:
        """Return the sources; a token that the page has, but not so often, is REPEATED."""
        return [
            REPEATED if source == OFF_PAGE and token >= 0 else source
            for source, token in zip(self.source, self.output, strict=True)
        ]


def _string(codes: Sequence[int]) -> str:
    """Return one character per token; code 0 is kept for tokens that the page has not."""
    return "".join([chr(code + 1) for code in codes])


def _runs(values: Sequence[object]) -> Iterator[tuple[int, int]]:
    """Yield start and length of each stretch of equal values."""
    start = 0
    for _, same in groupby(values):
        length = sum(1 for _ in same)
        yield start, length
        start += length
