"""Node workers in tests: started on an extractor of a few lines, which needs no package."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bench.contestants.contestant import WORKERS
from bench.process import Limits, WorkerProcess

NEEDS_NODE = pytest.mark.skipif(shutil.which("node") is None, reason="no program node on PATH")
LIMITS = Limits(page_s=5, memory_mib=300)
# An extractor that does as the page says
OBEYS = """
import * as fs from "node:fs";
import * as children from "node:child_process";
export function extract(html, url, { decode, nodeToText }) {
  const asked = { html, url, decode, nodeToText, fs, children };
  return new Function(...Object.keys(asked), html.toString())(...Object.values(asked));
}
"""


def start(
    folder: Path, source: str, *, distribution: str = "", limits: Limits = LIMITS
) -> WorkerProcess:
    """Start the Node worker on an extractor of this source."""
    file = folder / "extract.mjs"
    file.write_text(source, encoding="utf-8")
    command = ["node", str(WORKERS / "worker.mjs"), str(file), "fake", distribution]
    return WorkerProcess(command, limits)


def running(source: str) -> Callable[[pytest.TempPathFactory], Iterator[WorkerProcess]]:
    """Return a fixture: one worker for all rows of a table."""

    @pytest.fixture(scope="module")
    def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerProcess]:
        with closing(start(tmp_path_factory.mktemp("node"), source)) as process:
            yield process

    return worker
