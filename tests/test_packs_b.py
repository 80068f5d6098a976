"""The real packs of webmainbench, cwced, fundus and waddle: counts, and whole records by digest."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from bench import archives, datasets
from bench.datasets import Imported
from bench.importing import content, import_dataset
from bench.pagetext import decode, page_text
from bench.text import tokens

PACKS = os.environ.get("BOILERBENCH_PACKS")
pytestmark = pytest.mark.skipif(
    not PACKS, reason="BOILERBENCH_PACKS does not name the folder of the packs"
)

# name, archive, pages by language, part of the commit, records 0, 9 and last
PINS: list[tuple[str, str, dict[str, int], str, dict[int, str]]] = [
    (
        "webmainbench",
        "webmainbench-samples/webmainbench-samples.tar.gz",
        {"en": 3, "zh": 1, "und": 1},
        "sample",
        {
            0: "7e4925b052d15228d3120eba3464c6b2ff43673cb451ed88245e79434ba934d9",
            -1: "1a276c9bbeddf52c0dcbdb6e48304fd8425d46d132294e83575d58b0c33dc437",
        },
    ),
    (
        "cwced",
        "cwced/cwced.tar.gz",
        {"zh": 69},
        "all",
        {
            0: "b5d959bf8d76d9071be989613cee54dd88f0ef486f187e80a4eb9c2b60a50865",
            9: "c420cf03acb62167278416d53db56be759ab76676ef0317a3f83334ebfc7ad97",
            -1: "d4bfa4184456a47b32b07c5aa33879734f37dbb84288f50fe3eabbb4bdf81436",
        },
    ),
    (
        "fundus",
        "fundus-nonlatin/fundus-nonlatin.tar.gz",
        {
            "ja": 8,
            "tr": 5,
            "ko": 4,
            "en": 3,
            "ru": 2,
            **dict.fromkeys(("ar", "de", "hi", "vi", "zh"), 1),
        },
        "sample",
        {
            0: "deb8ba1b7ef91f26bb0086fc00763561dfaef27627c5f22d95baf35279ffa2ea",
            9: "bb568b4cec94cc4f738d875da864c9dcf814bd25dd8b065505d98590b217152b",
            -1: "9a4a003327877652f24167f7313b71f5b2a9107064015858cad4521d17f99e88",
        },
    ),
    (
        "waddle",
        "waddle-sample/waddle-sample.tar.gz",
        {"el": 50, "pl": 43, "ru": 7},
        "sample",
        {
            0: "d91c3f82ff4d69d80a6d10893a1618a5e2be9c7fa2c88409f9ab7e9f2dac8e04",
            9: "05207b89da257c5b09a8ebcfedd8fab70b8c13f902e6e1884bb30e87b6a988b1",
            -1: "a47f241e0d0d13c33bf570d201219967924cffad2dfdd65d69095f3954d47cd3",
        },
    ),
]


@pytest.mark.parametrize(("name", "archive", "languages", "part", "records"), PINS)
def test_pack(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    name: str,
    archive: str,
    languages: Mapping[str, int],
    part: str,
    records: Mapping[int, str],
) -> None:
    """The pack gives the pages that its SOURCE.md counts, and the known records."""
    monkeypatch.setenv("BOILERBENCH_DATA", str(tmp_path / "data"))
    folder = archives.unpack(Path(PACKS or "") / archive, tmp_path / "unpacked")
    found = list(datasets.load(name).pages(folder))
    assert Counter(page.header["language"] for page in found) == languages
    assert {kind for page in found for kind, _ in page.gold} == {"text"}
    assert {number: _record(found[number]) for number in records} == records
    assert content(name, import_dataset(name, folder)).startswith(f"content: {part!r} of commit")


# Where gold is not in the page, by SOURCE.md or by its own paging, and what share of it is
PARTLY = {
    "kr/HankookIlbo_2026_01_29": 0.0,
    "20111121_www.we-dwoje.pl_23e8eed1174fe689688251122a4acf4ece6619471fe85bc7bc656aa6": 0.34,
    "20111121_www.we-dwoje.pl_5f8a356d92a7613cf2dd5ff4321157c618efbe8e001dd639eba48013": 0.52,
    "20111121_www.we-dwoje.pl_590fe2663d5fb205f7b17d24b1ae2adfda99081a33566895def4fd99": 0.59,
}


@pytest.mark.parametrize(("name", "archive"), [(name, archive) for name, archive, *_ in PINS])
def test_gold_is_in_the_page(tmp_path: Path, name: str, archive: str) -> None:
    """With the right encoding, version and paragraphs the page has what its gold asks for."""
    folder = archives.unpack(Path(PACKS or "") / archive, tmp_path / "unpacked")
    for page in datasets.load(name).pages(folder):
        html = decode(page.html, page.header["content_type"], page.header.get("charset"))
        gold, text = (Counter(tokens(one)) for one in (page.gold[0][1], page_text(html)))
        share = (gold & text).total() / gold.total()
        known = PARTLY.get(page.id)
        assert share > 0.97 if known is None else known <= share < known + 0.01, page.id


def test_cwced_tells_the_charset_of_pages_that_do_not(tmp_path: Path) -> None:
    """Of 47 pages in GB 18030 ten are silent; 49 pages name their address in the first line."""
    folder = archives.unpack(Path(PACKS or "") / "cwced" / "cwced.tar.gz", tmp_path / "unpacked")
    headers = [page.header for page in datasets.load("cwced").pages(folder)]
    assert Counter(header.get("charset") for header in headers) == {None: 59, "gb18030": 10}
    assert sum(header["url"].startswith("http://") for header in headers) == 49


def _record(page: Imported) -> str:
    """Return the SHA-256 of a page's canonical JSON, its bytes given by theirs."""
    html = hashlib.sha256(page.html).hexdigest()
    data = {"id": page.id, "html": html, "header": page.header, "gold": page.gold}
    line = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()
