"""Files that come piece by piece: locked, remembered of, and renamed only when whole."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO

from bench.errors import BenchError, disk_full


@dataclass(frozen=True, slots=True)
class Note:
    """What is remembered beside a file, or beside the part of it that has come, as JSON.

    `sha256` is what a whole file has, and what the whole of a part must have, "" where nobody said.
    """

    url: str = ""
    etag: str = ""
    size: int | None = None
    sha256: str = ""

    @classmethod
    def beside(cls, path: Path) -> "Note":
        """Return the note of a file, an empty one where there is none that can be read."""
        try:
            return cls(**json.loads(_note(path).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return cls()


class Part:
    """The bytes that have come, always a beginning of the file that the note tells of."""

    def __init__(self, path: Path, file: BinaryIO, note: Note) -> None:
        """Take over an open, locked file; bytes of another address or version are let go."""
        self.path, self.file, self.note = path, file, note
        self.have = os.fstat(file.fileno()).st_size
        before = Note.beside(path)
        if before.url == note.url and before.etag:
            self.note = replace(before, sha256=note.sha256 or before.sha256)
        else:
            self.restart()

    @property
    def kept(self) -> int:
        """How many bytes another call can go on from: none of a file without a strong ETag."""
        return self.have if self.note.etag else 0

    @property
    def whole(self) -> bool:
        """Whether all promised bytes are there; never so where none were promised."""
        return self.have == self.note.size

    def restart(self, etag: str = "", size: int | None = None) -> None:
        """Begin from nothing, and remember of what; a weak ETag does not vouch for bytes."""
        self.file.truncate(0)
        self.have = 0
        self.note = replace(self.note, etag=etag if etag.startswith('"') else "", size=size)
        _note(self.path).write_text(json.dumps(asdict(self.note)), encoding="utf-8")

    def add(self, chunk: bytes) -> None:
        """Append bytes."""
        self.have += len(chunk)
        self.file.write(chunk)

    def finish(self, path: Path) -> None:
        """Check the sum, and give the file its final name."""
        self.file.flush()
        os.fsync(self.file.fileno())
        found = sha256_of(self.path)
        if self.note.sha256 not in ("", found):
            self.restart()
            raise BenchError(
                f"{self.note.url}: SHA-256 is {found}, expected {self.note.sha256}; dropped",
                hint="look for the sum where the archive's owners tell it, or name another mirror",
            )
        _note(path).unlink(missing_ok=True)
        self.path.rename(path)
        whole = json.dumps(asdict(replace(self.note, size=self.have, sha256=found)))
        _note(path).write_text(whole, encoding="utf-8")
        _note(self.path).unlink()


def drop(path: Path) -> None:
    """Delete a file or a part, with its note."""
    path.unlink(missing_ok=True)
    _note(path).unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def opened(path: Path, note: Note) -> Iterator[Part]:
    """Open a part for this process alone; afterwards it is there only if it helps another call."""
    with path.open("a+b") as file:
        _lock(path, file)
        part = Part(path, file, note)
        try:
            yield part
        except KeyboardInterrupt:
            raise BenchError(
                f"{note.url}: interrupted; {part.kept:,} bytes are kept",
                hint="repeat the command to go on",
                exit_code=1,
            ) from None
        except OSError as error:
            if disk_full(error):
                part.have = 0
            raise
        finally:
            if not part.kept:
                drop(path)


def _lock(path: Path, file: BinaryIO) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Whoever held it may have given the file its final name meanwhile
        mine = path.exists() and os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except BlockingIOError:
        mine = False
    if not mine:
        raise BenchError(f"{path}: another boilerbench downloads this", hint="wait for it")


def _note(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")
