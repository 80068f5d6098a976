"""How well `boilerbench speed` repeats itself while the other cores are loaded.

Usage: python -m tests.figures.steadiness [--rounds N] [--times N] [CORPUS]. The figure of a row is
how far its most distant invocation is from the middle of them, as a share.
"""

import argparse
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

from bench import cores

NAMES = ("trafilatura", "readability_lxml", "justext", "lxml_text")
FIGURES = {"x lxml": "times_lxml", "ms": "median_ms", "wall ms": "wall_ms"}


def main() -> None:
    """Run the verb several times, then print each figure with how far it moved."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", nargs="?", default="")
    parser.add_argument("--rounds", default="5")
    parser.add_argument("--times", type=int, default=3)
    words = parser.parse_args()
    here = ["--rounds", words.rounds, *(["--corpus", words.corpus] if words.corpus else [])]
    with _load():
        runs = [_rows(here) for _ in range(words.times)]
    for name in NAMES:
        for title, key in FIGURES.items():
            values = [rows[name][key] for rows in runs]
            middle = statistics.median(values)
            moved = max(abs(value / middle - 1) for value in values)
            said = " ".join(f"{value:8.3f}" for value in values)
            print(f"{name:<18} {title:<8} {said}   within {moved:.1%}")
        print(f"{name:<18} spread   " + " ".join(f"{rows[name]['spread']:8.1%}" for rows in runs))


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


def _rows(words: list[str]) -> dict[str, dict[str, Any]]:
    """Return the rows of one invocation by extractor."""
    with tempfile.TemporaryDirectory() as scratch:
        here = ["--output", str(Path(scratch) / "run"), "--format", "json"]
        command = [sys.executable, "-m", "bench", "speed", *NAMES, *words, *here]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return {row["extractor"]: row for row in json.loads(done.stdout)["rows"]}


if __name__ == "__main__":
    main()
