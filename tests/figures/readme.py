"""Put a run's figures into the README, between its marks.

Usage: python -m tests.figures.readme RUN
"""

import re
import sys
from dataclasses import replace
from pathlib import Path

from bench.report import TABLES
from bench.report.formats import markdown
from bench.report.layout import Subject, Table
from bench.runs import opened

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
    text = README.read_text(encoding="utf-8")
    few = replace(results, cells=[row for row in results.cells if row[0] in SOME])
    text = _filled(text, "table", _columns(few, COLUMNS))
    some = replace(leaks, cells=[row for row in leaks.cells if row[0] in KINDS])
    text = _filled(text, "leaks", _columns(some, ROWS))
    README.write_text(text, encoding="utf-8")


def _columns(table: Table, names: tuple[str, ...]) -> Table:
    places = [table.columns.index(name) for name in names]
    cells = [[row[place] for place in places] for row in table.cells]
    return replace(table, columns=names, cells=cells, notes=[])


def _filled(text: str, mark: str, table: Table) -> str:
    body = markdown(table).partition("\n\n")[2]
    pattern = rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)"
    return re.sub(pattern, lambda found: f"{found[1]}{body}\n{found[2]}", text, flags=re.DOTALL)


if __name__ == "__main__":
    main()
