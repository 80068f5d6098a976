"""Who has no figures in a table: contestants that could not compete, or never answered."""

from collections.abc import Iterable
from typing import Any

from bench.contestants import reasons
from bench.records import Extraction
from bench.report.layout import Cell
from bench.runs import Run


def absent_cells(run: Run, width: int) -> list[list[Cell]]:
    """Return a row of this width for each: its name, and nothing measured."""
    return [[name, "", "(absent)", *[""] * (width - 3)] for name in reasons(run.absent)]


def absent_records(run: Run, figures: Iterable[str]) -> list[dict[str, Any]]:
    """Return a record for each: no figure is known, and `absent` says why."""
    blank = {**dict.fromkeys(figures), "category": "", "version": "", "group": ""}
    return [
        {**blank, "extractor": name, "absent": why} for name, why in reasons(run.absent).items()
    ]


def absent_notes(run: Run) -> list[str]:
    """Return a note for each."""
    return [f"{name}: absent: {why}" for name, why in reasons(run.absent).items()]


def silent_notes(run: Run) -> list[str]:
    """Return a note for each contestant that missed every page, with its first reason."""
    return [f"{name}: {_missed(miss)}" for name, miss in _first_misses(run).items()]


def never_answered(run: Run) -> list[str]:
    """Return the same, and how to read the log where there is one."""
    return [
        f"{name}: {_missed(miss)}{_log(run, miss)}" for name, miss in _first_misses(run).items()
    ]


def _first_misses(run: Run) -> dict[str, Extraction]:
    """Return the first miss of each contestant that gave nothing else."""
    answered: set[str] = set()
    firsts: dict[str, Extraction] = {}
    for extraction in run.read_extractions():
        if extraction.status == "ok":
            answered.add(extraction.extractor)
        else:
            firsts.setdefault(extraction.extractor, extraction)
    return {name: miss for name, miss in firsts.items() if name not in answered}


def _missed(miss: Extraction) -> str:
    why, _, _ = miss.error.partition("\n")
    return f"missed every page: {why}"


def _log(run: Run, miss: Extraction) -> str:
    if "\n" not in miss.error:
        return ""
    return f" (log: boilerbench show {run.folder} {miss.page} {miss.extractor})"
