"""Archives are hostile input: what is unpacked, and what is refused before it does harm."""

import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench import archives
from bench.archives import unpack
from bench.errors import BenchError

PAGE = b"<p>Green tea is dry."
Make = Callable[[Path], object]


def _tar(path: Path, *members: tuple[str, bytes], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as tar:  # type: ignore[call-overload]
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path


def _zip(path: Path, *members: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members:
            packed.writestr(name, content)
    return path


@pytest.mark.parametrize("make", [_tar, _zip])
def test_files_come_out_as_they_are(tmp_path: Path, make: Callable[..., Path]) -> None:
    """Every file is there, byte for byte, in its folder, and nothing else is."""
    members = {"a.html": PAGE, "b/c/d.html": b"\r\n\x00", "b/비.html": b"", "./e": b"e"}
    found = unpack(make(tmp_path / "x", *members.items()), _target(tmp_path))
    assert found == tmp_path / "target"
    assert _content(found) == {name.removeprefix("./"): data for name, data in members.items()}


@pytest.mark.parametrize("make", [_tar, _zip])
def test_one_folder_is_gone_into(tmp_path: Path, make: Callable[..., Path]) -> None:
    """Where all lies in one folder, as in archives of a forge, that is the content."""
    members = [("repo-4a3bc97/a.html", PAGE), ("repo-4a3bc97/b/c.html", PAGE)]
    found = unpack(make(tmp_path / "x", *members), _target(tmp_path))
    assert _content(found) == {"a.html": PAGE, "b/c.html": PAGE}


OUTSIDE = ["../evil", "a/../../evil", "/tmp/evil", "..\\evil", "C:\\evil", "C:evil", "\\evil", "."]


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("make", [_tar, _zip])
def test_paths_outside(tmp_path: Path, make: Callable[..., Path], name: str) -> None:
    """A name that points outside the archive is refused, whatever wrote it."""
    problem = _refused(tmp_path, make(tmp_path / "x", ("good.html", PAGE), (name, b"evil")))
    assert problem.endswith("points outside the archive")
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {"good.html", "x"}


MEMBERS = [
    # type of a member of a tar; what it points to
    (tarfile.SYMTYPE, "/etc/passwd"),
    (tarfile.SYMTYPE, "good.html"),
    (tarfile.LNKTYPE, "../x"),
    (tarfile.LNKTYPE, "good.html"),
    (tarfile.CHRTYPE, ""),
    (tarfile.BLKTYPE, ""),
    (tarfile.FIFOTYPE, ""),
]


@pytest.mark.parametrize(("kind", "points_to"), MEMBERS)
def test_links_and_devices(tmp_path: Path, kind: bytes, points_to: str) -> None:
    """A link or a device is refused, also one that points inside."""
    with tarfile.open(tmp_path / "x", "w:gz") as tar:
        good, evil = tarfile.TarInfo("good.html"), tarfile.TarInfo("evil")
        evil.type, evil.linkname = kind, points_to
        tar.addfile(good)
        tar.addfile(evil)
    assert _refused(tmp_path, tmp_path / "x").endswith("'evil' is a link or a device")
    assert [path.name for path in (tmp_path / "target").iterdir()] == ["good.html"]


def test_a_link_in_a_zip_is_a_file(tmp_path: Path) -> None:
    """A link in a zip comes out as a file of its target's name, and points nowhere."""
    info = zipfile.ZipInfo("link")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "x", "w") as packed:
        packed.writestr(info, "/etc/passwd")
        packed.writestr("a", "b")
    target = unpack(tmp_path / "x", _target(tmp_path))
    assert not (target / "link").is_symlink()
    assert (target / "link").read_text() == "/etc/passwd"


@pytest.mark.parametrize("make", [_tar, _zip])
def test_bombs(tmp_path: Path, make: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """What unpacks to more than so many times its size is refused before it is written."""
    monkeypatch.setattr(archives, "MOST_RATIO", 2)  # of 1 MiB at least
    members = [(f"{n}", bytes(700_000)) for n in range(4)]
    problem = _refused(tmp_path, make(tmp_path / "x", *members))
    assert "3 files, 2100000 bytes unpacked: over the limit of" in problem
    assert sum(map(len, _content(tmp_path / "target").values())) == 1_400_000


@pytest.mark.parametrize("make", [_tar, _zip])
@pytest.mark.parametrize(("limit", "value"), [("MOST_FILES", 3), ("MOST_BYTES", 39)])
def test_limits(
    tmp_path: Path,
    make: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    value: int,
) -> None:
    """So many files and bytes are enough, one more is not."""
    monkeypatch.setattr(archives, limit, value)
    few = make(tmp_path / "few", *((f"{n}", bytes(13)) for n in range(3)))
    assert len(_content(unpack(few, _target(tmp_path)))) == 3
    many = make(tmp_path / "many", *((f"{n}", bytes(13)) for n in range(4)))
    assert "over the limit" in _refused(tmp_path, many)


def test_a_zip_that_lies_about_a_size(tmp_path: Path) -> None:
    """A file that is longer than the zip says is refused, and not written at length."""
    data = bytearray(_zip(tmp_path / "x", ("a", bytes(900_000))).read_bytes())
    directory = data.index(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (9).to_bytes(4, "little")
    (tmp_path / "x").write_bytes(data)
    assert "cannot be unpacked (Bad CRC-32 for file 'a')" in _refused(tmp_path, tmp_path / "x")
    assert (tmp_path / "target/a").stat().st_size <= 9


def _encrypted(path: Path) -> None:
    data = bytearray(_zip(path, ("a", PAGE)).read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)


def _of_another_method(path: Path) -> None:
    data = bytearray(_zip(path, ("a", PAGE)).read_bytes())
    data[8] = data[data.index(b"PK\x01\x02") + 10] = 99
    path.write_bytes(data)


BROKEN: list[tuple[str, Make]] = [
    # what is wrong; what makes the archive
    ("no archive", lambda path: path.write_bytes(PAGE)),
    ("empty", lambda path: path.write_bytes(b"")),
    ("a file where a folder is", lambda path: _tar(path, ("a/b", PAGE), ("a", PAGE))),
    ("a folder where a file is", lambda path: _zip(path, ("a", PAGE), ("a/b", PAGE))),
    ("a name too long", lambda path: _tar(path, ("a" * 300, PAGE))),
    ("encrypted", _encrypted),
    ("an unknown method", _of_another_method),
]


@pytest.mark.parametrize(("case", "make"), BROKEN, ids=[case for case, _ in BROKEN])
def test_broken_archives(tmp_path: Path, case: str, make: Make) -> None:
    """What cannot be unpacked is said in one line, with what to do now."""
    make(tmp_path / "x")
    assert ": cannot be unpacked (" in _refused(tmp_path, tmp_path / "x")


def _pages() -> Iterator[tuple[str, bytes]]:
    for n in range(6):
        yield f"{n}", bytes((n * i * i) % 251 for i in range(900))


@pytest.mark.parametrize("mode", ["w:", "w:gz", "w:bz2", "w:xz", "zip"])
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 0.999))
def test_truncated_archives(
    tmp_path_factory: pytest.TempPathFactory, mode: str, share: float
) -> None:
    """An archive that was cut anywhere is refused, or has lost no page."""
    folder = tmp_path_factory.mktemp("cut")
    members = dict(_pages())
    path = folder / "x"
    if mode == "zip":
        _zip(path, *members.items())
    else:
        _tar(path, *members.items(), mode=mode)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    try:
        assert _content(unpack(path, _target(folder))) == members
    except BenchError as error:
        assert ": cannot be unpacked (" in error.problems[0]  # noqa: PT017


@pytest.mark.parametrize("mode", ["w:gz", "w:xz", "zip"])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 0.999), bit=st.integers(0, 7))
def test_flipped_bits(
    tmp_path_factory: pytest.TempPathFactory, mode: str, place: float, bit: int
) -> None:
    """A broken archive is refused in words or comes out in some way; nothing else is raised."""
    folder = tmp_path_factory.mktemp("flip")
    path = folder / "x"
    if mode == "zip":
        _zip(path, *_pages())
    else:
        _tar(path, *_pages(), mode=mode)
    data = bytearray(path.read_bytes())
    data[int(len(data) * place)] ^= 1 << bit
    path.write_bytes(data)
    try:
        unpack(path, _target(folder))
    except BenchError as error:
        assert error.exit_code == 2  # noqa: PT017
    assert {item.name for item in folder.iterdir()} == {"x", "target"}


def _target(folder: Path) -> Path:
    (folder / "target").mkdir(exist_ok=True)
    return folder / "target"


def _refused(folder: Path, archive: Path) -> str:
    with pytest.raises(BenchError) as refused:
        unpack(archive, _target(folder))
    (problem,) = refused.value.problems
    assert problem.startswith(f"{archive}: ")
    assert (refused.value.exit_code, "\n" in problem) == (2, False)
    return problem


def _content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
