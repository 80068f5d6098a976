"""Gold: its reader refuses what is malformed, its checker what does not spell the page."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.check import problems_of
from bench.corpus import open_corpus
from bench.errors import BenchError
from bench.gold import (
    Block,
    BlockGold,
    Gold,
    Header,
    SnippetGold,
    TextGold,
    read_blocks,
    read_gold,
    read_header,
)
from tests.conftest import Blocks, make_corpus

HEADER: dict[str, Any] = {
    "page": "a/b",
    "url": "http://a.example/b",
    "content_type": "text/html",
    "language": "en",
    "site": "a",
    "family": "a",
    "page_type": "article",
    "guidelines": "1.0",
    "labelled_by": ["first", "second"],
    "notes": "",
}
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a gold file from a header and the lines after it."""

    def to_file(header: object, *lines: str) -> Path:
        path = tmp_path / "gold.jsonl"
        first = header if isinstance(header, str) else json.dumps(header)
        path.write_text("".join(line + "\n" for line in (first, *lines)), encoding="utf-8")
        return path

    return to_file


def test_a_whole_gold_file(write: Write) -> None:
    """A header and one line a block, in document order, become a BlockGold."""
    lines = '["title", "제목"]', '["body", "a b"]'
    gold = read_blocks(write(HEADER | {"charset": "euc-kr"}, *lines))
    assert gold.header.page == "a/b"
    assert gold.header.labelled_by == ["first", "second"]
    assert gold.header.charset == "euc-kr"
    assert gold.blocks == (Block("title", "제목"), Block("body", "a b"))


def test_optional_keys(write: Write) -> None:
    """Without the keys the page's declaration is true, gold is blocks, and there is no split."""
    header = read_header(write(HEADER))
    assert (header.charset, header.gold, header.split) == (None, "blocks", "")


# The type of the gold; its lines; what is read
WEAKER: list[tuple[str, list[str], Callable[[Header], Gold]]] = [
    (
        "text",
        ['["text", "Tea is dry."]', '["present", "Tea"]', '["absent", "Home"]'],
        lambda header: TextGold(header, "Tea is dry.", ("Tea",), ("Home",)),
    ),
    (
        "text",
        ['["absent", "b"]', '["text", "one"]', '["absent", "a"]', '["text", "two"]'],
        lambda header: TextGold(header, "one\ntwo", (), ("b", "a")),
    ),
    ("text", ['["text", ""]'], lambda header: TextGold(header, "", (), ())),
    ("text", [], lambda header: TextGold(header, "", (), ())),
    (
        "snippets",
        ['["present", "Tea"]', '["absent", "Home"]', '["present", "dry"]'],
        lambda header: SnippetGold(header, ("Tea", "dry"), ("Home",)),
    ),
]


@pytest.mark.parametrize(("gold_type", "lines", "expected"), WEAKER)
def test_gold_without_blocks(
    write: Write, gold_type: str, lines: list[str], expected: Callable[[Header], Gold]
) -> None:
    """Text and snippets are read as types of their own, with their owners' words for page types."""
    path = write(HEADER | {"gold": gold_type, "page_type": "blog", "split": "dev"}, *lines)
    gold = read_gold(path)
    assert gold == expected(read_header(path))
    assert not isinstance(gold, BlockGold)
    with pytest.raises(BenchError, match=f"gold of type '{gold_type}'; this needs labelled blocks"):
        read_blocks(path)


MIXED = [
    ("text", '["body", "a"]', "unknown kind 'body'; valid: text, present, absent"),
    ("text", '["present", ""]', "the text of a 'present' block is empty"),
    ("snippets", '["text", "a"]', "unknown kind 'text'; valid: present, absent"),
    ("snippets", '["snippets", "a"]', "unknown kind 'snippets'; valid: present, absent"),
    ("blocks", '["present", "a"]', "unknown kind 'present'; see: boilerbench list kinds"),
]


@pytest.mark.parametrize(("gold_type", "line", "problem"), MIXED)
def test_types_of_gold_never_mix(write: Write, gold_type: str, line: str, problem: str) -> None:
    """A line of another type of gold is refused."""
    path = write(HEADER | {"gold": gold_type}, line)
    assert _problems(path) == [f"{path}:2: {problem}"]


VIEW_TABLE = [
    # view; texts to keep; texts to keep or forgive
    ("main", "body", "title body caption optional"),
    ("strict", "body", "body optional"),
    ("full", "title body caption comments", "title body caption optional comments"),
]


@pytest.mark.parametrize(("view", "kept", "lenient"), VIEW_TABLE)
def test_views(write: Write, view: str, kept: str, lenient: str) -> None:
    """A view keeps, forgives or drops whole kinds, in page order."""
    kinds = ["main-nav", "title", "body", "caption", "optional", "comments", "poll"]
    gold = read_blocks(write(HEADER, *(json.dumps([kind, kind]) for kind in kinds)))
    assert gold.texts(view, "keep") == kept.split()
    assert gold.texts(view, "keep", "optional") == lenient.split()


BAD_LINES = [
    ('["nav", "Home"]', "unknown kind 'nav'"),
    ('[["body"], "text"]', "unknown kind ['body']"),
    ('["body", ""]', "the text of a 'body' block is empty"),
    ('["body", " \\n\\u3000"]', "the text of a 'body' block is empty"),
    ('["body", null]', "the text of a 'body' block is empty"),
    ('["body", 3]', "the text of a 'body' block is empty"),
    ('["body", "open', 'not a ["kind", "text"] line'),
    ('["body"]', 'not a ["kind", "text"] line'),
    ('["body", "a", "b"]', 'not a ["kind", "text"] line'),
    ("null", 'not a ["kind", "text"] line'),
    ("7", 'not a ["kind", "text"] line'),
    ("", 'not a ["kind", "text"] line'),
]


@pytest.mark.parametrize(("line", "problem"), BAD_LINES)
def test_bad_lines(write: Write, line: str, problem: str) -> None:
    """A line that is no block is refused with its number."""
    path = write(HEADER, '["title", "fine"]', line)
    problems = _problems(path)
    assert len(problems) == 1
    assert problems[0].startswith(f"{path}:3: {problem}")


BAD_HEADERS = [
    ("", "the header is not JSON"),
    ('{"page": ', "the header is not JSON"),
    ('["body", "first line"]', "the header is not a JSON object"),
    (HEADER | {"url": 7}, "header key 'url' is missing or not a string"),
    ({k: v for k, v in HEADER.items() if k != "site"}, "header key 'site' is missing"),
    (HEADER | {"labelled_by": "first"}, "header key 'labelled_by' is missing or not a list"),
    (HEADER | {"lang": "ko"}, "unknown header key 'lang' (valid: charset, "),
    (HEADER | {"page_type": "blog"}, "unknown page_type 'blog' (valid: article, "),
    (HEADER | {"charset": "euc-krr"}, "unknown charset 'euc-krr'"),
    (HEADER | {"charset": 949}, "unknown charset 949"),
    (HEADER | {"gold": ["text"]}, "unknown gold type ['text'] (valid: blocks, text, snippets)"),
    (HEADER | {"gold": "words"}, "unknown gold type 'words' (valid: blocks, text, snippets)"),
]


@pytest.mark.parametrize(("header", "problem"), BAD_HEADERS)
def test_bad_headers(write: Write, header: object, problem: str) -> None:
    """A first line that is no header is refused by the readers of header and of gold alike."""
    path = write(header, '["body", "fine"]')
    with pytest.raises(BenchError) as caught:
        read_header(path)
    assert caught.value.problems == _problems(path)
    assert [p.startswith(f"{path}:1: {problem}") for p in caught.value.problems] == [True]


def test_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    """A gold file in another encoding is refused, line by line."""
    path = tmp_path / "gold.jsonl"
    path.write_bytes(json.dumps(HEADER).encode() + b"\n" + '["body", "한글"]'.encode("euc-kr"))
    assert _problems(path)[0].startswith(f"{path}:2: not a")


def test_all_problems_of_a_file_together(write: Write) -> None:
    """Header and blocks are read to the end, and every problem is told at once."""
    header = {key: value for key, value in HEADER.items() if key not in {"url", "notes"}}
    path = write(
        header | {"lang": "ko"}, '["nav", "x"]', '["body", "fine"]', "oops", '["body", " "]'
    )
    lines = [problem.removeprefix(f"{path}:").partition(":")[0] for problem in _problems(path)]
    assert "".join(lines) == "111245"


def test_the_reader_of_headers_does_not_read_labels(write: Write) -> None:
    """What the runner calls opens no gold: labels may be anything."""
    assert read_header(write(HEADER, "not even JSON")).page == "a/b"


# Of one page of the family `f`: the blocks; HTML (None: the blocks' own); page type; problems
CHECKS: list[tuple[Blocks, str | None, str, list[str]]] = [
    ([("body", "One two.")], None, "article", []),
    ([("title", "One"), ("body", "two.")], "<h1>On<b>e</b></h1> two<br>.", "article", []),
    ([("main-nav", "Home")], None, "none", []),
    ([("main-nav", "Home"), ("body", "x")], None, "none", ["page of type 'none' has title or"]),
    ([("title", "x")], None, "none", ["page of type 'none' has title or body"]),
    ([("title", "Home")], None, "article", ["no body block, but page_type is 'article'"]),
    ([("title", "a"), ("title", "b"), ("body", "c")], None, "qa", ["2 title blocks"]),
    (
        [("title", "a"), ("title", "b"), ("title", "c"), ("main-nav", "d")],
        "<p>abc",
        "product",
        ["no body block", "3 title blocks", ":5: gold parts from the page text at character 3"],
    ),
]


@pytest.mark.parametrize(("blocks", "html", "page_type", "problems"), CHECKS)
def test_checks(
    tmp_path: Path, blocks: Blocks, html: str | None, page_type: str, problems: list[str]
) -> None:
    """Gold agrees with its page's type and spells its page; all problems are told together."""
    found = _checked(tmp_path, blocks, html, page_type=page_type)
    assert [part in problem for part, problem in zip(problems, found, strict=True)] == [
        True for _ in problems
    ]


PARTINGS = [
    # page text; gold's second block; line and character; how page and gold go on from there
    ("Nav One too", "One two", "3: 7", "⟨oo⟩ ⟨wo⟩"),
    ("Nay One two", "One two", "2: 2", "⟨yOnetwo⟩ ⟨vOnetwo⟩"),
    ("Nav One two three", "One two", "3: 9", "⟨three⟩ ⟨⟩"),
    ("Nav One", "One two", "3: 6", "⟨⟩ ⟨two⟩"),
    ("Nav One&shy; two", "One two", "3: 6", "⟨\u00adtwo⟩ ⟨two⟩"),
    ("Nav One, two", "One two", "3: 6", "⟨,two⟩ ⟨two⟩"),
    ("", "One two", "2: 0", "⟨⟩ ⟨NavOnetwo⟩"),
]


@pytest.mark.parametrize(("page", "gold", "where", "rest"), PARTINGS)
def test_where_gold_parts(tmp_path: Path, page: str, gold: str, where: str, rest: str) -> None:
    """The first differing character is shown with its line in the file and what surrounds it."""
    (problem,) = _checked(tmp_path, [("main-nav", "Nav"), ("body", gold)], f"<body>{page}")
    line, _, at = where.partition(": ")
    first, *shown = problem.splitlines()
    assert first.endswith(f"f/p.jsonl:{line}: gold parts from the page text at character {at}")
    assert rest == " ".join(text[text.index("⟨") :] for text in shown)


def test_white_space_is_no_parting(tmp_path: Path) -> None:
    """Gold may break lines where the page does not, and the other way round."""
    blocks = [("main-nav", "Nav"), ("body", "One\n\n two")]
    assert _checked(tmp_path, blocks, "<body>Na v&nbsp;O<b>ne</b><p>two") == []


def test_the_known_charset_decides_what_the_page_spells(tmp_path: Path) -> None:
    """A page whose declaration lies is checked in its true encoding."""
    html = '<meta charset="utf-8"><p>한글'.encode("cp949")
    make_corpus(
        tmp_path,
        {"f/p": [("body", "한글")]},
        html={"f/p": html},
        headers={"f/p": {"charset": "euc-kr"}},
    )
    assert problems_of(open_corpus(tmp_path)) == []
    make_corpus(tmp_path, {"f/p": [("body", "한글")]}, html={"f/p": html})
    assert len(problems_of(open_corpus(tmp_path))) == 1


def test_the_checker_tells_what_the_reader_found(tmp_path: Path) -> None:
    """An unreadable gold file does not hide the problems of the next page."""
    pages = {"f/one": [("nav", "a"), ("body", "")], "f/two": [("title", "a")]}
    problems = problems_of(open_corpus(make_corpus(tmp_path, pages)))
    assert ["one" in problem for problem in problems] == [True, True, False]


def _checked(tmp_path: Path, blocks: Blocks, html: str | None, **header: str) -> list[str]:
    pages = {"f/p": html} if html is not None else None
    headers = {"f/p": header} if header else None
    return problems_of(
        open_corpus(make_corpus(tmp_path, {"f/p": blocks}, html=pages, headers=headers))
    )


def _problems(path: Path) -> list[str]:
    with pytest.raises(BenchError) as caught:
        read_gold(path)
    return caught.value.problems
