"""Cores: one for pinned workers, while the harness keeps to the others."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


def for_workers() -> int | None:
    """Return the core for pinned workers: the last that this process may use.

    Not the first, where most kernels handle interrupts. None where a process cannot choose.
    """
    return max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None


@contextmanager
def left_alone(core: int | None) -> Iterator[None]:
    """Keep this thread, and those that it starts meanwhile, off a core if there are others."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, before - {core} or before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
