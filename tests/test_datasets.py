"""Public datasets, imported from local archives: what comes in, and what it can be used for."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from bench import datasets, metrics
from bench.corpus import Page, found
from bench.gold import TextGold, read_gold
from bench.importing import import_dataset
from tests.layouts import HTML, PACKINGS, WCXB, packed, wcxb_layout, zyte_layout
from tests.textgold import pack
from tests.written import written

Call = Callable[[str], Result]
LAYOUTS: Mapping[str, Callable[..., Path]] = {"zyte": zyte_layout, "wcxb": wcxb_layout}
BOTH = pytest.mark.parametrize("name", LAYOUTS)
pytestmark = pytest.mark.usefixtures("imported")
# Page; site; page type; text; snippets that must and must not appear
PAGES: Mapping[str, list[tuple[str, str, str, str, tuple[str, ...], tuple[str, ...]]]] = {
    "zyte": [
        ("0a", "0a", "article", "Green tea is dry.\n\nIt is.", (), ()),  # no registrable domain
        ("0b", "rain.co.uk", "article", "It rains.", (), ()),
        ("0c", "0c", "article", "", (), ()),
    ],
    "wcxb": [
        (
            *("dev/0001", "tea.com", "collection", "Green tea is dry."),
            *(("Green tea",), ("Log in", "Home")),
        ),
        ("dev/0002", "dev/0002", "article", "", (), ()),
        ("test/0001", "test/0001", "forum", "It rains.", (), ()),
    ],
}


@BOTH
@pytest.mark.parametrize("packing", PACKINGS)
def test_packings(tmp_path: Path, imported: Path, name: str, packing: str) -> None:
    """The same pages come from a folder and from archives, wrapped in a folder or not."""
    corpus = import_dataset(name, packed(LAYOUTS[name](tmp_path / "layout"), packing))
    assert corpus.root == imported / name
    assert [_facts(page.gold_path) for page in corpus.pages] == PAGES[name]
    assert {page.html() for page in corpus.pages} == {HTML}
    assert [*imported.iterdir()] == [imported / name]
    assert [*(tmp_path / "scratch").iterdir()] == []


def test_one_split(tmp_path: Path) -> None:
    """An archive of one split, or its folder, is that split."""
    wcxb_layout(tmp_path / "a", {"dev/0001": WCXB["dev/0001"]})
    for source in (tmp_path / "a", tmp_path / "a/dev", packed(tmp_path / "a", "gztar")):
        corpus = import_dataset("wcxb", source, force=True)
        assert [(page.id, page.header.split) for page in corpus.pages] == [("dev/0001", "dev")]


@BOTH
def test_the_card_comes_along(tmp_path: Path, name: str) -> None:
    """An imported corpus is found by name, and knows its version, licence and snippets."""
    card = datasets.load(name).card
    import_dataset(name, LAYOUTS[name](tmp_path / "layout"))
    corpus = found(name)
    assert (corpus.name, corpus.version) == (name, card.commit[:7])
    assert (corpus.card["licence"], corpus.has_snippets) == (card.licence, card.snippets)
    assert corpus.card["bibtex"] == card.bibtex


ODD: list[tuple[dict[str, Any], bytes, tuple[str, str, str]]] = [
    # a gold of zyte; bytes of its page; url, site and text
    ({"articleBody": "Tea"}, HTML, ("", "x", "Tea")),  # no url
    ({"articleBody": "Tea", "url": None}, HTML, ("", "x", "Tea")),
    (
        {"articleBody": None, "url": "https://a.tea.com/"},
        HTML,
        ("https://a.tea.com/", "tea.com", ""),
    ),
    ({"url": "no url"}, HTML, ("no url", "x", "")),
    ({"articleBody": " \n"}, HTML, ("", "x", " \n")),
    ({"articleBody": "차\u2028茶\x85"}, "차".encode("euc-kr"), ("", "x", "차\u2028茶\x85")),
    ({"articleBody": "T"}, b"\xff\xfe\x00\r\n\r\n", ("", "x", "T")),  # bytes are kept as they are
    ({"articleBody": "T"}, b"", ("", "x", "T")),
]


@pytest.mark.parametrize(("gold", "html", "expected"), ODD)
def test_odd_pages(
    tmp_path: Path, gold: dict[str, Any], html: bytes, expected: tuple[str, str, str]
) -> None:
    """A page without url or gold comes in all the same, its bytes and gold unchanged."""
    (page,) = import_dataset("zyte", zyte_layout(tmp_path / "z", {"x": gold}, {"x": html})).pages
    read = read_gold(page.gold_path)
    assert isinstance(read, TextGold)
    assert (page.header.url, page.header.site, read.text) == expected
    assert page.html() == html


def test_listed_and_found(tmp_path: Path, call: Call) -> None:
    """A corpus goes by its name once it is imported, and only then."""
    LAYOUTS["zyte"](tmp_path / "layout")
    _write_predictions(tmp_path / "x.jsonl")
    before = call("score --predictions x.jsonl --corpus zyte")
    assert before.stderr.splitlines() == [
        "error: no corpus 'zyte': neither a folder nor imported (none is)",
        "hint: boilerbench import zyte (see: boilerbench list corpora)",
    ]
    assert re.search(r"^zyte +no ", call("list corpora").stdout, re.MULTILINE)
    assert call("import zyte --from layout").exit_code == 0
    assert re.search(r"^zyte +yes ", call("list corpora").stdout, re.MULTILINE)
    assert "on zyte@4a3bc97, 3 pages" in call("score --predictions x.jsonl --corpus zyte").stdout


NEEDS = [
    # dataset; command; what is said, None where it works
    ("zyte", "report run --metric lcs", None),
    ("wcxb", "report run --metric trafilatura-snippets", None),
    ("zyte", "report run --metric blocks", "metric 'blocks' needs gold of type 'blocks'; zyte has"),
    ("wcxb", "compare run run --metric blocks", "metric 'blocks' needs gold of type 'blocks'"),
    ("wcxb", "metrics run --with lcs --with blocks", "metric 'blocks' needs gold of type 'blocks'"),
    (
        "zyte",
        "score run --metric trafilatura-snippets",
        "metric 'trafilatura-snippets' needs gold of type 'snippets'; zyte has 'text'",
    ),
    ("zyte", "report run --by kind", "this needs labelled blocks"),
    ("wcxb", "report run --by leak", "this needs labelled blocks"),
]


@pytest.mark.parametrize(("name", "line", "message"), NEEDS)
def test_weaker_gold(tmp_path: Path, call: Call, name: str, line: str, message: str | None) -> None:
    """What needs labelled blocks or snippets says so where gold has none."""
    corpus = import_dataset(name, LAYOUTS[name](tmp_path / "layout"))
    written(tmp_path / "run", corpus.root, {"x": dict.fromkeys(corpus.by_id(), "It rains.")})
    result = call(line)
    assert result.exit_code == (2 if message else 0)
    assert (message or "") in result.stderr
    assert bool(result.stdout) != bool(message)


def test_all_usable_metrics(tmp_path: Path, call: Call) -> None:
    """Without names, `metrics` takes those that the gold allows."""
    columns = {}
    for name in LAYOUTS:
        corpus = import_dataset(name, LAYOUTS[name](tmp_path / f"layout-{name}"))
        written(tmp_path / name, corpus.root, {"x": dict.fromkeys(corpus.by_id(), "It rains.")})
        (row, *_) = json.loads(call(f"metrics {name} --format json").stdout)["rows"]
        columns[name] = {*row} - {"extractor"}
    all_but_blocks = {*metrics.names()} - {"blocks", "char_lcs", "levenshtein_chars"}
    assert columns["wcxb"] == all_but_blocks
    assert columns["zyte"] == all_but_blocks - {"trafilatura-snippets"}


PACKS: list[tuple[str, str, int, list[str]]] = [
    # dataset; archive; pages; SHA-256 of the records 0, 9 and last
    (
        "zyte",
        "zyte/zyte-aeb.tar.gz",
        181,
        [
            "3699c2dae6e1d468092143cdd16ba34517d7ae84cd81a8cb1c0970cda0203a47",
            "99271adbba45bfea5ae4138f3e12d5dd0e21e49a569771c98e86798bf42b4b24",
            "e06a2d2d2391596a4505ac8ca5efc6010b514daf0e1e1c716430895ef44d4dda",
        ],
    ),
    (
        "wcxb",
        "wcxb-dev/wcxb-dev.tar.gz",
        1308,
        [
            "ebca9ae54022c58dc6646f3226fa0545c7547c60c071dbc5848af2af395c2b62",
            "a14590901b10b0ec4d25f1317ef3039b380664276e776a4876eb6c335756b68e",
            "2c45bde47be02670d073e8aee7f9167a5974ecec204c0ab8c63303af3e9b7f6f",
        ],
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "archive", "count", "pins"), PACKS)
def test_packs(name: str, archive: str, count: int, pins: list[str]) -> None:
    """The real datasets have so many pages, and these records, gold and header."""
    pages = import_dataset(name, pack(archive)).pages
    assert len(pages) == count
    assert [_pin(pages[place]) for place in (0, 9, -1)] == pins


def _pin(page: Page) -> str:
    """Return the SHA-256 of a record's canonical JSON: header and gold, and the page's bytes."""
    lines = [json.loads(line) for line in page.gold_path.read_bytes().splitlines()]
    canonical = json.dumps([*lines, page.sha256], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _facts(path: Path) -> tuple[str, str, str, str, tuple[str, ...], tuple[str, ...]]:
    gold = read_gold(path)
    assert isinstance(gold, TextGold)
    header = gold.header
    return header.page, header.site, header.page_type, gold.text, gold.present, gold.absent


def _write_predictions(path: Path) -> None:
    path.write_text(json.dumps({"page": "0b", "text": "It rains."}))
