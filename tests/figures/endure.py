"""Print the table of docs/endurance.md: what became of a run that was hit, and what it took.

Usage: python -m tests.figures.endure [PAGES]. Ends with an assertion where a promise is broken.
"""

import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from tabulate import tabulate

from bench.runs import Run
from tests.conftest import make_corpus
from tests.endurance import MOMENTS, growth_mib, interrupt, kill, mounted, peak_mib
from tests.running import Harness, outcome, same, zoo
from tests.test_endurance import BUSY, FAKES, PAGES

COLUMNS = ("trial", "what happened", "took")
SMALL, LARGE = "32k", "16m"
CLEAN, SAME = "no process, no temporary file left", "same texts and table"


def main() -> None:
    """Do every trial, then print."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        corpus = make_corpus(home / "eight", {**PAGES, "board/second": [("body", "It rains.")]})
        rows = [*chain(_kills(home, corpus), _interrupts(home, corpus), _full(home, corpus))]
        rows += [*chain(_answers(home, corpus), _many(home, pages))]
    print(tabulate(rows, COLUMNS, tablefmt="github"))


def _kills(home: Path, corpus: Path) -> Iterator[list[str]]:
    whole = Harness(corpus, home / "whole", *FAKES)
    undisturbed = _seconds(whole)
    yield ["nobody disturbs it", f"{whole.lines()} lines of timings", f"{undisturbed:.1f} s"]
    lines, seconds = [], []
    for number, moment in enumerate(MOMENTS):
        harness = Harness(corpus, home / f"{number}" / "run", *FAKES)
        lines.append(kill(harness, moment, undisturbed))
        seconds.append(_seconds(harness))
        assert same(Run(harness.output), Run(whole.output)), moment
        assert not list(harness.scratch.iterdir()), moment
    said = f"{min(lines)} to {max(lines)} lines by then; {CLEAN}; {SAME}, {len(seconds)} times"
    took = f"{min(seconds):.1f} to {max(seconds):.1f} s"
    yield [f"SIGKILL at {len(MOMENTS)} moments, then the same command", said, took]


def _interrupts(home: Path, corpus: Path) -> Iterator[list[str]]:
    for fake, lines in BUSY.items():
        took = []
        for number in (signal.SIGTERM, signal.SIGINT):
            words = [*zoo(fake, "takes_its_time"), "--rounds", "9", "--limit-s", "5"]
            harness = Harness(corpus, home / f"{fake}-{number}" / "run", *words)
            took.append(interrupt(harness, number, 0.2, lines)[0])
        said = ", ".join(f"{seconds:.2f} s" for seconds in took)
        yield [f"SIGTERM, and Ctrl-C, while a worker is `{fake}`", f"exit 1; {CLEAN}", said]


def _full(home: Path, corpus: Path) -> Iterator[list[str]]:
    with mounted(home / "disk", SMALL) as disk:
        if disk is None:
            yield ["full disk", "not tried: this kernel lets us mount no file system", "-"]
            return
        harness = Harness(corpus, disk.folder / "run", *FAKES)
        harness.scratch, harness.within = home, disk.within
        seconds = _seconds(harness, exit_code=1)
        lines = (disk.seen / "run" / "timings.jsonl").read_bytes().count(b"\n")
        yield ["the disk of the run is full", f"exit 1 after {lines} lines", f"{seconds:.1f} s"]
        disk.remount(f"size={LARGE}")
        seconds = _seconds(harness)
        assert same(Run(disk.seen / "run"), Run(home / "whole"))
        yield ["… there is room again", SAME, f"{seconds:.1f} s"]


def _answers(home: Path, corpus: Path) -> Iterator[list[str]]:
    for fake in ("floods_pipe", "logs_a_gigabyte", "writes_much"):
        before, peak = peak_mib(corpus, home / fake, fake)
        status, text = outcome(Run(home / fake / "run"))["board/second", fake]
        said = f"{status}, {len(text) >> 20} MiB of text" if text else status
        yield [f"a worker is `{fake}`", said, f"{before:.0f} MiB, at its peak {peak:.0f}"]


def _many(home: Path, pages: int) -> Iterator[list[str]]:
    grown = growth_mib(home, pages)
    said = ", ".join(f"{done:,}: {mib:.0f}" for done, mib in grown.items())
    yield [f"{pages:,} tiny pages, 2 extractors, 2 lanes", f"MiB by pages: {said}", "-"]


def _seconds(harness: Harness, exit_code: int = 0) -> float:
    started = time.perf_counter()
    done = harness.finish()
    assert done.returncode == exit_code, done.stderr
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
