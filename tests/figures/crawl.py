"""What a run over a WARC takes beside its extractors: here, through Dask, and in memory.

Usage: python -m tests.figures.crawl [COPIES]. The WARC holds boilerbench's own pages so many times.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from bench import session
from bench.corpus import Corpus
from bench.runs import Run
from tests.machines import Machines
from tests.warcs import own_pages

NAMES = ["lxml_text", "trafilatura"]
LANES = 2


def main() -> None:
    """Run on two lanes here, then on two workers of a scheduler, and print what each took."""
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else 14
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        warc = own_pages(folder / "own.warc.gz", copies)
        _local(folder / "local", warc)
        machines = Machines(folder, LANES)
        try:
            _remote(folder / "remote", warc, machines)
        finally:
            machines.close()


def _local(output: Path, warc: Path) -> None:
    before = psutil.Process().memory_info().rss >> 20
    run, pages, own = _run(output, warc, workers=LANES)
    peak = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
    megabytes = sum(page.size for page in pages.pages) / 1e6
    print(f"{len(pages.pages)} pages, {megabytes:.0f} MB; {', '.join(NAMES)}; {LANES} lanes")
    print(f"here: {own / _pairs(run):.2f} ms of CPU per page and extractor")
    print(f"memory of the harness: {before} MiB before, peak {int(peak) >> 10} MiB")


def _remote(output: Path, warc: Path, machines: Machines) -> None:
    scheduler, *workers = [
        psutil.Process(one.pid) for one in (machines.scheduler, *machines.workers)
    ]
    before = _ms(scheduler), sum(map(_ms, workers))
    run, _, own = _run(output, warc, workers=1, scheduler=machines.address)
    shares = [own, _ms(scheduler) - before[0], sum(map(_ms, workers)) - before[1]]
    command, scheduling, working = (share / _pairs(run) for share in shares)
    print(f"through Dask: {sum(shares) / _pairs(run):.2f} ms: command {command:.2f}, ", end="")
    print(f"scheduler {scheduling:.2f}, its workers {working:.2f}")


def _run(output: Path, warc: Path, **options: Any) -> tuple[Run, Corpus, float]:
    """Return the run, its pages and the ms of CPU that this process took."""
    limits: dict[str, Any] = {"limit_s": 20.0, "memory_mib": 2048, "rounds": 1, "fresh": False}
    started = time.process_time()
    run, pages = session.run_session(
        NAMES, corpus=None, output=output, warc=[warc], **limits, **options
    )
    return run, pages, (time.process_time() - started) * 1000


def _pairs(run: Run) -> int:
    return int(run.plan["corpus"]["pages"]) * len(NAMES)


def _ms(process: psutil.Process) -> float:
    """Return the ms of CPU of a process so far, without those of the contestants it started."""
    times = process.cpu_times()
    return (times.user + times.system) * 1000


if __name__ == "__main__":
    main()
