"""The formats a table is printed in. A new one is a function here and a line in FORMATS."""

import json
from collections.abc import Callable, Mapping

from tabulate import tabulate

from bench.errors import BenchError, unknown
from bench.report.layout import Table


def terminal(table: Table) -> str:
    """Return the table for a terminal."""
    return "\n".join([table.title, "", _grid(table, "simple"), *_foot(table, "", "")])


def markdown(table: Table) -> str:
    """Return the table as GitHub Markdown."""
    return "\n".join([f"### {table.title}", "", _grid(table, "github"), *_foot(table, "- ", "`")])


def as_json(table: Table) -> str:
    """Return the table's full figures as JSON."""
    data = {
        "title": table.title,
        "signature": table.signature,
        "notes": table.notes,
        "rows": table.records,
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


FORMATS: Mapping[str, Callable[[Table], str]] = {
    "terminal": terminal,
    "markdown": markdown,
    "json": as_json,
}


def formatted(table: Table, name: str) -> str:
    """Return the table in a format, or raise BenchError with the valid ones."""
    if name not in FORMATS:
        raise BenchError(unknown("format", name, FORMATS))
    return FORMATS[name](table)


def _grid(table: Table, form: str) -> str:
    numbers = ["left"] + ["right"] * (len(table.columns) - 1)
    return tabulate(
        table.cells, table.columns, form, colalign=numbers, disable_numparse=True, missingval=""
    )


def _foot(table: Table, bullet: str, quote: str) -> list[str]:
    notes = [f"{bullet}{note}" for note in table.notes]
    return ["", *notes, *([""] if notes else []), f"{quote}{table.signature}{quote}"]
