"""More than one machine: chunks go through a Dask scheduler, whose workers' threads are the lanes.

Each machine has boilerbench installed and finds or makes the contestants' environments itself.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from bench import contestants, environments, lane
from bench.contestants import CORE, Contestant
from bench.errors import BenchError
from bench.lane import Chunk

T = TypeVar("T")
CHUNK = 16  # pages: a task costs the scheduler some ms, one page of a fast extractor less than one
ANSWER_S = 5.0  # within which a scheduler answers, and has a worker
IDLE_S = 60.0  # after which a worker's contestants are killed, where the harness was
_HALT_S = 5.0  # a lane gives up its page within process.TICK_S
_SHOWN = 5  # packages of a mismatch that are named


class Cluster(Executor):
    """The workers of a Dask scheduler, as an executor of chunks."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401  a Client, which has no types
        """Take over a client that is connected."""
        self._client = client
        self._executor: Executor = client.get_executor(pure=False)

    @property
    def lanes(self) -> int:
        """How many chunks are worked on at once: the threads of all workers."""
        return sum(self._client.nthreads().values())

    def check(self) -> None:
        """Raise BenchError for every worker whose boilerbench, Python or packages differ."""
        facts = _asking()
        here = facts()
        problems = [
            f"worker {address}: {problem}"
            for address, there in self._each(facts).items()
            for problem in _mismatch(here, there)
        ]
        hint = "each machine needs the same: pip install 'boilerbench[dask]' of one version"
        if problems:
            raise BenchError(problems, hint=hint, exit_code=1)

    def prepare(self, ready: Sequence[Contestant]) -> None:
        """Make the contestants' environments on every machine; BenchError says where one fails."""
        problems = [
            f"worker {address}: {problem}"
            for address, said in self._each(_prepare, [*ready]).items()
            for problem in ([_sentence(said)] if isinstance(said, Exception) else said)
        ]
        if problems:
            hint = "a contestant runs on all machines or on none: leave it out, or mend those"
            raise BenchError(problems, hint=hint, exit_code=1)

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:  # noqa: ANN401
        """Hand a chunk to whichever worker is free; where that worker dies, to another one."""
        return self._executor.submit(_at_work, fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """Let go of what is not done, and kill the contestants on every machine."""
        self._executor.shutdown(wait=wait and not cancel_futures)
        with suppress(OSError, TimeoutError):  # a worker that is gone has taken its own along
            self._client.run(_halt, on_error="ignore")

    def _each(self, function: Callable[..., Any], *args: object) -> Mapping[str, Any]:
        """Return what a function gives on each worker, by address; an exception where it raised."""
        found = {
            address: self._client.submit(function, *args, workers=[address], pure=False)
            for address in self._client.nthreads()
        }
        return {address: future.exception() or future.result() for address, future in found.items()}


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """Connect to a scheduler, such as `tcp://HOST:8786`, and give its workers as an executor.

    Raises BenchError where dask is not installed, nobody answers, no worker is there, a worker's
    versions differ, another boilerbench is using it, or it is lost on the way.
    """
    distributed = _distributed()
    with _client(address) as client:
        lock = distributed.Lock("boilerbench")
        if not lock.acquire(timeout=ANSWER_S):
            hint = "wait for it; one that was killed is forgotten after 30 s"
            raise BenchError(f"{address}: another boilerbench runs through it", hint=hint)
        cluster = Cluster(client)
        try:
            cluster.check()
            yield cluster
        except (
            distributed.KilledWorker,
            CancelledError,
            distributed.comm.CommClosedError,
        ) as error:
            raise BenchError(
                f"{address}: lost on the way ({_sentence(error)}); all finished pages are kept",
                hint="repeat the command to go on",
                exit_code=1,
            ) from error
        finally:
            with suppress(Exception):
                lock.release()


@contextmanager
def _client(address: str) -> Iterator[Any]:
    distributed = _distributed()
    hint = "start one with: dask scheduler; dask worker ADDRESS"
    try:
        client = distributed.Client(address, timeout=ANSWER_S)
    except (OSError, ValueError, TimeoutError) as error:
        raise BenchError(
            f"no Dask scheduler at {address} ({_sentence(error)})", hint=hint
        ) from None
    try:
        with suppress(TimeoutError):
            client.wait_for_workers(1, timeout=ANSWER_S)
        if not client.nthreads():
            raise BenchError(f"the scheduler at {address} has no workers", hint=hint)
        yield client
    finally:
        client.close(timeout=ANSWER_S)


def _distributed() -> Any:  # noqa: ANN401  a module
    try:
        import distributed
    except ImportError:
        hint = "pip install 'boilerbench[dask]'"
        raise BenchError("--scheduler needs the package distributed", hint=hint) from None
    for name in ("distributed", "distributed.client"):  # what matters is raised
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return distributed


def _asking() -> Callable[[], dict[str, str]]:
    """Return what asks for the versions of Python, boilerbench and all packages, lanes open.

    A function within another travels whole; a worker that cannot import one is lost to Dask.
    """

    def facts() -> dict[str, str]:
        import platform
        from importlib import metadata

        import bench
        from bench import lane

        lane.open_lanes()
        packages = {dist.metadata["Name"]: dist.version for dist in metadata.distributions()}
        return {**packages, "Python": platform.python_version(), "boilerbench": bench.__version__}

    return facts


def _mismatch(here: Mapping[str, str], there: Mapping[str, str] | Exception) -> Iterator[str]:
    if isinstance(there, Exception):
        yield f"boilerbench is not installed there, or an older one ({_sentence(there)})"
        return
    # What only one of them has, no contestant needs: boilerbench's own needs are there on both
    others = [name for name, version in here.items() if there.get(name, version) != version]
    for name in sorted(others)[:_SHOWN]:
        yield f"{name} {there[name]}, here {here[name]}"


def _prepare(ready: Sequence[Contestant]) -> list[str]:
    """Return what keeps contestants from running here, their environments made."""
    problems: list[str] = []
    for contestant in ready:
        try:
            _at_home(contestant)
        except BenchError as error:
            problems += error.problems
    return problems


@cache
def _at_home(contestant: Contestant) -> Contestant:
    """Return a contestant as it starts here: the same file, in the same environment."""
    path = contestant.path
    if not path.exists():  # boilerbench is installed elsewhere on this machine
        path = contestants.find([contestant.name.partition("@")[0]])[0].path
    if contestants.read(path, contestant.name).digest != contestant.digest:
        raise BenchError(f"{contestant.name}: {path} is another file here")
    here = replace(contestant, path=path)
    if here.recipe == CORE:
        return here.in_core()
    ready, absent = environments.prepare([here], lambda _: None)
    if absent:
        raise BenchError([f"{one.name}: {one.why}" for one in absent])
    if ready[0].environment != contestant.environment:
        raise BenchError(f"{contestant.name}: its packages resolve otherwise here")
    return ready[0]


class _Watch:
    """Counts the chunks that a worker is at; contestants that nobody asks any more are killed."""

    def __init__(self) -> None:
        self.busy, self._lock, self._timer = 0, threading.Lock(), threading.Timer(0, lambda: None)

    def __enter__(self) -> None:
        with self._lock:
            self._timer.cancel()
            self.busy += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self.busy -= 1
            self._timer.cancel()
            self._timer = threading.Timer(IDLE_S, self._close_idle)
            self._timer.daemon = True
            self._timer.start()

    def _close_idle(self) -> None:
        with self._lock:
            if not self.busy:
                lane.close_lanes()


_watch = _Watch()


def _at_work(run_chunk: Callable[[Chunk], T], chunk: Chunk) -> T:
    """Do a chunk on a worker, with the contestants as they start there."""
    with _watch:
        members = tuple(map(_at_home, chunk.contestants))
        return run_chunk(replace(chunk, contestants=members))


def _halt() -> None:
    """Stop the lanes of a worker, and kill its contestants once nobody waits for them."""
    lane.stop_lanes()
    deadline = time.monotonic() + _HALT_S
    while _watch.busy and time.monotonic() < deadline:
        time.sleep(0.01)
    lane.close_lanes()


def _sentence(error: BaseException) -> str:
    first, *_ = [*str(error).splitlines(), ""]
    return first or "the connection broke"
