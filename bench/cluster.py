"""More than one machine: chunks go through a Dask scheduler; its workers' threads are lanes."""

import asyncio
import logging
import os
import platform
import re
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from bench import lane, machine
from bench.contestants import Contestant
from bench.errors import BenchError

T = TypeVar("T")
CHUNK = 16  # pages: a task costs the scheduler some ms, one page of a fast extractor less than one
ANSWER_S = 5.0  # within which a scheduler answers, and has a worker
FACTS_S = 20.0  # within which a worker on a busy machine has read its packages' versions
_START = "start one with: dask scheduler; dask worker ADDRESS"


class Cluster(Executor):
    """The workers of a Dask scheduler, as an executor of chunks."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401  a Client, which has no types
        """Take over a client that is connected."""
        self._client = client
        self._executor: Executor = client.get_executor(pure=False)
        self._facts = machine.asking()()

    @property
    def lanes(self) -> int:
        """How many chunks are worked on at once: the threads of all workers."""
        return sum(self._client.nthreads().values())

    def check(self) -> None:
        """Make the lanes of all workers free; what a harness that was killed left, is stopped.

        Raises BenchError where boilerbench, Python or packages differ, of workers or scheduler.
        """
        self._each(machine.halt, ANSWER_S)
        workers = self._each(machine.asking(), FACTS_S)
        found = {f"worker {address}": facts for address, facts in workers.items()}
        found["scheduler"] = self._at_scheduler(machine.asking())  # chunks are unpacked there too
        problems = [
            f"{place}: {problem}"
            for place, there in found.items()
            for problem in machine.mismatch(self._facts, there)
        ]
        hint = (
            "mend or stop those; all need the same: pip install 'boilerbench[dask]' of one version"
        )
        if problems:
            raise BenchError(problems, hint=hint, exit_code=1)
        self._each(lane.open_lanes, ANSWER_S)

    def prepare(self, ready: Sequence[Contestant]) -> None:
        """Make the contestants' environments on every machine; BenchError says where one fails."""
        asked = {
            address: self._client.submit(
                machine.prepare,
                [*ready],
                workers=[address],
                allow_other_workers=True,  # else a worker that dies meanwhile is waited for
                pure=False,
            )
            for address in self._client.nthreads()
        }
        said = {address: future.exception() or future.result() for address, future in asked.items()}
        problems = [
            f"worker {address}: {problem}"
            for address, found in said.items()
            for problem in ([machine.sentence(found)] if isinstance(found, Exception) else found)
        ]
        if problems:
            hint = "a contestant runs on all machines or on none: leave it out, or mend those"
            raise BenchError(problems, hint=hint, exit_code=1)

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:  # noqa: ANN401
        """Hand a chunk to whichever worker is free; where that worker dies, to another one."""
        return self._executor.submit(machine.work, self._facts, fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """Let go of what is not done, and kill the contestants on every machine."""
        self._executor.shutdown(wait=wait and not cancel_futures)
        with suppress(OSError):  # a scheduler that is gone
            self._each(machine.halt, ANSWER_S)

    def _at_scheduler(self, function: Callable[[], object]) -> Any:  # noqa: ANN401
        try:
            return self._client.run_on_scheduler(function)
        except ImportError as error:
            return error

    def _each(self, function: Callable[[], object], within_s: float) -> dict[str, Any]:
        """Return what a function gives on each worker, by address; an exception where it raised.

        A worker that is frozen or cut off is told from a busy one by its silence alone.
        """

        async def one(address: str) -> Any:  # noqa: ANN401
            try:
                asked = self._client.run(function, workers=[address], on_error="return")
                return (await asyncio.wait_for(asked, within_s)).get(address, OSError("it is gone"))
            except TimeoutError:
                return TimeoutError(f"no answer within {within_s:g} s")

        async def every() -> dict[str, Any]:
            addresses = [*await asyncio.wait_for(self._client.nthreads(), ANSWER_S)]
            return dict(zip(addresses, await asyncio.gather(*map(one, addresses)), strict=True))

        return dict(self._client.sync(every))


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """Connect to a scheduler, such as `tcp://HOST:8786`, and give its workers as an executor.

    Raises BenchError where dask is not installed, nobody answers, no worker is there, a worker's
    versions differ, another boilerbench is using it, or it is lost on the way.
    """
    distributed = _distributed()
    if not address.strip():  # Dask would start a cluster of its own
        raise _nobody(repr(address), "an empty address")
    with _client(address) as client:
        _claim(client, address)
        try:
            cluster = Cluster(client)
            cluster.check()
            yield cluster
        except (
            distributed.KilledWorker,
            CancelledError,
            distributed.comm.CommClosedError,
        ) as error:
            raise BenchError(
                f"{address}: lost on the way ({machine.sentence(error)}); "
                "all finished pages are kept",
                hint="repeat the command to go on",
                exit_code=1,
            ) from error


@contextmanager
def _client(address: str) -> Iterator[Any]:
    distributed = _distributed()
    _refuse_strangers(address)
    try:
        client = distributed.Client(address, timeout=ANSWER_S)
    except (OSError, ValueError, TimeoutError) as error:
        raise _nobody(address, _why(error)) from None
    try:
        with suppress(TimeoutError):
            client.wait_for_workers(1, timeout=ANSWER_S)
        if not client.nthreads():
            raise BenchError(f"the scheduler at {address} has no workers", hint=_START)
        yield client
    finally:
        client.close(timeout=ANSWER_S)


def _refuse_strangers(address: str) -> None:
    """Raise BenchError where no scheduler answers in time; a Client alone waits for long."""
    distributed = _distributed()

    async def identity() -> dict[str, Any]:
        options = distributed.Security().get_connection_args("client")
        # Sooner than the whole, so that it can say why not
        comm = await distributed.comm.connect(address, timeout=ANSWER_S * 0.8, **options)
        try:
            return dict(await distributed.core.send_recv(comm, op="identity"))
        finally:
            comm.abort()

    try:
        kind = asyncio.run(asyncio.wait_for(identity(), ANSWER_S)).get("type")
    except (OSError, ValueError, OverflowError, TypeError) as error:
        raise _nobody(address, _why(error.__cause__ or error)) from None
    except Exception:  # noqa: BLE001  what strangers send can be taken for anything
        raise _nobody(address, "what answers there is not Dask") from None
    if kind != "Scheduler":
        raise _nobody(address, f"a {kind} of Dask listens there")


def _why(error: BaseException) -> str:
    """Return what an error says, without the object of Dask that it names first."""
    if isinstance(error, TimeoutError | asyncio.CancelledError):  # which of them, is a race
        return f"no answer within {ANSWER_S:g} s"
    return re.sub(r"^in <.*>: ", "", machine.sentence(error))


def _nobody(address: str, why: str) -> BenchError:
    return BenchError(f"no Dask scheduler at {address} ({why})", hint=_START)


def _claim(client: Any, address: str) -> None:  # noqa: ANN401  a Client, which has no types
    """Claim the scheduler, or raise BenchError; a claim ends with the connection of its client."""
    me = f"process {os.getpid()} on {platform.node()}"
    deadline = time.monotonic() + ANSWER_S  # one that has just ended may still be seen
    while holder := client.run_on_scheduler(_claiming(), client.id, me):
        if time.monotonic() > deadline:
            raise BenchError(
                f"{address}: another boilerbench runs through it ({holder})",
                hint="wait for it, or stop it; one that is cut off is forgotten after 30 s",
            )
        time.sleep(ANSWER_S / 20)


def _claiming() -> Callable[..., str]:
    """Return what a scheduler does to note who uses it; it needs no boilerbench for that."""

    def claim(client: str, name: str, dask_scheduler: Any) -> str:  # noqa: ANN401
        """Return who else uses it, "" where the claim is made."""
        metadata = dask_scheduler.task_metadata
        holder, its_name = metadata.get("boilerbench", ("", ""))
        if holder != client and holder in dask_scheduler.clients:
            return str(its_name)
        metadata["boilerbench"] = client, name
        return ""

    return claim


def _distributed() -> Any:  # noqa: ANN401  a module
    try:
        import distributed
    except ImportError:
        hint = "pip install 'boilerbench[dask]'"
        raise BenchError("--scheduler needs the package distributed", hint=hint) from None
    for name in ("distributed", "distributed.client", "tornado.application", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is raised
    warnings.simplefilter("ignore", distributed.versions.VersionMismatchWarning)
    return distributed
