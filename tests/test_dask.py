"""More than one machine: a run through a Dask scheduler is the run that one machine would make."""

import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench import cluster, contestants, session
from bench.cluster import connected
from bench.contestants import EXTRACTORS
from bench.corpus import open_corpus
from bench.errors import BenchError
from bench.lane import Chunk, Task, run_chunk
from bench.runner import execute, make_plan
from bench.runs import Run
from tests.conftest import make_corpus
from tests.machines import Machines
from tests.running import Harness, alive, measured, outcome, quick, run_here, wait_until, zoo

# A scheduler and two workers take 20 s to start on a busy machine
pytestmark = pytest.mark.slow

# More pages than two chunks hold, so that each machine has work
PAGES = {f"site{i % 3}/page{i:02}": [("body", f"Tea number {i} is green.")] for i in range(40)}
FAKES = zoo("echo", "takes_its_time", "exits")
_LIMITS = {"limit_s": 20, "memory_mib": 300}
QUICK: dict[str, Any] = {"fresh": False, "workers": 1, "rounds": 1, **_LIMITS}


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """Give a scheduler with two workers."""
    started = Machines(tmp_path_factory.mktemp("machines"), 2)
    yield started
    started.close()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a corpus of 40 pages, and one on which a fake dies."""
    pages = {**PAGES, "board/second": [("body", "It rains.")]}
    return make_corpus(tmp_path_factory.mktemp("corpus") / "pages", pages)


@pytest.fixture(scope="module")
def local(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return the run that this machine makes alone."""
    return run_here(tmp_path_factory.mktemp("local") / "run", corpus, FAKES, quick(workers=2))


def lanes(run: Run) -> set[str]:
    """Return the threads that worked on a run."""
    return {timing.worker.split("/")[2] for timing in run.timings()}


def test_machines_give_what_one_gives(
    machines: Machines, corpus: Path, local: Run, tmp_path: Path
) -> None:
    """The same extractions from two lanes; how many lanes there were is no part of the plan."""
    run, _ = session.run_session(
        FAKES, corpus=str(corpus), output=tmp_path / "run", scheduler=machines.address, **QUICK
    )
    assert run.finished
    assert outcome(run) == outcome(local)
    assert len(lanes(run)) == 2
    assert (run.plan["workers"], run.plan["cap"]) == (0, local.plan["cap"])
    assert not machines.contestants


@pytest.mark.slow
def test_ctrl_c_stops_all_machines_and_the_run_goes_on(
    machines: Machines, corpus: Path, local: Run, tmp_path: Path
) -> None:
    """Exit 1, no contestant left on any machine; the same command does what is left."""
    harness = Harness(corpus, tmp_path / "run", *FAKES, "--scheduler", machines.address)
    process = harness.start()
    assert wait_until(harness.lines, 60)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 1, stderr
    assert "interrupted; all finished pages are kept\nhint: repeat the command" in stderr
    assert not machines.contestants
    done = harness.lines()
    assert 0 < done < len(outcome(local))
    resumed = harness.finish()
    assert resumed.returncode == 0, resumed.stderr
    assert outcome(Run(harness.output)) == outcome(local)
    assert len({t.key for t in measured(Run(harness.output))}) == len(measured(local))


def test_a_killed_machine_costs_no_result_and_doubles_none(
    machines: Machines, corpus: Path, local: Run, tmp_path: Path
) -> None:
    """A worker killed by SIGKILL after the first chunk: every page stands there once."""
    pages, chosen = open_corpus(corpus), contestants.find(FAKES)
    run, victim = Run(tmp_path / "run"), machines.workers.pop()
    settings = replace(quick(), chunk=2)
    run.create(make_plan(pages, chosen, settings))
    with connected(machines.address) as executor:
        two = replace(settings, workers=executor.lanes)
        execute(run, pages, chosen, two, executor=executor, progress=lambda *_: victim.kill())
    machines.workers.append(machines.worker())
    victim.wait()
    assert outcome(run) == outcome(local)
    assert len((run.folder / "extractions.jsonl").read_bytes().splitlines()) == len(outcome(local))
    assert len(measured(run)) == len(measured(local))
    assert victim.returncode == -signal.SIGKILL
    assert not machines.contestants


def refused(address: str) -> BenchError:
    """Return the error of connecting to an address."""
    with pytest.raises(BenchError) as error, connected(address):
        pass
    return error.value


def test_a_second_harness_is_refused(machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs at once would stop each other's lanes."""
    with connected(machines.address):
        monkeypatch.setattr(cluster, "ANSWER_S", 0.5)
        assert "another boilerbench runs through it" in refused(machines.address).problems[0]


def test_another_version_is_refused(machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each worker is named with what it has."""
    monkeypatch.setattr("bench.__version__", "9.0")
    error = refused(machines.address)
    assert error.problems
    assert all(one.startswith("worker tcp://127.0.0.1:") for one in error.problems)
    assert all(one.endswith("boilerbench 0.1.0, here 9.0") for one in error.problems)


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ({"lxml": "6.1", "pip": "1", "Python": "3.11.7"}, []),
        ({"lxml": "5.0", "Python": "3.12.1"}, ["Python 3.12.1, here 3.11.7", "lxml 5.0, here 6.1"]),
        ({"Python": "3.11.7"}, []),
        (
            ModuleNotFoundError("No module named 'bench'"),
            ["boilerbench is not installed there, or an older one (No module named 'bench')"],
        ),
    ],
    ids=["one more package", "other versions", "one less", "no boilerbench"],
)
def test_versions_must_be_one(there: dict[str, str] | Exception, said: list[str]) -> None:
    """What both have must be of one version; packages of one of them alone do not matter."""
    assert [*cluster._mismatch({"lxml": "6.1", "Python": "3.11.7"}, there)] == said


def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address without a scheduler, and what is no address, are named, with how to start one."""
    monkeypatch.setattr(cluster, "ANSWER_S", 0.2)
    for address in ("tcp://127.0.0.1:1", "machine", "http://machine:1"):
        error = refused(address)
        assert error.problems[0].startswith(f"no Dask scheduler at {address} (")
        assert "dask scheduler" in error.hint


def test_no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler without workers would be waited for without end."""
    from distributed import LocalCluster

    monkeypatch.setattr(cluster, "ANSWER_S", 0.5)
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=0, processes=False, protocol="tcp", host="127.0.0.1", dashboard_address=":0"
    ) as empty:
        assert "has no workers" in refused(empty.scheduler_address).problems[0]


def test_dask_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it, the error says what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert refused("tcp://127.0.0.1:1").hint == "pip install 'boilerbench[dask]'"


def test_lanes_are_counted_in_one_place(tmp_path: Path) -> None:
    """With a scheduler, --workers is refused, and nothing is written."""
    more = {**QUICK, "workers": 3, "scheduler": "tcp://127.0.0.1:1"}
    with pytest.raises(BenchError, match="--workers 3"):
        session.run_session(FAKES, corpus=None, output=tmp_path / "run", **more)
    assert not (tmp_path / "run").exists()


def test_a_machine_starts_its_own_file() -> None:
    """Where boilerbench lies elsewhere, its extractor of that name is taken, if it is the same."""
    (known,) = contestants.find(["lxml_text"])
    elsewhere = replace(known, path=Path("/nowhere/extractors/lxml_text.py"), command=("/nowhere",))
    assert cluster._at_home(elsewhere).command == known.command
    assert cluster._at_home(elsewhere).path == EXTRACTORS / "lxml_text.py"
    with pytest.raises(BenchError, match="is another file here"):
        cluster._at_home(replace(elsewhere, digest="another"))
    with pytest.raises(BenchError, match="unknown extractor"):
        cluster._at_home(replace(elsewhere, name="unheard_of"))


def test_contestants_do_not_outlive_a_killed_harness(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that gets no chunk any more kills them, and starts anew with the next one."""
    monkeypatch.setattr(cluster, "IDLE_S", 0.05)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    page, (echo,) = open_corpus(corpus).pages[0], contestants.find(zoo("echo"))
    task = Task(page.id, "", "", "utf-8", "utf-8", page.html(), ("echo",))
    chunk = Chunk(("run", 1, 0), (echo,), quick().limits, task, (task,))
    for _ in range(2):
        harvest = cluster._at_work(run_chunk, chunk)
        assert [life.extractor for life in harvest.lives] == ["echo"]
        assert wait_until(lambda: not alive(tmp_path))
