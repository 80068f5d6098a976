"""Archives are hostile input: unpacked with no path outside, no link, no device, and limits."""

import gzip
import lzma
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from bench.errors import BenchError, disk_full

# The largest public set, CleanPortalEval, has 8,000 files and 2 GiB; ten times that is a bomb
MOST_FILES = 100_000
MOST_BYTES = 20 << 30
# gzip reaches 1,032 : 1 on zeros; pages of real sets stay below 20 : 1
MOST_RATIO = 200
# The longest page of the public sets has 3 MB
MOST_PAGE = 100 << 20

# Archives are filled up with zeros; GNU tar's default is 10 KiB
MOST_PADDING = 1 << 20
# What the standard library raises on archives that are cut, changed, encrypted or too new
BROKEN = (
    *(tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(EOFError, OSError, RuntimeError, NotImplementedError, ValueError),
)

Member = tuple[str, int, IO[bytes]]


def unpack(archive: Path, target: Path) -> Path:
    """Unpack a tar (any compression) or zip archive and return the folder of its content.

    Where all of it lies in one folder, as in archives of a forge, that folder. Raises BenchError
    for a file that is no archive, is truncated, or holds what an archive of pages would not.
    """
    files, size = 0, 0
    limit = max(archive.stat().st_size, 1 << 20) * MOST_RATIO
    try:
        for name, length, content in _members(archive):
            files, size = files + 1, size + length
            if files > MOST_FILES or size > min(MOST_BYTES, limit):
                raise BenchError(
                    f"{archive}: {files} files, {size} bytes unpacked: over the limit of "
                    f"{MOST_FILES} files, {MOST_RATIO} times the archive",
                    hint="this is no archive of pages",
                )
            path = target / _safe(name, archive)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                shutil.copyfileobj(content, file)
    except BROKEN as error:
        if isinstance(error, OSError) and disk_full(error):
            raise
        reason = str(error).partition("\n")[0].rstrip(":")
        raise BenchError(
            f"{archive}: cannot be unpacked ({reason})", hint="fetch it again"
        ) from error
    inside = list(target.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else target


def gunzip(path: Path) -> bytes:
    """Return what a gzip file holds; raises ValueError where it is broken or no page is so long."""
    try:
        with gzip.open(path) as file:
            data = file.read(MOST_PAGE + 1)
    except (EOFError, zlib.error) as error:
        raise ValueError(f"{path.name}: {error}") from error
    if len(data) > MOST_PAGE:
        raise ValueError(f"{path.name}: more than {MOST_PAGE >> 20} MiB unpacked")
    return data


def _members(archive: Path) -> Iterator[Member]:
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as packed:
            for info in packed.infolist():
                if not info.is_dir():
                    yield info.filename, info.file_size, packed.open(info)
        return
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.isdir():
                continue
            content = tar.extractfile(member) if member.isreg() else None
            if content is None:
                raise BenchError(f"{archive}: {member.name!r} is a link or a device")
            yield member.name, member.size, content
        _check_end(tar)


def _check_end(tar: tarfile.TarFile) -> None:
    """Read on behind the first empty block: tarfile misses a cut there, and a wrong checksum."""
    assert tar.fileobj
    rest = tar.fileobj.read(MOST_PADDING)
    if len(rest) < tarfile.BLOCKSIZE or any(rest):
        raise tarfile.ReadError("it does not end as archives do")


def _safe(name: str, archive: Path) -> Path:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]) or not path.name:
        raise BenchError(f"{archive}: {name!r} points outside the archive")
    return Path(*path.parts)
