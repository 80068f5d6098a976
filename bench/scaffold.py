"""New contestants from templates: a folder of `templates/` for each way to write one.

Below it stands what is written, with MARK for the name; `.txt` at the end of a file's name, which
keeps linters away from it, is dropped.
"""

import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import contestants
from bench.errors import BenchError, unknown

TEMPLATES = Path(__file__).resolve().parent / "templates"
MARK = "__NAME__"
_NAME = re.compile("[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Written:
    """A new contestant: the file or folder that is its name on the command line, and all files."""

    target: Path
    files: tuple[Path, ...]

    @property
    def commands(self) -> tuple[str, ...]:
        """What to do next with it, as lines for a shell."""
        # Without a slash the name of a folder would be looked for among the known ones
        path = shlex.quote(str(self.target) if self.target.is_absolute() else f"./{self.target}")
        return (
            f"boilerbench check --extractor {path}",
            f"boilerbench run {path} lxml_text nothing",
        )


def languages() -> list[str]:
    """Return what a contestant can be written in."""
    return sorted(path.name for path in TEMPLATES.iterdir() if path.is_dir())


def new_extractor(name: str, language: str, folder: Path) -> Written:
    """Write a contestant that works into a folder, which is made where it is missing.

    Raises BenchError, with all that is wrong, before anything is written; overwrites nothing.
    """
    if problems := [*_name_problems(name), *_language_problems(name, language, folder)]:
        raise BenchError(problems)
    texts = dict(_texts(name, language, folder))
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
    except OSError as error:
        raise BenchError(
            f"{error.filename or folder}: cannot be written ({error.strerror})",
            hint="name another folder with --to DIR",
        ) from error
    return Written(_target(name, language, folder), tuple(texts))


def _name_problems(name: str) -> Iterator[str]:
    if not _NAME.fullmatch(name):
        yield f"NAME {name!r}: must be a letter a-z, then a-z, 0-9 and _; such as 'my_extractor'"
    if name == contestants.ORACLE:
        yield f"NAME {name!r}: is the scorer's; choose another"
    if name in contestants.names():
        yield f"NAME {name!r}: is taken (see: boilerbench list extractors); choose another"


def _language_problems(name: str, language: str, folder: Path) -> Iterator[str]:
    if language not in languages():
        yield unknown("--lang", language, languages())
    elif _NAME.fullmatch(name) and os.path.lexists(target := _target(name, language, folder)):
        yield f"{target}: exists, and nothing is overwritten; remove it, or name a --to DIR"


def _target(name: str, language: str, folder: Path) -> Path:
    (top,) = (TEMPLATES / language).iterdir()
    return folder / _filled(top.name, name)


def _texts(name: str, language: str, folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield path and text of each file that is to be written."""
    root = TEMPLATES / language
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        relative = _filled(path.relative_to(root).as_posix(), name)
        yield folder / relative, path.read_text(encoding="utf-8").replace(MARK, name)


def _filled(path: str, name: str) -> str:
    return path.replace(MARK, name).removesuffix(".txt")
