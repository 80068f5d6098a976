"""Verifying the tables of other verbs than `report`: printed again from a run, or refused."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from bench import verbs
from bench.report.formats import FORMATS, formatted
from bench.report.history import version_table
from bench.report.layout import Table
from bench.report.speed import speed_table
from bench.runs import Run
from tests.written import TEXTS, written

Call = Callable[[str], Result]
METRICS = ["", "--with shingle --with bag"]
DIGIT = r"(?<=\d\.)\d"


@pytest.fixture
def here(corpus: Path, call: Call) -> Call:
    """Give a run, beside it one that did the same on two lanes, and one that did not end."""
    written(Path("run"), corpus, {**TEXTS, "lxml_text": TEXTS["good"]})
    for lanes in (2, 3):
        shutil.copytree("run", f"run-{lanes}-workers")
        plan = {**Run(Path("run")).plan, "workers": lanes}
        Path(f"run-{lanes}-workers/plan.json").write_text(json.dumps(plan))
    Path("run-3-workers/run.json").unlink()
    return call


def _of_sessions() -> list[Table]:
    """Return what `history` and `speed` print of runs that they make themselves."""
    look = verbs.subject(Path("run"), None, "main", "lcs")
    times = replace(look, view="-", metric="-")
    many = Run(Path("run-2-workers"))
    return [version_table(look), speed_table(times), speed_table(times, many)]


@pytest.mark.parametrize("form", FORMATS)
def test_tables_of_other_verbs_follow(here: Call, form: str) -> None:
    """What `metrics`, `history` and `speed` print of a run follows from it; no digit may differ."""
    scored = [here(f"metrics run {words} --format {form}").stdout for words in METRICS]
    tables = [*scored, *(formatted(table, form) for table in _of_sessions())]
    Path("t").write_text("\n\n".join([*tables, ""]), encoding="utf-8")
    assert here("verify run --table t").stderr == ""
    for table in tables:
        Path("t").write_text(_other_digit(table), encoding="utf-8")
        result = here("verify run --table t")
        assert result.exit_code == 1
        assert re.match(r"error: t: (F1 by metric|F1 by version|speed) table: ", result.stderr)


def _other_digit(table: str) -> str:
    """Return a table with another digit in its first figure; its signature is as it was."""
    lines = table.split("\n")
    at = next(n for n, line in enumerate(lines) if "v:" not in line and re.search(DIGIT, line))
    lines[at] = re.sub(DIGIT, lambda found: "8" if found[0] == "9" else "9", lines[at], count=1)
    return "\n".join(lines)


OF_NO_RUN = [
    ("F1 by run", "compare", "two runs"),
    ("F1 by corpus", "agree", "two runs"),
    ("agreement", "passes", "a corpus alone"),
    ("audit", "audit", "a corpus alone"),
    ("conformance", "check --extractor", "answers that are not kept"),
    ("stress", "stress", "answers and times that are not kept"),
]


@pytest.mark.parametrize(("figure", "verb", "source"), OF_NO_RUN)
def test_a_table_of_no_run(here: Call, figure: str, verb: str, source: str) -> None:
    """A table that is made of something else than a run is refused by its verb, with the reason."""
    Path("t").write_text(f"{figure}|-|pages:3|v:1.0", encoding="utf-8")
    why = f"a table of `{verb}` is made of {source}, so no run can vouch for it; print it again"
    result = here("verify run --table t")
    assert result.stderr == f"error: t: signature {figure}|-|pages:3|v:1.0: {why}\n"
    assert result.exit_code == 1


def test_a_comparison_is_no_table_of_results(here: Call) -> None:
    """What `compare` prints has a signature of its own kind."""
    Path("t").write_text(here("compare run run").stdout, encoding="utf-8")
    assert "a table of `compare` is made of two runs" in here("verify run --table t").stderr
