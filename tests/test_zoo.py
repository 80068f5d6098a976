"""The zoo: every way in which an extractor can misbehave, all of them side by side in one run."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bench import lane
from bench.process import NETWORKS, WorkerProcess
from bench.runs import Run
from tests.conftest import make_corpus
from tests.running import ZOO, alive, outcome, quick, run_here, wait_until, zoo
from tests.test_conformance import FAULTS

# Fake, what becomes of the page board/second, words of its text or of its error
SECOND = [
    ("always_empty", "ok", ""),
    ("answers_other_page", "error", "protocol: answered for page 'board/first'"),
    ("answers_twice", "ok", "calm"),
    ("breaks_first", "ok", "calm"),
    ("busy", "timeout", "no answer within 4 s"),
    ("calls_exit", "error", "SystemExit: usage: calls_exit FILE"),
    ("closes_pipe", "error", "protocol: closed its end of the pipe"),
    ("daemon", "ok", "calm"),
    ("dies_in_import", "killed", "did not start: exited with code 1; FileNotFoundError: model.bin"),
    ("eats_memory", "error", "MemoryError"),
    ("eats_shared_memory", "killed", "MiB resident, limit 300 MiB"),
    ("echo", "ok", "<p>It rains.</p>"),
    ("exits", "killed", "exited with code 3"),
    ("floods_pipe", "error", "protocol: an answer of more than 64 MiB"),
    ("floods_stderr", "error", "ValueError: full"),
    ("leaves_child", "ok", "calm"),
    ("leaves_child_and_dies", "killed", "exited with code 4"),
    ("lone_surrogates", "ok", "half \ufffd"),
    ("network_native", "ok", "no datagram"),
    ("network_python", "ok", "no datagram"),
    ("no_distribution", "killed", "boilerbench-no-such-package"),
    ("orphan_eats_memory", "killed", "MiB resident, limit 300 MiB"),
    ("prints_c", "ok", "calm"),
    ("prints_python", "ok", "calm"),
    ("raises", "error", "ValueError: no article \ufffd here"),
    ("reads_stdin", "ok", "calm"),
    ("returns_bytes", "error", "TypeError: extract() returned bytes, not str"),
    ("returns_none", "error", "TypeError: extract() returned NoneType, not str"),
    ("segfaults", "killed", "ended by signal 11"),
    ("sleeps", "timeout", "no answer within 4 s"),
    ("stops", "timeout", "no answer within 4 s"),
    ("takes_its_time", "ok", " bytes"),
    ("writes_files", "ok", "calm"),
]
NAMES = [name for name, _, _ in SECOND]
# What the other pages of every other fake give is the word "calm"
OTHERWISE = {"always_empty": "", "echo": "<p>", "takes_its_time": " bytes"}
NEVER_START = {"dies_in_import", "no_distribution"}
SLOW = pytest.mark.slow


@pytest.fixture(
    scope="module",
    params=[NETWORKS, pytest.param("seccomp", marks=SLOW), pytest.param("open", marks=SLOW)],
    ids=["best", "seccomp", "open"],
)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Give a finished run of all fakes on two lanes, in the best cage and in each fallback."""
    home = tmp_path_factory.mktemp("zoo")
    (home / "scratch").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(home / "scratch"))
        patch.setattr(lane, "WorkerProcess", partial(WorkerProcess, networks=request.param))
        names = zoo(*NAMES)
        yield run_here(home / "run", make_corpus(home / "mini"), names, quick(workers=2))


def test_every_fake_has_a_line_in_the_table() -> None:
    """A fake that nothing is expected of would test nothing."""
    others = {"hangs_in_import", "nondeterministic"}  # test_isolation.py, test_runner.py
    others |= {"deaf_family", "logs_a_gigabyte", "writes_much"}  # test_endurance.py
    conformance = {"sound", *(fake for fake, *_ in FAULTS)}
    assert {path.stem for path in ZOO.glob("*.py")} == {*NAMES, *others, *conformance}


@pytest.mark.parametrize(("name", "status", "words"), SECOND, ids=NAMES)
def test_what_becomes_of_the_second_page(run: Run, name: str, status: str, words: str) -> None:
    """A failure has a status and a reason that names it; it is never an empty text."""
    found = {extraction.key: extraction for extraction in run.extractions()}["board/second", name]
    if name.startswith("network") and "open" in run.provenance["network"]:
        pytest.skip("this cage leaves the network open, and the run says so")
    assert found.status == status
    assert words in (found.text if status == "ok" else found.error)
    assert not (found.text if status != "ok" else found.error)


@pytest.mark.parametrize("name", sorted({*NAMES} - NEVER_START - {"answers_twice"}))
def test_the_other_pages_are_unaffected(run: Run, name: str) -> None:
    """What an extractor does on one page costs it no other page."""
    given = outcome(run)
    if name == "breaks_first":
        assert given["board/first", name] == ("killed", "")
    elif name.startswith("network"):
        assert given["board/first", name] == given["wiki/third", name]
    else:
        for page in ("board/first", "wiki/third"):
            status, text = given[page, name]
            assert status == "ok"
            assert OTHERWISE.get(name, "calm") in text
    assert given["wiki/third", name][0] == "ok"


@pytest.mark.parametrize("name", sorted(NEVER_START))
def test_a_worker_that_never_starts_misses_every_page(run: Run, name: str) -> None:
    """Missing every page is three misses with one reason, and nobody else's trouble."""
    missed = {e.page: e.error.partition("\n")[0] for e in run.extractions() if e.extractor == name}
    assert missed.keys() == {"board/first", "board/second", "wiki/third"}
    assert len(set(missed.values())) == 1


def test_a_second_answer_is_never_taken_for_another_page(run: Run) -> None:
    """An answer counts for the page it names and for no other; a stale one is an error."""
    for page in ("board/first", "wiki/third"):
        assert outcome(run)[page, "answers_twice"] in {("ok", "calm"), ("error", "")}


def test_no_contestant_is_missing(run: Run) -> None:
    """Every page × contestant has an extraction, exactly one."""
    lines = (run.folder / "extractions.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(outcome(run)) == 3 * len(NAMES)


def test_the_end_of_the_log_is_kept_with_a_crash(run: Run) -> None:
    """A crash says what its process last wrote to standard error, and not all 8 MiB of it."""
    errors = {e.extractor: e.error for e in run.extractions() if e.page == "board/second"}
    assert "FileNotFoundError" in errors["dies_in_import"]
    assert all(len(error) < 5000 for error in errors.values())


def test_nothing_is_left_behind(run: Run) -> None:
    """After a run no process of any worker lives and no scratch folder lies about."""
    scratch = Path(tempfile.gettempdir())
    assert scratch.parent == run.folder.parent
    assert wait_until(lambda: not alive(scratch), 5), alive(scratch)
    assert list(scratch.iterdir()) == []
