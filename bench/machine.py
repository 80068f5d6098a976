"""One of several machines: what a Dask worker does there for the command that runs elsewhere.

Each machine has boilerbench installed and finds or makes the contestants' environments itself.
"""

import asyncio
import os
import platform
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TypeVar

from bench import contestants, environments, lane
from bench.contestants import CORE, Contestant
from bench.errors import BenchError
from bench.lane import Chunk

T = TypeVar("T")
Facts = Mapping[str, str]
IDLE_S = 60.0  # after which a worker's contestants are killed, where the harness was
_HALT_S = 3.0  # a lane gives up its page within process.TICK_S; the harness waits 5 s
_INSTALLERS = {"pip", "setuptools", "wheel"}  # come with Python, and no contestant runs them
_SHOWN = 5  # packages of a mismatch that are named


def asking() -> Callable[[], dict[str, str]]:
    """Return what asks for the versions of Python, boilerbench and all packages.

    A function within another travels whole, so a worker without boilerbench can say so.
    """

    def facts() -> dict[str, str]:
        import platform
        from importlib import metadata

        import bench

        named = {dist.metadata["Name"]: dist.version for dist in metadata.distributions()}
        # One without a name is what is left of an installation that was broken off
        packages = {name: version for name, version in named.items() if name}
        return {**packages, "Python": platform.python_version(), "boilerbench": bench.__version__}

    return facts


_facts = cache(asking())


def mismatch(here: Facts, there: Facts | Exception) -> Iterator[str]:
    """Yield what differs between the machine of the command, `here`, and that of a worker."""
    if isinstance(there, TimeoutError):
        yield f"{sentence(there)}: it is frozen or cut off"
        return
    if isinstance(there, Exception):
        yield f"boilerbench is not installed there, or an older one ({sentence(there)})"
        return
    # What only one of them has, no contestant needs: boilerbench's own needs are there on both
    shared = sorted({*here} & {*there} - _INSTALLERS)
    others = [name for name in shared if here[name] != there[name]]
    for name in others[:_SHOWN]:
        yield f"{name} {there[name]}, here {here[name]}"
    if len(others) > _SHOWN:
        yield f"and {len(others) - _SHOWN} more packages"


def prepare(ready: Sequence[Contestant]) -> list[str]:
    """Return what keeps contestants from running here, their environments made."""
    problems: list[str] = []
    for contestant in ready:
        try:
            at_home(contestant)
        except BenchError as error:
            problems += error.problems
    return problems


@cache
def at_home(contestant: Contestant) -> Contestant:
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


def work(here: Facts, run_chunk: Callable[[Chunk], T], chunk: Chunk) -> T:
    """Do a chunk, with the contestants as they start on this machine.

    Raises BenchError, with the name of the machine, where it differs from `here` (a worker may have
    come after the run began), or where its system refuses something.
    """
    with _watch:
        try:
            if problems := [*mismatch(here, _facts())]:
                raise BenchError(problems)
            members = tuple(map(at_home, chunk.contestants))
            return run_chunk(replace(chunk, contestants=members))
        except (BenchError, OSError) as error:
            told = error.problems if isinstance(error, BenchError) else [str(error)]
            place = f"worker {platform.node()}, process {os.getpid()}"
            raise BenchError(
                [f"{place}: {problem}" for problem in told],
                hint="finished pages are kept; mend or stop that worker, and repeat the command",
                exit_code=1,
            ) from None


async def halt() -> None:
    """Stop the lanes of this machine, and kill the contestants once nobody waits for them."""
    lane.stop_lanes()
    deadline = time.monotonic() + _HALT_S
    while _watch.busy and time.monotonic() < deadline:  # noqa: ASYNC110  threads wake no event
        await asyncio.sleep(0.01)
    lane.close_lanes()


def sentence(error: BaseException) -> str:
    """Return the first line of what an error says."""
    first, *_ = [*str(error).splitlines(), ""]
    return first or type(error).__name__
