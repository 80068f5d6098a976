"""Page-scores per second on one core: tokenising, counting, 10 000-resample intervals.

Usage: python -m tests.figures.scoring RUN [REPEATS]
"""

import sys
import time
from pathlib import Path

from bench import metrics, scoring, statistics
from bench.runs import opened


def main() -> None:
    """Score a run's extractions again and again, and print the rate."""
    run = opened(Path(sys.argv[1]))
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    corpus = run.corpus()
    pairs, started = 0, time.process_time()
    for _ in range(repeats):
        (run.folder / "scores.jsonl").unlink(missing_ok=True)
        table = scoring.score(run, corpus, view="main", metric="lcs")
        statistics.estimate(table, metrics.load("lcs"))
        pairs += table.missed.size
    seconds = time.process_time() - started
    print(f"{pairs} page-scores in {seconds:.1f} s of CPU: {pairs / seconds:.0f} per second")


if __name__ == "__main__":
    main()
