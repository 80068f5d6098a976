"""The frozen records that travel between the rooms, and their JSON-lines form."""

import json
import mmap
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal, TypeVar, Union

from bench.errors import BenchError

Status = Literal["ok", "error", "timeout", "killed"]
Record = Union["Extraction", "Timing", "Life"]
R = TypeVar("R", bound=Record)
_ENCODER = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extractor gave for one page.

    `text` is empty unless `status` is "ok"; `error` says why it is a miss and is empty otherwise.
    """

    page: str
    extractor: str
    status: Status
    text: str
    error: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Identity within a run: (page, extractor)."""
        return self.page, self.extractor


@dataclass(frozen=True, slots=True)
class Timing:
    """The cost of one page × extractor × round, in nanoseconds and KiB.

    `cpu_ns` is what the worker reports (all threads and waited-for children), `tree_cpu_ns` and
    `peak_kib` are read by the harness from the process tree, cumulative over the worker's life.
    `digest` is the SHA-256 of the text, so that a round that disagrees with the first is seen.
    `resident_kib` is the memory of the whole tree after the page; 0 in journals of before it.
    """

    page: str
    extractor: str
    round: int
    warmup: bool
    status: Status
    wall_ns: int
    cpu_ns: int
    tree_cpu_ns: int
    peak_kib: int
    worker: str
    digest: str
    resident_kib: int = 0

    @property
    def key(self) -> tuple[str, str, int]:
        """Identity within a run: (page, extractor, round)."""
        return self.page, self.extractor, self.round


@dataclass(frozen=True, slots=True)
class Life:
    """One worker process, from its hello message; times in nanoseconds.

    `idle_kib` is its peak memory by then, before any page; 0 in journals of before it.
    """

    worker: str
    extractor: str
    round: int
    hello: dict[str, Any]
    startup_ns: int
    startup_cpu_ns: int
    isolation: dict[str, str]
    idle_kib: int = 0


def to_line(value: Record | dict[str, Any] | list[Any]) -> str:
    """Return one JSON line (no newline) of a record or of plain data, keys in their own order."""
    if isinstance(value, dict | list):
        return _ENCODER.encode(value)
    # Not `asdict`, which copies in depth: journals get a line for every page × extractor
    return _ENCODER.encode({name: getattr(value, name) for name in value.__slots__})


def append(file: IO[str], records: Iterable[Record]) -> None:
    """Append records as whole lines and hand them to the operating system."""
    file.write("".join(to_line(record) + "\n" for record in records))
    file.flush()


def drop_torn_line(path: Path) -> None:
    """Cut a last line that a kill left without its newline; keep everything before it."""
    if not path.exists() or not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        whole, size = data.rfind(b"\n") + 1, len(data)
    if whole < size:
        os.truncate(path, whole)


def read(path: Path, kind: type[R]) -> Iterator[R]:
    """Yield the records of a file in order; a torn last line is passed over.

    Raises BenchError, naming file and line, for any other line that is not such a record.
    """
    if not path.exists():
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return
            yield _parse(line, kind, f"{path}:{number}")


def _parse(line: bytes, kind: type[R], where: str) -> R:
    try:
        data = json.loads(line)
        return kind(**{name: data[name] for name in kind.__slots__ if name in data})
    except (ValueError, KeyError, TypeError) as error:
        raise BenchError(
            f"{where}: not a {kind.__name__} record ({type(error).__name__}: {error})",
            hint="the file was changed by hand or by a disk fault; "
            "remove that line, and run.json beside it, and run the same `boilerbench run` again",
            exit_code=1,
        ) from error
