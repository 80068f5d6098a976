"""Trials: extractors asked for hostile pages, in the cage with the trap set."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from dataclasses import dataclass

from bench.contestants import Contestant
from bench.lane import Task, request
from bench.pagetext import encoding_of
from bench.process import TRAP, Limits, Miss, WorkerProcess
from bench.stress.pen import Input
from bench.stress.verdict import Answer, Judge, Result

HOST = "https://stress.example"
# A worker that has grown by more is replaced, so that a peak is that of the page it stands beside,
# and so that many live workers do not keep what one page each has cost them
GROWTH_MIB = 64


@dataclass(frozen=True, slots=True)
class Trial:
    """One extractor on one input: what became of it, and what it cost.

    `digest` is the SHA-256 of the input; version and network are what the worker said and had.
    """

    input: str
    bytes: int
    digest: str
    extractor: str
    version: str
    network: str
    result: Result
    why: str
    wall_s: float
    peak_mib: int | None


class Stand:
    """One contestant's worker: reused from page to page, fresh after a miss."""

    def __init__(self, contestant: Contestant, limits: Limits, stop: threading.Event) -> None:
        """Start nothing yet."""
        self.contestant, self.version, self.network = contestant, "", ""
        self._limits, self._stop = limits, stop
        self._worker: WorkerProcess | None = None
        self._idle_kib = 0
        self._failed: Answer | None = None

    def ask(self, task: Task) -> Answer:
        """Return what comes of a page; what did not start once is not started again."""
        if self._failed:
            return self._failed
        try:
            worker = self._worker = self._worker or self._start()
        except Miss as miss:
            self._failed = Answer(miss.status, why=str(miss), log=miss.log)
            return self._failed
        answer, alive = _answer(worker, request(task, self.contestant), task.page)
        if not alive or worker.cost().peak_kib - self._idle_kib > GROWTH_MIB << 10:
            self.close()
        return answer

    def close(self) -> None:
        """Kill the worker."""
        if self._worker:
            self._worker.close()
        self._worker = None

    def _start(self) -> WorkerProcess:
        worker = WorkerProcess(self.contestant.command, self._limits, TRAP, self._stop)
        self._idle_kib = worker.cost().peak_kib
        self.version, self.network = str(worker.hello.get("version", "")), worker.cage["network"]
        return worker


def trials(
    contestants: Sequence[Contestant],
    inputs: Sequence[Input],
    limits: Limits,
    seed: int,
    *,
    lanes: int = 1,
    stop: threading.Event,
) -> Iterator[Trial]:
    """Yield each contestant's trial on each input, input by input; raises Stopped once stopped.

    Of each input the bytes are made when its turn comes, and let go after it.
    """
    stands = [Stand(contestant, limits, stop) for contestant in contestants]
    try:
        # A worker dies with the thread that started it, so the threads stay from page to page
        with ThreadPoolExecutor(lanes) as executor:
            for page in inputs:
                yield from _each(executor, _trial_on(page, page.html(seed)), stands)
    finally:
        for stand in stands:
            stand.close()


def _each(
    executor: Executor, trial: Callable[[Stand], Trial], stands: Sequence[Stand]
) -> Iterator[Trial]:
    futures = [executor.submit(trial, stand) for stand in stands]
    try:
        for future in futures:
            # A signal that comes just before a wait without end would be seen after it only
            while not future.done():
                wait([future], timeout=1)
            yield future.result()
    finally:
        for future in futures:
            future.cancel()


def _trial_on(page: Input, html: bytes) -> Callable[[Stand], Trial]:
    """Return what puts a stand on trial; the text is judged at once, for it may be long."""
    task, judge, digest = asked(page, html), Judge(page, html), hashlib.sha256(html).hexdigest()

    def trial(stand: Stand) -> Trial:
        answer = stand.ask(task)
        result, why = judge.judge(answer)
        return Trial(
            input=page.name,
            bytes=len(html),
            digest=digest,
            extractor=stand.contestant.name,
            version=stand.version,
            network=stand.network,
            result=result,
            why=why,
            wall_s=round(answer.wall_s, 3),
            peak_mib=answer.peak_mib,
        )

    return trial


def _answer(worker: WorkerProcess, line: bytes, page: str) -> tuple[Answer, bool]:
    """Return the answer of a worker, and whether it can be asked again.

    Not after an error either: what it wrote to the log must not be taken for the next page's.
    """
    started, said, missed = time.perf_counter(), dict[str, str](), None
    try:
        said = worker.ask(line, page)
    except Miss as miss:
        missed = miss
    answer = Answer(
        status=missed.status if missed else "error" if "error" in said else "ok",
        text=said.get("text", ""),
        why=str(missed or said.get("error", "")),
        log=worker.log,
        wall_s=time.perf_counter() - started,
        peak_mib=worker.cost().peak_kib >> 10 or None,
    )
    return answer, answer.status == "ok"


def asked(page: Input, html: bytes) -> Task:
    """Return what a worker is asked for an input."""
    return Task(
        page=page.name,
        url=f"{HOST}/{page.name}",
        content_type=page.content_type,
        encoding=encoding_of(html, page.content_type),
        true_encoding=encoding_of(html, page.content_type, page.truth or None),
        html=html,
        wanted=(),
    )
