"""Runner overhead: wall time of a run over the CPU time of its workers, start-up included.

Usage: python -m tests.figures.overhead [ROUNDS] [WORKERS]. The five real contestants, own pages.
"""

import sys
import tempfile
import time
from pathlib import Path

from bench import contestants
from bench.corpus import open_corpus
from bench.runner import Settings, execute, make_plan
from bench.runs import Run

NAMES = [
    "trafilatura",
    "trafilatura_precision",
    "trafilatura_recall",
    "readability_lxml",
    "justext",
]


def main() -> None:
    """Run, then print the ratio; each worker's last timing holds its tree's CPU so far."""
    rounds, workers = (int(word) for word in (sys.argv[1:] + ["50", "1"][len(sys.argv) - 1 :]))
    corpus, chosen = open_corpus(), contestants.find(NAMES)
    settings = Settings(workers=workers, rounds=rounds)
    with tempfile.TemporaryDirectory() as scratch:
        run = Run(Path(scratch) / "run")
        run.create(make_plan(corpus, chosen, settings))
        wall, own = time.perf_counter(), time.process_time()
        execute(run, corpus, chosen, settings)
        wall, own = time.perf_counter() - wall, time.process_time() - own
        last = {timing.worker: timing.tree_cpu_ns for timing in run.timings()}
        pairs = sum(not timing.warmup for timing in run.timings())
    cpu = sum(last.values()) / 1e9
    print(f"{len(corpus.pages)} pages x {rounds} rounds, {workers} workers: wall {wall:.1f} s")
    print(f"CPU of the workers {cpu:.1f} s; overhead {wall / (cpu / workers):.3f}")
    print(f"CPU of the harness {own / pairs * 1000:.2f} ms per page and extractor")


if __name__ == "__main__":
    main()
