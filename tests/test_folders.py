"""Folders in other languages: copied, built once by their own commands, started in the copy."""

import json
import signal
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from bench import contestants, environments
from bench.contestants import Absent, Contestant
from bench.contestants.contestant import WORKERS

FOLDER = {"description": "Pours tea.", "command": ["sh", "{folder}/start.sh"]}
Call = Callable[[str], Result]
Write = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return a function that writes an extractor's folder from its manifest and other files."""
    monkeypatch.setenv("BOILERBENCH_DATA", str(tmp_path / "data"))

    def write(files: Mapping[str, str] | None = None, **fields: Any) -> Path:
        home = tmp_path / "pours"
        lines = [f"{key} = {json.dumps(value)}\n" for key, value in {**FOLDER, **fields}.items()]
        for name, text in {**(files or {}), "extractor.toml": "".join(lines)}.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(text)
        return home

    return write


def made(path: Path) -> Contestant:
    """Return the contestant in a folder, built."""
    ready, absent = environments.prepare([contestants.read(path)], said.append)
    assert absent == []
    return ready[0]


def failed(path: Path) -> Absent:
    """Return the absent contestant of a folder that cannot be built."""
    (absent,) = environments.prepare([contestants.read(path)], said.append)[1]
    return absent


said: list[str] = []  # what was said since the test began


@pytest.fixture(autouse=True)
def silence() -> None:
    """Begin each test with nothing said."""
    said.clear()


def copy(contestant: Contestant) -> Path:
    """Return the built copy of a contestant's folder."""
    return environments.folder() / contestant.environment


def names(place: Path) -> set[str]:
    """Return the files in a folder, but for the manifest."""
    files = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    return files - {"extractor.toml"}


def test_a_folder_is_built_once_in_a_copy(tmp_path: Path, folder: Write) -> None:
    """Its own place stays as it was, its copy is as a build leaves it; then nothing is done."""
    count = ["sh", "-c", f"cat sub/tea > cup; echo once >> {tmp_path}/count"]
    path = folder({"sub/tea": "green"}, build=[count, ["mv", "cup", "mug"]])
    assert environments.missing(contestants.read(path)) == environments.NOT_INSTALLED
    ready = made(path)
    assert made(path) == ready
    assert (said, (tmp_path / "count").read_text()) == (["pours: building"], "once\n")
    assert (names(path), names(copy(ready))) == ({"sub/tea"}, {"sub/tea", "mug"})
    assert (copy(ready) / "mug").read_text() == "green"
    assert environments.missing(contestants.read(path)) == ""


def test_what_a_build_leaves_behind_is_no_part_of_a_folder(folder: Write) -> None:
    """Neither its digest nor its copy holds it; a file, or a folder that is none of these, does."""
    plain = contestants.read(folder({"main.js": "1"}))
    left = ("node_modules/a/b.js", "target/c.class", "build/d", "sub/__pycache__/e.pyc")
    dirty = folder(dict.fromkeys(left, "x"))
    assert contestants.read(dirty).digest == plain.digest
    assert names(copy(made(dirty))) == {"main.js"}
    assert contestants.read(folder({"sub/build": "x"})).digest != plain.digest
    assert names(copy(made(dirty))) == {"main.js", "sub/build"}


def test_a_changed_file_or_name_is_another_contestant(folder: Write) -> None:
    """It is built anew, beside what was built before."""
    before = made(folder({"a": "1"}))
    other = made(folder({"a": "2"}))
    (folder() / "a").rename(folder() / "b")
    renamed = made(folder())
    assert len({one.digest for one in (before, other, renamed)}) == 3
    assert len({one.environment for one in (before, other, renamed)}) == 3


def test_the_places_in_a_command_are_filled(folder: Write) -> None:
    """They are all there is to fill; the program that it starts is its runtime."""
    command = ["/bin/node", "{worker}", "{folder}/x.mjs", "{name}", "d={distribution}", "{other}"]
    ready = made(folder(command=command, distribution="tea"))
    where = [str(WORKERS / "worker.mjs"), f"{copy(ready)}/x.mjs"]
    assert [*ready.command] == ["/bin/node", *where, "pours", "d=tea", "{other}"]
    assert ready.runtime == "node"


PACKAGE = '{"dependencies": {"tea": "1.2.3"}}'
# Files beside the manifest, distribution → the version that is expected
VERSIONS = [
    ({"package.json": PACKAGE}, "tea", "1.2.3"),
    ({"package.json": PACKAGE}, "coffee", ""),
    ({"package.json": PACKAGE}, "", ""),
    ({"package.json": "{"}, "tea", ""),
    ({"package.json": "[]"}, "tea", ""),
    ({}, "tea", ""),
]


@pytest.mark.parametrize(("files", "distribution", "version"), VERSIONS)
def test_the_expected_version_is_that_of_its_package(
    folder: Write, files: dict[str, str], distribution: str, version: str
) -> None:
    """Where `package.json` pins its distribution, the listing can tell before anything is built."""
    assert contestants.read(folder(files, distribution=distribution)).version == version


# What a folder needs, its hint → why it cannot run
NEEDS = [
    (["sh", "no-kettle", "/no/leaf.jar"], "", "needs no-kettle, /no/leaf.jar"),
    (["no-kettle"], "boil water", "needs no-kettle; boil water"),
    (["start.sh"], "", "needs start.sh"),
]


@pytest.mark.parametrize(("needs", "hint", "why"), NEEDS)
def test_what_is_needed_and_not_there_is_told(
    folder: Write, needs: list[str], hint: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is built before; a file counts by its absolute path only."""
    path = folder({"start.sh": ""}, needs=needs, hint=hint, build=[["false"]])
    monkeypatch.chdir(path)
    assert failed(path) == Absent("pours", why)
    assert (environments.missing(contestants.read(path)), said) == (why, [])


def test_what_is_needed_and_there_is_no_hindrance(tmp_path: Path, folder: Write) -> None:
    """A program on the path, or a file by its absolute path."""
    (tmp_path / "leaf.jar").touch()
    assert made(folder(needs=["sh", str(tmp_path / "leaf.jar")])).command[0] == "sh"


# A command that fails → the reason, the whole of the log after the command
BUILDS = [
    (["sh", "-c", "echo cold; echo; echo leaf >&2; exit 3"], "sh failed: cold: leaf", "cold\n\nl"),
    (["sh", "brew.sh", "-x"], "sh brew.sh failed: 1: 2: 3", "1\n2\n3\n4\n"),
    (["false"], "false failed: exit code 1", ""),
    (["no-kettle", "on"], "no-kettle on failed: no-kettle: No such file", "no-kettle: No such f"),
]


@pytest.mark.parametrize(("build", "why", "output"), BUILDS, ids=[b[0][0] for b in BUILDS])
def test_a_build_that_fails_is_told_and_leaves_nothing(
    folder: Write, build: list[str], why: str, output: str
) -> None:
    """The step and its first lines are the reason; the log has all of it; nothing half-built."""
    brew = "for n in 1 2 3 4; do echo $n; done; exit 1"
    path = folder({"brew.sh": brew}, build=[["touch", "half"], build, ["touch", "whole"]])
    absent = failed(path)
    assert absent.why.startswith(why)
    command, _, rest = Path(absent.log).read_text().partition("\n")
    assert command == " ".join(build)
    assert rest.startswith(output)
    assert [place.name for place in environments.folder().iterdir()] == ["logs"]
    assert failed(path) == absent


def test_a_reason_holds_no_name_that_is_made_up(folder: Write) -> None:
    """Where a step names the place it works in, the same failure still reads the same."""
    path = folder(build=[["sh", "-c", "echo at $PWD/leaf; exit 1"]])
    assert failed(path).why == f"sh failed: at pours-{contestants.read(path).digest[:16]}/leaf"


@pytest.fixture
def foreground() -> Iterator[None]:
    """Obey SIGINT, which tests that are run in the background of a script inherit as ignored.

    What an interrupted command leaves in force, since its process ends, is undone.
    """
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("name", ["TERM", "INT"])
@pytest.mark.usefixtures("corpus", "foreground")
def test_an_interrupted_build_leaves_nothing(call: Call, folder: Write, name: str) -> None:
    """The harness says what is kept and how to go on, and ends with 1; no half is taken for whole.

    The step interrupts the harness, and would then take a minute.
    """
    step = ["sh", "-c", f"kill -{name} $PPID; exec sleep 60"]
    result = call(f"run {folder(build=[['touch', 'half'], step])} nothing --corpus mini")
    assert result.stderr.splitlines() == [
        "pours: building",
        "error: interrupted; the environments that are whole are kept",
        "hint: repeat the command to go on",
    ]
    assert (result.exit_code, [*environments.folder().iterdir()]) == (1, [])
