"""What all tests share: miniature corpora, made of labelled blocks."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings

from bench.cli import main
from tests.host import Host, serving

# The same examples on every machine, however slow it is
settings.register_profile("same", deadline=None, derandomize=True)
settings.load_profile("same")

Blocks = Sequence[tuple[str, str]]
# Three pages of one paragraph of content and one of boilerplate, on two sites
PAGES: Mapping[str, Blocks] = {
    "board/first": [("main-nav", "Home News"), ("title", "Tea"), ("body", "Green tea is dry.")],
    "board/second": [("title", "Rain"), ("body", "It rains."), ("comments", "Bring a hat!")],
    "wiki/third": [("body", "A wiki grows slowly."), ("copyright-legal", "© 2026 nobody")],
}


def make_corpus(
    folder: Path,
    pages: Mapping[str, Blocks] = PAGES,
    *,
    html: Mapping[str, str | bytes] | None = None,
    headers: Mapping[str, Mapping[str, Any]] | None = None,
) -> Path:
    """Write corpus/, gold/ and SHA256SUMS into a folder and return it.

    A page is its labelled blocks, by id `family/name`: each becomes a paragraph of the HTML, unless
    `html` gives the page's own. `headers` replaces keys of the gold's header (None: left out).
    """
    sums = ""
    for id, blocks in sorted(pages.items()):
        source = html[id] if html and id in html else _paragraphs(blocks)
        data = source.encode() if isinstance(source, str) else source
        _write(folder / "corpus" / f"{id}.html", data)
        sums += f"{hashlib.sha256(data).hexdigest()}  {id}.html\n"
        lines = [_header(id, (headers or {}).get(id, {})), *map(list, blocks)]
        gold = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        _write(folder / "gold" / f"{id}.jsonl", gold.encode())
    _write(folder / "corpus" / "SHA256SUMS", sums.encode())
    return folder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return the folder of a corpus of PAGES."""
    return make_corpus(tmp_path / "mini")


@pytest.fixture
def extractor(tmp_path: Path) -> Callable[[str, str], Path]:
    """Return a function that writes an extractor file from its name and its source."""

    def write(name: str, source: str) -> Path:
        return _write(tmp_path / "extractors" / f"{name}.py", source.encode())

    return write


@pytest.fixture
def imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where imported corpora go; temporary files go to `scratch` beside it."""
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    monkeypatch.setenv("BOILERBENCH_DATA", str(tmp_path / "imported"))
    return tmp_path / "imported"


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Result]:
    """Return a function that runs a command line in an empty folder, with nothing imported."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOILERBENCH_DATA", str(tmp_path / "imported"))
    return lambda line: CliRunner().invoke(main, line.split())


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """Give a web server on the loopback, reached without a proxy, tried again without a pause."""
    monkeypatch.setattr("bench.download.PAUSE_S", 0.001)
    for name in ("http_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with serving() as one:
        yield one


def _paragraphs(blocks: Blocks) -> str:
    body = "\n".join(f"<p>{text}</p>" for _, text in blocks)
    return f'<!doctype html><meta charset="utf-8"><title>-</title>\n<body>\n{body}\n'


def _header(id: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    family, _, name = id.rpartition("/")
    header = {
        "page": id,
        "url": f"http://{family or name}.example/{name}",
        "content_type": "text/html; charset=utf-8",
        "language": "en",
        "site": family or name,
        "family": family,
        "page_type": "article",
        "guidelines": "1.0",
        "labelled_by": ["first"],
        "notes": "",
        **changes,
    }
    return {key: value for key, value in header.items() if value is not None}


def _write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
