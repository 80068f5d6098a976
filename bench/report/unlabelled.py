"""The table of a run over pages without gold: misses, lengths and speed, and no score."""

from collections import defaultdict
from dataclasses import fields, replace
from typing import Any

import numpy as np

from bench import speed
from bench.contestants import CATEGORIES
from bench.report.absence import absent_cells, absent_notes, absent_records, silent_notes
from bench.report.layout import Cell, Subject, Table, figure, shown
from bench.report.results import speed_notes
from bench.speed import Speed

_COLUMNS = (
    *("extractor", "version", "pages", "misses", "empty", "median chars"),
    *("ms", "p95 ms", "pages/s", "MB/s", "x lxml"),
)


def unlabelled_table(subject: Subject) -> Table:
    """Return pages, misses, the share of empty texts, their median length, and speed.

    Lengths are in characters, of the pages that were no miss. The fastest stands first.
    """
    records = sorted(_records(subject), key=_order)
    card = subject.corpus.card
    return Table(
        title=f"Pages without gold: {subject.corpus.name}, {len(subject.corpus.pages)} pages",
        columns=_COLUMNS,
        cells=[_cells(record) for record in records] + absent_cells(subject.run, len(_COLUMNS)),
        records=records + absent_records(subject.run, records[0]),
        signature=replace(subject, view="-", metric="-").signature("speed"),
        notes=[
            *([f"passed over: {card['passed_over']}"] if card["passed_over"] else []),
            *([card["broken"]] if card["broken"] else []),
            *speed_notes(subject, records),
            *absent_notes(subject.run),
            *silent_notes(subject.run),
        ],
    )


def _records(subject: Subject) -> list[dict[str, Any]]:
    run, pages = subject.run, subject.corpus.pages
    sizes = {page.id: page.size for page in pages}
    speeds = speed.speeds(run.timings(), run.lives(), sizes)
    lengths = _lengths(subject)
    hellos = run.provenance["contestants"]
    return [
        {
            "extractor": name,
            "category": planned["category"],
            "version": hellos.get(name, {}).get("version", ""),
            "pages": len(pages),
            "misses": len(pages) - len(lengths[name]),
            "empty": figure(known.count(0) / len(known)) if known else None,
            "median_characters": figure(float(np.median(known))) if known else None,
            "absent": "",
            **{one.name: getattr(speeds.get(name), one.name, None) for one in fields(Speed)},
        }
        for planned in run.plan["contestants"]
        for name in [planned["name"]]
        for known in [[*lengths[name].values()]]
    ]


def _lengths(subject: Subject) -> dict[str, dict[str, int]]:
    """Return the characters of each text, white space at its ends left out; misses have none."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for extraction in subject.run.read_extractions():
        if extraction.status == "ok":
            found[extraction.extractor][extraction.page] = len(extraction.text.strip())
    return found


def _order(record: dict[str, Any]) -> tuple[int, float]:
    pace = record["times_lxml"] or record["median_ms"]
    return CATEGORIES.index(record["category"]), pace if pace is not None else np.inf


def _cells(record: dict[str, Any]) -> list[Cell]:
    return [
        record["extractor"],
        record["version"],
        record["pages"],
        record["misses"],
        shown(record["empty"], ".1%"),
        shown(record["median_characters"], ",.0f"),
        *(shown(record[name], ".1f") for name in ("median_ms", "p95_ms", "pages_per_s")),
        *(shown(record[name], ".2f") for name in ("mb_per_s", "times_lxml")),
    ]
