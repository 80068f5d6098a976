"""Two passes of labelling: what a token is, how agreement is measured, and on which pages."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from bench.corpus import open_corpus
from bench.gold import Block
from bench.pagetext import squeeze
from bench.passes import agreement, ceiling, labelled
from bench.text import tokens
from bench.views import KINDS
from tests.conftest import PAGES, Blocks, make_corpus

Call = Callable[[str], Result]


def _blocks(*pairs: tuple[str, str]) -> tuple[Block, ...]:
    return tuple(Block(*pair) for pair in pairs)


B, N, T = "body", "main-nav", "title"
LABELLED = [
    # the two partitions of one text; the kinds of each token
    ([(B, "Green tea")], [(B, "Green tea")], [(B, B)] * 2),
    ([(B, "Green tea")], [(N, "Green"), (B, "tea")], [(B, N), (B, B)]),
    ([(N, "Green"), (B, "tea is dry")], [(N, "Green tea"), (B, "is dry")],
     [(N, N), (B, N), (B, B), (B, B)]),
    # White space and punctuation are no tokens, wherever they stand
    ([(N, "Green  tea !"), (B, "Dry.")], [(N, "Green\ntea"), (B, "! Dry.")],
     [(N, N), (N, N), (B, B)]),
    # A word that only one of them cuts is two tokens
    ([(B, "댓글0건")], [(N, "댓글"), (B, "0건")], [(B, N), (B, B)]),
    ([(T, "茶は"), (B, "青い")], [(T, "茶は青"), (B, "い")], [(T, T), (T, T), (B, T), (B, B)]),
    ([(N, "…"), (B, "tea")], [(B, "… tea")], [(B, B)]),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "expected"), LABELLED)
def test_labelled(first: Blocks, second: Blocks, expected: list[tuple[str, str]]) -> None:
    """A token of the finer partition has the kind of the block that holds it, in both passes."""
    assert labelled(_blocks(*first), _blocks(*second)) == expected
    turned = [(other, one) for one, other in expected]
    assert labelled(_blocks(*second), _blocks(*first)) == turned


WORDS = st.lists(st.sampled_from(["tea", "is", "Dry", "…", "茶", "1"]), min_size=1, max_size=9)


@given(WORDS, st.lists(st.booleans(), min_size=9), st.lists(st.booleans(), min_size=9))
def test_no_token_is_lost(words: list[str], cuts: list[bool], others: list[bool]) -> None:
    """However two partitions cut a text between words, each token of it has its two kinds."""
    first, second = (_cut(words, some) for some in (cuts, others))
    found = labelled(first, second)
    assert [one for one, _ in found] == _kinds(first)
    assert [other for _, other in found] == _kinds(second)


def _cut(words: Sequence[str], cuts: Sequence[bool]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for word, cut in zip(words, cuts, strict=False):
        if cut or not blocks:
            blocks.append(Block(KINDS[len(blocks)], word))
        else:
            blocks[-1] = Block(blocks[-1].kind, f"{blocks[-1].text} {word}")
    return tuple(blocks)


def _kinds(blocks: Sequence[Block]) -> list[str]:
    return [block.kind for block in blocks for _ in tokens(block.text)]


def test_other_texts_are_refused() -> None:
    """Passes over different texts cannot be compared."""
    with pytest.raises(ValueError, match="do not spell the same text"):
        labelled(_blocks((B, "tea")), _blocks((B, "teas")))


def test_alpha_is_as_published() -> None:
    """Krippendorff's example of nominal data for two observers: .095 (2011, "Computing", B)."""
    first, second = "0100000000", "1110010010"
    pairs = [(KINDS[int(a)], KINDS[int(b)]) for a, b in zip(first, second, strict=True)]
    assert agreement([pairs]).kinds == pytest.approx(0.095, abs=5e-4)


EXTREMES = [
    # pairs of kinds; share of the same, alpha of kinds, alpha of main
    ([(B, B), (N, N), (T, T)], 1, 1, 1),
    ([(N, T), (T, N), (B, B)], 1 / 3, 1 / 6, 1),  # no reader wonders what the body is
    ([(B, B)] * 3, 1, np.nan, np.nan),  # nothing was told apart
    ([], np.nan, np.nan, np.nan),
]


@pytest.mark.parametrize(("pairs", "same", "kinds", "main"), EXTREMES)
def test_extremes(pairs: list[tuple[str, str]], same: float, kinds: float, main: float) -> None:
    """Full agreement is 1, chance alone 0, and where all is one kind it is not known."""
    found = agreement([pairs])
    shown = (found.same, found.kinds, found.main)
    assert shown == pytest.approx((same, kinds, main), nan_ok=True)


@pytest.fixture
def twice(tmp_path: Path) -> Path:
    """Give the miniature corpus with two of its pages labelled twice, one label apart."""
    root = make_corpus(tmp_path / "mini")
    for name, kind in (("first", "main-nav"), ("second", "breadcrumb")):
        for id in ("board/first", "wiki/third"):
            target = root / "corpus/passes" / name / f"{id}.jsonl"
            target.parent.mkdir(parents=True, exist_ok=True)
            gold = (root / "gold" / f"{id}.jsonl").read_text()
            target.write_text(gold.replace("main-nav", kind))
    return root


@pytest.mark.usefixtures("twice")
def test_the_table(call: Call) -> None:
    """Rows for all pages labelled twice and for each family; what was mixed up is in the notes."""
    data = json.loads(call("passes --corpus mini --format json").stdout)
    rows = {row["family"]: row for row in data["rows"]}
    assert [*rows] == ["all", "board", "wiki"]
    board = squeeze("".join(text for _, text in PAGES["board/first"]))
    assert (rows["all"]["pages"], rows["board"]["pages"]) == (2, 1)
    assert rows["board"]["tokens"] == 7
    assert rows["board"]["same"] == pytest.approx(5 / 7, abs=1e-6)
    assert (rows["wiki"]["kinds"], rows["board"]["main"]) == (1, 1)
    assert "breadcrumb / main-nav: 2 tokens" in data["notes"]
    assert len(board) > 7
    assert data["signature"].startswith("agreement|-|")


def test_the_ceiling(twice: Path) -> None:
    """The line of the card has both alphas and the number of pages.

    By hand: 4 of 26 values disagree, and by chance (26² - 284) / (26 x 25) would.
    """
    assert ceiling(open_corpus(twice)) == "alpha 0.745 over 34 kinds, 1.000 main or not, 2 pages"


def test_problems_are_told_together(twice: Path, call: Call) -> None:
    """A pass that spells another text, or lacks its counterpart, is named with all others."""
    (twice / "corpus/passes/first/board/first.jsonl").unlink()
    third = twice / "corpus/passes/second/wiki/third.jsonl"
    third.write_text(third.read_text().replace("slowly", "fast"))
    result = call("passes --corpus mini")
    assert result.exit_code == 2
    assert "board/first.jsonl: [Errno 2] No such file" in result.stderr
    assert "third.jsonl: the passes do not spell the same text" in result.stderr


def test_labelled_once(corpus: Path, call: Call) -> None:
    """A corpus without a second pass has no agreement."""
    assert corpus.name == "mini"
    assert "no page was labelled twice" in call("passes --corpus mini").stderr
