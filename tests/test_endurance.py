"""The harness endures: kills at any moment, interrupts, power cuts, clocks that jump."""

import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import pytest

from bench import contestants, runs, scratch
from bench.corpus import open_corpus
from bench.runner import execute
from bench.runs import JOURNALS, Run
from tests.conftest import make_corpus
from tests.endurance import IN_CAGE, JUMPS, MOMENTS, Moment, interrupt, kill
from tests.running import Harness, alive, outcome, quick, same, wait_until, zoo

PAGES = {f"a{i % 3}/page{i}": [("body", f"Tea number {i} is green.")] for i in range(7)}
# Sound, slow, one that loses its process, and one whose children will not end
FAKES = [*zoo("echo", "takes_its_time", "exits", "leaves_child"), "--rounds", "2"]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a corpus of eight pages; the fakes misbehave on the one called second."""
    pages = {**PAGES, "board/second": [("body", "It rains.")]}
    return make_corpus(tmp_path_factory.mktemp("corpus") / "eight", pages)


@pytest.fixture(scope="module")
def undisturbed(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, float]:
    """Return a run that nobody disturbed, and its seconds."""
    harness = Harness(corpus, tmp_path_factory.mktemp("runs") / "run", *FAKES)
    started = time.perf_counter()
    done = harness.finish()
    assert done.returncode == 0, done.stderr
    return Run(harness.output), time.perf_counter() - started


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_kill_at_any_moment_costs_nothing(
    corpus: Path, undisturbed: tuple[Run, float], tmp_path: Path, moment: Moment
) -> None:
    """SIGKILL, then the same command: same texts, same table; no process, no file is left over."""
    harness = Harness(corpus, tmp_path / "run", *FAKES)
    kill(harness, moment, undisturbed[1])
    done = harness.finish()
    assert done.returncode == 0, done.stderr
    assert same(Run(harness.output), undisturbed[0])
    assert not list(harness.scratch.iterdir())
    assert not list(harness.output.glob("*.tmp"))


@pytest.mark.slow
@pytest.mark.parametrize("networks", ["namespace,open", "seccomp,open", "open"])
def test_no_family_outlives_a_harness_that_was_killed(
    corpus: Path, tmp_path: Path, networks: str
) -> None:
    """Deaf children and daemons end with it in every cage, though nobody is left to end them."""
    words = [*zoo("daemon", "deaf_family"), "--limit-s", "60"]
    harness = Harness(corpus, tmp_path / "run", *words)
    process = harness.start("-c", IN_CAGE, networks)
    assert wait_until(lambda: len(alive(harness.scratch)) > 2 * len(PAGES)), "no family came up"
    process.kill()
    process.communicate()
    assert wait_until(lambda: not alive(harness.scratch), 5), alive(harness.scratch)


# Fake → how many lines there are when it does what it is called for: it and another one have done
# a warm-up and all pages before the last, if it comes so far
LAST = 2 * (1 + len(PAGES))
BUSY = {"hangs_in_import": 0, "sleeps": LAST, "deaf_family": LAST, "logs_a_gigabyte": LAST}
BUSY |= {"floods_pipe": LAST, "echo": LAST}


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda one: one.name)
@pytest.mark.parametrize("fake", BUSY)
def test_an_interrupt_ends_a_run_within_two_seconds(
    corpus: Path, tmp_path: Path, fake: str, number: signal.Signals
) -> None:
    """Whatever the workers do: sleep, hang, deaf to signals, flood, or answer all the time."""
    words = [*zoo(fake, "takes_its_time"), "--rounds", "9", "--limit-s", "5"]
    harness = Harness(corpus, tmp_path / "run", *words)
    took, stderr = interrupt(harness, number, 0.1 + random.Random(fake).random() / 4, BUSY[fake])
    assert took <= 2
    assert "interrupted; all finished pages are kept" in stderr
    journals = [(harness.output / name).read_bytes() for name in JOURNALS]
    assert all(not data or data.endswith(b"\n") for data in journals)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_run_that_was_interrupted_goes_on(
    corpus: Path, undisturbed: tuple[Run, float], tmp_path: Path, seed: int
) -> None:
    """Twice, by either signal, then repeated: same texts, same table."""
    harness, dice = Harness(corpus, tmp_path / "run", *FAKES), random.Random(seed)
    for number in (signal.SIGINT, signal.SIGTERM):
        # In the first round, so that there is much left to do, however late the signal is
        interrupt(harness, number, dice.random() / 50, harness.lines() + dice.randrange(10))
    done = harness.finish()
    assert done.returncode == 0, done.stderr
    assert same(Run(harness.output), undisturbed[0])


@pytest.mark.slow
def test_who_cannot_wait_may_press_ctrl_c_again(corpus: Path, tmp_path: Path) -> None:
    """Further interrupts while the first is being obeyed: no traceback, no worker."""
    harness = Harness(corpus, tmp_path / "run", *zoo("deaf_family", "echo"), "--limit-s", "60")
    process = harness.start()
    assert wait_until(lambda: alive(harness.scratch)[4:]), "no family came up"
    for _ in range(20):
        process.send_signal(signal.SIGINT)
        time.sleep(0.01)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "Traceback" not in stderr
    assert wait_until(lambda: not alive(harness.scratch)), "a worker outlived its harness"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_a_power_cut_costs_only_lines(
    corpus: Path, undisturbed: tuple[Run, float], tmp_path: Path, seed: int
) -> None:
    """The journals of pages end anywhere, each elsewhere; that of workers was synced.

    Then the same command: same texts, same table, and every version is known.
    """
    dice, whole, run = random.Random(seed), undisturbed[0], Run(tmp_path / "run")
    run.folder.mkdir()
    for name in ("plan.json", *JOURNALS):
        data = (whole.folder / name).read_bytes()
        cut = dice.randrange(len(data)) if name in JOURNALS[:2] else len(data)
        (run.folder / name).write_bytes(data[:cut])
    execute(run, open_corpus(corpus), contestants.find(FAKES[:4]), quick(rounds=2))
    assert same(run, whole)
    assert run.provenance["contestants"] == whole.provenance["contestants"]


@pytest.mark.slow
def test_a_clock_that_jumps_by_hours_is_not_noticed(corpus: Path, tmp_path: Path) -> None:
    """Limits hold, and no time in a journal is negative or longer than the run."""
    words = [*zoo("sleeps", "takes_its_time"), "--limit-s", "2"]
    harness = Harness(corpus, tmp_path / "run", *words)
    process, started = harness.start("-c", JUMPS), time.perf_counter()
    _, stderr = process.communicate(timeout=60)
    ns = (time.perf_counter() - started) * 1e9
    assert process.returncode == 0, stderr
    run = Run(harness.output)
    statuses = {key: status for key, (status, _) in outcome(run).items() if status != "ok"}
    assert statuses == {("board/second", "sleeps"): "timeout"}
    times = chain.from_iterable((one.wall_ns, one.cpu_ns, one.tree_cpu_ns) for one in run.timings())
    assert all(0 <= one < ns for one in times)
    assert all(0 < one.startup_ns < ns and 0 < one.startup_cpu_ns < ns for one in run.lives())


@pytest.mark.parametrize(
    "others",
    [
        [],
        ["2999-12-31T235959.999Z_mini", "2026-01-01T000000.000Z_zebra"],  # the clock has gone back
        ["mine", "9999-12-31T235959.999Z_mini", "2026-02-31T000000.000Z_mini"],  # no times at all
    ],
    ids=["none", "later", "odd"],
)
def test_a_new_run_is_the_newest(tmp_path: Path, others: list[str]) -> None:
    """Its name sorts behind that of every other run, whatever the clock says."""
    for name in others:
        (tmp_path / name).mkdir()
    for _ in range(3):
        (runs.new_folder("mini", tmp_path) / "plan.json").touch()
    stamped = [folder.name for folder in runs.folders(tmp_path)]
    assert len(stamped) == 3
    assert stamped[-1] > max((name for name in others if name[:4] < "9999"), default="")


def test_runs_that_begin_together_have_folders_of_their_own(tmp_path: Path) -> None:
    """No two harnesses take one name, not even where the clock has gone back for both."""
    (tmp_path / "2999-01-01T000000.000Z_mini").mkdir()
    with ThreadPoolExecutor(8) as pool:
        made = [*pool.map(lambda _: runs.new_folder("mini", tmp_path), range(40))]
    assert len({*made}) == 40


def test_scratch_folders_of_the_dead_are_removed_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody has locked goes; what a harness holds, or is named otherwise, stays."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    living = scratch.Scratch()
    kept = ["boilerbench-worker-mine", "boilerbench-abcdefgh", "boilerbench-worker-abcdefgh.txt"]
    for name in (*kept, "boilerbench-worker-abcdefgh", "boilerbench-worker-_0000000"):
        (tmp_path / name / "cache").mkdir(parents=True)
    (tmp_path / "boilerbench-worker-linklink").symlink_to(tmp_path / kept[0])
    scratch._clear.cache_clear()
    scratch.clear()
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {*kept, living.path.name, "boilerbench-worker-linklink"}
    living.remove()
    living.remove()
    assert not living.path.exists()
