"""Put the inputs, and the whole matrix of the core rows, into docs/stress.md, between their marks.

Usage: python -m tests.figures.stress. Runs `boilerbench stress` as a user does, and watches it.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from bench import processes
from bench.process import Limits
from bench.report.formats import markdown
from bench.stress.inputs import INPUTS
from bench.stress.matrix import matrix
from bench.stress.pen import SEED
from bench.stress.trial import Trial
from tests.figures.marks import fill
from tests.running import alive

DOCS = Path(__file__).resolve().parents[2] / "docs" / "stress.md"
LOOK_S = 0.2  # how often the peak of the harness is read; it only ever grows


class Toll(NamedTuple):
    """What a matrix took: wall seconds, the harness's own peak, and what it left behind."""

    seconds: float
    peak_mib: int
    processes: int
    files: int


def main() -> None:
    """Make the matrix, then rewrite both tables and the sentence under them."""
    data, toll = _made()
    trials = [Trial(**row) for row in data["rows"]]
    table = matrix(trials, Limits(), SEED)
    table = replace(table, notes=data["notes"], signature=data["signature"])
    body = markdown(table).partition("\n\n")[2]
    fill(DOCS, {"inputs": inputs_table(), "matrix": body, "toll": _sentence(len(trials), toll)})


def inputs_table() -> str:
    """Return each input and what it is, as Markdown."""
    rows = [f"| `{name}` | {_md(one.what)} |" for name, one in INPUTS.items()]
    return "\n".join(["| input | what it is |", "|---|---|", *rows])


def _made() -> tuple[dict[str, Any], Toll]:
    """Return the matrix as JSON, and its toll."""
    command = [sys.executable, "-m", "bench", "stress", "--format", "json"]
    with tempfile.TemporaryDirectory() as home:
        scratch, kept = Path(home, "scratch"), Path(home, "matrix.json")
        scratch.mkdir()
        began, peak = time.monotonic(), 0
        with kept.open("wb") as output:
            environ = {**os.environ, "TMPDIR": str(scratch)}
            process = subprocess.Popen(command, stdout=output, env=environ)
            while process.poll() is None:
                peak = max(peak, processes.peak_kib(process.pid))
                time.sleep(LOOK_S)
        seconds = time.monotonic() - began
        toll = Toll(seconds, peak >> 10, len(alive(scratch)), len([*scratch.iterdir()]))
        return json.loads(kept.read_text(encoding="utf-8")), toll


def _sentence(cells: int, toll: Toll) -> str:
    minutes, seconds = divmod(round(toll.seconds), 60)
    return (
        f"{cells} cells in {minutes} min {seconds} s on {os.cpu_count()} cores (load average of "
        f"the last five minutes {os.getloadavg()[1]:.1f}); the harness itself needed "
        f"{toll.peak_mib} MiB at its peak (VmHWM), and left {toll.processes} processes and "
        f"{toll.files} temporary files behind."
    )


def _md(text: str) -> str:
    """Return a sentence for a cell: in one line, tags as code."""
    line = " ".join(text.split())
    return line if "`" in line else re.sub(r"[<|]", r"\\\g<0>", line)


if __name__ == "__main__":
    main()
