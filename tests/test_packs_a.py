"""The packs of trafilatura, CleanEval, Zyte and WCXB: counts, and whole records by their digest."""

import hashlib
import json
import os
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from bench.corpus import Page
from bench.importing import content, import_dataset

PACKS = os.environ.get("BOILERBENCH_PACKS")


class Pack(NamedTuple):
    """Where a pack is, what its SOURCE.md counts, and the records 0, 9 and last of its import."""

    dataset: str
    archive: str
    pages: int
    labels: dict[str, int]
    part: str
    records: list[str]


KNOWN = [
    Pack(
        "trafilatura",
        "trafilatura-eval/trafilatura-eval.tar.gz",
        990,
        {"present": 2951, "absent": 2966},
        "all",
        [
            "857814e21e0177d5be10c789934ee948e0b0cbf2bd02df7ea34874ef9768fb6f",
            "50273c2f038d696cf6254cec257346bd7af136adfc03b6189e3aa65771229dd5",
            "26745781675c4e6d966e0637e5018e9f396a27c05df0452c0f570075073ce6fb",
        ],
    ),
    Pack(
        "cleaneval",
        "cleaneval/cleaneval-sample.tar.gz",
        100,
        {"text": 100},
        "sample",
        [
            "3c831315c8fe3b62e915ae3780cb91469583554c16daa8a5950ed83e3ec94cca",
            "015cd3a5c1b9a2ede50f16b217894a177d104eb5b944d4b62ad8316fb00e77c1",
            "3c55e22e7637aebb781f97b71d1c29657f3a651b6c4cc422180f9d367846de60",
        ],
    ),
    Pack(
        "zyte",
        "zyte/zyte-aeb.tar.gz",
        181,
        {"text": 181},
        "all",
        [
            "6fc8472ee74d8fdb23f04d38d978a688f5dba343333fa40d38fb63a401fc972e",
            "0107e2def7349d572d2f96722c50149ecfe08f7453b1ba422c2b44402435ac18",
            "5b5433bbb9e6a83bed4bd690bbcd8bb887e2999b25f78482eddfc616ce78a91e",
        ],
    ),
    Pack(
        "wcxb",
        "wcxb-dev/wcxb-dev.tar.gz",
        1308,
        {"text": 1308, "present": 5827, "absent": 5047},
        "dev part",
        [
            "b497003939f79e463c74192f2d57d82e513bbc75e95f95c9e33dcc4997440b26",
            "0a6dca1f7fa7ae6c6326b5aebc39b41f9c17f281c8fd0d90cf1cce060d5bb85c",
            "eab1731d13a49c2ab4b303b793c1291a00c5e0b53d31a0b4b503e90daa3c4b30",
        ],
    ),
]


@pytest.mark.skipif(not PACKS, reason="BOILERBENCH_PACKS does not name the folder of the packs")
@pytest.mark.parametrize("pack", KNOWN, ids=lambda pack: pack.dataset)
def test_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Pack) -> None:
    """The pack gives as many pages and labels as its SOURCE.md says, and the known records."""
    monkeypatch.setenv("BOILERBENCH_DATA", str(tmp_path))
    imported = import_dataset(pack.dataset, Path(PACKS or "") / pack.archive)
    records = [_record(page) for page in imported.pages]
    labels = Counter(kind for record in records for kind, _ in record[1:-1])
    assert (len(records), labels) == (pack.pages, pack.labels)
    assert [_digest(records[number]) for number in (0, 9, -1)] == pack.records
    said = content(pack.dataset, imported)
    assert said.startswith(f"content: {pack.part!r} of commit")


def _record(page: Page) -> list[list[str]]:
    """Return all that is stored of a page: header, labels, and the SHA-256 of its bytes."""
    lines = page.gold_path.read_bytes().splitlines()
    html = hashlib.sha256(page.html()).hexdigest()
    return [*(json.loads(line) for line in lines), [html]]


def _digest(record: list[list[str]]) -> str:
    line = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()
