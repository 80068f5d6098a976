"""The folder of a run: its plan, its append-only journals, its provenance."""

import fcntl
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import records
from bench.contestants import Absent
from bench.corpus import Corpus, open_corpus
from bench.errors import MEASURED_FAILURE, WRONG_USE, BenchError, disk_full
from bench.lane import Harvest
from bench.records import Extraction, Life, Timing

RUNS = Path("runs")
JOURNALS = ("extractions.jsonl", "timings.jsonl", "workers.jsonl")
Plan = dict[str, Any]
_STAMP = "%Y-%m-%dT%H%M%S.%f"


class Run:
    """One run's folder; unfinished until it holds `run.json`."""

    def __init__(self, folder: Path) -> None:
        """Take an existing folder, or one to be made by `create`."""
        self.folder = folder

    @property
    def exists(self) -> bool:
        """Whether the folder holds a run, finished or not."""
        return (self.folder / "plan.json").exists()

    @property
    def plan(self) -> Plan:
        """What was to be done; raises BenchError where the folder holds no run."""
        try:
            plan = json.loads((self.folder / "plan.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BenchError(
                f"{self.folder}: not a run ({error})", hint="runs are made by: boilerbench run"
            ) from error
        return dict(plan)

    @property
    def absent(self) -> list[Absent]:
        """The contestants that were wanted and could not compete."""
        return [Absent(**one) for one in self.plan.get("absent", ())]

    @property
    def finished(self) -> bool:
        """Whether all of the plan was done."""
        return (self.folder / "run.json").exists()

    @property
    def provenance(self) -> dict[str, Any]:
        """What is known of a finished run; raises BenchError for an unfinished one."""
        if not self.finished:
            raise BenchError(
                f"{self.folder}: the run is unfinished (no run.json)",
                hint="repeat the command that made it; it goes on where it stopped",
                exit_code=1,
            )
        return dict(json.loads((self.folder / "run.json").read_text(encoding="utf-8")))

    def create(self, plan: Plan) -> None:
        """Make the folder and write the plan into it."""
        with _writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self.folder / "plan.json", plan)

    def finish(self, provenance: dict[str, Any]) -> None:
        """Write `run.json`, which makes the run a finished one."""
        with _writing(self.folder):
            write_whole(self.folder / "run.json", provenance)

    def extractions(self) -> list[Extraction]:
        """Return one extraction per page × extractor; a repeated one, after a kill, counts once."""
        return list({one.key: one for one in self.read_extractions()}.values())

    def read_extractions(self) -> Iterator[Extraction]:
        """Yield all extractions as they stand, so that the texts need not fit in memory."""
        return records.read(self.folder / "extractions.jsonl", Extraction)

    def timings(self) -> list[Timing]:
        """Return every timing, warm-ups too, in the order they were taken."""
        return list(self.read_timings())

    def read_timings(self) -> Iterator[Timing]:
        """Yield every timing, so that all of them need not fit in memory."""
        return records.read(self.folder / "timings.jsonl", Timing)

    def lives(self) -> list[Life]:
        """Return every worker that said hello."""
        return list(records.read(self.folder / "workers.jsonl", Life))

    def corpus(self, root: Path | None = None) -> Corpus:
        """Return the corpus of the run, refused if its bytes are not those that were run."""
        planned = self.plan["corpus"]
        corpus = _opened(planned, root)
        if corpus.digest != planned["digest"]:
            raise BenchError(
                f"{self.folder}: made from {planned['name']}@{planned['version']}"
                f"#{planned['digest'][:8]}, but {corpus.root} holds "
                f"{corpus.name}@{corpus.version}#{corpus.digest[:8]}",
                hint="name the corpus it was made from with --corpus DIR, or run anew",
            )
        return corpus

    @contextmanager
    def journal(self) -> Iterator["Journal"]:
        """Open the journals for appending, with the folder locked against a second harness."""
        with _writing(self.folder):
            file = (self.folder / "lock").open("w")
        with file as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise BenchError(
                    f"{self.folder}: another boilerbench is running in it",
                    hint="wait for it, or name another folder with --output DIR",
                ) from None
            journal = Journal(self.folder)
            try:
                yield journal
            finally:
                journal.close()


class Journal:
    """The three append-only files."""

    def __init__(self, folder: Path) -> None:
        """Open all three, each after its last whole line."""
        self._folder = folder
        with _writing(folder):
            for name in JOURNALS:
                records.drop_torn_line(folder / name)
            self._files = [(folder / name).open("a", encoding="utf-8") for name in JOURNALS]

    def write(self, harvest: Harvest) -> None:
        """Append what a chunk gave; extractions first, since a timing marks its page as done."""
        extractions, timings, lives = self._files
        with _writing(self._folder):
            if harvest.lives:
                records.append(lives, harvest.lives)
                os.fsync(lives.fileno())  # after a power cut no other line would tell of them
            records.append(extractions, harvest.extractions)
            records.append(timings, harvest.timings)

    def close(self) -> None:
        """Close all three; what was written survives a power cut."""
        with _writing(self._folder), ExitStack() as closing:
            for file in self._files:
                closing.callback(file.close)
            for file in self._files:
                os.fsync(file.fileno())


def _opened(planned: Plan, root: Path | None) -> Corpus:
    if (files := planned.get("files")) and not root:
        from bench.warc import open_warc

        return open_warc([*map(Path, files)])
    return open_corpus(root or (Path(planned["root"]) if planned["root"] else None))


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Raise BenchError where a run's folder cannot be written; exit 1 where it is only full."""
    try:
        yield
    except OSError as error:
        full = disk_full(error)
        what = "make room there" if full else "make it writable"
        raise BenchError(
            f"{folder}: cannot be written ({error.strerror})",
            hint=f"{what} and repeat the command, or name another folder with --output DIR",
            exit_code=MEASURED_FAILURE if full else WRONG_USE,
        ) from error


def write_whole(path: Path, data: object) -> None:
    """Write JSON by rename, so that the file is either whole or absent, also after a power cut."""
    draft = path.with_name(path.name + ".tmp")
    with draft.open("w", encoding="utf-8") as file:
        file.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    with suppress(OSError):  # some file systems sync no folder
        os.fsync(folder)
    os.close(folder)


def folders(runs: Path = RUNS) -> list[Path]:
    """Return the folders of all runs, newest first."""
    return sorted((path.parent for path in runs.glob("*/plan.json")), reverse=True)


def new_folder(corpus_name: str, runs: Path = RUNS) -> Path:
    """Return a new folder for a run, which its name makes the newest: UTC time and corpus.

    Where the clock has gone back, a millisecond after the newest there is.
    """
    now = max([datetime.now(UTC), *map(_just_after, runs.glob("*Z_*"))])
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", corpus_name)
    folder = runs / f"{now.strftime(_STAMP)[:-3]}Z_{name}"
    with _writing(folder):
        try:
            folder.mkdir(parents=True)
        except FileExistsError:  # another harness was faster
            return new_folder(corpus_name, runs)
    return folder


def _just_after(folder: Path) -> datetime:
    """Return the first time that is later than that of a folder's name."""
    try:
        stamp = datetime.strptime(folder.name.partition("_")[0], f"{_STAMP}%z")
        return stamp + timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)


def newest(
    *, finished: bool, like: Plan | None = None, of: str = "", runs: Path = RUNS
) -> Run | None:
    """Return the newest run that is finished or not.

    With an equal plan if one is given; `of` is the digest of the corpus that it must be over.
    """
    for folder in folders(runs):
        run = Run(folder)
        if (
            run.finished == finished
            and (like is None or not differing(run.plan, like))
            and of in ("", run.plan["corpus"]["digest"])
        ):
            return run
    return None


def opened(folder: Path | None) -> Run:
    """Return the run in a folder, by default the newest finished one."""
    run = Run(folder) if folder else newest(finished=True)
    if run is None:
        raise BenchError(f"no finished run in {RUNS}/", hint="make one with: boilerbench run")
    _ = run.plan, run.provenance
    return run


def differing(one: Plan, other: Plan) -> list[str]:
    """Return the keys in which two plans differ; why somebody is absent may be told otherwise."""
    one, other = ({**plan, "absent": _absent_names(plan)} for plan in (one, other))
    keys: Iterable[str] = sorted({*one, *other})
    return [key for key in keys if one.get(key) != other.get(key)]


def _absent_names(plan: Plan) -> list[str]:
    return sorted({one["name"] for one in plan.get("absent", ())})
