"""Runs over WARC files: the table without gold, what it refuses, and how it goes on."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.figures.scale import BILLION, MILLION, core_hours
from tests.running import zoo
from tests.warcs import TEA, record, write

Call = Callable[[str], Result]


@pytest.fixture
def ran(tmp_path: Path, call: Call) -> Result:
    """Run fakes over two files, one of them with what is no page."""
    write(tmp_path / "a.warc.gz", [record(kind="request"), record(TEA + b"second"), record(TEA)])
    write(tmp_path / "b.warc", [record(url="http://b.example/second")])
    names = " ".join([*zoo("echo", "always_empty", "exits"), "lxml_text"])
    return call(f"run {names} --warc a.warc.gz --warc b.warc --output run")


def test_the_table_without_gold(ran: Result, call: Call) -> None:
    """Pages, misses, lengths and speed; no score, no oracle, and a signature that says so."""
    assert ran.exit_code == 0, ran.stderr
    report = json.loads(call("report run --format json").stdout)
    rows = {row["extractor"]: row for row in report["rows"]}
    assert sorted(rows) == ["always_empty", "echo", "exits", "lxml_text"]
    figures = {
        name: (row["pages"], row["misses"], row["empty"], row["median_characters"])
        for name, row in rows.items()
    }
    tea = len("Green tea is dry, and cheap.")
    assert figures["always_empty"] == (3, 0, 1.0, 0.0)
    assert figures["lxml_text"] == (3, 0, 0.0, tea)
    assert figures["exits"] == (3, 1, 0.0, len("calm"))
    assert "f1" not in rows["echo"]
    assert rows["lxml_text"]["times_lxml"] == 1.0
    assert report["notes"][0] == "passed over: 1 request record"
    assert "corpus:a.warc.gz+1@0#" in report["signature"]
    assert "|gold:none|pages:3|" in report["signature"]


def test_what_needs_gold_says_so(ran: Result, call: Call) -> None:
    """Exit 2, and what the run does give."""
    assert ran.exit_code == 0, ran.stderr
    for verb in ("report --by kind", "report --by site", "score", "verify", "metrics"):
        result = call(f"{verb} run")
        assert result.exit_code == 2
        assert "its pages came without gold" in result.stderr
        assert "boilerbench report run" in result.stderr


def test_plots_without_gold(ran: Result, call: Call) -> None:
    """Time against size and memory need no gold and are drawn; a plot of scores says why not."""
    assert ran.exit_code == 0, ran.stderr
    drawn = call("plot run")
    assert (drawn.exit_code, drawn.stderr) == (0, "")
    assert [Path(line).name for line in drawn.stdout.split()] == ["size.svg", "memory.svg"]
    refused = call("plot run --with front --with memory")
    assert (refused.exit_code, Path(refused.stdout.strip()).name) == (1, "memory.svg")
    assert "front: run: its pages came without gold" in refused.stderr


def test_the_same_command_goes_on_with_the_same_run(
    ran: Result, call: Call, tmp_path: Path
) -> None:
    """A run without its end is taken up; files with other pages are another plan."""
    assert ran.exit_code == 0, ran.stderr
    (tmp_path / "run" / "run.json").unlink()
    names = " ".join([*zoo("echo", "always_empty", "exits"), "lxml_text"])
    line = f"run {names} --warc a.warc.gz --warc b.warc --output run"
    again = call(line)
    assert (again.exit_code, again.stdout) == (0, ran.stdout)
    assert "resuming: run" in again.stderr
    write(tmp_path / "b.warc", [record(TEA + TEA)])
    assert "another plan (differs in: corpus)" in call(line).stderr


def test_pages_come_from_one_place(call: Call, tmp_path: Path) -> None:
    """--warc beside --corpus is refused."""
    write(tmp_path / "tea.warc", [record()])
    result = call("run lxml_text --warc tea.warc --corpus mini")
    assert (result.exit_code, "--warc and --corpus both name pages" in result.stderr) == (2, True)


def test_core_hours() -> None:
    """3.6 million pages at 1 ms are an hour of one core."""
    assert core_hours(3_600_000, 1.0) == 1.0
    assert core_hours(BILLION, 5.0) == 1000 * core_hours(MILLION, 5.0)
