"""Sittings: what one contestant answers to test pages, in which cage, and how it grows."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field

from bench.contestants import Contestant
from bench.lane import Task, request
from bench.process import NETWORKS, Limits, Miss, WorkerProcess
from bench.records import Status

LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one page; `log` is the end of what its worker has written by then.

    It is the `last` of its worker where there was none, but a miss.
    """

    status: Status
    text: str = ""
    why: str = ""
    log: str = ""
    last: bool = False


@dataclass(slots=True)
class Sitting:
    """Answers by page; `failed` says why no worker started."""

    cage: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Growth:
    """Resident memory in KiB after each page, and what ended the worker before the last one."""

    resident: list[int]
    ended: str = ""
    errors: tuple[str, ...] = ()

    @property
    def mib_per_page(self) -> float:
        """The growth from the third to the fourth quarter of the pages.

        The first half warms caches up. The lowest reading of each quarter counts: memory that is
        collected from time to time is not lost.
        """
        quarter = len(self.resident) // 4
        third, fourth = self.resident[2 * quarter : 3 * quarter], self.resident[3 * quarter :]
        return (min(fourth) - min(third)) / 1024 / quarter


def sit(contestant: Contestant, tasks: Iterable[Task], networks: str = NETWORKS) -> Sitting:
    """Ask for pages in order; a worker that ended is started anew for the next one."""
    sitting, worker = Sitting(), None
    try:
        for task in tasks:
            worker = worker or WorkerProcess(contestant.command, LIMITS, networks)
            sitting.cage = worker.cage
            answer = sitting.answers[task.page] = _ask(worker, contestant, task)
            if answer.last:
                worker.close()
                worker = None
    except Miss as miss:
        sitting.failed = str(miss)
    finally:
        if worker:
            worker.close()
    return sitting


def grow(contestant: Contestant, tasks: Iterable[Task]) -> Growth:
    """Ask one worker for many pages and look at its memory after each."""
    resident: list[int] = []
    errors: list[str] = []
    try:
        with closing(WorkerProcess(contestant.command, LIMITS)) as worker:
            for task in tasks:
                answer = worker.ask(request(task, contestant), task.page)
                errors += [answer["error"]] if "error" in answer else []
                resident.append(worker.resident_kib())
    except Miss as miss:
        return Growth(resident, str(miss), tuple(errors))
    return Growth(resident, errors=tuple(errors))


def _ask(worker: WorkerProcess, contestant: Contestant, task: Task) -> Answer:
    try:
        answer = worker.ask(request(task, contestant), task.page)
    except Miss as miss:
        return Answer(miss.status, why=str(miss), log=worker.log, last=True)
    if "error" in answer:
        return Answer("error", why=answer["error"], log=worker.log)
    return Answer("ok", text=answer["text"], log=worker.log)
