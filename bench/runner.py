"""The runner: plans a run, hands chunks to an executor, writes what comes back, resumes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from itertools import islice

from bench import __version__, cores, lane, provenance, scratch
from bench.contestants import Absent, Contestant
from bench.corpus import HOME, Corpus, Page
from bench.lane import Chunk, Harvest, Task
from bench.pagetext import encoding_of
from bench.process import Limits
from bench.records import Timing
from bench.runs import Plan, Run

# Workers that live at once on a lane: 30 contestants at 200-750 MB each would not fit in memory
CAP = 12
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run: lanes, rounds, limits, how many pages make a chunk, all workers on one core."""

    workers: int = 1
    rounds: int = 1
    limits: Limits = field(default_factory=Limits)
    chunk: int = 1
    cap: int = CAP
    pin: bool = False


def make_plan(
    corpus: Corpus,
    contestants: Sequence[Contestant],
    settings: Settings,
    absent: Sequence[Absent] = (),
) -> Plan:
    """Return all that decides the outcome of a run; two runs with equal plans are one run.

    The absent are contestants that were wanted and cannot compete; tables name them.
    """
    return {
        "boilerbench": __version__,
        "corpus": corpus_plan(corpus),
        "contestants": [
            {
                "name": contestant.name,
                "category": contestant.category,
                "distribution": contestant.distribution,
                "digest": contestant.digest,
                "environment": contestant.environment,
                "same_author": list(contestant.same_author),
            }
            for contestant in contestants
        ],
        "absent": [asdict(one) for one in absent],
        "environment": provenance.environment_digest(),
        "limits": asdict(settings.limits),
        "rounds": settings.rounds,
        "workers": settings.workers,
        "chunk": settings.chunk,
        "cap": settings.cap,
        "pin": settings.pin,
    }


def corpus_plan(corpus: Corpus) -> Plan:
    """Return what a plan says of its corpus; boilerbench's own has no root of its own."""
    return {
        "name": corpus.name,
        "version": corpus.version,
        "digest": corpus.digest,
        "pages": len(corpus.pages),
        "root": "" if corpus.root == HOME else str(corpus.root.resolve()),
        **({"files": [*map(str, corpus.files)]} if corpus.files else {}),
    }


def silent(done: int, total: int) -> None:
    """Show no progress."""
    del done, total


def execute(
    run: Run,
    corpus: Corpus,
    contestants: list[Contestant],
    settings: Settings,
    *,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> None:
    """Do what is left of a run's plan; when nothing is left, write `run.json`.

    An interrupt leaves the run unfinished and resumable, with no worker alive.
    """
    executor = executor or ThreadPoolExecutor(settings.workers)
    scratch.clear()
    lane.open_lanes()
    try:
        with run.journal() as journal:
            agenda = _Agenda(run, corpus, contestants, settings)
            with cores.left_alone(agenda.core):
                for harvest in agenda.harvests(executor):
                    journal.write(harvest)
                    agenda.tick_off(harvest.timings)
                    progress(len(agenda.done), agenda.total)
    finally:
        lane.stop_lanes()
        executor.shutdown(wait=True, cancel_futures=True)
        lane.close_lanes()
    run.finish(provenance.of_run(run, corpus))


class _Agenda:
    """What is done and what is left to do; a page that was missed is not timed again."""

    def __init__(
        self, run: Run, corpus: Corpus, contestants: list[Contestant], settings: Settings
    ) -> None:
        self._name = str(run.folder)
        self._pages = corpus.pages
        self._contestants = contestants
        self._settings = settings
        self.core = cores.for_workers() if settings.pin else None
        self.done: set[tuple[str, str, int]] = set()
        self._missed: set[tuple[str, str]] = set()
        self.total = len(corpus.pages) * len(contestants) * settings.rounds
        # A line of extractions.jsonl that is gone, torn or taken out, makes its page undone
        have = {extraction.key for extraction in run.read_extractions()}
        self.tick_off(timing for timing in run.read_timings() if timing.key[:2] in have)

    def tick_off(self, timings: Iterable[Timing]) -> None:
        """Take note of what a chunk gave."""
        for timing in timings:
            if timing.warmup:
                continue
            self.done.add(timing.key)
            if timing.status != "ok":
                self._missed.add(timing.key[:2])

    def harvests(self, executor: Executor) -> Iterator[Harvest]:
        """Yield what chunks give as they end, round by round, a few in flight at once."""
        for number in range(1, self._settings.rounds + 1):
            chunks, pending = self._chunks(number), list[Future[Harvest]]()
            while True:
                for chunk in islice(chunks, self._settings.workers * 2 - len(pending)):
                    pending.append(executor.submit(lane.run_chunk, chunk))
                if not pending:
                    break
                # A signal that comes just before a wait without end would be seen after it only
                ended, left = wait(pending, timeout=1, return_when=FIRST_COMPLETED)
                # Of those that ended meanwhile, what a lane did first comes first
                ordered = [future for future in pending if future in ended]
                pending = [future for future in pending if future in left]
                for future in ordered:
                    yield future.result()

    def _chunks(self, number: int) -> Iterator[Chunk]:
        settings, warmup = self._settings, _task(self._pages[0], ())
        for batch, start in enumerate(range(0, len(self._contestants), settings.cap)):
            members = tuple(self._contestants[start : start + settings.cap])
            key, tasks = (self._name, number, batch), self._tasks(members, number)
            while some := tuple(islice(tasks, settings.chunk)):
                yield Chunk(key, members, settings.limits, warmup, some, self.core)

    def _tasks(self, members: tuple[Contestant, ...], number: int) -> Iterator[Task]:
        names = [member.name for member in members]
        for index, page in enumerate(self._pages):
            first = index % len(names)  # each page begins with another contestant
            wanted = tuple(
                name
                for name in names[first:] + names[:first]
                if (page.id, name, number) not in self.done and (page.id, name) not in self._missed
            )
            if wanted:
                yield _task(page, wanted)


def _task(page: Page, wanted: tuple[str, ...]) -> Task:
    html = page.html()
    encoding = encoding_of(html, page.content_type)
    truth = encoding_of(html, page.content_type, page.charset) if page.charset else encoding
    return Task(page.id, page.header.url, page.content_type, encoding, truth, html, wanted)
