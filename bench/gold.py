"""Gold: the labels of a page, their reader and their checker."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from w3lib.encoding import resolve_encoding

from bench.errors import BenchError
from bench.views import KINDS, role

PAGE_TYPES = ("article", "thread", "qa", "product", "listing", "documentation", "none")


@dataclass(frozen=True, slots=True)
class Header:
    """Line 1 of a gold file: facts about the page; `charset` is the truth where it is not said."""

    page: str
    url: str
    content_type: str
    language: str
    site: str
    family: str
    page_type: str
    guidelines: str
    labelled_by: list[str]
    notes: str
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One run of page text with one kind."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Gold:
    """Every block of a page, in document order."""

    header: Header
    blocks: tuple[Block, ...]

    def texts(self, view: str, *roles: str) -> list[str]:
        """Return the texts of the blocks that a view gives one of these roles, in order."""
        return [block.text for block in self.blocks if role(view, block.kind) in roles]


def read_header(path: Path) -> Header:
    """Return line 1 of a gold file; the labels stay unread, so the runner may call this."""
    with path.open("rb") as file:
        return _header(file.readline(), path)


def read_gold(path: Path) -> Gold:
    """Return the gold of a page, or raise BenchError with all that is wrong in the file."""
    lines = path.read_bytes().splitlines() or [b""]
    problems: list[str] = []
    try:
        header = _header(lines[0], path)
    except BenchError as error:
        problems += error.problems
    blocks = tuple(_blocks(lines, path, problems))
    if problems:
        raise BenchError(problems)
    return Gold(header, blocks)


def _header(line: bytes, path: Path) -> Header:
    try:
        data = json.loads(line.rstrip())
    except ValueError as error:
        raise BenchError(f"{path}:1: the header is not JSON ({error})") from error
    if not isinstance(data, dict):
        raise BenchError(f"{path}:1: the header is not a JSON object")
    problems = list(_header_problems(data))
    if problems:
        raise BenchError([f"{path}:1: {problem}" for problem in problems])
    return Header(**data)


def _header_problems(data: dict[str, Any]) -> Iterator[str]:
    known = {field.name for field in fields(Header)}
    for name in sorted(known - {"charset", "labelled_by"}):
        if not isinstance(data.get(name), str):
            yield f"header key {name!r} is missing or not a string"
    if not isinstance(data.get("labelled_by"), list):
        yield "header key 'labelled_by' is missing or not a list of names"
    for name in sorted(set(data) - known):
        yield f"unknown header key {name!r} (valid: {', '.join(sorted(known))})"
    charset = data.get("charset")
    if charset is not None and not (isinstance(charset, str) and resolve_encoding(charset)):
        yield f"unknown charset {charset!r} (leave the key out where the declaration is true)"
    if data.get("page_type") not in PAGE_TYPES:
        yield f"unknown page_type {data.get('page_type')!r} (valid: {', '.join(PAGE_TYPES)})"


def _blocks(lines: list[bytes], path: Path, problems: list[str]) -> Iterator[Block]:
    for number, line in enumerate(lines[1:], 2):
        try:
            kind, text = json.loads(line)
        except (ValueError, TypeError):
            problems.append(f'{path}:{number}: not a ["kind", "text"] line: {line[:80]!r}')
            continue
        if kind not in KINDS:
            problems.append(f"{path}:{number}: unknown kind {kind!r}; see: boilerbench list kinds")
        elif not isinstance(text, str) or not text.split():
            problems.append(f"{path}:{number}: the text of a {kind!r} block is empty")
        else:
            yield Block(kind, text)
