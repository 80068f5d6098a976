"""Scratch folders of workers: locked while their harness lives, so that the next one can tell."""

import fcntl
import os
import re
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from bench.errors import BenchError

_DRAFT, _PREFIX = "boilerbench-", "boilerbench-worker-"
_NAME = re.compile(rf"{_PREFIX}[a-z0-9_]{{8}}")  # as tempfile.mkdtemp has it
_ROOM = 1 << 20  # bytes; whoever writes temporary files writes some kB at least


class Scratch:
    """One worker's folder, at `path`; if its harness is killed, the next one removes it."""

    def __init__(self) -> None:
        """Make it; raises BenchError where there is no place."""
        try:
            clear()
            draft = Path(tempfile.mkdtemp(prefix=_DRAFT))
            self._lock = _locked(draft)
            # Under the name that others look for it has always been locked
            self.path = draft.rename(draft.with_name(_PREFIX + draft.name.removeprefix(_DRAFT)))
        except OSError as error:
            raise _no_place(error.strerror or str(error)) from error

    def remove(self) -> None:
        """Remove it with all it holds."""
        shutil.rmtree(self.path, ignore_errors=True)
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)


def clear() -> None:
    """Remove what killed harnesses of this user have left, once in a process."""
    with suppress(OSError):
        _clear(tempfile.gettempdir())


def full() -> bool:
    """Return whether temporary files have no room left."""
    disk = os.statvfs(tempfile.gettempdir())
    return disk.f_bavail * disk.f_frsize < _ROOM or bool(disk.f_files and not disk.f_favail)


def require_room() -> None:
    """Raise BenchError where temporary files have no room left."""
    if full():
        raise _no_place("No space left on device")


def _no_place(why: str) -> BenchError:
    folder = tempfile.tempdir or os.environ.get("TMPDIR", "temporary files")
    hint = "make room there, or name another folder with TMPDIR; then repeat the command to go on"
    return BenchError(f"{folder}: no place for workers ({why})", hint=hint, exit_code=1)


@cache
def _clear(folder: str) -> None:
    for path in Path(folder).iterdir():
        if _NAME.fullmatch(path.name) and (lock := _locked(path)) is not None:
            shutil.rmtree(path, ignore_errors=True)
            os.close(lock)


def _locked(path: Path) -> int | None:
    """Return the lock on a folder of one's own; None where another holds it, or none is granted."""
    descriptor = -1
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        if os.fstat(descriptor).st_uid == os.geteuid():
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
    except OSError:
        pass
    if descriptor >= 0:
        os.close(descriptor)
    return None
