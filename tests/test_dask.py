"""More than one machine: a run through a Dask scheduler is the run that one machine would make."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bench import cluster, contestants, session
from bench.cluster import connected
from bench.corpus import open_corpus
from bench.runner import execute, make_plan
from bench.runs import Run
from tests.conftest import make_corpus
from tests.machines import Machines, refused
from tests.running import Harness, measured, outcome, quick, run_here, wait_until, zoo

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


def test_both_machines_killed_are_waited_for(
    machines: Machines, corpus: Path, local: Run, tmp_path: Path
) -> None:
    """While nobody is left the run stands; those that come then do what is left."""
    harness = Harness(corpus, tmp_path / "run", *FAKES, "--scheduler", machines.address)
    process = harness.start()
    assert wait_until(harness.lines, 60)
    for victim in machines.workers:
        victim.kill()
        victim.wait()
    machines.workers[:] = [machines.worker(), machines.worker()]
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 0, stderr
    assert outcome(Run(harness.output)) == outcome(local)
    assert len(measured(Run(harness.output))) == len(measured(local))


def test_a_killed_harness_is_followed_at_once(
    machines: Machines, corpus: Path, local: Run, tmp_path: Path
) -> None:
    """The same command is not refused, and first ends what the dead one left on the machines."""
    harness = Harness(corpus, tmp_path / "run", *FAKES, "--scheduler", machines.address)
    process = harness.start()
    assert wait_until(harness.lines, 60)
    process.kill()
    process.communicate()
    resumed = harness.finish()
    assert resumed.returncode == 0, resumed.stderr
    assert outcome(Run(harness.output)) == outcome(local)
    assert len(measured(Run(harness.output))) == len(measured(local))
    assert not machines.contestants


def test_a_killed_scheduler_costs_what_is_on_its_way(
    corpus: Path, local: Run, tmp_path: Path
) -> None:
    """Exit 1 in words, no contestant is left, and another scheduler goes on."""
    for part in ("one", "other"):
        (tmp_path / part).mkdir()
        machines = Machines(tmp_path / part, 1)
        harness = Harness(corpus, tmp_path / "run", *FAKES, "--scheduler", machines.address)
        process = harness.start()
        try:
            if part == "one":
                assert wait_until(harness.lines, 60)
                machines.scheduler.kill()
            _, stderr = process.communicate(timeout=60)
            gone = partial(lambda them: not them.contestants, machines)
            assert wait_until(gone)
        finally:
            machines.close()
        assert process.returncode == (part == "one"), stderr
        assert ("lost on the way" in stderr) == (part == "one")
        assert "Traceback" not in stderr
    assert outcome(Run(harness.output)) == outcome(local)


def test_a_frozen_machine_is_named(machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not waited for, neither at the start nor at the end."""
    with connected(machines.address):
        machines.workers[0].send_signal(signal.SIGSTOP)
        monkeypatch.setattr(cluster, "ANSWER_S", 1.0)
    monkeypatch.setattr(cluster, "FACTS_S", 1.0)
    try:
        error = refused(machines.address)
    finally:
        machines.workers[0].send_signal(signal.SIGCONT)
    (problem,) = error.problems
    assert problem.startswith("worker tcp://127.0.0.1:")
    assert problem.endswith("no answer within 1 s: it is frozen or cut off")


def test_a_second_harness_is_refused(machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs at once would stop each other's lanes."""
    with connected(machines.address):
        monkeypatch.setattr(cluster, "ANSWER_S", 0.5)
        said = refused(machines.address).problems[0]
    assert f"another boilerbench runs through it (process {os.getpid()} on " in said


def test_another_version_is_refused(machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each worker is named with what it has, and the scheduler, which unpacks chunks too."""
    monkeypatch.setattr("bench.__version__", "9.0")
    *workers, scheduler = refused(machines.address).problems
    assert len(workers) == 2
    assert all(one.startswith("worker tcp://127.0.0.1:") for one in workers)
    assert all(one.endswith("boilerbench 0.1.0, here 9.0") for one in workers)
    assert scheduler == "scheduler: boilerbench 0.1.0, here 9.0"


def test_a_worker_is_no_scheduler(machines: Machines) -> None:
    """The address of a worker is the nearest wrong one."""
    with connected(machines.address) as executor:
        address = next(iter(executor._client.nthreads()))
    assert "a Worker of Dask listens there" in refused(address).problems[0]
