"""One worker process: started in its cage, asked for one page at a time, ended from outside."""

import json
import os
import re
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from bench import processes
from bench.scratch import Scratch
from bench.worker import worker as protocol

LAUNCHER = Path(__file__).resolve().parent / "worker" / "launch.py"
TICK_S = 0.1  # how often memory is looked at while a page is being worked on
START_S = 60.0  # the largest packages in use import in under 5 s on a loaded machine
ANSWER_MIB = 64  # no page of any corpus has a tenth of that as text
PIPE_BYTES = 1 << 16  # what a pipe of Linux holds (pipe(7)), so a read never gives more
LOG_BYTES = 4000  # the end of standard error that is kept with a miss
NETWORKS = "namespace,seccomp,open"
TRAP = "trap,namespace,open"  # a seccomp filter that refuses sockets would hide the attempt
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page may cost: wall seconds, and MiB of memory for the whole worker."""

    page_s: float = 20.0
    memory_mib: int = 2048


class Cost(NamedTuple):
    """What a worker took so far: CPU ns, and peak and present memory in KiB; 0 once it is gone.

    The peak (VmHWM) is of the worker itself, the rest of its whole process tree.
    """

    cpu_ns: int = 0
    peak_kib: int = 0
    resident_kib: int = 0


class Miss(Exception):  # noqa: N818  a miss is a result, not an error of the harness
    """Raised when a page gave no extraction: `status` says how, the text says why."""

    def __init__(
        self, status: Literal["error", "timeout", "killed"], why: str, log: str = ""
    ) -> None:
        """Keep how and why, and what a worker that did not start wrote to standard error."""
        self.status, self.log = status, log
        super().__init__(why)


class Stopped(Exception):  # noqa: N818  nor is an interrupt an error
    """Raised when the harness is being interrupted while a worker is waited for."""


class WorkerProcess:
    """A worker in its own session, namespaces and scratch folder.

    `hello` is its first message, `cage` the isolation that is in force.
    """

    def __init__(
        self,
        command: Sequence[str],
        limits: Limits,
        networks: str = NETWORKS,
        stop: threading.Event | None = None,
        core: int | None = None,
    ) -> None:
        """Start it and wait for its hello; raises Miss when it does not come.

        Once `stop` is set, whoever waits for the worker gets Stopped. With `core` it and all that
        it starts are pinned to that one.
        """
        self._limits, self._stop = limits, stop or threading.Event()
        self._scratch = Scratch()
        started = time.perf_counter_ns()
        cage = [str(limits.memory_mib), networks, "-" if core is None else str(core)]
        launch = [sys.executable, "-I", "-S", str(LAUNCHER), *cage]
        self._process = subprocess.Popen(
            [*launch, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
            cwd=self._scratch.path,
            env=_environment(str(self._scratch.path)),
        )
        self._answers, self._log, self._whole = bytearray(), bytearray(), False
        self.cage: dict[str, str] = {}
        self._top = self._process.pid
        self._selector = selectors.DefaultSelector()
        self._open_pipes()
        self.hello = self._greet()
        self.startup_ns = time.perf_counter_ns() - started

    def ask(self, request: bytes, page: str) -> dict[str, Any]:
        """Send one request line and return the answer to it; raises Miss."""
        if self._answers:
            raise Miss("error", f"protocol: spoke unasked: {bytes(self._answers[:80])!r}")
        answer = self._parse(self._exchange(request, self._limits.page_s))
        if answer.get("page") != page:
            raise Miss("error", f"protocol: answered for page {answer.get('page')!r}")
        outcome = "error" if "error" in answer else "text"
        if not isinstance(answer.get(outcome), str):
            raise Miss("error", "protocol: the answer holds neither text nor error")
        times = [answer.get(key) for key in ("wall_ns", "cpu_ns")]
        if not all(isinstance(ns, int) and ns >= 0 for ns in times):
            raise Miss("error", "protocol: wall_ns and cpu_ns must be whole numbers")
        return {**answer, outcome: _storable(answer[outcome])}

    @property
    def log(self) -> str:
        """The end of what it wrote to standard error."""
        return self._log.decode("utf-8", "replace").strip()

    def cost(self) -> Cost:
        """Return what it took so far."""
        pids = self._pids()
        used = processes.use(pids)
        return Cost(used.cpu_ns, processes.peak_kib(pids[0]) if pids else 0, used.resident_kib)

    def resident_kib(self) -> int:
        """Return the resident memory of its process tree, in KiB."""
        return processes.use(self._pids()).resident_kib

    def close(self) -> None:
        """Kill it and all it started, and remove its scratch folder."""
        processes.kill_group(self._process.pid)
        self._process.wait()
        self._selector.close()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe:
                pipe.close()
        self._scratch.remove()

    def _pids(self) -> list[int]:
        """Return the worker and all it started, orphans too, without what stands above it."""
        return processes.tree(self._top)[1:]

    def _open_pipes(self) -> None:
        for name in ("stdin", "stdout", "stderr"):
            os.set_blocking(getattr(self._process, name).fileno(), False)
        for name in ("stdout", "stderr"):
            self._selector.register(getattr(self._process, name), selectors.EVENT_READ, name)

    def _greet(self) -> dict[str, Any]:
        try:
            hello = self._parse(self._exchange(b"", START_S))
            if hello.get("protocol") != protocol.PROTOCOL:
                raise Miss("error", f"protocol: hello says {hello.get('protocol')!r}, not 1")
            if _SURROGATE.search(json.dumps(hello, ensure_ascii=False)):
                raise Miss("error", "protocol: hello holds half a surrogate pair")
        except Stopped:
            self.close()
            raise
        except Miss as miss:
            log = self.log
            self.close()
            why = f"did not start: {miss}" + (f"; {log.splitlines()[-1]}" if log else "")
            raise Miss(miss.status, why, log) from miss
        while not self.cage and self._process.stderr:
            self._receive(self._process.stderr.fileno(), "stderr")
        if self.cage["processes"] == "namespace":  # its first process has all orphans as children
            self._top = processes.tree(self._process.pid)[:2][-1]  # or it is gone by now
        return hello

    def _exchange(self, request: bytes, limit_s: float) -> bytes:
        """Write the request, read one line; time and memory are watched all the while."""
        deadline, look = time.monotonic() + limit_s, time.monotonic() + TICK_S
        unsent = memoryview(request)
        if unsent:
            self._selector.register(self._process.stdin or 0, selectors.EVENT_WRITE, "stdin")
        self._whole = b"\n" in self._answers
        while not self._whole:
            ready = self._selector.select(TICK_S)
            # Where its child holds the pipe open, the end of the worker is not the end of the pipe
            if not ready and self._process.poll() is not None:
                raise self._ended()
            for key, _ in ready:
                if key.data == "stdin":
                    unsent = self._send(unsent)
                else:
                    self._receive(key.fd, key.data)
            if self._stop.is_set():
                raise Stopped
            if (now := time.monotonic()) > deadline:
                raise Miss("timeout", f"no answer within {limit_s:g} s")
            if now > look:
                self._watch_memory()
                look = now + TICK_S
        if unsent:
            raise Miss("error", "protocol: answered before it had read the whole request")
        line, _, self._answers = self._answers.partition(b"\n")
        return bytes(line)

    def _send(self, unsent: memoryview) -> memoryview:
        try:
            unsent = unsent[os.write(self._process.stdin.fileno(), unsent) :]  # type: ignore[union-attr]
        except BrokenPipeError:
            unsent = memoryview(b"")
        if not unsent:
            self._selector.unregister(self._process.stdin or 0)
        return unsent

    def _receive(self, descriptor: int, name: str) -> None:
        data = os.read(descriptor, PIPE_BYTES)
        if name == "stderr":
            self._keep_log(data, descriptor)
            return
        self._answers += data
        self._whole = self._whole or b"\n" in data
        if not data:
            raise self._ended()
        if len(self._answers) > ANSWER_MIB << 20:
            raise Miss("error", f"protocol: an answer of more than {ANSWER_MIB} MiB")

    def _keep_log(self, data: bytes, descriptor: int) -> None:
        if not data:
            self._selector.unregister(descriptor)
        self._log += data
        if not self.cage and b"\n" in self._log:
            head, _, self._log = self._log.partition(b"\n")
            self.cage = json.loads(head.partition(b": ")[2])
        del self._log[:-LOG_BYTES]

    def _ended(self) -> Miss:
        try:
            code = self._process.wait(TICK_S * 10)
        except subprocess.TimeoutExpired:
            return Miss("error", "protocol: closed its end of the pipe")
        if code < 0:
            return Miss("killed", f"ended by signal {-code}")
        return Miss("killed", f"exited with code {code}")

    def _watch_memory(self) -> None:
        used = self.resident_kib() >> 10
        if used > self._limits.memory_mib:
            limit = self._limits.memory_mib
            raise Miss("killed", f"memory: {used} MiB resident, limit {limit} MiB")

    def _parse(self, line: bytes) -> dict[str, Any]:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            raise Miss("error", f"protocol: not JSON: {line[:80]!r}") from None
        if not isinstance(message, dict):
            raise Miss("error", f"protocol: not a JSON object: {line[:80]!r}")
        return message


def _storable(text: str) -> str:
    """Return a text without lone surrogates, which are text in no encoding."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def _environment(scratch: str) -> dict[str, str]:
    """Return the same environment on every machine; home and temporary files go to scratch."""
    path = os.environ.get("PATH", os.defpath)
    fixed = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONDONTWRITEBYTECODE": "1"}
    return {"PATH": path, "HOME": scratch, "TMPDIR": scratch, **fixed}
