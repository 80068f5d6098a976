"""Readers of webmainbench, cwced, fundus and waddle, on miniatures with their odd cases."""

import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from bench.datasets import Imported, load
from bench.datasets.webmainbench import without_answers
from bench.errors import BenchError
from bench.importing import import_dataset

UTF_8 = "text/html; charset=utf-8"


def _lay(folder: Path, files: Mapping[str, Any]) -> Path:
    """Write files: bytes as they are, text as UTF-8, a list as JSON lines, a mapping as JSON."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        elif isinstance(content, list):
            path.write_text("".join(json.dumps(row) + "\n" for row in content))
        else:
            path.write_text(json.dumps(content))
    return folder


def _read(name: str, folder: Path) -> list[Imported]:
    return list(load(name).pages(folder))


# webmainbench: a page as the annotation tool saved it, and as it was before
MARKED = (
    '<html><head>\n<style id="cc-extraStyle" name="cc">\n.mark-selected {outline: 1px}\n</style>'
    '<style>p {color: red}</style></head><body data-anno-uid="anno-uid-1" class="home">'
    '<h1 cc-select="true" class="mark-selected" data-anno-uid="anno-uid-2" style="">Bees</h1>'
    '<p alt="a > b" cc-select="true" class="lead mark-selected big" data-anno-uid="anno-uid-3" '
    "style=\"margin: 0\"><marked-text class='mark-selected' cc-select='true'>They </marked-text>"
    '<b class="mark">dance</b><marked-tail data-anno-uid="x"> a lot.</marked-tail></p>'
    '<p class="">if (a<b) \'x\'</p><br style=""/></body></html>'
)
UNMARKED = (
    '<html><head>\n<style>p {color: red}</style></head><body class="home"><h1>Bees</h1>'
    '<p alt="a > b" class="lead big" style="margin: 0">They <b class="mark">dance</b> a lot.</p>'
    "<p class=\"\">if (a<b) 'x'</p><br/></body></html>"
)
CURRENT = {
    "track_id": "one",
    "html": MARKED,
    "url": "http://bees.example/1",
    "main_html": None,
    "convert_main_content": "# Made by a program",
    "groundtruth_content": "# Bees\n\nThey **dance** a lot.",
    "meta": {"language": "en", "style": "Article", "level": "mid"},
}
OLDER = {
    "id": "abc",
    "track_id": "two",
    "html": "<p>꿀벌",
    "url": "http://bees.example/2",
    "layout_type": "forum",
    "language": "ko",
    "groundtruth_content": "꿀벌",
}


def test_webmainbench_in_both_formats(tmp_path: Path) -> None:
    """Each page comes once, from the file whose gold was revised; facts from either key set."""
    bare = {"track_id": "three", "html": "<p>\ud83d", "url": None, "groundtruth_content": None}
    rows = [{**CURRENT, "groundtruth_content": "Old gold"}, OLDER, {**bare, "meta": None}]
    folder = _lay(
        tmp_path,
        {
            "data/WebMainBench_dataset_sample2.jsonl": [CURRENT],
            "data/sample_dataset.jsonl": rows,
            "data/test_model.jsonl": [{"id": "toy", "html": "<p>"}],
            "results/dataset_with_results.jsonl": [{"id": "toy", "html": "<p>"}],
        },
    )
    one, two, three = _read("webmainbench", folder)
    assert (one.id, one.html.decode(), one.gold) == (
        "one",
        UNMARKED,
        [("text", "Bees\nThey dance a lot.")],
    )
    assert one.header == {
        "url": "http://bees.example/1",
        "content_type": UTF_8,
        "language": "en",
        "page_type": "Article",
    }
    assert (two.header["language"], two.header["page_type"]) == ("ko", "forum")
    assert two.html.decode() == "<p>꿀벌"
    assert (three.html, three.gold) == (b"<p>?", [("text", "")])
    assert [three.header[key] for key in ("url", "language", "page_type")] == ["", "und", "unknown"]


def test_webmainbench_full_set(tmp_path: Path) -> None:
    """The revised 545 come before the full set, whose gold is made from labelled elements."""
    made = {**CURRENT, "groundtruth_content": None}
    files = {
        "webmainbench.jsonl": [made, {**made, "track_id": "four"}],
        "WebMainBench_545.jsonl": [CURRENT],
    }
    found = _read("webmainbench", _lay(tmp_path, files))
    assert [(page.id, page.gold[0][1]) for page in found] == [
        ("one", "Bees\nThey dance a lot."),
        ("four", "Made by a program"),
    ]


@pytest.mark.parametrize("selector", ["[cc-select]", "[data-anno-uid]", ".mark-selected"])
def test_the_answer_key_is_gone(selector: str) -> None:
    """A parser finds no label in what an extractor gets."""
    assert LexborHTMLParser(MARKED).css(selector)
    assert not LexborHTMLParser(without_answers(MARKED)).css(selector)


def test_a_page_without_marks_is_untouched() -> None:
    """What only looks like a mark stays as it is."""
    page = '<p class=" a  b " style="x" data-select=""><mark>cc-select="1"</mark> marked-text</p>'
    assert without_answers(page) == page
    assert without_answers(UNMARKED) == UNMARKED


FIRST_LINE = '<text id="http://tea.example/a?b=1&ID=2" title="茶" encoding="unset">\n'
TEA = "<title>茶</title><p>绿茶很好喝。"


# The encoding written in, the page, and the truth that must be told
CHARSETS = [
    ("gb18030", f"{FIRST_LINE}{TEA}</text>", "gb18030"),
    ("gb18030", f'<meta charset="gb2312">{TEA}', None),
    ("gb18030", f'<meta charset="utf-8">{TEA}', "gb18030"),
    ("utf-8", f'<meta charset="gbk">{TEA}', "utf-8"),
    ("utf-8", f'<meta charset="utf-8">{TEA}', None),
    ("utf-8", TEA, None),
    ("utf-8-sig", f'<meta charset="gbk">{TEA}', None),
]


@pytest.mark.parametrize(("codec", "page", "truth"), CHARSETS)
def test_cwced_charset(tmp_path: Path, codec: str, page: str, truth: str | None) -> None:
    """Bytes stay; the truth is told where the standard's rule would decode otherwise."""
    html = page.encode(codec)
    _lay(tmp_path, {"original/a-1.html": html, "cleaned/a-1.txt": "绿茶\n\n很好喝。"})
    (imported,) = _read("cwced", tmp_path)
    assert (imported.id, imported.html) == ("a-1", html)
    assert imported.gold == [("text", "绿茶\n\n很好喝。")]
    assert imported.header.get("charset") == truth
    assert imported.header["content_type"] == "text/html"
    known = "http://tea.example/a?b=1&ID=2" if page.startswith("<text") else ""
    assert imported.header["url"] == known


def test_cwced_without_gold_is_another_layout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page whose gold is missing is told, not passed over."""
    monkeypatch.setenv("BOILERBENCH_DATA", str(tmp_path / "data"))
    folder = _lay(tmp_path / "archive", {"original/a.html": b"<p>"})
    with pytest.raises(BenchError, match="not laid out as cwced is at commit 99d0ef0"):
        import_dataset("cwced", folder)
    assert not list((tmp_path / "data").iterdir())


def _version(word: str) -> dict[str, Any]:
    sections = [
        {"headline": [], "paragraphs": [f"{word} one", f"{word} two"]},
        {"headline": [f"{word} head"], "paragraphs": [f"{word} three"]},
    ]
    return {"title": "no", "body": {"summary": [f"{word} sum"], "sections": sections}}


def _fundus(folder: Path, versions: Iterable[str], pages: Mapping[str, str]) -> Path:
    country = folder / "tests" / "resources" / "parser" / "test_data" / "ua"
    addresses = {name: {"url": f"http://news.example/{name}"} for name in pages}
    packed = {name: gzip.compress(html.encode()) for name, html in pages.items()}
    golds = {name: _version(name) for name in versions}
    return _lay(country, {**packed, "meta.info": addresses, "News.json": golds}) and folder


def test_fundus_versions_go_with_dates(tmp_path: Path) -> None:
    """The oldest page has the first version, by number and not by alphabet."""
    pages = {
        "News_2026_01_08.html.gz": '<html lang="RU-ru">',
        "News_2023_11_02.html.gz": '<!--[if IE]><html class="a"><![endif]--><html data-lang="x">',
        "News_2024_02_10.html.gz": "<html class='a'\n xml:lang='uk'>",
        "News_2025_02_10.html.gz": "<HTML LANG=en>",
    }
    found = _read("fundus", _fundus(tmp_path, ["V10", "V1_1", "V1", "V2"], pages))
    assert [page.id for page in found] == [
        "ua/News_2023_11_02",
        "ua/News_2024_02_10",
        "ua/News_2025_02_10",
        "ua/News_2026_01_08",
    ]
    for page, name in zip(found, ["V1", "V1_1", "V2", "V10"], strict=True):
        ordered = [f"{name} {part}" for part in ("sum", "one", "two", "head", "three")]
        assert page.gold == [("text", "\n".join(ordered))]
        assert page.header["url"] == f"http://news.example/{page.id[3:]}.html.gz"
        assert page.html.decode() == pages[f"{page.id[3:]}.html.gz"]
    assert [page.header["language"] for page in found] == ["uk", "uk", "en", "ru"]


def test_fundus_with_a_page_too_many(tmp_path: Path) -> None:
    """Where pages and versions are not equally many, no pairing is guessed."""
    pages = {f"News_2026_01_0{day}.html.gz": "<p>" for day in (1, 2)}
    with pytest.raises(ValueError, match="shorter"):
        _read("fundus", _fundus(tmp_path, ["V1"], pages))


NAME = "20111128_news.tea_time.example_6a1e1667df8fd3c1"


def test_waddle(tmp_path: Path) -> None:
    """Paragraphs lose tags and entities; a page without reference is left out."""
    folder = {
        "doc_lg.json": {NAME: "Greek", "odd name": "Klingon"},
        f"html/{NAME}": '<meta charset="windows-1253"><p>τσάι',
        "html/odd name": "<p>a",
        "html/lone page": "<p>a",
        f"reference/{NAME}": "<p> Α &amp;\nβ <b>γ</b>\n</p>\n<P class='x'>1 < 2</p><p> </p>",
        "reference/odd name": "stray <p>a</p>",
        "reference/lone text": "<p>a</p>",
    }
    _lay(tmp_path / "corpora" / "corpus_sample", folder)
    tea, odd = _read("waddle", tmp_path)
    assert (tea.id, tea.gold) == (NAME, [("text", "Α & β γ\n1 < 2")])
    assert tea.header == {
        "url": "http://news.tea_time.example/",
        "content_type": UTF_8,
        "language": "el",
        "page_type": "article",
    }
    assert (odd.id, odd.gold) == ("odd%20name", [("text", "stray\na")])
    assert (odd.header["url"], odd.header["language"]) == ("", "und")


def test_waddle_prefers_the_full_corpus(tmp_path: Path) -> None:
    """The sample is part of it."""
    files = {"doc_lg.json": {}, "html/a": "<p>a", "reference/a": "<p>full</p>"}
    _lay(tmp_path / "corpora" / "corpus_sample", {**files, "reference/a": "<p>sample</p>"})
    _lay(tmp_path / "corpora" / "Corpus_daniel_v2.1", files)
    (page,) = _read("waddle", tmp_path)
    assert page.gold == [("text", "full")]
