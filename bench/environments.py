"""Environments: what a contestant's recipe asks for, made once, kept, shared by all workers.

What was asked for is resolved once (`requests/`); an environment is kept under what that resolved
to, so rows that need the same share it, and a start with all in place needs no network.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from packaging.specifiers import SpecifierSet

from bench.contestants import EXTRACTORS, Absent, Built, Contestant, Pinned, folders
from bench.contestants.contestant import WORKERS
from bench.corpus import data_folder
from bench.errors import BenchError

# Preferred versions of everything that the pinned packages need in turn
VERSIONS = EXTRACTORS / "versions.lock"
NOT_INSTALLED = "not installed"
_LOG_LINES = 3  # of a failed step that stand in the reason; the whole is in the log
_HERE = ".".join(map(str, sys.version_info[:3]))

Say = Callable[[str], None]


def folder() -> Path:
    """Return where environments are kept: `.environments` in the data folder."""
    return data_folder() / ".environments"


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
            pins = _request(recipe, _interpreter(recipe))
            return "" if pins.exists() and _environment(pins).exists() else NOT_INSTALLED
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
    python = _interpreter(recipe)
    pins = _request(recipe, python)
    if not pins.exists():
        say(f"{contestant.name}: resolving {', '.join(recipe.requirements)}")
        with _draft(pins) as draft:
            _resolve(contestant, recipe, python, draft)
    home = _environment(pins)
    if not home.exists():
        say(f"{contestant.name}: installing {len(pins.read_text().splitlines())} packages")
        with _draft(home) as draft:
            _install(contestant, python, pins, draft)
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
    lacking = [one for one in recipe.needs if not (shutil.which(one) or Path(one).is_file())]
    if lacking:
        raise _Failed(f"needs {', '.join(lacking)}" + (f"; {recipe.hint}" if recipe.hint else ""))


def _interpreter(recipe: Pinned) -> str:
    """Return the Python that a recipe asks for: the harness's own where that will do."""
    if _HERE in SpecifierSet(recipe.requires_python):
        return sys.executable
    wanted = recipe.requires_python
    find = [_uv_path(), "python", "find", "--no-project", wanted]
    found = subprocess.run(find, capture_output=True, text=True, check=False, env=_uv_environ())
    if found.returncode:
        raise _Failed(f"needs Python {wanted}, which is not here; uv python install '{wanted}'")
    return found.stdout.strip()


def _request(recipe: Pinned, python: str) -> Path:
    """Return where the pins are kept that a recipe resolves to."""
    preferred = VERSIONS.read_bytes() if VERSIONS.exists() else b""
    asked = "\n".join([*recipe.requirements, python, hashlib.sha256(preferred).hexdigest()])
    return folder() / "requests" / f"{_digest(asked.encode())}.txt"


def _environment(pins: Path) -> Path:
    """Return the place of an environment: named by what was resolved."""
    return folder() / _digest(pins.read_bytes())


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
            if not target.exists():  # another harness may have been faster
                draft.rename(target)
    except OSError as error:
        raise BenchError(
            f"{target}: cannot be made ({error.strerror or error})",
            hint="make room there, or name another folder with BOILERBENCH_DATA",
        ) from error


def _uv(contestant: Contestant, *words: str | Path) -> None:
    _run(contestant, [_uv_path(), *map(str, words)], cwd=folder(), environ=_uv_environ())


def _run(
    contestant: Contestant, command: list[str], cwd: Path, environ: dict[str, str] | None = None
) -> None:
    """Run one step; raise _Failed, its whole output in a log, where it fails."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        log = folder() / "logs" / f"{contestant.name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_bytes(" ".join(command).encode() + b"\n" + done.stdout)
        said = [
            line for line in done.stdout.decode("utf-8", "replace").splitlines() if line.strip()
        ]
        why = " ".join(" ".join(said[:_LOG_LINES]).removeprefix("error: ").split())
        raise _Failed(f"{Path(command[0]).name} {command[1]} failed: {why}", str(log))


def _uv_path() -> str:
    from uv import find_uv_bin

    return find_uv_bin()


def _uv_environ() -> dict[str, str]:
    """Return an environment in which uv sees real interpreters and downloads none.

    pyenv's shims stand for versions that are not active, and uv gives up at the first of them.
    """
    path = []
    for place in os.environ.get("PATH", os.defpath).split(os.pathsep):
        shims = Path(place)
        if shims.name == "shims":
            path += sorted(map(str, shims.parent.glob("versions/3.*/bin")), reverse=True)
        else:
            path.append(place)
    environ = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    return {**environ, "PATH": os.pathsep.join(path), "UV_PYTHON_DOWNLOADS": "never"}
