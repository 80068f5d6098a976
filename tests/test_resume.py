"""A run that was ended at any moment goes on where it stopped, and nobody can tell afterwards."""

import json
import random
import signal
from pathlib import Path

import pytest

from bench import runs
from bench.errors import BenchError
from bench.runner import execute
from bench.runs import JOURNALS, Run
from tests.conftest import make_corpus
from tests.running import Harness, alive, outcome, quick, run_here, same, wait_until, zoo

PAGES = {f"site{i % 3}/page{i}": [("body", f"Tea number {i} is green.")] for i in range(4)}
# Sound, slow, empty, and two that lose their process: each leaves other traces in the journals
FAKES = zoo("echo", "takes_its_time", "always_empty", "breaks_first", "exits")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a corpus of five pages; the fakes misbehave on the one called second."""
    pages = {**PAGES, "board/second": [("body", "It rains.")]}
    return make_corpus(tmp_path_factory.mktemp("corpus") / "five", pages)


@pytest.fixture(scope="module")
def undisturbed(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a run that nobody disturbed."""
    harness = Harness(corpus, tmp_path_factory.mktemp("runs") / "whole", *FAKES)
    done = harness.finish()
    assert done.returncode == 0, done.stderr
    return Run(harness.output)


SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 4))]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_survives_sigkill(corpus: Path, undisturbed: Run, tmp_path: Path, seed: int) -> None:
    """Killed twice at moments drawn by a seed, then repeated: same texts, same table."""
    harness, moments = Harness(corpus, tmp_path / "run", *FAKES), random.Random(seed)
    for _ in range(2):
        process, enough = harness.start(), harness.lines() + moments.randrange(0, 15)
        wait_until((harness.output / "plan.json").exists)
        wait_until(lambda: process.poll() is not None or harness.lines() >= enough)  # noqa: B023
        process.kill()
        process.communicate()
        assert wait_until(lambda: not alive(harness.scratch)), "a worker outlived its harness"
    done = harness.finish()
    assert done.returncode == 0, done.stderr
    assert same(Run(harness.output), undisturbed)


@pytest.mark.parametrize(
    ("fake", "number"),
    [
        ("sleeps", signal.SIGTERM),
        ("sleeps", signal.SIGINT),
        ("hangs_in_import", signal.SIGINT),
        ("takes_its_time", signal.SIGTERM),
    ],
)
def test_an_interrupt_ends_a_run_within_seconds(
    corpus: Path, tmp_path: Path, fake: str, number: signal.Signals
) -> None:
    """Exit 1, a hint, no worker and no scratch folder; the run is unfinished, and its lines whole.

    Whatever its workers do at that moment: sleep on a page, hang in an import, or work.
    """
    output = tmp_path / "run"
    harness = Harness(corpus, output, *zoo(fake, "echo"), "--limit-s", "60")
    process = harness.start()
    assert wait_until(lambda: alive(harness.scratch)[1:]), "no worker came up"
    process.send_signal(number)
    _, stderr = process.communicate(timeout=15)
    assert process.returncode == 1, stderr
    assert "interrupted; all finished pages are kept\nhint: repeat the command" in stderr
    assert not alive(harness.scratch)
    assert not list(harness.scratch.iterdir())
    assert not Run(output).finished
    assert all(line.endswith(b"\n") for line in _lines(output))


@pytest.mark.parametrize("journal", JOURNALS)
@pytest.mark.parametrize("share", [0.01, 0.5, 1.0], ids=["its begin", "half", "all but \\n"])
def test_a_torn_last_line_is_done_again(
    corpus: Path, undisturbed: Run, tmp_path: Path, journal: str, share: float
) -> None:
    """A kill in the middle of a line costs that line and no other."""
    run = _copy(undisturbed, tmp_path / "run")
    path = run.folder / journal
    data = path.read_bytes()
    last = data[:-1].rfind(b"\n") + 1
    path.write_bytes(data[: last + 1 + int(share * (len(data) - last - 2))])
    _go_on(run, corpus)
    assert outcome(run) == outcome(undisturbed)
    assert all(line.endswith(b"\n") for line in _lines(run.folder))


@pytest.mark.parametrize(
    ("journal", "damage"),
    [
        ("extractions.jsonl", b'{"page": "site0/pa\n'),
        ("extractions.jsonl", b'["page"]\n'),
        ("extractions.jsonl", b"\n"),
        ("timings.jsonl", b'{"page": "site0/page0", "extractor": "echo"}\n'),
        ("workers.jsonl", b"\xff\n"),
    ],
)
def test_a_damaged_line_in_the_middle_is_named_and_can_be_removed(
    corpus: Path, undisturbed: Run, tmp_path: Path, journal: str, damage: bytes
) -> None:
    """A line that no kill explains stops the run with file and line; following the hint heals."""
    run = _copy(undisturbed, tmp_path / "run")
    path = run.folder / journal
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], damage, *lines[3:]]))
    with pytest.raises(BenchError) as error:
        _go_on(run, corpus)
    assert error.value.problems[0].startswith(f"{path}:3: not a")
    assert "remove that line" in error.value.hint
    path.write_bytes(b"".join([*lines[:2], *lines[3:]]))
    _go_on(run, corpus)
    assert outcome(run) == outcome(undisturbed)


def test_a_second_harness_is_refused(corpus: Path, tmp_path: Path) -> None:
    """Two harnesses never write into one folder; the second says what to do instead."""
    harness = Harness(corpus, tmp_path / "run", *zoo("sleeps"), "--limit-s", "60")
    first = harness.start()
    assert wait_until(lambda: alive(harness.scratch)[1:]), "no worker came up"
    second = harness.finish()
    first.kill()
    first.communicate()
    assert second.returncode == 2
    assert "another boilerbench is running in it" in second.stderr
    assert "--output DIR" in second.stderr


def test_a_finished_run_is_left_alone(corpus: Path, tmp_path: Path) -> None:
    """The same command once more prints the same table and writes nothing."""
    harness = Harness(corpus, tmp_path / "run", *zoo("echo"))
    first = harness.finish()
    before = _lines(harness.output)
    second = harness.finish()
    assert (second.returncode, second.stdout) == (0, first.stdout)
    assert "finished: " in second.stderr
    assert _lines(harness.output) == before


def test_run_json_comes_last(corpus: Path, tmp_path: Path) -> None:
    """A folder without run.json is unfinished, and no table is made from it."""
    run = run_here(tmp_path / "run", corpus, zoo("echo"), quick())
    assert json.loads((run.folder / "run.json").read_text(encoding="utf-8"))["contestants"]
    (run.folder / "run.json").unlink()
    with pytest.raises(BenchError, match="unfinished") as error:
        runs.opened(run.folder)
    assert error.value.exit_code == 1


def _copy(run: Run, folder: Path) -> Run:
    """Return a run with the same plan and journals, not yet finished."""
    folder.mkdir()
    for name in ("plan.json", *JOURNALS):
        (folder / name).write_bytes((run.folder / name).read_bytes())
    return Run(folder)


def _go_on(run: Run, corpus: Path) -> None:
    """Do what `boilerbench run` does with an unfinished run."""
    from bench import contestants
    from bench.corpus import open_corpus

    execute(run, open_corpus(corpus), contestants.find(FAKES), quick())


def _lines(folder: Path) -> list[bytes]:
    return [
        line for name in JOURNALS for line in (folder / name).read_bytes().splitlines(keepends=True)
    ]
