"""The history of an extractor: versions in order, each tested against the one before it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bench.contestants import Absent
from bench.errors import BenchError
from bench.report.history import history_table
from bench.report.layout import Subject, Table
from bench.runs import Run
from tests.conftest import Blocks, make_corpus
from tests.written import Texts, written

BODY = "one two three four"
SITES: Mapping[str, Blocks] = {f"site{n}/page": [("body", BODY)] for n in range(8)}
GOOD, HALF, NONE = (dict.fromkeys(SITES, text) for text in (BODY, "one two", ""))
FIGURES = {"good": (1, 1, 1), "half": (2 / 3, 1, 1 / 2), "none": (0, 0, 0)}  # F1, P, R
TEXTS: Texts = {"x@1": HALF, "x@2": HALF, "x@3": GOOD, "x@4": NONE, "lxml_text": GOOD}


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Subject:
    """Give a run of four versions beside lxml_text; the second costs three times the CPU time."""
    here = tmp_path_factory.mktemp("history")
    corpus = make_corpus(here / "mini", SITES)
    run = written(here / "run", corpus, TEXTS, cpu_ms={("x@2", 1): 3.0})
    return Subject(run, run.corpus(corpus), "main", "lcs")


def _table(look: Subject, *names: str) -> Table:
    return history_table(look, names)


def _rows(look: Subject, *names: str) -> dict[str, dict[str, Any]]:
    return {row["extractor"]: row for row in _table(look, *names).records}


EXPECTED = [
    # version, its texts, CPU ms, verdict on the step from the one before
    ("x@1", "half", 1.0, None),
    ("x@2", "half", 3.0, "no significant change"),
    ("x@3", "good", 1.0, "better"),
    ("x@4", "none", 1.0, "worse"),
]


@pytest.mark.parametrize(("name", "texts", "ms", "verdict"), EXPECTED)
def test_versions(look: Subject, name: str, texts: str, ms: float, verdict: str | None) -> None:
    """Each version has its figures, its cost, and the verdict on what changed before it."""
    row = _rows(look, "x@1", "x@2", "x@3", "x@4")[name]
    figures = [row[key] for key in ("f1", "precision", "recall")]
    assert figures == pytest.approx(FIGURES[texts], abs=1e-6)
    assert (row["median_ms"], row["times_lxml"]) == (ms, pytest.approx(ms))
    assert row["verdict"] == verdict


def test_p_is_corrected_for_the_steps(look: Subject) -> None:
    """The p of eight sites that all changed is 2 / 2^8, times the steps that are as unlikely."""
    rows = _rows(look, "x@1", "x@2", "x@3", "x@4")
    expected = {"x@2": 1.0, "x@3": 3 * 2 / 2**8, "x@4": 3 * 2 / 2**8}
    assert {name: rows[name]["p"] for name in expected} == pytest.approx(expected, abs=1e-6)
    assert _rows(look, "x@1", "x@3")["x@3"]["p"] == pytest.approx(2 / 2**8, abs=1e-6)


ORDERS = [("x@1", "x@3"), ("x@3", "x@1"), ("x@4",)]


@pytest.mark.parametrize("names", ORDERS)
def test_the_order_is_the_callers(look: Subject, names: tuple[str, ...]) -> None:
    """Rows stand as they were asked for; nobody else stands in the table."""
    table = _table(look, *names)
    assert tuple(row["extractor"] for row in table.records) == names
    assert len(table.cells) == len(names)
    assert table.signature.startswith("F1 by version|lcs|")


def test_a_version_that_is_absent(look: Subject, tmp_path: Path) -> None:
    """Who could not compete stands in the notes; the step goes over it; all absent is an error."""
    run = _with_absent(look.run, tmp_path, Absent("x@2.5", "no such version"))
    gap = Subject(run, look.corpus, "main", "lcs")
    table = _table(gap, "x@1", "x@2.5", "x@3")
    assert [row["extractor"] for row in table.records] == ["x@1", "x@3"]
    assert table.records[1]["verdict"] == "better"
    assert "x@2.5: absent: no such version" in table.notes
    with pytest.raises(BenchError, match=r"x@2\.5: absent: no such version") as error:
        _table(gap, "x@2.5")
    assert error.value.exit_code == 1


def _with_absent(run: Run, folder: Path, absent: Absent) -> Run:
    for path in run.folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    plan = {**run.plan, "absent": [{"name": absent.name, "why": absent.why, "log": ""}]}
    (folder / "plan.json").write_text(json.dumps(plan))
    return Run(folder)
