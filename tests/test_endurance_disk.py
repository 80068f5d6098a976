"""The harness endures: disks that are full or read-only, answers without end, many pages."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench import lane, scratch
from bench.errors import BenchError
from bench.process import ANSWER_MIB
from bench.runs import Run
from tests.conftest import make_corpus
from tests.endurance import Disk, growth_mib, mounted, peak_mib
from tests.running import Harness, alive, outcome, quick, run_here, same, zoo

Writer = Callable[[str, str], Path]
BODY = "Green tea is dry, and cheap. " * 150  # 4.3 kB: twelve of them fill the small disk
FAKES = [*zoo("echo", "writes_files"), "--workers", "2"]
SMALL, LARGE = "32k", "16m"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a corpus of twelve pages."""
    pages = {f"site{i % 3}/page{i:02}": [("body", BODY)] for i in range(12)}
    return make_corpus(tmp_path_factory.mktemp("corpus") / "twelve", pages)


@pytest.fixture(scope="module")
def undisturbed(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a run that had room enough."""
    harness = Harness(corpus, tmp_path_factory.mktemp("runs") / "run", *FAKES)
    done = harness.finish()
    assert done.returncode == 0, done.stderr
    return Run(harness.output)


@pytest.fixture
def harness(corpus: Path, tmp_path: Path) -> Harness:
    """Return a harness whose run lies in the folder that `disk` mounts."""
    harness = Harness(corpus, tmp_path / "disk" / "run", *FAKES)
    harness.scratch = tmp_path
    return harness


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Give a small file system of its own; skips where the kernel grants none."""
    with mounted(tmp_path / "disk", SMALL) as one:
        if one is None:
            pytest.skip("this kernel lets us mount no file system")
        yield one


def refused(harness: Harness, disk: Disk, exit_code: int, *words: str) -> None:
    """Say by which message a run ends: one, without a traceback, with nobody left alive."""
    harness.within = disk.within
    done = harness.finish()
    assert done.returncode == exit_code, done.stderr
    lines = [line for line in done.stderr.splitlines() if not line.startswith("resuming: ")]
    assert [line.partition(": ")[0] for line in lines] == ["error", "hint"], done.stderr
    for word in words:
        assert word in done.stderr
    assert not alive(harness.scratch)


@pytest.mark.slow
@pytest.mark.parametrize("free", [None, 0, 4096], ids=["in mid-run", "at once", "after the plan"])
def test_a_full_disk_ends_a_run_that_goes_on_once_there_is_room(
    harness: Harness, disk: Disk, undisturbed: Run, free: int | None
) -> None:
    """Exit 1, the folder and what to do; with room the same command gives the same table."""
    if free is not None:
        disk.fill(free)
    for _ in range(2):  # that nothing has changed is no other failure
        refused(harness, disk, 1, f"{harness.output}: cannot be written (No space", "make room")
    assert free is not None or 0 < len(outcome(Run(disk.seen / "run"))) < len(outcome(undisturbed))
    disk.remount(f"size={LARGE}")
    done = harness.finish()
    assert done.returncode == 0, done.stderr
    assert same(Run(disk.seen / "run"), undisturbed)
    assert not list(harness.scratch.glob("boilerbench-*"))


@pytest.mark.slow
def test_a_full_temporary_folder_is_blamed_on_no_extractor(
    corpus: Path, tmp_path: Path, disk: Disk, undisturbed: Run
) -> None:
    """What fails for want of room is no miss but exit 1; with room the same command goes on."""
    harness = Harness(corpus, tmp_path / "run", *FAKES)
    harness.scratch = disk.folder
    disk.fill(free=3 << 12)  # a page is written thrice
    refused(harness, disk, 1, f"{disk.folder}: no place for workers (No space", "TMPDIR")
    assert {status for status, _ in outcome(Run(harness.output)).values()} <= {"ok"}
    disk.remount(f"size={LARGE}")
    done = harness.finish()
    assert done.returncode == 0, done.stderr
    assert same(Run(harness.output), undisturbed)


@pytest.mark.slow
def test_an_extractor_that_fills_the_disk_itself_misses_its_page(
    tmp_path: Path, disk: Disk, extractor: Writer
) -> None:
    """Its files go with its worker, so the page is its miss, and the others have room."""
    source = (
        '"""Fills."""\n\n\ndef extract(html, url):\n    if url.endswith("/second"):\n        '
        'open("cache", "wb", 0).write(bytes(1 << 26))\n        '
        'open("more", "wb", 0).write(bytes(1 << 26))\n    return "calm"\n'
    )
    disk.remount(f"size={LARGE}")
    corpus, fills = make_corpus(tmp_path / "mini"), extractor("fills", source)
    harness = Harness(corpus, tmp_path / "run", str(fills), *zoo("writes_files"))
    harness.scratch, harness.within = disk.folder, disk.within
    done = harness.finish()
    assert done.returncode == 0, done.stderr
    statuses = {key: status for key, (status, _) in outcome(Run(harness.output)).items()}
    missed = ("board/second", "fills")
    assert statuses.pop(missed) == "error"
    assert {*statuses.values()} == {"ok"}


def test_a_miss_on_a_full_disk_raises(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no room comes back with the end of the workers, nothing is written of the page."""
    monkeypatch.setattr(scratch, "full", lambda: True)
    mini = make_corpus(tmp_path / "mini")
    with pytest.raises(BenchError, match=r"no place for workers \(No space left") as error:
        run_here(tmp_path / "run", mini, zoo("raises"), quick())
    assert error.value.exit_code == 1
    assert outcome(Run(tmp_path / "run")) == {("board/first", "raises"): ("ok", "calm")}
    assert not lane._lanes


@pytest.mark.slow
def test_a_read_only_folder_ends_a_run_and_lets_it_be_read(
    harness: Harness, disk: Disk, undisturbed: Run
) -> None:
    """Exit 2 for a new and for an unfinished run; a finished one is reported all the same."""
    disk.remount("ro")
    refused(harness, disk, 2, "cannot be written (Read-only", "name another folder with --output")
    disk.remount("rw")
    refused(harness, disk, 1, "cannot be written (No space")
    disk.remount(f"ro,size={LARGE}")
    refused(harness, disk, 2, "cannot be written (Read-only", "make it writable and repeat")
    disk.remount("rw")
    first = harness.finish()
    (disk.seen / "run" / "scores.jsonl").unlink()
    disk.remount("ro")
    again = harness.finish()
    assert (again.returncode, again.stdout) == (0, first.stdout)
    assert same(Run(disk.seen / "run"), undisturbed)


# Fake → what becomes of its page, and how many MiB the harness may need for it: an answer is read
# up to the limit; one below it is held as bytes, line, text, its UTF-8, and as a line to be written
PEAKS = [
    ("floods_pipe", "error", ANSWER_MIB + 16),
    ("logs_a_gigabyte", "timeout", 8),
    ("writes_much", "ok", 6 * ANSWER_MIB),
]


@pytest.mark.slow
@pytest.mark.parametrize(("fake", "status", "bound"), PEAKS, ids=[fake for fake, *_ in PEAKS])
def test_no_answer_costs_the_harness_much_memory(
    tmp_path: Path, fake: str, status: str, bound: int
) -> None:
    """An answer without end, a gigabyte of log without a line break, the longest legal text."""
    before, peak = peak_mib(make_corpus(tmp_path / "mini"), tmp_path, fake, limit_s=8)
    assert outcome(Run(tmp_path / "run"))["board/second", fake][0] == status
    assert peak - before < bound


# Done is a tuple of three (64 bytes) in a set (16 bytes a slot, one to four slots a member, and
# half as much again while it grows): 160; three numbers a page are kept on top at the end, when
# the digests of rounds are compared: a key of two names, a digest with its status, and their slots
PAIR_BYTES = 160 + 440


@pytest.mark.slow
def test_ten_thousand_pages_do_not_add_up(tmp_path: Path) -> None:
    """From page 2,000 to the end the harness grows by what its agenda needs, and no more."""
    grown = growth_mib(tmp_path, 10_000)
    slack = 2  # MiB: freed memory that the allocator keeps
    assert grown[8_000] - grown[2_000] < 12_000 * 160 / 2**20 + slack
    assert grown[10_000] - grown[2_000] < 16_000 * PAIR_BYTES / 2**20 + slack
