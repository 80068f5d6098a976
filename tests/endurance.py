"""What endurance is tried with: harnesses that are hit at a moment, full disks, peaks of memory."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import contestants
from bench.corpus import Corpus, open_corpus
from bench.process import Limits
from bench.runner import Progress, Settings, execute, make_plan, silent
from bench.runs import Run
from bench.warc import open_warc
from tests.running import Harness, alive, wait_until, zoo
from tests.warcs import record, write

# Starts boilerbench, which kills itself when it first does a thing to a file of a name
ENDS_ITSELF = """
import os, signal, sys
deed, name = sys.argv[1:3]
del sys.argv[1:3]
def look(event, facts):
    if event == deed and str(facts[0]).endswith(name):
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(look)
from bench.cli import main
main()
"""
# Starts boilerbench with one sort of cage for its workers
IN_CAGE = """
import sys
from functools import partial
from bench import lane
lane.WorkerProcess = partial(lane.WorkerProcess, networks=sys.argv.pop(1))
from bench.cli import main
main()
"""
# Starts boilerbench with a wall clock that jumps by hours each time that it is looked at
JUMPS = """
import datetime, itertools, time
hours, real = itertools.cycle((0, 7, -30, 2, -48)), time.time
time.time = lambda: real() + 3600 * next(hours)
time.time_ns = lambda: int(time.time() * 1e9)
class Jumping(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)
datetime.datetime = Jumping
from bench.cli import main
main()
"""


@dataclass(frozen=True)
class Moment:
    """When a harness is killed: at a share of an undisturbed run's time, or at a deed to a file."""

    share: float = 0.0
    deed: str = ""
    name: str = ""

    def __str__(self) -> str:
        """Return it as the name of a test and the row of a table."""
        return f"{self.deed} {self.name}" if self.deed else f"at {self.share:.2f}"


_DEEDS = {
    "os.mkdir": ("run",),  # before there is anything
    "open": ("plan.json.tmp", "extractions.jsonl", "run.json.tmp", "scores.jsonl"),
    "os.rename": ("plan.json.tmp", "run.json.tmp"),
    "subprocess.Popen": (Path(sys.executable).name,),  # the first worker
}
_DRAWN = 12
_dice = random.Random(7)
# 20: from before there is a folder to the table after the last line, and during each whole file
MOMENTS = [
    *(Moment(deed=deed, name=name) for deed, names in _DEEDS.items() for name in names),
    *(Moment((i + _dice.random()) / _DRAWN) for i in range(_DRAWN)),
]


def kill(harness: Harness, moment: Moment, seconds: float) -> int:
    """Kill a harness with SIGKILL at a moment of so many seconds; return how many lines it wrote.

    Returns when none of its processes is alive.
    """
    if moment.deed:
        process = harness.start("-c", ENDS_ITSELF, moment.deed, moment.name)
    else:
        process = harness.start()
        time.sleep(moment.share * seconds)
        process.kill()
    process.communicate(timeout=60)
    assert process.returncode in (-signal.SIGKILL, 0)  # 0: it was done by then
    assert wait_until(lambda: not alive(harness.scratch)), "a worker outlived its harness"
    return harness.lines()


def interrupt(
    harness: Harness, number: signal.Signals, delay: float, lines: int = 0
) -> tuple[float, str]:
    """Interrupt a run with a worker up, so many lines written and a delay over.

    Return the seconds to its end, and stderr. It exits 1 and leaves neither a process nor a
    temporary file.
    """
    process = harness.start()
    assert wait_until(lambda: alive(harness.scratch)[1:]), "no worker came up"
    assert wait_until(lambda: harness.lines() >= lines), "no page was done"
    time.sleep(delay)
    sent = time.perf_counter()
    process.send_signal(number)
    _, stderr = process.communicate(timeout=30)
    took = time.perf_counter() - sent
    assert process.returncode == 1, stderr
    assert not alive(harness.scratch), "a worker outlived its harness"
    assert not list(harness.scratch.iterdir()), "a temporary file was left"
    return took, stderr


class Disk:
    """A file system of its own, which only processes in its namespace see as such."""

    def __init__(self, folder: Path, holder: int) -> None:
        """Take what `mounted` has made."""
        self.folder, self._holder = folder, holder
        self.seen = Path(f"/proc/{holder}/root/{folder}")  # the same, from outside
        self.within = [
            "nsenter",
            f"--target={holder}",
            "--user",
            "--mount",
            "--preserve-credentials",
        ]

    def remount(self, options: str) -> None:
        """Change its size, or make it read-only."""
        command = ["mount", "-o", f"remount,{options}", "none", str(self.folder)]
        subprocess.run([*self.within, *command], check=True)

    def fill(self, free: int = 0) -> None:
        """Leave so many bytes free."""
        disk = os.statvfs(self.seen)
        (self.seen / "fill").write_bytes(bytes(disk.f_bavail * disk.f_frsize - free))


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[Disk | None]:
    """Mount a file system of a size, such as 64k, on a folder; None where that is not granted."""
    folder.mkdir(exist_ok=True)
    script = 'mount -t tmpfs -o "size=$1" none "$2" && echo up && exec cat'
    with subprocess.Popen(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "-", size, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as holder:
        assert holder.stdin
        assert holder.stdout
        granted = holder.stdout.readline() == b"up\n"
        yield Disk(folder, holder.pid) if granted else None
        holder.stdin.close()


def peak_mib(corpus: Path, folder: Path, fake: str, limit_s: float = 20) -> tuple[float, float]:
    """Return the resident memory of a harness before a run of one fake, and its peak, in MiB."""
    before, peak = _apart(folder, "over_corpus", [str(corpus), fake, limit_s])
    return before, peak


def growth_mib(folder: Path, pages: int) -> dict[int, float]:
    """Return the resident memory of a harness over a WARC of tiny pages, in MiB, by pages done.

    Two fakes on two lanes; the last figure is the peak, all that follows the last page included.
    """
    warc = write(folder / "tiny.warc", (record() for _ in range(pages)))
    marks, peak = _apart(folder, "over_warc", [str(warc)])
    return {**{int(done): mib for done, mib in marks.items()}, pages: peak}


def over_corpus(folder: Path, corpus: str, fake: str, limit_s: float) -> list[float]:
    """Do the work of `peak_mib`, in a process of its own."""
    pages = open_corpus(Path(corpus))
    before = _memory_mib("VmRSS")
    _run(folder, pages, zoo(fake), Settings(1, 1, Limits(limit_s, 300)))
    return [before, _memory_mib("VmHWM")]


def over_warc(folder: Path, warc: str) -> tuple[dict[int, float], float]:
    """Do the work of `growth_mib`, in a process of its own."""
    pages, marks = open_warc([Path(warc)]), dict[int, float]()

    def note(done: int, total: int) -> None:
        if done % (total // 5) == 0:
            marks[done // 2] = _memory_mib("VmRSS")

    _run(folder, pages, zoo("echo", "always_empty"), Settings(2, 1, Limits(20, 300)), note)
    return marks, _memory_mib("VmHWM")


def _run(
    folder: Path, pages: Corpus, names: list[str], settings: Settings, note: Progress = silent
) -> None:
    run, chosen = Run(folder / "run"), contestants.find(names)
    run.create(make_plan(pages, chosen, settings))
    execute(run, pages, chosen, settings, progress=note)


def _apart(folder: Path, function: str, words: list[object]) -> Any:
    program = f"import json, sys; from pathlib import Path; from tests.endurance import {function}"
    call = f"{program}; print(json.dumps({function}(Path(sys.argv[1]), *json.loads(sys.argv[2]))))"
    command = [sys.executable, "-c", call, str(folder), json.dumps(words)]
    root = Path(__file__).resolve().parent.parent
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=root).stdout)


def _memory_mib(field: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition(f"{field}:")[2].split()[0]) / 1024
