"""Extractors in other languages: a folder each, with `extractor.toml` (docs/protocol.md)."""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.contestants.contestant import CATEGORIES, Built, Contestant
from bench.errors import BenchError, unknown

MANIFEST = "extractor.toml"
_TEXTS = ("description", "category", "distribution", "hint", "same_author")
_LISTS = ("needs", "command")
# Folders made by a build, so no part of what is built
_MADE = frozenset({"node_modules", "__pycache__", "target", "build"})


def read(folder: Path, name: str) -> Contestant:
    """Return the contestant in a folder; BenchError says all that is wrong with its manifest."""
    path = folder / MANIFEST
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BenchError(f"{path}: does not parse as TOML ({error})") from error
    if problems := [f"{path}: {problem}" for problem in _problems(fields)]:
        raise BenchError(problems)
    category = fields.get("category", "extractor")
    distribution = fields.get("distribution", "")
    return Contestant(
        name=name,
        path=folder,
        description=fields["description"],
        category=next(known for known in CATEGORIES if known == category),
        distribution=distribution,
        digest=_digest(folder),
        same_author=tuple(fields.get("same_author", "").replace(",", " ").split()),
        recipe=Built(
            needs=tuple(fields.get("needs", ())),
            hint=fields.get("hint", ""),
            build=tuple(tuple(command) for command in fields.get("build", ())),
            start=tuple(fields["command"]),
        ),
        version=_npm_version(folder, distribution),
    )


def files(folder: Path) -> list[Path]:
    """Return the files that make up an extractor, without what a build has left there."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path for path in paths if not _MADE & {*path.relative_to(folder).parent.parts}]


def _problems(fields: Mapping[str, Any]) -> Iterator[str]:
    known = (*_TEXTS, *_LISTS, "build")
    yield from (unknown("key", key, known) for key in fields if key not in known)
    for key in ("description", "command"):
        if not fields.get(key):
            yield f"{key} is missing"
    for key in _TEXTS:
        if not isinstance(fields.get(key, ""), str):
            yield f"{key} is no string"
    for key in _LISTS:
        if not _are_words(fields.get(key, [])):
            yield f"{key} is no list of strings"
    build = fields.get("build", [])
    if not isinstance(build, list) or not all(command and _are_words(command) for command in build):
        yield "build is no list of commands, each a list of strings"
    category = fields.get("category", "extractor")
    if category not in CATEGORIES:
        yield unknown("category", str(category), CATEGORIES)


def _are_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in files(folder):
        name = path.relative_to(folder).as_posix()
        digest.update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _npm_version(folder: Path, distribution: str) -> str:
    """Return the version of a package that `package.json` pins, "" where there is none."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        return str(package["dependencies"][distribution])
    return ""
