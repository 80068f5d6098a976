"""Conformance: whether a contestant keeps the rules of the benchmark, proved on made-up pages."""

import sys
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.progress import track

from bench import __version__
from bench.conformance.checks import Evidence, Verdict, verdicts
from bench.conformance.pages import odd_pages, sound_pages, varied_pages
from bench.conformance.sittings import LIMITS, Growth, grow, sit
from bench.contestants import Contestant
from bench.process import TRAP
from bench.report.layout import Table

LONG = 200  # pages one worker is asked for; caches have filled up by the hundredth

_CELL = 90  # characters of a detail that a terminal has room for; records hold all of it

Verdicts = Mapping[str, Verdict]


def examine(contestant: Contestant, pages: int = LONG) -> Verdicts:
    """Return the verdict of each check on a contestant that is ready to run.

    `pages` is the length of the long sitting.
    """
    every = [*sound_pages(), *odd_pages()]
    first = sit(contestant, every)
    if first.failed:
        return verdicts(Evidence(first, first, first, Growth([])))
    return verdicts(
        Evidence(
            first=first,
            second=sit(contestant, every),
            trapped=sit(contestant, sound_pages(), TRAP),
            growth=grow(contestant, varied_pages(pages)),
        )
    )


def examined(contestants: Sequence[Contestant]) -> dict[str, Verdicts]:
    """Return the verdicts on contestants by name."""
    silent, console = not sys.stderr.isatty(), Console(stderr=True)
    shown = track(contestants, "check", console=console, transient=True, disable=silent)
    return {contestant.name: examine(contestant) for contestant in shown}


def conformance_table(found: Mapping[str, Verdicts]) -> Table:
    """Return a row for each contestant and check."""
    rows = [
        (name, check, verdict.result, verdict.detail)
        for name, checks in found.items()
        for check, verdict in checks.items()
    ]
    columns = ("extractor", "check", "result", "detail")
    return Table(
        title=f"Conformance of {', '.join(found)}",
        columns=columns,
        cells=[[*row[:3], _short(row[3])] for row in rows],
        records=[dict(zip(columns, row, strict=True)) for row in rows],
        signature=f"conformance|-|pages:{LONG}|limit:{LIMITS.page_s:g}s|v:{__version__}",
    )


def failures(found: Mapping[str, Verdicts]) -> list[str]:
    """Return a sentence for each check that failed."""
    return [
        f"{name}: {check}: {verdict.detail}"
        for name, checks in found.items()
        for check, verdict in checks.items()
        if verdict.result == "fail"
    ]


def _short(detail: str) -> str:
    return detail if len(detail) <= _CELL else detail[: _CELL - 1] + "…"
