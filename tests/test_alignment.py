"""Alignment: each token of an output is traced to one token of the labelled page."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import alignment
from bench.alignment import OFF_PAGE, REPEATED, align
from bench.text import tokens

Page = Sequence[tuple[str, str]]
# Blocks share words, but no three in a row
ENGLISH: Page = [
    ("skip-link", "Skip to content"),
    ("main-nav", "Start News Forum About"),
    ("breadcrumb", "Forum Fruit Gardening"),
    ("title", "Pruning an apple tree"),
    ("post-meta", "Posted by June on 3 May 2024"),
    ("body", "Prune your apple tree in late winter, before the buds open."),
    ("body", "Cut the dead wood first; the tree will thank you in May."),
    ("share-vote-bar", "Share by mail 3 likes"),
    ("comments", "Too late for the tree, June? How late is late?"),
    ("comment-form", "Your name Your mail Send"),
    ("copyright-legal", "© 2024 June and friends. All rights reserved."),
]
KOREAN: Page = [
    ("skip-link", "본문으로 바로 가기"),
    ("main-nav", "홈 자유게시판 질문답변 갤러리"),
    ("title", "가을 산행을 마치고"),
    ("post-meta", "작성자 솔바람 조회 124회 댓글 2건"),
    ("body", "지난 주말 가을 산행을 다녀왔다. 바람이 제법 찼다."),
    ("body", "정상에서 본 단풍은 아직 절반만 물들었다."),
    ("share-vote-bar", "추천 3 비추천 0"),
    ("comments", "단풍은 다음 주말 절정입니다. 댓글 감사합니다."),
    ("prev-next", "이전글 여름 산행을 준비하며 다음글 겨울 산행"),
    ("item-toolbar", "목록 답변 글쓰기"),
    ("copyright-legal", "Copyright © 2024 솔바람 산악회"),
]
LANGUAGES = pytest.mark.parametrize("page", [ENGLISH, KOREAN], ids=["English", "Korean"])
WORDS = st.lists(st.sampled_from("abcde"), max_size=30)


@given(WORDS)
def test_a_page_against_itself(page: list[str]) -> None:
    """The whole page comes from the whole page, token for token."""
    assert align(page, [0] * len(page), page) == list(range(len(page)))


@given(WORDS, st.lists(st.sampled_from("abcdeXY"), max_size=30), st.data())
def test_every_token_is_placed_as_often_as_the_page_has_it(
    page: list[str], output: list[str], data: st.DataObject
) -> None:
    """No page token is used twice, none that could be is left; the rest is off-page or repeated."""
    sizes = data.draw(st.lists(st.integers(1, 5), min_size=len(page), max_size=len(page)))
    blocks = [number for number, size in enumerate(sizes) for _ in range(size)][: len(page)]
    sources = align(page, blocks, output)
    placed = [source for source in sources if source >= 0]
    assert len(placed) == len(set(placed))
    assert [page[s] for s in placed] == [t for t, s in zip(output, sources, strict=True) if s >= 0]
    assert Counter(page[s] for s in placed) == Counter(page) & Counter(output)
    rest = [(t in page, s) for t, s in zip(output, sources, strict=True) if s < 0]
    assert all(source == (REPEATED if known else OFF_PAGE) for known, source in rest)


@given(st.permutations(range(12)))
def test_words_that_occur_once_are_always_found(order: list[int]) -> None:
    """On a page of different words, each word of an output comes from its own place."""
    page = [f"w{n}" for n in range(12)]
    assert align(page, [n // 3 for n in range(12)], [page[n] for n in order]) == order


@LANGUAGES
@given(data=st.data())
def test_blocks_in_page_order(page: Page, data: st.DataObject) -> None:
    """Whichever blocks are let through, in order, each token is traced to its own block."""
    chosen = sorted(data.draw(st.sets(st.sampled_from(range(len(page))))))
    assert _traced(page, chosen) == _said(page, chosen)


@LANGUAGES
@given(data=st.data())
def test_blocks_in_any_order(page: Page, data: st.DataObject) -> None:
    """The order of the blocks in an output does not change what they are."""
    chosen = data.draw(st.lists(st.sampled_from(range(len(page))), unique=True))
    assert _traced(page, chosen) == _said(page, chosen)


@LANGUAGES
@given(data=st.data())
def test_tiling_alone_traces_blocks_too(page: Page, data: st.DataObject) -> None:
    """On pages too large for the traceback, whole blocks are still found in any order."""
    chosen = data.draw(st.lists(st.sampled_from(range(len(page))), unique=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "TRACE_BYTES", -1)
        assert _traced(page, chosen) == _said(page, chosen)


TABLE: list[tuple[list[str], str, str]] = [
    # the page's blocks; an output; which block each token is from (+ more often than the page)
    (["a b c"], "", ""),
    (["a b c"], "x y", "- -"),
    (["a b c"], "a b c a b c", "0 0 0 + + +"),
    (["a b c"], "x a b c y", "- 0 0 0 -"),
    (["a b", "c"], "c a", "1 0"),
    (["목록", "글 목록 보기"], "목록", "0"),  # the shortest block that has it
    (["목록", "글 목록 보기"], "글 목록 보기", "1 1 1"),
    (["목록", "글 목록 보기"], "목록 목록 목록", "0 1 +"),
    (["b", "a b c d e f"], "b d e f", "1 1 1 1"),  # but rather near what follows it
    (["e", "a b c d e f"], "a b c e", "1 1 1 1"),  # or what stands before it
    (["a b c - site", "a b c", "x", "d e f"], "a b c d e f", "1 1 1 3 3 3"),  # whole, not part
    (["a b c - site", "a b c", "d e f"], "a b c site d e f", "0 0 0 0 2 2 2"),
    (["a b c", "a b c d"], "a b c d", "1 1 1 1"),  # one piece, not two
    (["a b c d", "x", "b c d e f g"], "b c d e f g", "2 2 2 2 2 2"),
    (["a b c", "a b c"], "a b c a b c a b c", "0 0 0 1 1 1 + + +"),
    (["b d", "c a d", "b b c a"], "b b c a c a d b d", "2 2 2 2 1 1 1 0 0"),
    (["x y z w", "h e k l", "h e", "t u v"], "x y z w h e t u v", "0 0 0 0 2 2 3 3 3"),
    (["p q r", "k s", "k u v w"], "p q r k u v w", "0 0 0 2 2 2 2"),  # a seam lies between blocks
    (["d", "a a d c", "c d c a d"], "c d c a d a a d c", "2 2 2 2 2 1 1 1 1"),
]


@pytest.mark.parametrize(("blocks", "output", "expected"), TABLE)
def test_table(blocks: list[str], output: str, expected: str) -> None:
    """An output of this page comes from these blocks."""
    numbers = _sources(blocks, tokens(output))
    names = {OFF_PAGE: "-", REPEATED: "+"}
    assert " ".join(names.get(n, str(n)) for n in numbers) == expected


def _sources(blocks: Sequence[str], output: Sequence[str]) -> list[int]:
    """Return the number of the block of each output token, or OFF_PAGE or REPEATED."""
    pairs = [(n, token) for n, text in enumerate(blocks) for token in tokens(text)]
    numbers = [n for n, _ in pairs]
    sources = align([token for _, token in pairs], numbers, output)
    return [numbers[source] if source >= 0 else source for source in sources]


def _traced(page: Page, chosen: Sequence[int]) -> list[str]:
    texts = [text for _, text in page]
    output = [token for number in chosen for token in tokens(texts[number])]
    return [page[number][0] for number in _sources(texts, output)]


def _said(page: Page, chosen: Sequence[int]) -> list[str]:
    return [page[number][0] for number in chosen for _ in tokens(page[number][1])]
