"""Environments: what a contestant's recipe asks for, made once, kept, shared by all workers.

What was asked for is resolved once (`requests/`); an environment is kept under what that resolved
to, so rows that need the same share it, and a start with all in place needs no network.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from packaging.specifiers import SpecifierSet

from bench.contestants import EXTRACTORS, Absent, Built, Contestant, Pinned, folders
from bench.contestants.contestant import WORKERS
from bench.corpus import data_folder

# Preferred versions of everything that the pinned packages need in turn
VERSIONS = EXTRACTORS / "versions.lock"
NOT_INSTALLED = "not installed"
_LOG_LINES = 3  # of a failed step that stand in the reason; the whole is in the log
_HERE = ".".join(map(str, sys.version_info[:3]))
# What frames the lines of uv's errors, and the random name of a draft
_FRAME = re.compile(r"^[\s×│├╰─▶]*(?:(?:error|cause|hint): )?|\S*/\.draft-[^/\s]+/", re.MULTILINE)

Say = Callable[[str], None]


def folder() -> Path:
    """Return where environments are kept: `.environments` in the data folder."""
    return data_folder().absolute() / ".environments"


def prepare(contestants: Sequence[Contestant], say: Say) -> tuple[list[Contestant], list[Absent]]:
    """Return the contestants ready to run, their environments made where they were missing.

    Those that cannot be had are returned with the reason and the log of the step that failed.
    """
    ready: list[Contestant] = []
    absent: list[Absent] = []
    for contestant in contestants:
        try:
            ready.append(_prepared(contestant, say))
        except _Failed as failed:
            absent.append(Absent(contestant.name, str(failed), failed.log))
    return ready, absent


def missing(contestant: Contestant) -> str:
    """Return what stands between a contestant and its start, "" where nothing does.

    Looks only at what is on this machine: makes nothing, asks no network.
    """
    recipe = contestant.recipe
    try:
        if isinstance(recipe, Pinned):
            pins = _request(recipe)
            if pins.exists() and _alive(_environment(recipe, pins)):
                return ""
            _interpreter(recipe)
            return NOT_INSTALLED
        if isinstance(recipe, Built):
            _need(recipe)
            return "" if _built(contestant).exists() else NOT_INSTALLED
    except _Failed as failed:
        return str(failed)
    return ""


class _Failed(Exception):  # noqa: N818  an absence is a result, not an error of the harness
    """Raised when an environment cannot be had: the text says why."""

    def __init__(self, why: str, log: str = "") -> None:
        super().__init__(why)
        self.log = log


def _prepared(contestant: Contestant, say: Say) -> Contestant:
    recipe = contestant.recipe
    if isinstance(recipe, Pinned):
        return _pinned(contestant, recipe, say)
    if isinstance(recipe, Built):
        return _build(contestant, recipe, say)
    return contestant


def _pinned(contestant: Contestant, recipe: Pinned, say: Say) -> Contestant:
    pins = _request(recipe)
    if not pins.exists():
        say(f"{contestant.name}: resolving {', '.join(recipe.requirements)}")
        with _draft(pins) as draft:
            _resolve(contestant, recipe, _interpreter(recipe), draft)
    home = _environment(recipe, pins)
    if home.exists() and not _alive(home):  # its interpreter was taken away
        shutil.rmtree(home, ignore_errors=True)
    if not home.exists():
        say(f"{contestant.name}: installing {len(pins.read_text().splitlines())} packages")
        with _draft(home) as draft:
            _install(contestant, _interpreter(recipe), pins, draft)
    ready = contestant.started_by(str(home / "bin" / "python"))
    return replace(ready, environment=home.name)


def _resolve(contestant: Contestant, recipe: Pinned, python: str, draft: Path) -> None:
    """Write the pins of all packages; of several that would do, those of VERSIONS are taken."""
    wanted = draft.with_suffix(".in")
    wanted.write_text("\n".join(recipe.requirements) + "\n", encoding="utf-8")
    draft.write_bytes(VERSIONS.read_bytes() if VERSIONS.exists() else b"")
    compile_ = ("pip", "compile", wanted, "--output-file", draft, "--python", python)
    _uv(contestant, *compile_, "--no-header", "--no-annotate", "--quiet")


def _install(contestant: Contestant, python: str, pins: Path, draft: Path) -> None:
    _uv(contestant, "venv", "--quiet", "--python", python, draft)
    into = ("--python", draft / "bin" / "python")
    _uv(contestant, "pip", "install", "--quiet", *into, "--no-deps", "--compile-bytecode",
        "--requirements", pins)  # fmt: skip


def _build(contestant: Contestant, recipe: Built, say: Say) -> Contestant:
    _need(recipe)
    home = _built(contestant)
    if not home.exists():
        say(f"{contestant.name}: building")
        with _draft(home) as draft:
            for path in folders.files(contestant.path):
                copy = draft / path.relative_to(contestant.path)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, copy)
            for command in recipe.build:
                _run(contestant, [*command], cwd=draft)
    places = {
        "{folder}": str(home),
        "{worker}": str(WORKERS / "worker.mjs"),
        "{name}": contestant.name,
        "{distribution}": contestant.distribution,
    }
    command = tuple(_filled(word, places) for word in recipe.start)
    return replace(contestant, command=command, environment=home.name)


def _filled(word: str, places: dict[str, str]) -> str:
    for mark, place in places.items():
        word = word.replace(mark, place)
    return word


def _need(recipe: Built) -> None:
    lacking = [one for one in recipe.needs if not (shutil.which(one) or _is_there(one))]
    if lacking:
        raise _Failed(f"needs {', '.join(lacking)}" + (f"; {recipe.hint}" if recipe.hint else ""))


def _is_there(file: str) -> bool:
    return Path(file).is_absolute() and Path(file).is_file()


def _interpreter(recipe: Pinned) -> str:
    """Return the Python that a recipe asks for: the harness's own where that will do."""
    if _runs_here(recipe):
        return sys.executable
    wanted = recipe.requires_python
    find = [_uv_path(), "python", "find", "--no-project", "--system", wanted]
    found = subprocess.run(find, capture_output=True, text=True, check=False, env=_uv_environ())
    if found.returncode:
        raise _Failed(f"needs Python {wanted}, which is not here; uv python install '{wanted}'")
    return found.stdout.strip()


def _runs_here(recipe: Pinned) -> bool:
    return _HERE in SpecifierSet(recipe.requires_python)


def _python(recipe: Pinned) -> str:
    """Return what stands for the interpreter where things are kept, without looking for it."""
    return f"=={_HERE}" if _runs_here(recipe) else recipe.requires_python


def _request(recipe: Pinned) -> Path:
    """Return where the pins are kept that a recipe resolves to."""
    preferred = VERSIONS.read_bytes() if VERSIONS.exists() else b""
    asked = "\n".join([*recipe.requirements, _python(recipe), _digest(preferred)])
    return folder() / "requests" / f"{_digest(asked.encode())}.txt"


def _environment(recipe: Pinned, pins: Path) -> Path:
    """Return the place of an environment: named by what was resolved, and for which Python."""
    return folder() / _digest(_python(recipe).encode() + b"\n" + pins.read_bytes())


def _alive(home: Path) -> bool:
    """Say whether an environment is there, and the interpreter that it was made from still is."""
    return (home / "bin" / "python").exists()


def _built(contestant: Contestant) -> Path:
    return folder() / f"{contestant.name}-{contestant.digest[:16]}"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """Yield a place beside the target that becomes it if all goes well, and is removed if not."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".draft-") as scratch:
            draft = Path(scratch) / target.name
            yield draft
            try:
                draft.rename(target)
            except OSError:
                if not target.exists():  # else another harness was faster
                    raise
    except OSError as error:
        why = f"{folder()} cannot be written ({error.strerror or error})"
        hint = "make room there, or name another folder with BOILERBENCH_DATA"
        raise _Failed(f"{why}; {hint}") from error


def _uv(contestant: Contestant, *words: str | Path) -> None:
    _run(contestant, [_uv_path(), *map(str, words)], cwd=folder(), environ=_uv_environ())


def _run(
    contestant: Contestant, command: list[str], cwd: Path, environ: dict[str, str] | None = None
) -> None:
    """Run one step; raise _Failed, its whole output in a log, where it fails."""
    code, output = _outcome(command, cwd, environ)
    if not code:
        return
    log = folder() / "logs" / f"{contestant.name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(" ".join(command).encode() + b"\n" + output)
    said = _FRAME.sub("", output.decode("utf-8", "replace")).splitlines()
    lines = [" ".join(line.split()) for line in said if line.strip()]
    step = takewhile(lambda word: not word.startswith("-") and "/" not in word, command[1:])
    what = " ".join([Path(command[0]).name, *step])
    why = ": ".join(lines[:_LOG_LINES]) or f"exit code {code}"
    raise _Failed(f"{what} failed: {why}", str(log))


def _outcome(command: list[str], cwd: Path, environ: dict[str, str] | None) -> tuple[int, bytes]:
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except OSError as error:
        return 127, f"{command[0]}: {error.strerror}".encode()  # as a shell has it
    return done.returncode, done.stdout


def _uv_path() -> str:
    from uv import find_uv_bin

    return find_uv_bin()


def _uv_environ() -> dict[str, str]:
    """Return an environment in which uv sees real interpreters and downloads none.

    pyenv's shims stand for versions that are not active, and uv gives up at the first of them.
    """
    path: list[str] = []
    for place in os.environ.get("PATH", os.defpath).split(os.pathsep):
        shims = Path(place)
        if shims.name == "shims":
            bins = sorted(shims.parent.glob("versions/3.*/bin"), key=_numbers, reverse=True)
            path += map(str, bins)
        else:
            path.append(place)
    environ = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    return {**environ, "PATH": os.pathsep.join(path), "UV_PYTHON_DOWNLOADS": "never"}


def _numbers(bin: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", bin.parent.name)]
