"""Imports from a host on the loopback: the whole way, and every way in which it ends early."""

import errno
import gzip
import io
import json
import re
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from bench import archives, corpus, datasets
from bench.datasets import Imported, zyte
from tests.host import Host, gives, says

Call = Callable[[str], Result]
PAGES = {"a1": "Tea is dry.", "b2": "Rain is wet."}
COMMIT = zyte.CARD.commit
KEPT = {f"zyte-{COMMIT}", f"zyte-{COMMIT}.json"}


def _packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(f"benchmark-4a3bc97/{name}")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return out.getvalue()


def _archive(pages: dict[str, str]) -> bytes:
    truth = {
        id: {"articleBody": text, "url": f"http://{id}.example/"} for id, text in pages.items()
    }
    html = {f"html/{id}.html.gz": gzip.compress(text.encode()) for id, text in pages.items()}
    return _packed({"ground-truth.json": json.dumps(truth).encode(), **html})


MINI = _archive(PAGES)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: Host) -> Path:
    """Give the data folder; the card of zyte names the host, which serves a miniature of it."""
    monkeypatch.setenv("BOILERBENCH_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(zyte, "CARD", replace(zyte.CARD, archive=f"{host.url}/tar.gz/{COMMIT}"))
    host.acts = [gives(MINI)]
    return tmp_path / "data"


def _left(data: Path) -> set[str]:
    """Return what is in the data folder, and check that no corpus is half there."""
    names = {path.name for path in data.glob("*")}
    assert names <= {".downloads", "zyte"}
    if "zyte" in names:
        corpus.open_corpus(data / "zyte")
    return {path.name for path in data.glob(".downloads/*")} | (names - {".downloads"})


def _check_imported(result: Result, data: Path) -> None:
    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"zyte: 2 pages in {data / 'zyte'}\n"
    assert [page.id for page in corpus.found("zyte").pages] == list(PAGES)
    assert corpus.found("zyte").pages[0].html() == b"Tea is dry."


def test_a_dataset_is_downloaded(call: Call, data: Path, host: Host) -> None:
    """Without --from the card's archive is downloaded, once; --force needs no host."""
    result = call("import zyte")
    _check_imported(result, data)
    assert result.stderr.startswith(f"downloading: {host.url}/tar.gz/{COMMIT}\n")
    assert _left(data) == {"zyte", *KEPT}
    assert "exists already" in call("import zyte").stderr
    _check_imported(call("import zyte --force"), data)
    assert len(host.asked) == 1


def test_a_mirror(call: Call, data: Path, host: Host) -> None:
    """--from takes an address, and asks it even where another one's archive is kept."""
    _check_imported(call("import zyte"), data)
    host.acts = [gives(_archive({"c3": "Snow is cold."}))]
    assert call(f"import zyte --force --from {host.url}/mirror.zip").exit_code == 0
    assert host.asked[-1]["path"] == "/mirror.zip"
    assert [page.id for page in corpus.found("zyte").pages] == ["c3"]


SUM = sha256(MINI).hexdigest()


@pytest.mark.parametrize("given", [SUM, SUM.upper()], ids=["small", "capital"])
@pytest.mark.parametrize("source", ["", "--from mini.tar.gz"])
def test_the_right_sum(call: Call, data: Path, given: str, source: str) -> None:
    """A sum is checked wherever the archive comes from."""
    Path("mini.tar.gz").write_bytes(MINI)
    _check_imported(call(f"import zyte --sha256 {given} {source}"), data)


MISUSE = {
    # what follows `import`; the first problem; the hint
    "zyte --sha256 12": ("--sha256 12: not 64 hexadecimal digits", ""),
    "zyte --from mini.tar.gz --sha256 " + "0" * 64: (
        f"mini.tar.gz: SHA-256 is {SUM}, expected 0{{64}}",
        f"fetch it from {zyte.CARD.url}",
    ),
    "zyte --from . --sha256 " + "0" * 64: (
        r"\.: a folder has no SHA-256",
        "leave out --sha256",
    ),
    "zyte --from none.tar.gz": (
        "none.tar.gz: no such file or folder",
        f"fetch it from {zyte.CARD.url}",
    ),
    "zyte --from ftp://host.example/x": (
        "ftp://host.example/x: not an http",
        "only http:// and https:// are downloaded",
    ),
    "pairs": ("pairs: not to be had as one file", "name what you have of it with --from DIR"),
}


@pytest.mark.parametrize(("words", "told"), MISUSE.items())
def test_misuse(call: Call, data: Path, host: Host, words: str, told: tuple[str, str]) -> None:
    """What cannot be is said before anything is asked for or written."""
    Path("mini.tar.gz").write_bytes(MINI)
    result = call(f"import {words}")
    problem, *hint = result.stderr.splitlines()
    assert re.match(f"error: {told[0]}", problem)
    assert hint == ([f"hint: {told[1]}"] if told[1] else [])
    assert (result.exit_code, result.stdout) == (2, "")
    assert (_left(data), host.asked) == (set(), [])


def test_no_host(call: Call, data: Path, host: Host) -> None:
    """The hint is what to fetch by hand, and the command for then; that command works."""
    host.acts = [says(404)]
    result = call("import zyte")
    file, address = "zyte-4a3bc97.tar.gz", f"{host.url}/tar.gz/{COMMIT}"
    problem, hint = result.stderr.splitlines()[1:]
    assert problem == f"error: {address}: HTTP 404 Not Found"
    assert f"where there is a network: curl -Lo {file} {address}; then" in hint
    assert hint.endswith(f"boilerbench import zyte --from {file}")
    assert _left(data) == set()
    Path(file).write_bytes(MINI)
    _check_imported(call(f"import zyte --from {file}"), data)


# The tar's first member is a block of header and one of text
BETWEEN = 2 * 512
BAD = {
    # an archive that came whole; what is said of it
    "cut, as its length promised": (MINI[: len(MINI) // 2], "cannot be unpacked"),
    "cut behind the last page": (MINI[:-20], "cannot be unpacked"),
    "cut between two pages": (gzip.decompress(MINI)[:BETWEEN], "does not end as archives do"),
    "another checksum": (MINI[:-8] + bytes(8), "CRC check failed"),
    "changed": (MINI[:60] + bytes(20) + MINI[80:], "cannot be unpacked"),
    "empty": (b"", "cannot be unpacked"),
    "a page instead": (b"<!doctype html><p>Please log in.", "cannot be unpacked"),
    "a bomb": (_packed({"zeros": bytes(1 << 22)}), "over the limit of 100000 files, 2 times"),
    "another set": (_packed({"README": b"hello"}), "not laid out as zyte is at commit 4a3bc97"),
    "no page": (_archive({}), "no page found"),
}


@pytest.fixture
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_RATIO", 2)


@pytest.mark.usefixtures("_narrow")
@pytest.mark.parametrize(("archive", "told"), BAD.values(), ids=BAD)
def test_a_bad_archive_is_not_kept(
    call: Call, data: Path, host: Host, archive: bytes, told: str
) -> None:
    """A downloaded archive that is none is deleted, its address is told, and the next call asks."""
    host.acts = [gives(archive), gives(MINI)]
    result = call("import zyte")
    assert result.exit_code == 2
    assert told in result.stderr
    address = f"{host.url}/tar.gz/{COMMIT}"
    assert f"error: zyte-{COMMIT} came from {address}; it is deleted again" in result.stderr
    assert _left(data) == set()
    _check_imported(call("import zyte"), data)


def _ends_early(error: BaseException) -> Callable[[Path], Iterator[Imported]]:
    def pages(folder: Path) -> Iterator[Imported]:
        yield next(zyte_pages(folder))
        raise error

    zyte_pages = zyte.pages
    return pages


EARLY = {
    # what ends the import after its first page; what is said then, and the exit code
    "interrupted": (KeyboardInterrupt(), "Aborted!", 1),
    "full": (OSError(errno.ENOSPC, "No space left"), "data: cannot be written (No space left)", 2),
}


@pytest.mark.parametrize("before", ["", "import zyte"])
@pytest.mark.parametrize("early", EARLY)
def test_an_import_that_ends_early(
    call: Call, data: Path, host: Host, early: str, before: str
) -> None:
    """Nothing half-made is visible, what there was before stands, the next call needs no host."""
    if before:
        _check_imported(call(before), data)
    error, told, code = EARLY[early]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zyte, "pages", _ends_early(error))
        result = call("import zyte --force")
    assert told in result.stderr
    assert result.exit_code == code
    assert _left(data) == {*KEPT, *(["zyte"] if before else [])}
    _check_imported(call("import zyte --force"), data)
    assert len(host.asked) == 1


def test_a_disk_that_is_full_while_unpacking(
    call: Call, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no fault of the archive, which is kept."""

    def full(*_: Any) -> None:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        result = call("import zyte")
    assert f"error: {data}: cannot be written (Disk quota exceeded)" in result.stderr
    assert "BOILERBENCH_DATA" in result.stderr
    assert _left(data) == KEPT
    _check_imported(call("import zyte"), data)


def test_a_data_folder_that_cannot_be(call: Call, data: Path) -> None:
    """A file in its place is told like a full disk, before anything is asked for."""
    data.write_text("")
    assert f"error: {data}: cannot be written (File exists)" in call("import zyte").stderr


def test_gold_that_cannot_be_read_again_is_never_visible(
    call: Call, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A corpus is opened, and thereby checked, before it takes its place."""
    card = replace(zyte.CARD, gold="tea leaves")
    monkeypatch.setattr("bench.datasets.load", lambda _: datasets.Dataset(card, zyte.pages))
    assert call("import zyte").exit_code == 2
    assert not (data / "zyte").exists()
