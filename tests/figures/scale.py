"""Write the table of docs/scale.md: core-hours of a million and a billion pages, from one run.

Usage: python -m tests.figures.scale RUN. CPU time is the least of each page over the rounds.
"""

import sys
from collections import Counter
from pathlib import Path

import numpy as np
from tabulate import tabulate

from bench.runs import Run, opened
from bench.speed import least, measured
from tests.figures.marks import fill

PAGE = Path(__file__).resolve().parents[2] / "docs" / "scale.md"
MILLION, BILLION = 10**6, 10**9
COLUMNS = (
    *("extractor", "version", "misses", "CPU ms a page [95% CI]", "MB/s"),
    *("million pages, core-hours", "billion pages, core-hours"),
)
Z = 1.96  # of the normal distribution, for 95 %


def core_hours(pages: int, ms: float) -> float:
    """Return what pages cost at so many ms of CPU time each."""
    return pages * ms / 1000 / 3600


def main() -> None:
    """Replace the table, with the machine and the command that it comes from."""
    run = opened(Path(sys.argv[1]))
    fill(PAGE, {"table": _table(run)})


def _table(run: Run) -> str:
    corpus, plan, kept = run.corpus(), run.plan, run.provenance
    sizes = {page.id: page.size for page in corpus.pages}
    times = {name: least(some) for name, some in measured(run.timings()).items()}
    controls = {one["name"] for one in plan["contestants"] if one["category"] == "control"}
    misses = Counter(one.extractor for one in run.read_extractions() if one.status != "ok")
    names = sorted(times.keys() - controls, key=lambda name: np.mean([*times[name].values()]))
    rows = [
        [name, kept["contestants"][name]["version"], misses[name], *_figures(times[name], sizes)]
        for name in names
    ]
    sides = ["left", *["right"] * (len(COLUMNS) - 1)]
    grid = tabulate(rows, COLUMNS, "github", colalign=sides, disable_numparse=True)
    machine, mean = kept["machine"], sum(sizes.values()) / len(sizes) / 1000
    return (
        f"{grid}\n\n{len(sizes)} pages of {corpus.name}@{corpus.version}#{corpus.digest[:8]}, "
        f"{mean:.0f} kB on average; rounds: {plan['rounds']}; {machine['cores']} cores, "
        f"{machine['cpu']}, {machine['memory_mib'] >> 10} GiB."
    )


def _figures(times: dict[str, float], sizes: dict[str, int]) -> list[str]:
    """Return mean ms with its interval (pages drawn at random), MB/s, and both costs."""
    ms = np.array([*times.values()])
    mean, half = float(ms.mean()), Z * float(ms.std(ddof=1)) / len(ms) ** 0.5
    return [
        f"{mean:.1f} [{mean - half:.1f}, {mean + half:.1f}]",
        f"{sum(sizes[page] for page in times) / ms.sum() / 1000:.1f}",
        f"{core_hours(MILLION, mean):,.1f}",
        f"{core_hours(BILLION, mean):,.0f}",
    ]


if __name__ == "__main__":
    main()
