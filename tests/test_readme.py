"""The README: every command that it shows works, and so does the extractor that it shows."""

import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bench import contestants, corpus
from bench.cli import main
from tests.conftest import make_corpus

README = Path(__file__).resolve().parent.parent / "README.md"
PROGRAMS = ("boilerbench", ".venv/bin/boilerbench")
STAND_IN = '"""Stands for {name}."""\n\ndef extract(html, url):\n    return "Green tea is dry."\n'


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the miniature corpus and cheap stand-ins of all extractors in place of the real ones."""
    folder = tmp_path / "extractors"
    folder.mkdir()
    for name in contestants.names():
        (folder / f"{name}.py").write_text(STAND_IN.format(name=name))
    monkeypatch.setattr(contestants, "EXTRACTORS", folder)
    monkeypatch.setattr(corpus, "HOME", make_corpus(tmp_path / "home"))
    (tmp_path / "mine.py").write_text(_extractor())


@pytest.mark.usefixtures("tiny")
def test_every_command_works_as_it_stands(call: Callable[[str], Result]) -> None:
    """One after the other, in an empty folder, each command of the README prints its result."""
    commands = list(_commands(README.read_text(encoding="utf-8")))
    assert commands, "no ```sh fence of README.md has a line that begins with boilerbench"
    for words in commands:
        result = CliRunner().invoke(main, words)
        assert (result.exit_code, bool(result.stdout)) == (0, True), (words, result.stderr)


@pytest.mark.usefixtures("tiny")
def test_the_extractor_that_is_shown_runs(call: Callable[[str], Result]) -> None:
    """The README's example, saved as `mine.py`, misses no page and finds some content."""
    assert call("run ./mine.py --output run").exit_code == 0
    rows = {
        row["extractor"]: row for row in json.loads(call("report run --format json").stdout)["rows"]
    }
    assert rows["mine"]["misses"] == 0
    assert rows["mine"]["f1"] > 0.5


def test_commands_are_found_as_a_shell_would_read_them() -> None:
    """Comments, prompts of other programs, other languages and plain fences are passed over."""
    text = """
```
boilerbench plain
```
```sh
make bench   # boilerbench comment
boilerbench run 'a b' \\
  --rounds 3 # three
.venv/bin/boilerbench check
```
```python
boilerbench = 1
```
"""
    assert list(_commands(text)) == [["run", "a b", "--rounds", "3"], ["check"]]


def _fences(text: str, info: str) -> list[str]:
    return re.findall(rf"^```{info}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def _commands(text: str) -> Iterator[list[str]]:
    for fence in _fences(text, "sh"):
        for line in fence.replace("\\\n", " ").splitlines():
            program, *words = shlex.split(line, comments=True) or [""]
            if program in PROGRAMS:
                yield words


def _extractor() -> str:
    fences = _fences(README.read_text(encoding="utf-8"), "python")
    return next(fence for fence in fences if "def extract(" in fence)
