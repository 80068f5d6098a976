"""Put a run's figures into the README, between its marks.

Usage: python -m tests.figures.readme RUN
"""

import sys
from dataclasses import replace
from pathlib import Path

from bench.report import TABLES
from bench.report.formats import markdown
from bench.report.layout import Subject, Table
from bench.runs import opened
from tests.figures.marks import fill

README = Path(__file__).resolve().parents[2] / "README.md"
COLUMNS = ("extractor", "version", "F1 [95% CI]", "P", "R", "misses", "ms", "pages/s", "x lxml")
SOME = (
    *("trafilatura", "readability_js", "readability_lxml", "resiliparse_strict", "defuddle"),
    *("newspaper4k", "goose3", "boilerpipe", "justext", "lxml_text", "oracle", "everything"),
)
KINDS = (
    *("visitor-counter", "login-account", "company-info", "rank-latest-list", "related-links"),
    *("comments", "post-meta", "copyright-legal", "subscribe-paywall"),
)
ROWS = ("kind", "readability_js", "trafilatura", "resiliparse_strict", "newspaper4k", "lxml_text")


def main() -> None:
    """Rewrite the two tables."""
    run = opened(Path(sys.argv[1]))
    subject = Subject(run, run.corpus(), "main", "lcs")
    results, leaks = TABLES[""](subject), TABLES["kind"](subject)
    few = replace(results, cells=[row for row in results.cells if row[0] in SOME])
    some = replace(leaks, cells=[row for row in leaks.cells if row[0] in KINDS])
    fill(README, {"table": _bare(few, COLUMNS), "leaks": _bare(some, ROWS)})


def _bare(table: Table, names: tuple[str, ...]) -> str:
    """Return some columns of a table, without its title and notes."""
    places = [table.columns.index(name) for name in names]
    cells = [[row[place] for place in places] for row in table.cells]
    return markdown(replace(table, columns=names, cells=cells, notes=[])).partition("\n\n")[2]


if __name__ == "__main__":
    main()
