"""Page-scores per second on one core: tokenising, counting, 10 000-resample intervals.

Usage: python tests/figures/scoring.py RUN [REPEATS]
"""

import sys
import time
from pathlib import Path

from bench import scoring, statistics
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
        statistics.intervals(table.scores[:, table.has_content, 2], _counted_sites(table))
        pairs += table.missed.size
    seconds = time.process_time() - started
    print(f"{pairs} page-scores in {seconds:.1f} s of CPU: {pairs / seconds:.0f} per second")


def _counted_sites(table: scoring.ScoreTable) -> list[str]:
    return [site for site, has in zip(table.sites, table.has_content, strict=True) if has]


if __name__ == "__main__":
    main()
