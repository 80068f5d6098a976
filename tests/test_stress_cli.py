"""Stress by the command line: misuse, interrupts, and the page of the docs."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from bench.stress.inputs import INPUTS
from tests.figures.marks import filled
from tests.figures.stress import DOCS, inputs_table
from tests.running import alive, wait_until

Call = Callable[[str], Result]
Write = Callable[[str, str], Path]

MISUSE = [
    (
        "stress justex nothin --with clam --with deep-99 --format mark",
        [
            "error: unknown extractor 'justex'; did you mean 'justext'",
            "error: unknown extractor 'nothin'; did you mean 'nothing'",
            "error: unknown input 'clam'; did you mean 'calm'",
            "error: unknown input 'deep-99'; did you mean 'deep-",
            "error: unknown format 'mark'; did you mean 'markdown'",
            "hint: see: boilerbench list extractors",
        ],
    ),
    ("stress nothing --all", ["error: --all leaves nothing to choose, yet nothing is named"]),
    ("stress nothing --limit-s nan", ["Usage:", "Try", "", "Error: "]),
    ("stress nothing --workers 0", ["Usage:", "Try", "", "Error: "]),
]


@pytest.mark.parametrize(("line", "messages"), MISUSE)
def test_misuse(call: Call, line: str, messages: list[str]) -> None:
    """All problems on stderr, nothing on stdout, exit 2."""
    result = call(line)
    assert (result.stdout, result.exit_code) == ("", 2)
    for message, text in zip(messages, result.stderr.splitlines(), strict=True):
        assert text.startswith(message)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_interrupt_leaves_nothing(tmp_path: Path, extractor: Write, number: int) -> None:
    """Ctrl-C and SIGTERM end it with exit 1, no process and no file is left behind."""
    sleeps = '"""Sleeps."""\n\nimport time\n\ndef extract(html, url):\n    time.sleep(600)\n'
    path, scratch = extractor("sleeps", sleeps), tmp_path / "scratch"
    scratch.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench", "stress", str(path), "--limit-s", "600"],
        env={**os.environ, "TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    assert wait_until(lambda: any(scratch.iterdir()))
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=20)
    assert (stdout, process.returncode) == ("", 1)
    assert stderr.splitlines() == ["error: interrupted; no matrix", "hint: repeat the command"]
    assert wait_until(lambda: not alive(scratch))
    assert [*scratch.iterdir()] == []


def test_the_page_of_the_docs_names_every_input() -> None:
    """What docs/stress.md says of the inputs is what their docstrings say."""
    text = DOCS.read_text(encoding="utf-8")
    assert filled(text, "inputs", inputs_table()) == text
    assert re.findall(r"\|inputs:(\d+)#", text) == [str(len(INPUTS))]
