"""The formats a table is printed in. A new one is a function here and a line in FORMATS."""

import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import StringIO

from tabulate import tabulate

from bench.errors import BenchError, unknown
from bench.report.layout import Cell, Table


def terminal(table: Table) -> str:
    """Return the table for a terminal."""
    return "\n".join([table.title, "", _grid(table, "simple"), *_foot(table, "", "")])


def markdown(table: Table) -> str:
    """Return the table as GitHub Markdown."""
    cells = [[_md(cell) for cell in row] for row in table.cells]
    grid = _grid(replace(table, cells=cells), "github")
    return "\n".join([f"### {table.title}", "", grid, *_foot(table, "- ", "`")])


def as_json(table: Table) -> str:
    """Return the table's full figures as JSON."""
    data = {
        "title": table.title,
        "signature": table.signature,
        "notes": table.notes,
        "rows": table.records,
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def latex(table: Table) -> str:
    """Return the table for a paper: booktabs, notes and signature in the caption."""
    caption = _tex(". ".join([table.title, *table.notes]))
    return "\n".join(
        [
            "% needs \\usepackage{booktabs}",
            r"\begin{table}",
            rf"\caption{{{caption}. \texttt{{{_tex(table.signature)}}}}}",
            _grid(table, "latex_booktabs").replace("|", r"\textbar{}"),
            r"\end{table}",
        ]
    )


def as_csv(table: Table) -> str:
    """Return the full figures as CSV, one line a record; nested figures as JSON."""
    file = StringIO()
    file.write(f"# {table.signature}\n")
    names = list(dict.fromkeys(name for record in table.records for name in record))
    writer = csv.DictWriter(file, names, lineterminator="\n")
    writer.writeheader()
    for record in table.records:
        writer.writerow({name: _flat(value) for name, value in record.items()})
    return file.getvalue().rstrip("\n")


FORMATS: Mapping[str, Callable[[Table], str]] = {
    "terminal": terminal,
    "markdown": markdown,
    "latex": latex,
    "csv": as_csv,
    "json": as_json,
}


def formatted(table: Table, name: str) -> str:
    """Return the table in a format, or raise BenchError with the valid ones."""
    known_format(name)
    return FORMATS[name](table)


def known_format(name: str) -> None:
    """Raise BenchError for a name that is no format's."""
    if name not in FORMATS:
        raise BenchError(unknown("format", name, FORMATS))


def _grid(table: Table, form: str) -> str:
    """Lay out the cells; a column with a word in it stands left, one of numbers right."""
    columns = zip(*table.cells, strict=True) if table.cells else [()] * len(table.columns)
    sides = ["left" if any(map(_is_word, column)) else "right" for column in columns]
    return tabulate(table.cells, table.columns, form, colalign=sides, disable_numparse=True)


def _is_word(cell: object) -> bool:
    return str(cell).strip()[:1].isalpha()


def _foot(table: Table, bullet: str, quote: str) -> list[str]:
    notes = [f"{bullet}{note}" for note in table.notes]
    return ["", *notes, *([""] if notes else []), f"{quote}{table.signature}{quote}"]


def _flat(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


_MD = str.maketrans({mark: f"\\{mark}" for mark in "\\`*<|"})


def _md(cell: Cell) -> Cell:
    return cell.translate(_MD) if isinstance(cell, str) else cell


_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
        "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", "…": r"\ldots{}",
        **{mark: f"\\{mark}" for mark in "&%$#_{}"},
    }
)  # fmt: skip


def _tex(text: str) -> str:
    return text.translate(_TEX)
