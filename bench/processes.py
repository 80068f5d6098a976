"""What the kernel says of a process and its descendants (proc(5)); 0 where they have ended."""

import contextlib
import os
import signal
from collections.abc import Iterable
from typing import NamedTuple

_TICK_NS = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
_PLENTY = 1 << 16  # bytes; the files read here hold under 4,000
_PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


def tree(pid: int) -> list[int]:
    """Return a process and all its living descendants, parents first."""
    found = [pid]
    for parent in found:
        found += _children(parent)
    return found


class Use(NamedTuple):
    """What processes took together: CPU ns, waited-for children included, and resident KiB.

    Memory that they share counts for each.
    """

    cpu_ns: int
    resident_kib: int


def use(pids: Iterable[int]) -> Use:
    """Return what processes took together."""
    stats = [stat for pid in pids if (stat := _stat(pid))]
    ticks = sum(int(field) for stat in stats for field in stat[11:15])
    return Use(_TICK_NS * ticks, _PAGE_KIB * sum(int(stat[21]) for stat in stats))


def peak_kib(pid: int) -> int:
    """Return the peak resident memory (VmHWM) of one process in KiB.

    Not `ru_maxrss`: that one survives exec, so it would report the launcher's parent.
    """
    found = _read(pid, "status").partition("VmHWM:")[2].split(maxsplit=1)
    return int(found[0]) if found else 0


def kill_group(pid: int) -> None:
    """Kill a process, its process group and all its descendants."""
    for victim in tree(pid)[1:]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    try:
        threads = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208  as for _read
    except OSError:
        return []
    return [int(child) for name in threads for child in _read(pid, f"task/{name}/children").split()]


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat after the name, which may hold anything."""
    return _read(pid, "stat").rpartition(")")[2].split()


def _read(pid: int, name: str) -> str:
    # Asked for several times on every page: a plain descriptor costs a quarter of a Path
    try:
        descriptor = os.open(f"/proc/{pid}/{name}", os.O_RDONLY)
    except OSError:
        return ""
    try:
        return os.read(descriptor, _PLENTY).decode("utf-8", "replace")
    except OSError:
        return ""
    finally:
        os.close(descriptor)
