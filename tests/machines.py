"""A Dask scheduler and its workers on the loopback, as processes that can be killed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.cluster import connected
from bench.errors import BenchError
from tests.running import alive, wait_until


class Machines:
    """One scheduler, and workers of one thread each, whose temporary files go to a folder."""

    def __init__(self, folder: Path, workers: int) -> None:
        """Start all of them."""
        self.folder, self._file = folder, folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-show")
        self.workers = [self.worker() for _ in range(workers)]
        assert wait_until(lambda: self.address and self.connected == workers, 60), "no cluster"

    @property
    def address(self) -> str:
        """Where the scheduler listens, "" before it does."""
        try:
            return str(json.loads(self._file.read_text())["address"])
        except (OSError, ValueError):
            return ""

    @property
    def connected(self) -> int:
        """How many workers the log of the scheduler has welcomed."""
        return (self.folder / "scheduler.log").read_text().count("Register worker")

    @property
    def contestants(self) -> list[int]:
        """The processes that the workers have started."""
        own = {process.pid for process in (self.scheduler, *self.workers)}
        return [pid for pid in alive(self.folder) if pid not in own]

    def worker(self) -> subprocess.Popen[bytes]:
        """Start one more worker."""
        return self._start("worker", "--nthreads", "1", "--no-nanny")

    def close(self) -> None:
        """Kill what is still there."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(self, kind: str, *words: str) -> subprocess.Popen[bytes]:
        here = ["--scheduler-file", str(self._file), "--no-dashboard"]
        scratch = ["--local-directory", str(self.folder)] if kind == "worker" else []
        with (self.folder / f"{kind}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{kind}", *words, *here, *scratch],
                env={**os.environ, "TMPDIR": str(self.folder)},
                stdout=log,
                stderr=log,
            )


def refused(address: str) -> BenchError:
    """Return the error of connecting to an address."""
    with pytest.raises(BenchError) as error, connected(address):
        pass
    return error.value
