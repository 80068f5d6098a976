"""Runner overhead: wall time of a run over the CPU time of its workers, start-up included.

Usage: python -m tests.figures.overhead [COPIES] [WORKERS]. The rows that need nothing beside
boilerbench, controls left out, over boilerbench's own pages so many times, from a WARC file.
"""

import sys
import tempfile
import time
from pathlib import Path

from bench import contestants
from bench.runner import Settings, execute, make_plan
from bench.runs import Run
from bench.warc import open_warc
from tests.warcs import own_pages


def main() -> None:
    """Run, then print the ratio; each worker's last timing holds its tree's CPU so far."""
    copies, workers = (int(word) for word in (sys.argv[1:] + ["14", "2"][len(sys.argv) - 1 :]))
    found = contestants.find(contestants.core_names())
    chosen = [one for one in found if one.category != "control"]
    settings = Settings(workers=workers)
    with tempfile.TemporaryDirectory() as scratch:
        corpus = open_warc([own_pages(Path(scratch) / "own.warc.gz", copies)])
        run = Run(Path(scratch) / "run")
        run.create(make_plan(corpus, chosen, settings))
        wall, own = time.perf_counter(), time.process_time()
        execute(run, corpus, chosen, settings)
        wall, own = time.perf_counter() - wall, time.process_time() - own
        last = {timing.worker: timing.tree_cpu_ns for timing in run.timings()}
        pairs = sum(not timing.warmup for timing in run.timings())
    cpu = sum(last.values()) / 1e9
    print(f"{len(corpus.pages)} pages, {len(chosen)} contestants, {workers} workers")
    print(f"wall {wall:.1f} s, CPU of the workers {cpu:.1f} s; overhead {wall * workers / cpu:.3f}")
    print(f"CPU of the harness {own / pairs * 1000:.2f} ms per page and extractor")


if __name__ == "__main__":
    main()
