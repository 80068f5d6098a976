"""Readers of trafilatura, CleanEval, CleanPortalEval and pairs, on made-up miniatures."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given, settings, strategies

from bench import datasets
from bench.corpus import found
from bench.datasets import Imported, page_id
from bench.errors import BenchError
from bench.gold import TextGold, read_gold
from bench.importing import content, import_dataset

LATIN = "<p>Grüße, Zoë".encode("latin-1")
POLISH = "Zażółć gęślą _ jaźń [cz. 1]"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep imported corpora in a folder of the test."""
    monkeypatch.setenv("BOILERBENCH_DATA", str(tmp_path / "imported"))
    return tmp_path / "imported"


def _tree(root: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return root


def _read(name: str, folder: Path, **options: str) -> dict[str, Imported]:
    return {page.id: page for page in datasets.load(name).pages(folder, **options)}


# trafilatura


def _annotated(root: Path, pages: Mapping[str, Mapping[str, object]]) -> Path:
    return _tree(root, {"tests/evaldata.json": json.dumps(pages, ensure_ascii=False)})


def test_trafilatura_finds_files_with_odd_names_in_either_folder(tmp_path: Path) -> None:
    """Bytes come as they are; the id spells the name; keys that hold no address give none."""
    root = _annotated(
        tmp_path / "set",
        {
            "https://a.example/x y": {"file": f"{POLISH}.html", "with": ["Grüße"], "without": []},
            "hard::b.example.html": {"file": "b.example.html", "with": None, "without": ["Menu"]},
            "xhttps://c.example/z": {"file": "c~d.html", "with": [" one"], "without": ["two"]},
        },
    )
    html: dict[str, str | bytes] = {
        f"eval/{POLISH}.html": LATIN,
        "cache/b.example.html": "<p>b",
        "eval/c~d.html": "<p>c",
    }
    _tree(root / "tests", html)
    pages = _read("trafilatura", root)
    odd = "Za%C5%BC%C3%B3%C5%82%C4%87%20g%C4%99%C5%9Bl%C4%85%20_%20ja%C5%BA%C5%84%20%5Bcz.%201%5D"
    assert list(pages) == [odd, "b.example", "c%7Ed"]
    assert [page.html for page in pages.values()] == [LATIN, b"<p>b", b"<p>c"]
    assert [page.header["url"] for page in pages.values()] == [
        "https://a.example/x",
        "",
        "https://c.example/z",
    ]
    assert pages["b.example"].gold == [("absent", "Menu")]
    assert pages["c%7Ed"].gold == [("present", " one"), ("absent", "two")]
    assert {page.header["content_type"] for page in pages.values()} == {"text/html"}
    imported = import_dataset("trafilatura", root)
    assert [page.id for page in imported.pages] == sorted(pages)
    assert (imported.root / "corpus" / f"{odd}.html").read_bytes() == LATIN


def test_trafilatura_tells_the_encoding_that_is_known_to_be_true(tmp_path: Path) -> None:
    """One page declares its encoding where no reader looks; the others keep the standard's rule."""
    names = ("nmb-media.de.ebay.html", "other.html")
    root = _annotated(tmp_path, {f"http://x/{name}": {"file": name} for name in names})
    pages = _read("trafilatura", _tree(root, {f"tests/eval/{name}": LATIN for name in names}))
    assert [page.header.get("charset") for page in pages.values()] == ["windows-1252", None]


def test_trafilatura_reads_nothing_outside_its_folders(tmp_path: Path) -> None:
    """A file that is named but not there is another layout, wherever its name points."""
    root = _annotated(tmp_path / "set", {"http://x/": {"file": "../../secret.html"}})
    _tree(tmp_path, {"secret.html": "a secret"})
    with pytest.raises(BenchError, match="not laid out as trafilatura") as caught:
        import_dataset("trafilatura", root)
    assert "tests/eval/secret.html" in str(caught.value)
    assert "github.com/adbar/trafilatura" in caught.value.hint


# CleanEval and CleanPortalEval


def _wrapped(noted: str, body: bytes = b"<p>Tea.") -> bytes:
    return f'<text id="http://a.example/?b=1&c=2" title="T > t" {noted}>\n'.encode() + body


GOLDS = {
    b"URL: http://a.example/\n\n<h>Tea\n<p>Tea is\n   dry. <l>   Hot\n\n\n  Plain\n": (
        "Tea\nTea is dry.\nHot\nPlain"
    ),
    b"\xef\xbb\xbfURL: x\r\n<P>Two\r\nlines\r\n\r\n<l>a < b\r\n": "Two lines\na < b",
    b"\nURL: \n<p>caf\xe9 \x93x\x94 \xc3\xa9": "café “x” é",
    b"<p>No address": "No address",
    b"URL: http://a.example/\n": "",
    b"": "",
}


@pytest.mark.parametrize("raw", GOLDS)
def test_cleaneval_gold_is_a_line_a_paragraph(tmp_path: Path, raw: bytes) -> None:
    """Marks, wrapping, byte order marks and the first line go; stray bytes are windows-1252."""
    root = _tree(tmp_path / "set", {"orig/1.html": _wrapped(""), "clean/1.txt": raw})
    assert _read("cleaneval", root)["1"].gold == [("text", GOLDS[raw])]
    gold = read_gold(import_dataset("cleaneval", root).pages[0].gold_path)
    assert isinstance(gold, TextGold)
    assert gold.text == GOLDS[raw]


@pytest.mark.parametrize("place", ["src/main/resources/cleaneval", "cleaneval", "."])
def test_cleaneval_in_the_repository_and_alone(tmp_path: Path, place: str) -> None:
    """The pages that have gold are found, whatever lies above them; bytes keep their wrapper."""
    files: dict[str, str | bytes] = {
        "orig/1.html": _wrapped(""),
        "orig/2.html": b"<p>no gold",
        "clean/1.txt": "URL: x",
    }
    pages = _read("cleaneval", _tree(tmp_path / place, files) and tmp_path)
    assert list(pages) == ["1"]
    assert pages["1"].html == _wrapped("")
    assert pages["1"].header["url"] == "http://a.example/?b=1&c=2"


def test_cleaneval_address_from_the_gold(tmp_path: Path) -> None:
    """Without a wrapper the first line of the gold gives the address."""
    files: dict[str, str | bytes] = {
        "orig/1.html": '<html id="no"><p>Tea.',
        "clean/1.txt": "URL: http://b.example/\n<p>Tea.",
    }
    assert _read("cleaneval", _tree(tmp_path, files))["1"].header["url"] == "http://b.example/"


META = b'<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">'
ENCODINGS = [
    ("unset", LATIN, "windows-1252"),
    ("unknown- ", LATIN, "windows-1252"),
    ("iso-8859-2", LATIN, "iso-8859-2"),
    ("utf8", LATIN, None),
    ("iso-8859-1", META + LATIN, None),
    ("iso-8859-1", b"<p>plain", None),
    ("unset", "<p>Zoë".encode(), None),
]


@pytest.mark.parametrize(("noted", "body", "charset"), ENCODINGS)
def test_cleaneval_encoding(tmp_path: Path, noted: str, body: bytes, charset: str | None) -> None:
    """The truth is told only of a page that is not UTF-8 and says nothing; the wrapper may know."""
    page = _wrapped(f'encoding="{noted}"', body)
    root = _tree(tmp_path, {"orig/1.html": page, "clean/1.txt": ""})
    assert _read("cleaneval", root)["1"].header.get("charset") == charset


def test_cleanportaleval_resolves_character_references(tmp_path: Path) -> None:
    """Its files begin with an empty line, and its gold holds references; marks are cut before."""
    files: dict[str, str | bytes] = {
        "input/b.example_01.html": b"\n" + _wrapped('encoding="utf-8"'),
        "GoldStandard/b.example_01.txt": "\nURL: http://b/\n<h>Tea&#039;s &lt;p&gt;\n<p>&ldquo;Dry",
    }
    (page,) = _read("cleanportaleval", _tree(tmp_path, files)).values()
    assert page.id == "b.example_01"
    assert page.header["url"] == "http://a.example/?b=1&c=2"
    assert page.gold == [("text", "Tea's <p>\n“Dry")]


# pairs


def _imported(call: Callable[[str], Result], line: str) -> Result:
    return call(f"import pairs --from own {line}")


def test_pairs(tmp_path: Path, call: Callable[[str], Result], data: Path) -> None:
    """Two patterns and a name make a corpus of any two folders."""
    own: dict[str, str | bytes] = {
        "in/나.htm": LATIN,
        "in/b c.htm": "<p>b",
        "gold/나.md": "\ufeffTee\n\nGrün",
        "gold/b c.md": "",
    }
    _tree(tmp_path / "own", own)
    result = _imported(call, "--pages in/*.htm --gold gold/*.md --name mine")
    assert (result.exit_code, result.stdout) == (0, f"mine: 2 pages in {data / 'mine'}\n")
    assert re.fullmatch("content: [0-9a-f]{64}\n", result.stderr)
    gold = read_gold(data / "mine" / "gold" / "%EB%82%98.jsonl")
    assert isinstance(gold, TextGold)
    assert gold.text == "Tee\n\nGrün"
    assert (data / "mine/corpus/%EB%82%98.html").read_bytes() == LATIN
    assert (found("mine").version, len(found("mine").pages)) == ("0", 2)


PROBLEMS: list[tuple[Mapping[str, str | bytes], str, list[str]]] = [
    (
        {"html/a.html": "", "html/b.html": "", "text/b.txt": "", "text/c.txt": ""},
        "",
        ["html/a.html: no text of that name", "text/c.txt: no page of that name"],
    ),
    ({"html/a.html": ""}, "", ["no file matches 'text/*.txt'"]),
    (
        {"html/x/a.html": "", "html/y/a.html": "", "text/a.txt": ""},
        "--pages html/*/*.html",
        ["html/x/a.html: {own}/html/y/a.html has the same name"],
    ),
    ({"html/a.html": "", "text/a.txt": LATIN}, "", ["text/a.txt: not UTF-8"]),
    ({"html/a.html": ""}, "--gold /text", ["'/text': not a pattern below {own}"]),
    ({}, "--name ../x", ["--name '../x': letters, digits"]),
    ({}, "--name zyte", ["--name 'zyte': is the name of another dataset"]),
]


@pytest.mark.parametrize(("files", "line", "problems"), PROBLEMS)
def test_pairs_that_are_none(
    tmp_path: Path,
    call: Callable[[str], Result],
    files: Mapping[str, str | bytes],
    line: str,
    problems: list[str],
) -> None:
    """Every file without its fellow is named, and nothing is left behind."""
    _tree(tmp_path / "own", files).mkdir(exist_ok=True)
    result = _imported(call, line)
    assert result.exit_code == 2
    for problem in problems:
        assert problem.format(own=tmp_path / "own") in result.stderr
    assert not list((tmp_path / "imported").glob("*"))


def test_many_lone_files_are_counted(tmp_path: Path) -> None:
    """A pattern that fits nothing else names ten files, not thousands."""
    _tree(tmp_path, {f"html/{n}.html": "" for n in range(15)} | {"text/x.txt": ""})
    with pytest.raises(BenchError) as caught:
        list(datasets.load("pairs").pages(tmp_path))
    assert caught.value.problems[10:] == [f"{tmp_path}: 6 more such files"]


def test_options_of_another_dataset(tmp_path: Path) -> None:
    """A dataset that takes no option says so, and one that does names its own."""
    with pytest.raises(
        BenchError, match=r"--gold: dataset 'zyte' has no such option \(valid: none"
    ):
        import_dataset("zyte", tmp_path, gold="*.txt")
    assert datasets.load("pairs").options == ("pages", "gold")


# what all share


@settings(max_examples=40)
@given(strategies.lists(strategies.text(min_size=1, max_size=90), min_size=2, max_size=6))
def test_page_ids_are_plain_names(names: list[str]) -> None:
    """Two names never give one id, and every id is a file name on every system."""
    ids = [page_id(name.encode("utf-8", "replace").decode()) for name in names]
    for id in ids:
        assert re.fullmatch(r"[A-Za-z0-9_%-][A-Za-z0-9._%-]{0,239}", id)
    distinct = {name.encode("utf-8", "replace") for name in names}
    assert len(set(ids)) == len(distinct)
    assert page_id("\udcff") == "%FF"


def test_unknown_content_is_a_warning(tmp_path: Path) -> None:
    """After an import it is said whether the content is one that the card knows."""
    root = _tree(tmp_path / "set", {"orig/1.html": "", "clean/1.txt": ""})
    imported = import_dataset("cleaneval", root)
    assert re.match(
        r"warning: content [0-9a-f]{8} is not known \('sample' 4caa74a2\); .* 8b23906,",
        content("cleaneval", imported),
    )
