"""Write RESULTS.md from one run over boilerbench's own pages.

Usage: python -m tests.figures.results RUN. The ranking is held against the newest finished runs
over imported datasets that `runs/` has (`boilerbench run --all --corpus NAME`).
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench import datasets, runs
from bench.corpus import data_folder, found
from bench.likeness import likeness_table
from bench.report import TABLES
from bench.report.formats import markdown
from bench.report.layout import Cell, Subject, Table, shown
from bench.runs import opened
from bench.scoring import default_metric

RESULTS = Path(__file__).resolve().parents[2] / "RESULTS.md"
WIDE = 8  # columns beside the names that a reader of a page can take in
HEAD = """# Results

Made by `make results` from one run of every contestant that the machine could run, over the pages
of this project. Read the limitations in the README and [corpus/README.md](corpus/README.md) first:
the pages are synthetic. Each table stands with the line that must be cited with it.
"""


def main() -> None:
    """Write all sections."""
    run = opened(Path(sys.argv[1]))
    look = Subject(run, run.corpus(), "main", "lcs")
    results = TABLES[""](look)
    parts = [
        HEAD,
        markdown(results),
        *(_slices(look, by) for by in ("page_type", "language", "family")),
        _leaks(look),
        _likeness(look),
    ]
    RESULTS.write_text("\n\n".join(part.strip() for part in parts) + "\n", encoding="utf-8")


def _slices(look: Subject, by: str) -> str:
    """Return F1 of every contestant on each slice, contestants as rows."""
    table = TABLES[by](look)
    names = [*table.records[0]["extractors"]]
    columns = [f"{record[by]} ({record['pages']})" for record in table.records]
    values = {
        name: [record["extractors"][name]["f1"] for record in table.records] for name in names
    }
    rows: dict[str, list[Cell]] = {
        name: [shown(f1, ".2f") for f1 in some] for name, some in _ranked(values).items()
    }
    return _pages(replace(table, title=f"F1 by {by} (pages)"), columns, rows)


def _leaks(look: Subject) -> str:
    """Return the share of each kind that came through, contestants as rows."""
    table = TABLES["kind"](look)
    names = [*table.records[0]["extractors"]]
    columns = [str(record["kind"]) for record in table.records]
    rows: dict[str, list[Cell]] = {
        name: [f"{record['extractors'][name]['share']:.0%}" for record in table.records]
        for name in names
    }
    return _pages(
        replace(table, title="Leaks: share of a kind's tokens let through"), columns, rows
    )


def _ranked(values: dict[str, list[float | None]]) -> dict[str, list[float | None]]:
    def mean(some: Sequence[float | None]) -> float:
        known = [value for value in some if value is not None]
        return -sum(known) / len(known) if known else 0.0

    return dict(sorted(values.items(), key=lambda item: mean(item[1])))


def _pages(table: Table, columns: Sequence[str], rows: dict[str, list[Cell]]) -> str:
    """Return a wide table as several narrow ones under one title, one signature below."""
    parts = [f"### {table.title}"]
    for start in range(0, len(columns), WIDE):
        some = tuple(columns[start : start + WIDE])
        cells: list[list[Cell]] = [[name, *row[start : start + WIDE]] for name, row in rows.items()]
        part = replace(table, columns=("extractor", *some), cells=cells, notes=[], signature="")
        parts.append(markdown(part).partition("\n\n")[2].strip().strip("`").strip())
    return "\n\n".join([*parts, f"`{table.signature}`"])


def _likeness(look: Subject) -> str:
    """Return the rank correlation with each public dataset, then the tables behind them."""
    tables = dict(_others(look))
    lines = [f"* {name}: {table.notes[0]}; {table.notes[1]}" for name, table in tables.items()]
    said = "\n".join(lines) or "No run over a public dataset was at hand."
    return "\n\n".join(["## Do public datasets rank alike?", said, *map(markdown, tables.values())])


def _others(look: Subject) -> Iterator[tuple[str, Table]]:
    for name in datasets.names():
        if (data_folder() / name / "corpus").is_dir():
            corpus = found(name)
            if run := runs.newest(finished=True, of=corpus.digest):
                yield name, likeness_table(look, _subject(run, corpus))


def _subject(run: Any, corpus: Any) -> Subject:
    return Subject(run, corpus, "main", default_metric(corpus))


if __name__ == "__main__":
    main()
