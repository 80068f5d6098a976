"""What a run of all contestants takes: peak memory of all processes, and time to the first page.

Usage: python -m tests.figures.footprint [LANES]. Environments should be made before:
`boilerbench install --all`. Memory shared between processes counts once for each, so the true peak
is below the figure.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import processes

TICK_S = 0.2  # a worker lives for many seconds, its peak for longer than this


def main() -> None:
    """Run the core for its first page, then all contestants for their memory."""
    lanes = sys.argv[1] if len(sys.argv) > 1 else "2"
    with tempfile.TemporaryDirectory() as scratch:
        first, done = _first_page(Path(scratch) / "core")
        peak, seconds, rows = _peak(Path(scratch) / "all", lanes)
    print(f"core: first worker {first:.2f} s after the command, first page by all {done:.2f} s")
    print(f"{rows} contestants, {lanes} lanes: peak {peak / 1024:.1f} GiB, {seconds:.0f} s")


def _command(output: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "bench", "run", *words, "--output", str(output)]


def _first_page(output: Path) -> tuple[float, float]:
    """Return seconds from the command to the first worker, and to the first results."""
    journal, started = output / "timings.jsonl", time.perf_counter()
    with subprocess.Popen(_command(output), stdout=subprocess.DEVNULL) as process:
        while len(processes.tree(process.pid)) < 2:
            time.sleep(0.005)
        first = time.perf_counter() - started
        while not (journal.exists() and journal.stat().st_size):
            time.sleep(0.005)
        seconds = time.perf_counter() - started
        process.wait()
    return first, seconds


def _peak(output: Path, lanes: str) -> tuple[float, float, int]:
    """Return MiB, seconds and the number of contestants of a run of all."""
    peak, started = 0, time.perf_counter()
    words = _command(output, "--all", "--workers", lanes)
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, processes.use(processes.tree(process.pid)).resident_kib)
            time.sleep(TICK_S)
    seconds = time.perf_counter() - started
    names = {line.split(b'"')[7] for line in (output / "timings.jsonl").read_bytes().splitlines()}
    return peak / 1024, seconds, len(names)


if __name__ == "__main__":
    main()
