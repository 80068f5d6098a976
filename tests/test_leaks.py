"""Leaks: how much of each kind of boilerplate an extractor lets through."""

from dataclasses import asdict
from pathlib import Path

import pytest

from bench.corpus import open_corpus
from bench.gold import Block, BlockGold, Header, read_blocks
from bench.leaks import LabelledPage, LeakTable, Rate, leak, leak_table, worst_leaks
from bench.records import Extraction
from bench.runs import Run
from tests.conftest import PAGES, Blocks, make_corpus
from tests.written import Texts, written

HEADER = Header(
    page="a/b",
    url="",
    content_type="text/html",
    language="ko",
    site="a",
    family="a",
    page_type="article",
    guidelines="1.0",
    labelled_by=[],
    notes="",
)
PAGE: Blocks = [
    ("main-nav", "홈 자유게시판 질문답변"),
    ("title", "가을 산행 후기"),
    ("post-meta", "작성자 솔바람 조회 124회"),
    ("body", "주말에 산에 올랐다. 바람이 찼다."),
    ("body", "단풍은 절반만 물들었다."),
    ("comments", "사진도 올려 주세요."),
    ("item-toolbar", "목록"),
]
TABLE: list[tuple[str, dict[str, int], int, int]] = [
    # an output of PAGE; tokens of each kind that came through; off the page; repeated
    ("", {}, 0, 0),
    ("주말에 산에 올랐다. 바람이 찼다.", {"body": 5}, 0, 0),
    ("가을 산행 후기\n주말에 산에 올랐다", {"title": 3, "body": 3}, 0, 0),
    ("작성자: 솔바람 | 조회: 124회", {"post-meta": 4}, 0, 0),
    ("사진도 올려 주세요\n주말에 산에 올랐다", {"comments": 3, "body": 3}, 0, 0),
    ("목록", {"item-toolbar": 1}, 0, 0),
    ("목록 목록 목록", {"item-toolbar": 1}, 0, 2),
    ("Read more: 단풍은 절반만 물들었다", {"body": 3}, 2, 0),
    ("가을 산행 후기 " * 2, {"title": 3}, 0, 3),
    ("다 지어낸 말", {}, 3, 0),
]


@pytest.mark.parametrize(("text", "passed", "off_page", "repeated"), TABLE)
def test_table(text: str, passed: dict[str, int], off_page: int, repeated: int) -> None:
    """An output let through so many tokens of each kind, and the rest is off-page or repeated."""
    page = LabelledPage(BlockGold(HEADER, tuple(Block(*block) for block in PAGE)))
    found = leak(page, Extraction("a/b", "x", "ok", text))
    assert (found.passed, found.off_page, found.repeated) == (passed, off_page, repeated)
    assert found.output == sum(passed.values()) + off_page + repeated


def _kind(kind: str, _: str) -> tuple[str]:
    return (kind,)


@pytest.fixture
def run(tmp_path: Path, corpus: Path) -> Run:
    """Give a run over the miniature corpus; its first page is a listing."""
    make_corpus(corpus, headers={"board/first": {"page_type": "listing"}})
    everything = {id: "\n".join(text for _, text in blocks) for id, blocks in PAGES.items()}
    texts: Texts = {
        "nothing": dict.fromkeys(PAGES, ""),
        "everything": everything,
        "some": {
            "board/first": "Home. Green tea is dry. Read more!",
            "board/second": None,
            "wiki/third": "A wiki grows slowly. Slowly. Slowly. nobody",
        },
    }
    return written(tmp_path / "run", corpus, texts)


@pytest.fixture
def leaks(run: Run) -> LeakTable:
    """Give its leaks by kind."""
    return leak_table(run, run.corpus(), view="main", key=_kind)


def test_everything_leaks_everything(leaks: LeakTable) -> None:
    """All page text has all of each kind, on every page that has the kind, and nothing else."""
    rates = leaks.rates["everything"]
    assert {(rate.share, rate.pages_share) for rate in rates.values()} == {(1.0, 1.0)}
    assert leaks.outside["everything"] == (0.0, 0.0)


def test_nothing_leaks_nothing(leaks: LeakTable) -> None:
    """Silence lets nothing through, of no kind."""
    rates = leaks.rates["nothing"]
    assert {(rate.passed, rate.pages_passed) for rate in rates.values()} == {(0, 0)}
    assert leaks.outside["nothing"] == (0.0, 0.0)


def test_rates_are_over_the_whole_corpus(leaks: LeakTable) -> None:
    """A kind's tokens and pages are those of the corpus, also where an extractor missed a page."""
    assert leaks.rates["some"] == {
        ("title",): Rate(tokens=2, passed=0, pages=2, pages_passed=0),
        ("main-nav",): Rate(tokens=2, passed=1, pages=1, pages_passed=1),
        ("comments",): Rate(tokens=3, passed=0, pages=1, pages_passed=0),
        ("copyright-legal",): Rate(tokens=2, passed=1, pages=1, pages_passed=1),
    }
    assert leaks.rates["some"]["main-nav",].share == 0.5
    assert leaks.outside["some"] == (2 / 14, 2 / 14)


def test_page_types_part_a_kind(run: Run, leaks: LeakTable) -> None:
    """By kind and page type each kind falls into its pages' types, and adds up to the kind."""
    parted = leak_table(run, run.corpus(), view="main", key=lambda *group: group)
    assert parted.groups == (
        *(("title", "article"), ("title", "listing"), ("main-nav", "listing")),
        *(("copyright-legal", "article"), ("comments", "article")),
    )
    for name, rates in leaks.rates.items():
        for (kind,), whole in rates.items():
            parts = [rate for group, rate in parted.rates[name].items() if group[0] == kind]
            assert asdict(whole) == {
                key: sum(getattr(part, key) for part in parts) for key in asdict(whole)
            }
    assert parted.outside == leaks.outside


def test_the_worst_leaks_come_first(run: Run) -> None:
    """Every block of boilerplate that came through, most tokens first; controls have none."""
    worst = [
        (leak.extractor, leak.page, leak.kind, leak.tokens, leak.text)
        for leak in worst_leaks(run, run.corpus(), view="main")
    ]
    assert worst == [
        ("some", "board/first", "main-nav", 1, "Home News"),
        ("some", "wiki/third", "copyright-legal", 1, "© 2026 nobody"),
    ]


KINDS_SHOWN = [
    # view; the kinds of the miniature corpus that it does not keep, in the taxonomy's order
    ("main", "title main-nav copyright-legal comments"),
    ("strict", "title main-nav copyright-legal comments"),
    ("full", "main-nav copyright-legal"),
]


@pytest.mark.parametrize(("view", "kinds"), KINDS_SHOWN)
def test_kinds_that_a_view_keeps_do_not_leak(
    tmp_path: Path, corpus: Path, view: str, kinds: str
) -> None:
    """The table has the kinds that the corpus has and the view does not keep."""
    run = written(tmp_path / "run", corpus)
    table = leak_table(run, run.corpus(), view=view, key=_kind)
    assert table.groups == tuple((kind,) for kind in kinds.split())
    assert all({*rates} == {*table.groups} for rates in table.rates.values())


def test_a_kind_without_tokens_has_no_rate() -> None:
    """Shares of nothing are 0, not an error."""
    assert (Rate(0, 0, 0, 0).share, Rate(0, 0, 0, 0).pages_share) == (0.0, 0.0)


def test_a_copy_in_hidden_text_is_not_what_leaked(tmp_path: Path) -> None:
    """A title that also begins a hidden line is the title, not a part of the hidden line."""
    blocks = [
        ("hidden-technical", "가을 산행 후기 > 자유게시판 | 산악회"),
        ("title", "가을 산행 후기"),
        ("body", "주말에 산에 올랐다."),
    ]
    root = make_corpus(tmp_path, {"a/b": blocks})
    run = written(tmp_path / "run", root, {"x": {"a/b": "가을 산행 후기\n주말에 산에 올랐다."}})
    rates = leak_table(run, run.corpus(), view="main", key=_kind).rates["x"]
    assert {kind: rate.share for (kind,), rate in rates.items()} == {
        "title": 1,
        "hidden-technical": 0,
    }


@pytest.mark.parametrize("kinds", [{"body"}, {"title", "body"}], ids=["body", "title and body"])
def test_main_content_of_the_projects_own_pages_leaks_nothing(kinds: set[str]) -> None:
    """On every page of the corpus main content is traced to itself, token for token."""
    for page in open_corpus().pages:
        gold = read_blocks(page.gold_path)
        said = [block.text for block in gold.blocks if block.kind in kinds]
        if {block.text for block in gold.blocks if block.kind not in kinds} & {*said}:
            continue  # the same words stand elsewhere too, as a whole block
        labelled = LabelledPage(gold)
        found = leak(labelled, Extraction(page.id, "x", "ok", "\n".join(said)))
        expected = {kind: labelled.sizes[kind] for kind in kinds if labelled.sizes[kind]}
        assert (page.id, found.passed) == (page.id, expected)
