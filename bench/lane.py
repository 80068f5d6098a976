"""A lane: one thread's workers, one per contestant, and the chunk of pages they work on.

Everything here is picklable in and out, so that any `concurrent.futures.Executor` can carry it.
"""

import base64
import hashlib
import json
import multiprocessing.util
import platform
import threading
from dataclasses import dataclass, field

from bench import scratch
from bench.contestants import Contestant
from bench.process import Cost, Limits, Miss, Stopped, WorkerProcess
from bench.records import Extraction, Life, Status, Timing


@dataclass(frozen=True, slots=True)
class Task:
    """One page and the contestants, by name, that still owe an answer for it."""

    page: str
    url: str
    content_type: str
    encoding: str
    true_encoding: str
    html: bytes
    wanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """The unit of work: tasks of one round for one batch of contestants.

    A lane that meets a new `key` starts fresh workers, each of which first does `warmup`.
    """

    key: tuple[str, int, int]
    contestants: tuple[Contestant, ...]
    limits: Limits
    warmup: Task
    tasks: tuple[Task, ...]
    core: int | None = None  # that all its workers are pinned to

    @property
    def round(self) -> int:
        """The round, from 1."""
        return self.key[1]


@dataclass(slots=True)
class Harvest:
    """What a chunk gave: new workers, extractions and timings, in the order they came."""

    lives: list[Life] = field(default_factory=list)
    extractions: list[Extraction] = field(default_factory=list)
    timings: list[Timing] = field(default_factory=list)


_local = threading.local()
_lanes: list["Lane"] = []
_stop = threading.Event()


def run_chunk(chunk: Chunk) -> Harvest:
    """Do a chunk on this thread's lane, which outlives it."""
    lane: Lane | None = getattr(_local, "lane", None)
    if lane is None or lane.chunk.key != chunk.key or lane not in _lanes:
        if lane is not None:
            lane.close()
        lane = _local.lane = Lane(chunk)
        _lanes.append(lane)
        # A process of a pool ends without atexit; this is the hook that it does run
        multiprocessing.util.Finalize(None, lane.close, exitpriority=1)
    return lane.work(chunk)


def open_lanes() -> None:
    """Let the lanes of this process work (again)."""
    _stop.clear()


def stop_lanes() -> None:
    """Make every lane of this process give up its chunk, whatever its worker is doing."""
    _stop.set()


def close_lanes() -> None:
    """Kill the workers of every lane of this process, once they have stopped."""
    while _lanes:
        _lanes.pop().close()


class Lane:
    """The live workers of one thread, by contestant."""

    def __init__(self, chunk: Chunk) -> None:
        """Start with no worker; each starts when it is first needed."""
        self.chunk = chunk
        self._contestants = {contestant.name: contestant for contestant in chunk.contestants}
        self._workers: dict[str, WorkerProcess] = {}
        self._born: dict[str, int] = {}
        self._dead: dict[str, Miss] = {}
        self._cold: set[str] = set()
        self._harvest = Harvest()
        self._requests: dict[tuple[str, str], bytes] = {}

    def work(self, chunk: Chunk) -> Harvest:
        """Return what all contestants give for the chunk's pages, page by page."""
        self._harvest = Harvest()
        for task in chunk.tasks:
            self._requests.clear()
            for name in task.wanted:
                try:
                    self._one(self._contestants[name], task)
                    self._refuse_to_blame()
                except Stopped:
                    self.close()
                    raise
        self._requests.clear()
        return self._harvest

    def close(self) -> None:
        """Kill all workers."""
        for worker in list(self._workers.values()):
            worker.close()
        self._workers.clear()

    def _refuse_to_blame(self) -> None:
        """Raise BenchError after a miss on a full disk that the workers here have not filled."""
        if self._harvest.timings[-1].status != "ok" and scratch.full():
            self.close()
            scratch.require_room()

    def _one(self, contestant: Contestant, task: Task) -> None:
        name = contestant.name
        try:
            if name in self._dead:
                raise self._dead[name]
            if name not in self._workers:
                self._start(contestant)
        except Miss as miss:
            self._dead[name] = Miss(miss.status, str(miss))  # its log is kept with one page
            error = "\n".join(filter(None, [str(miss), miss.log]))
            self._note(name, task, miss.status, error=error)
        else:
            self._extract(contestant, task)

    def _start(self, contestant: Contestant) -> None:
        self._spawn(contestant)
        if contestant.name not in self._cold:
            self._extract(contestant, self.chunk.warmup, warmup=True)
        if contestant.name not in self._workers:  # it fell over the warm-up page
            self._cold.add(contestant.name)
            self._spawn(contestant)

    def _spawn(self, contestant: Contestant) -> None:
        name = contestant.name
        chunk = self.chunk
        worker = WorkerProcess(contestant.command, chunk.limits, stop=_stop, core=chunk.core)
        self._workers[name] = worker
        self._born[name] = self._born.get(name, 0) + 1
        startup = worker.hello.get("startup_cpu_ns")
        life = Life(
            worker=self._id(name),
            extractor=name,
            round=chunk.round,
            hello=worker.hello,
            startup_ns=worker.startup_ns,
            startup_cpu_ns=startup if isinstance(startup, int) else 0,
            isolation=worker.cage,
            idle_kib=worker.cost().peak_kib,
        )
        self._harvest.lives.append(life)

    def _extract(self, contestant: Contestant, task: Task, *, warmup: bool = False) -> None:
        worker = self._workers[contestant.name]
        try:
            answer = worker.ask(self._request(task, contestant), task.page)
        except Miss as miss:
            cost = worker.cost()
            error = str(miss) + (f"\n{worker.log}" if worker.log else "")
            worker.close()
            del self._workers[contestant.name]
            self._note(contestant.name, task, miss.status, error=error, cost=cost, warmup=warmup)
            return
        self._note(
            contestant.name,
            task,
            "error" if "error" in answer else "ok",
            text=answer.get("text", ""),
            error=answer.get("error", ""),
            times=(answer.get("wall_ns", 0), answer.get("cpu_ns", 0)),
            cost=worker.cost(),
            warmup=warmup,
        )

    def _request(self, task: Task, contestant: Contestant) -> bytes:
        """Return a request, which is the same for one contestant after the other."""
        key = task.page, _encoding(task, contestant)
        if key not in self._requests:
            self._requests[key] = request(task, contestant)
        return self._requests[key]

    def _note(
        self,
        name: str,
        task: Task,
        status: Status,
        *,
        text: str = "",
        error: str = "",
        times: tuple[int, int] = (0, 0),
        cost: Cost = Cost(),  # noqa: B008  frozen
        warmup: bool = False,
    ) -> None:
        if self.chunk.round == 1 and not warmup:
            self._harvest.extractions.append(Extraction(task.page, name, status, text, error))
        timing = Timing(
            page=task.page,
            extractor=name,
            round=self.chunk.round,
            warmup=warmup,
            status=status,
            wall_ns=times[0],
            cpu_ns=times[1],
            tree_cpu_ns=cost.cpu_ns,
            peak_kib=cost.peak_kib,
            worker=self._id(name),
            digest=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16],
            resident_kib=cost.resident_kib,
        )
        self._harvest.timings.append(timing)

    def _id(self, name: str) -> str:
        thread = f"{platform.node()}-{threading.get_native_id()}"
        return f"{name}/{self.chunk.round}/{thread}/{self._born.get(name, 0)}"


def request(task: Task, contestant: Contestant) -> bytes:
    """Return the line that asks a contestant for a page."""
    facts = {"page": task.page, "url": task.url, "content_type": task.content_type}
    head = json.dumps({**facts, "encoding": _encoding(task, contestant)}).encode()
    # Base64 has nothing to escape: put in as it is, a page is not copied three times more
    return b"".join([head[:-1], b', "html": "', base64.b64encode(task.html), b'"}\n'])


def _encoding(task: Task, contestant: Contestant) -> str:
    """Return the encoding that a contestant is told; only a control is told the truth."""
    return task.true_encoding if contestant.category == "control" else task.encoding
