"""Runs in tests: fakes of the zoo as contestants, harnesses as processes, who is still alive."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import contestants, verbs
from bench.corpus import open_corpus
from bench.process import Limits
from bench.records import Timing
from bench.runner import Settings, execute, make_plan
from bench.runs import Run

ZOO = Path(__file__).resolve().parent / "zoo"
# Of a run's JSON report: what two runs of one plan share, whatever the machine was doing
SAME_EVERYWHERE = ("extractor", "category", "f1", "precision", "recall", "misses", "pages")


def zoo(*names: str) -> list[str]:
    """Return the paths of fakes, as they are given to `boilerbench run`."""
    return [str(ZOO / f"{name}.py") for name in names]


def run_here(folder: Path, corpus: Path, names: list[str], settings: Settings) -> Run:
    """Run contestants in this process; the run's folder is made anew."""
    pages, chosen = open_corpus(corpus), contestants.find(names)
    run = Run(folder)
    run.create(make_plan(pages, chosen, settings))
    execute(run, pages, chosen, settings)
    return run


def quick(*, workers: int = 1, rounds: int = 1, page_s: float = 4) -> Settings:
    """Return settings with small limits: 4 s a page, 300 MiB."""
    return Settings(workers, rounds, Limits(page_s, 300))


def request(page: str, html: bytes = b"<p>Tea.</p>") -> bytes:
    """Return the line that asks a worker for a page."""
    url, data = f"http://a.example/{page}/second", base64.b64encode(html).decode()
    message = {"page": page, "url": url, "content_type": "", "encoding": "utf-8", "html": data}
    return json.dumps(message).encode() + b"\n"


def outcome(run: Run) -> dict[tuple[str, str], tuple[str, str]]:
    """Return status and text by (page, extractor)."""
    return {e.key: (e.status, e.text) for e in run.extractions()}


def measured(run: Run) -> list[Timing]:
    """Return the timings that are not warm-ups, in the order they were taken."""
    return [timing for timing in run.timings() if not timing.warmup]


def alive(folder: Path) -> list[int]:
    """Return the processes whose environment names a folder; the dead and zombies have none."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208  a glob looks into them
        try:
            if os.fsencode(folder) in Path(f"/proc/{name}/environ").read_bytes():
                found.append(int(name))
        except OSError:
            continue
    return found


def wait_until(condition: Callable[[], object], seconds: float = 20) -> bool:
    """Return whether a condition came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


class Harness:
    """`python -m bench run` as a process of its own; its temporary files go to `scratch`."""

    def __init__(self, corpus: Path, output: Path, *words: str) -> None:
        """Name the run; `words` are its contestants and options."""
        self.output, self.scratch = output, output.with_name(output.name + "-scratch")
        self.scratch.mkdir(parents=True, exist_ok=True)
        here = ["--corpus", str(corpus), "--output", str(output), "--memory-mib", "300"]
        self._words = ["run", *words, *here]
        self.within: list[str] = []  # the command that puts it into a namespace

    def start(self, *program: str) -> subprocess.Popen[str]:
        """Start it in a session of its own; `program`, as python takes it, may do so otherwise."""
        python = [*self.within, sys.executable, *(program or ("-m", "bench"))]
        return subprocess.Popen(
            [*python, *self._words],
            env={**os.environ, "TMPDIR": str(self.scratch)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # A test that is run in the background of a script inherits SIGINT as ignored
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )

    def finish(self) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        process = self.start()
        stdout, stderr = process.communicate(timeout=60)
        return subprocess.CompletedProcess([], process.returncode, stdout, stderr)

    def lines(self, journal: str = "timings.jsonl") -> int:
        """Return how many lines a journal has by now."""
        path = self.output / journal
        return path.read_bytes().count(b"\n") if path.exists() else 0


def table(folder: Path) -> list[dict[str, Any]]:
    """Return the rows of a run's JSON report, without what depends on the machine."""
    text = verbs.report(verbs.subject(folder, None, "main", "lcs"), by="", form="json")
    rows = json.loads(text)["rows"]
    return [{key: row[key] for key in SAME_EVERYWHERE} for row in rows]


def same(run: Run, other: Run) -> bool:
    """Return whether two runs gave the same extractions and the same table."""
    return outcome(run) == outcome(other) and table(run.folder) == table(other.folder)
