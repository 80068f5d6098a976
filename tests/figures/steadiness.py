"""How well `boilerbench speed` repeats itself while the other cores are loaded, in docs/speed.md.

Usage: python -m tests.figures.steadiness. The figure of a row is how far its most distant
invocation is from the middle of them, as a share.
"""

import contextlib
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tabulate import tabulate

from bench import contestants, cores
from tests.figures.marks import fill

DOCS = Path(__file__).resolve().parents[2] / "docs" / "speed.md"
FIGURES = {"x lxml": "times_lxml", "median CPU ms": "median_ms", "median wall ms": "wall_ms"}
DIGITS = (2, 1, 1)
TIMES = 3  # invocations, as the goal has it
Rows = dict[str, dict[str, Any]]


def main() -> None:
    """Run the verb several times with its defaults, then rewrite the table."""
    names = [one.name for one in contestants.find(contestants.core_names()) if _competes(one)]
    with _load():
        runs = [_rows(names) for _ in range(TIMES)]
    spread = max(rows[name]["spread"] for rows in runs for name in names)
    load = f"Load average {os.getloadavg()[1]:.1f}; rounds disagreed by up to {spread:.0%}."
    fill(DOCS, {"steadiness": f"{table(names, runs)}\n\n{load}"})


def _competes(one: contestants.Contestant) -> bool:
    return one.category != "control"


def table(names: list[str], runs: list[Rows]) -> str:
    """Return the figures of each row in all invocations, and within what share they agree."""
    headers = ["extractor", *(word for title in FIGURES for word in (title, "within"))]
    body = [
        [
            name,
            *(
                cell
                for key, digits in zip(FIGURES.values(), DIGITS, strict=True)
                for cell in _cells([rows[name][key] for rows in runs], digits)
            ),
        ]
        for name in names
    ]
    return tabulate(body, headers, "pipe", disable_numparse=True)


def _cells(values: list[float], digits: int) -> tuple[str, str]:
    middle = statistics.median(values)
    moved = max(abs(value / middle - 1) for value in values)
    return ", ".join(f"{value:.{digits}f}" for value in values), f"{moved:.1%}"


@contextlib.contextmanager
def _load() -> Iterator[None]:
    """Keep every core busy but the one of the workers."""
    free = cores.for_workers()
    busy = [
        multiprocessing.Process(target=_spin, args=(core,), daemon=True)
        for core in os.sched_getaffinity(0) - {free}
    ]
    for one in busy:
        one.start()
    try:
        yield
    finally:
        for one in busy:
            one.kill()


def _spin(core: int) -> None:
    os.sched_setaffinity(0, {core})
    while True:
        pass


def _rows(names: list[str]) -> Rows:
    """Return the rows of one invocation by extractor."""
    with tempfile.TemporaryDirectory() as scratch:
        here = ["--output", str(Path(scratch) / "run"), "--format", "json"]
        command = [sys.executable, "-m", "bench", "speed", *names, *here]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return {row["extractor"]: row for row in json.loads(done.stdout)["rows"]}


if __name__ == "__main__":
    main()
