"""`boilerbench speed`: its table, its core, its second run."""

import contextlib
import json
import os
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from bench import cores, lane, records, session
from bench.contestants import read
from bench.corpus import Corpus, open_corpus
from bench.errors import BenchError
from bench.lane import Chunk, Harvest
from bench.process import WorkerProcess
from bench.records import Life, Timing
from bench.report.layout import Subject, Table
from bench.report.speed import speed_table
from bench.runner import execute, make_plan
from bench.runs import Run
from tests.conftest import make_corpus
from tests.running import quick, zoo
from tests.test_isolation import CAGES, SMALL, text_of
from tests.written import TEXTS, timing, written

Call = Callable[[str], Result]
Writer = Callable[[str, str], Path]
BESIDE = {**TEXTS, "lxml_text": TEXTS["good"]}
MINE = sorted(os.sched_getaffinity(0))
SEES = '"""Sees."""\nimport os\ndef extract(*_): return str(sorted(os.sched_getaffinity(0)))\n'


def _table(run: Run, corpus: Path, many: Run | None = None) -> Table:
    return speed_table(Subject(run, open_corpus(corpus), "-", "-"), many)


def _rows(table: Table) -> dict[str, dict[str, Any]]:
    return {record["extractor"]: record for record in table.records}


def test_the_fastest_comes_first(corpus: Path, tmp_path: Path) -> None:
    """Rows stand by x lxml; each has its figures, in JSON with both ends of every interval."""
    cpu = {("good", 1): 4.0, ("bad", 1): 0.5, ("nothing", 1): 0.1}
    table = _table(written(tmp_path / "run", corpus, BESIDE, cpu_ms=cpu), corpus)
    assert [row[0] for row in table.cells] == ["nothing", "bad", "lxml_text", "good"]
    row = _rows(table)["good"]
    assert (row["times_lxml"], row["times_lxml_low"], row["times_lxml_high"]) == (4, 4, 4)
    assert (row["median_ms"], row["p99_ms"], row["max_ms"], row["wall_ms"]) == (4, 4, 4, 8)
    assert (row["above_idle_mib"], row["growth_mib"], row["misses"]) == (1, None, 0)
    assert _rows(table)["bad"]["misses"] == 1
    assert {*map(len, table.cells)} == {len(table.columns)}


def test_without_a_page_no_figure(corpus: Path, tmp_path: Path) -> None:
    """Who never answered stands last, and the notes say why."""
    mute = {**BESIDE, "mute": dict.fromkeys(BESIDE["good"])}
    table = _table(written(tmp_path / "run", corpus, mute), corpus)
    assert table.cells[-1][:5] == ["mute", "1.0", 3, "-", "-"]
    assert {row.keys() == table.records[0].keys() for row in table.records} == {True}
    assert "mute: missed every page: ValueError: no article" in table.notes


UNSTEADY = "rounds disagree by >= 10 % (good 50%): close other programs, or raise --rounds"
NOTES = [
    # CPU ms of `good` in round 2, with 1 in round 1; whether the note stands
    (1.0, False),
    (1.05, False),
    (1.5, True),
]


@pytest.mark.parametrize(("ms", "warned"), NOTES)
def test_rounds_that_disagree(corpus: Path, tmp_path: Path, ms: float, *, warned: bool) -> None:
    """From 10 % on a note names them and says what to do."""
    run = written(tmp_path / "run", corpus, BESIDE, rounds=2, cpu_ms={("good", 2): ms})
    assert (UNSTEADY in _table(run, corpus).notes) == warned


def test_one_worker_against_several(corpus: Path, tmp_path: Path) -> None:
    """The line says pages per second of wall time of one lane, of all, and how many times that."""
    one = written(tmp_path / "one", corpus, BESIDE)
    two = written(tmp_path / "two", corpus, BESIDE, cpu_ms={("good", 1): 3.0})
    (two.folder / "plan.json").write_text(json.dumps({**two.plan, "workers": 2}))
    table = _table(one, corpus, two)
    line = "1 worker 500.0 pages/s, 2 workers 666.7 pages/s (x 1.33)"
    assert f"wall time, a page by each in turn: {line}" in table.notes
    row = _rows(table)["good"]
    assert row["wall_pages_per_s"] == 500
    assert row["wall_pages_per_s_many"] == pytest.approx(1000 / 3)
    assert _rows(_table(one, corpus))["good"]["wall_pages_per_s_many"] is None


LIVES = [
    # pages of a life; whether its slope stands, and whether the note does
    (19, False, False),
    (20, True, True),
    (199, True, True),
    (200, True, False),
]


@pytest.mark.parametrize(("pages", "slope", "noted"), LIVES)
def test_a_slope_over_few_pages(tmp_path: Path, pages: int, *, slope: bool, noted: bool) -> None:
    """Growth over a short life is shown with a note, over a very short one not at all."""
    blocks = {f"site/p{n}": [("body", "tea")] for n in range(pages)}
    corpus = make_corpus(tmp_path / "many", blocks)
    table = _table(written(tmp_path / "run", corpus, {"x": dict.fromkeys(blocks, "tea")}), corpus)
    assert (table.records[0]["growth_mib"] == 0) == slope
    assert any(note.startswith("MiB/1000 pages rests on") for note in table.notes) == noted


@pytest.mark.parametrize("networks", CAGES)
def test_a_pinned_worker_has_one_core(extractor: Writer, networks: str) -> None:
    """In every sort of cage it, and what it starts, sees that core alone, and the cage names it."""
    command = read(extractor("sees", SEES)).command
    with closing(WorkerProcess(command, SMALL, networks, core=MINE[-1])) as worker:
        assert (text_of(worker), worker.cage["core"]) == (f"[{MINE[-1]}]", str(MINE[-1]))


def test_a_core_that_is_not_to_be_had(extractor: Writer) -> None:
    """The worker runs where it can, and the cage names no core."""
    with closing(WorkerProcess(read(extractor("sees", SEES)).command, SMALL, core=1023)) as worker:
        assert (text_of(worker), "core" in worker.cage) == (str(MINE), False)


@pytest.mark.parametrize("core", MINE)
def test_the_harness_leaves_the_core_alone(core: int) -> None:
    """It keeps to the others where there are any, and has all again, whatever happened."""
    seen: list[set[int]] = []
    with contextlib.suppress(KeyboardInterrupt), cores.left_alone(core):
        seen.append(os.sched_getaffinity(0))
        raise KeyboardInterrupt
    assert seen == [{*MINE} - {core} or {core}]
    assert sorted(os.sched_getaffinity(0)) == MINE


@pytest.mark.parametrize("pin", [True, False])
def test_pinning_is_in_the_plan_and_in_the_chunks(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, pin: bool
) -> None:
    """Lanes run beside the workers' core, and every chunk names it; else nothing is touched."""
    seen: list[tuple[int | None, list[int]]] = []

    def run_chunk(chunk: Chunk) -> Harvest:
        seen.append((chunk.core, sorted(os.sched_getaffinity(0))))
        return Harvest()

    monkeypatch.setattr(lane, "run_chunk", run_chunk)
    run, pages, settings = Run(tmp_path / "run"), open_corpus(corpus), replace(quick(), pin=pin)
    run.create(make_plan(pages, [read(Path(zoo("echo")[0]))], settings))
    execute(run, pages, [read(Path(zoo("echo")[0]))], settings)
    expected = (MINE[-1], MINE[:-1] or MINE) if pin else (None, MINE)
    assert seen == [expected] * 3
    assert run.plan["pin"] == pin
    assert run.provenance["machine"]["cores"] == len(MINE)


def test_the_verb(corpus: Path, call: Call) -> None:
    """It runs beside lxml_text on one core, warm-ups kept; then the same again on two lanes."""
    words = f"{zoo('echo')[0]} --corpus {corpus} --rounds 2 --output one --workers 2"
    result = call(f"speed {words} --format json")
    assert result.exit_code == 0, result.stderr
    one, two = Run(Path("one")), Run(Path("one-2-workers"))
    rows = {row["extractor"]: row for row in json.loads(result.stdout)["rows"]}
    assert rows.keys() == {"echo", "lxml_text"}
    assert all(row["wall_pages_per_s_many"] > 0 and row["wall_ms"] > 0 for row in rows.values())
    assert all(row["above_idle_mib"] >= 0 for row in rows.values())
    assert [(run.plan[key]) for run in (one, two) for key in ("workers", "rounds", "pin")] == [
        *(1, 2, True),
        *(2, 2, False),
    ]
    assert {life.isolation.get("core") for life in one.lives()} == {str(MINE[-1])}
    assert not any("core" in life.isolation for life in two.lives())
    assert sum(one.warmup for one in one.timings()) == 2 * 2
    assert all(one.resident_kib > 1000 for one in one.timings())
    assert all(one.idle_kib > 1000 for one in one.lives())


def test_five_rounds(call: Call) -> None:
    """Where `run` does one round, `speed` does five unless told."""
    assert re.search(r"--rounds .*\[default: 5;", call("speed --help").stdout)
    assert re.search(r"--rounds .*\[default: 1;", call("run --help").stdout)


def test_an_interrupted_second_run_can_be_gone_on_with(
    corpus: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its message names the folder of the first one, which the same command then leaves alone."""
    run_session = session.run_session

    def interrupted(*words: Any, workers: int, **options: Any) -> tuple[Run, Corpus]:
        if workers > 1:
            raise BenchError("interrupted", hint="repeat the command to go on", exit_code=1)
        return run_session(*words, workers=workers, **options)

    words = f"{zoo('echo')[0]} --corpus {corpus} --rounds 1 --workers 2"
    with monkeypatch.context() as patch:
        patch.setattr(session, "run_session", interrupted)
        cut = call(f"speed {words}")
    folder = re.search(r"to go on; with --output (\S+) the first run", cut.stderr)
    assert (cut.exit_code, bool(folder)) == (1, True), cut.stderr
    again = call(f"speed {words} --output {folder[1]}" if folder else "")
    assert (again.exit_code, "finished: " in again.stderr) == (0, True), again.stderr


WRONG = [
    # words, exit code, what stderr says
    ("--format mark", 2, "error: unknown format 'mark'"),
    ("--rounds 1 --output run", 1, "dies_in_import: missed every page"),
    ("--workers 0", 2, "is not in the range x>=1"),
]


@pytest.mark.parametrize(("words", "code", "said"), WRONG)
def test_what_goes_wrong(corpus: Path, call: Call, words: str, code: int, said: str) -> None:
    """A wrong word is refused before anything runs; who never answers makes the exit code 1."""
    result = call(f"speed {zoo('dies_in_import')[0]} --corpus {corpus} {words}")
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr
    assert Path("run").exists() == (code == 1)


@pytest.mark.parametrize(
    ("record", "old"),
    [
        (timing("a", "x"), timing("a", "x", resident_kib=0)),
        (Life("x/1", "x", 1, {}, 1, 1, {}, 5), Life("x/1", "x", 1, {}, 1, 1, {})),
    ],
)
def test_journals_of_before(tmp_path: Path, record: Timing | Life, old: Timing | Life) -> None:
    """Lines that do not know resident or idle memory are read as 0."""
    line = json.loads(records.to_line(record))
    new = line.keys() & {"resident_kib", "idle_kib"}
    without = {key: value for key, value in line.items() if key not in new}
    (tmp_path / "old").write_text(json.dumps(without) + "\n")
    assert list(records.read(tmp_path / "old", type(record))) == [old]
    assert len(new) == 1
