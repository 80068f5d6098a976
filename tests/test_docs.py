"""The pages of docs/: each command works, each message is what a worker says, each example runs."""

import json
import os
import re
import shlex
import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from bench import contestants, corpus, process
from bench.cli import main
from bench.contestants import CATEGORIES, Pinned, folders
from bench.process import Limits, Miss, WorkerProcess
from bench.runs import Run
from tests.conftest import make_corpus
from tests.nodes import NEEDS_NODE
from tests.test_protocol import LIMITS, says, worker
from tests.test_readme import _commands, _fences
from tests.wheels import known_to_uv

Call = Callable[[str], Result]
Message = dict[str, Any]
DOCS = Path(__file__).resolve().parent.parent / "docs"
EXTRACTORS = (DOCS / "extractors.md").read_text(encoding="utf-8")
PROTOCOL = (DOCS / "protocol.md").read_text(encoding="utf-8")
MEASURED = [(DOCS / f"{name}.md").read_text("utf-8") for name in ("scale", "speed", "stress")]
HEADER, POINT = _fences(EXTRACTORS, "python")
# The library that the examples speak of
LIBRARY = "def main_text(html, url):\n    return 'Green tea is dry.' if html else url\n"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the miniature corpus in place of boilerbench's own pages."""
    monkeypatch.setattr(corpus, "HOME", make_corpus(tmp_path / "home"))


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    "node", [False, pytest.param(True, marks=NEEDS_NODE)], ids=["python", "node"]
)
def test_the_five_minutes(call: Call, *, node: bool) -> None:
    """One after the other, in an empty folder, the commands of each block print their result."""
    blocks = [fence for fence in _fences(EXTRACTORS, "sh") if ("node" in fence) == node]
    assert blocks
    if node:
        call("new extractor mine")
    for words in _commands("".join(f"```sh\n{block}```\n" for block in blocks)):
        result = CliRunner().invoke(main, words)
        assert (result.exit_code, bool(result.stdout)) == (0, True), (words, result.stderr)
    rows = {
        row["extractor"]: row for row in json.loads(call("report --format json").stdout)["rows"]
    }
    mine = [name for name in rows if name.startswith("mine")]
    assert len(mine) == (3 if node else 1)
    assert all(rows[name]["misses"] == 0 and rows[name]["f1"] > 0.5 for name in mine)


def _mentioned() -> Iterator[str]:
    """Yield the commands of every fence, and those that stand in a sentence."""
    for page in (EXTRACTORS, PROTOCOL, *MEASURED):
        for fence in re.findall(r"^```\w*\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
            yield from re.findall(r"^boilerbench .+", fence, re.MULTILINE)
        yield from re.findall(r"`(boilerbench [^`]+)`", page.replace("\n", " "))


@pytest.mark.parametrize("line", sorted({*_mentioned()}))
def test_every_command_that_is_mentioned_is_one(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Verb, options and number of arguments are those of the command line."""
    monkeypatch.chdir(tmp_path)
    Path("part-0.warc.gz").touch()
    _, *words = shlex.split(line, comments=True)
    command: click.Command = main
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    command.make_context("", words)


def _rows(page: str, first: str) -> list[list[str]]:
    """Return the cells of the table whose first column is called so."""
    lines = iter(page.splitlines())
    next(line for line in lines if line.startswith(f"| {first} |"))
    next(lines)
    cells: list[list[str]] = []
    for line in lines:
        if not line.startswith("|"):
            return cells
        cells.append([cell.strip() for cell in line.strip("| ").split(" | ")])
    return cells


def test_the_tables_name_every_key_and_category() -> None:
    """What extractor.toml may hold, and what a contestant may be, stands in a table, whole."""
    keys = re.findall(r"`(\w+)`", " ".join(row[0] for row in _rows(EXTRACTORS, "key")))
    assert sorted(keys) == sorted([*folders._TEXTS, *folders._LISTS, "build"])
    assert [row[0].strip("`") for row in _rows(EXTRACTORS, "category")] == [*CATEGORIES]


# From here on: docs/protocol.md
MESSAGES: list[Message] = [json.loads(fence) for fence in _fences(PROTOCOL, "json")]
HELLO, *TALK = MESSAGES
TURNS = list(zip(TALK[::2], TALK[1::2], strict=True))
TIMES = ("wall_ns", "cpu_ns")


def _line(message: Message) -> bytes:
    return json.dumps(message).encode() + b"\n"


def _timeless(answer: Message) -> Message:
    return {key: value for key, value in answer.items() if key not in TIMES}


def test_messages_are_one_line_each() -> None:
    """They stand on the page as they go through the pipe."""
    assert [fence.count("\n") for fence in _fences(PROTOCOL, "json")] == [1] * len(MESSAGES)
    assert [[*request] == [*TURNS[0][0]] for request, _ in TURNS] == [True, True]
    assert [[*answer][1] for _, answer in TURNS] == ["text", "error"]


def test_the_worker_says_what_the_page_says(tmp_path: Path) -> None:
    """The hello has its keys and types, each answer its words; only times may differ."""
    file = tmp_path / "tea.py"
    file.write_text(_fences(PROTOCOL, "python")[0])
    with closing(WorkerProcess(contestants.read(file).command, LIMITS)) as real:
        shape = {key: type(value) for key, value in HELLO.items()}
        assert {key: type(value) for key, value in real.hello.items()} == shape
        constant = ("protocol", "name", "version")
        assert [real.hello[key] for key in constant] == [HELLO[key] for key in constant]
        for request, answer in TURNS:
            got = real.ask(_line(request), request["page"])
            assert _timeless(got) == _timeless(answer)
            assert [type(got[key]) for key in TIMES] == [type(answer[key]) for key in TIMES]


def test_the_harness_takes_what_the_page_says() -> None:
    """A worker that says the page's lines is understood, word for word."""
    answers = [answer for _, answer in TURNS]
    with closing(worker(says(*(_line(one) for one in (HELLO, *answers))))) as scripted:
        assert scripted.hello == HELLO
        for request, answer in TURNS:
            assert scripted.ask(_line(request), request["page"]) == answer


def test_every_key_of_a_message_is_explained() -> None:
    """The tables have a row for each key of each message, with the type that it has there."""
    tables = re.findall(r"^\| `(\w+)` \| ([\w ]+) \|", PROTOCOL, re.MULTILINE)
    names = {int: "number", str: "string", dict: "object"}
    for key, value in [item for message in MESSAGES for item in message.items()]:
        assert names[type(value)] in dict(tables)[key]
    assert {key for key, _ in tables} == {key for message in MESSAGES for key in message}


ERRORS = [[cell.strip("`") for cell in row] for row in _rows(PROTOCOL, "the worker says")]


@pytest.mark.parametrize(("line", "reason"), ERRORS, ids=[line for line, _ in ERRORS])
def test_what_the_page_calls_an_error_is_one(line: str, reason: str) -> None:
    """Each line of the table gives the miss that stands beside it."""
    request, _ = TURNS[0]
    with closing(worker(says('{"protocol": 1}', line))) as bad, pytest.raises(Miss) as miss:
        bad.ask(_line(request), request["page"])
    assert miss.value.status == "error"
    assert str(miss.value).startswith(reason)


def test_limits_are_those_in_force() -> None:
    """The numbers of the page are the harness's constants and the defaults of its options."""
    limits = " ".join(" ".join(row) for row in _rows(PROTOCOL, "what"))
    options = {option.name: option.default for option in main.commands["run"].params}
    default = Limits()
    assert (options["limit_s"], options["memory_mib"]) == (default.page_s, default.memory_mib)
    for words in (
        f"{process.START_S:g} s after the start",
        f"{default.page_s:g} s (`--limit-s`)",
        f"{process.ANSWER_MIB} MiB",
        f"{default.memory_mib} MiB (`--memory-mib`)",
    ):
        assert words in limits
    assert f"Its last {process.LOG_BYTES} bytes" in PROTOCOL
    assert f"every {process.TICK_S:g} s" in PROTOCOL


def test_the_environment_is_the_one_described(tmp_path: Path) -> None:
    """A worker finds the variables that the page names, in its scratch folder, and no other."""
    file = tmp_path / "looks.py"
    file.write_text(
        '"""Looks around."""\nimport json, os\n\ndef extract(html, url):\n'
        "    return json.dumps([os.getcwd(), dict(os.environ)])\n"
    )
    request, _ = TURNS[0]
    with closing(WorkerProcess(contestants.read(file).command, LIMITS)) as looks:
        here, environ = json.loads(looks.ask(_line(request), request["page"])["text"])
        cage = looks.cage
    isolation = PROTOCOL.partition("## Isolation")[2]
    assert [part for part in cage if f"* **{part.capitalize()}**: " not in isolation] == []
    assert [name for name in environ if f"`{name}`" not in isolation] == []
    assert (environ["HOME"], environ["TMPDIR"]) == (here, here)
    assert environ["PATH"] == os.environ["PATH"]
    rest = {*environ.values()} - {here, environ["PATH"]}
    assert [value for value in rest if f"`{value}`" not in isolation] == []


# The examples with the library `teapot`, which is made from the page's own pyproject.toml
@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel of teapot."""
    project = tmp_path_factory.mktemp("teapot")
    (source,) = _fences(EXTRACTORS, "toml")
    (project / "pyproject.toml").write_text(source)
    package = project / "src" / "teapot"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(LIBRARY)
    (package / "boilerbench_extractor.py").write_text(POINT)
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run(build, cwd=project, check=True, capture_output=True)
    return project / "dist"


@pytest.mark.usefixtures("corpus")
def test_the_file_with_a_header_runs(
    call: Call, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gets an environment of its own, and its version is the pinned one."""
    known_to_uv(monkeypatch, wheels, cache=wheels.with_name("cache"))
    Path("pot.py").write_text(HEADER)
    found = contestants.read(Path("pot.py"))
    assert found.recipe == Pinned(("teapot==1.2.0",), ">=3.10")
    result = call("run ./pot.py --corpus mini --output run")
    assert result.exit_code == 0, result.stderr
    texts = {(one.status, one.text) for one in Run(Path("run")).extractions()}
    assert texts == {("ok", "Green tea is dry.")}
    rows = json.loads(call("report run --format json").stdout)["rows"]
    assert [row["version"] for row in rows if row["extractor"] == "pot"] == ["1.2.0"]


def test_an_installed_package_brings_its_extractor(wheels: Path, tmp_path: Path) -> None:
    """Installed beside boilerbench, `teapot` is a name, and the installed version is measured."""
    venv.create(tmp_path / "venv", symlinks=True)
    (site,) = (tmp_path / "venv").glob("lib/python3*/site-packages")
    beside = [path for path in sys.path if path.endswith("site-packages")]
    (site / "boilerbench.pth").write_text("\n".join([str(DOCS.parent), *beside]) + "\n")
    (wheel,) = wheels.iterdir()
    zipfile.ZipFile(wheel).extractall(site)
    find = "import bench.contestants as c, json; print(json.dumps(c.find(['teapot'])[0].command))"
    python = str(tmp_path / "venv/bin/python")
    done = subprocess.run([python, "-c", find], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    request, _ = TURNS[0]
    with closing(WorkerProcess(json.loads(done.stdout), LIMITS)) as teapot:
        assert (teapot.hello["name"], teapot.hello["version"]) == ("teapot", "1.2.0")
        assert teapot.ask(_line(request), request["page"])["text"] == "Green tea is dry."
