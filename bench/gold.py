"""Gold: the labels of a page and their reader. Its types never mix: blocks, text, snippets."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from w3lib.encoding import resolve_encoding

from bench.errors import BenchError
from bench.views import KINDS, role

PAGE_TYPES = ("article", "thread", "qa", "product", "listing", "documentation", "none")
SNIPPETS = ("present", "absent")
# What the lines of each type of gold may be
LABELS = {"blocks": KINDS, "text": ("text", *SNIPPETS), "snippets": SNIPPETS}
_OPTIONAL = {"charset", "gold", "split"}


@dataclass(frozen=True, slots=True)
class Header:
    """Line 1 of a gold file: facts about the page; `charset` is the truth where it is not said.

    `gold` is the type of the lines that follow. Imported pages keep their owners' words for
    `page_type` and `split`.
    """

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
    gold: str = "blocks"
    split: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One run of page text with one kind."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class BlockGold:
    """Every block of a page, in document order."""

    header: Header
    blocks: tuple[Block, ...]

    def texts(self, view: str, *roles: str) -> list[str]:
        """Return the texts of the blocks that a view gives one of these roles, in order."""
        return [block.text for block in self.blocks if role(view, block.kind) in roles]


@dataclass(frozen=True, slots=True)
class TextGold:
    """One text without blocks, and the snippets that must and must not appear, if there are any."""

    header: Header
    text: str
    present: tuple[str, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SnippetGold:
    """Snippets that must and must not appear; the full text is not known."""

    header: Header
    present: tuple[str, ...]
    absent: tuple[str, ...]


Gold = BlockGold | TextGold | SnippetGold


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
        header = None
    gold_type = header.gold if header else "blocks"
    blocks = tuple(_blocks(lines, path, gold_type, problems))
    if problems or header is None:
        raise BenchError(problems)
    if header.gold == "blocks":
        return BlockGold(header, blocks)
    present, absent, text = (
        tuple(block.text for block in blocks if block.kind == kind)
        for kind in ("present", "absent", "text")
    )
    if header.gold == "text":
        return TextGold(header, "\n".join(text), present, absent)
    return SnippetGold(header, present, absent)


def read_blocks(path: Path) -> BlockGold:
    """Return gold that must have blocks, or raise BenchError saying what it has instead."""
    gold = read_gold(path)
    if not isinstance(gold, BlockGold):
        raise BenchError(
            f"{path}: gold of type {gold.header.gold!r}; this needs labelled blocks",
            hint="leaks and views are known only for corpora with blocks",
        )
    return gold


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
    for name in sorted(known - _OPTIONAL - {"labelled_by"}):
        if not isinstance(data.get(name), str):
            yield f"header key {name!r} is missing or not a string"
    if not isinstance(data.get("labelled_by"), list):
        yield "header key 'labelled_by' is missing or not a list of names"
    for name in sorted(set(data) - known):
        yield f"unknown header key {name!r} (valid: {', '.join(sorted(known))})"
    charset = data.get("charset")
    if charset is not None and not (isinstance(charset, str) and resolve_encoding(charset)):
        yield f"unknown charset {charset!r} (leave the key out where the declaration is true)"
    if data.get("gold", "blocks") not in [*LABELS]:
        yield f"unknown gold type {data['gold']!r} (valid: {', '.join(LABELS)})"
    elif data.get("gold", "blocks") == "blocks" and data.get("page_type") not in PAGE_TYPES:
        yield f"unknown page_type {data.get('page_type')!r} (valid: {', '.join(PAGE_TYPES)})"


def _blocks(lines: list[bytes], path: Path, gold_type: str, problems: list[str]) -> Iterator[Block]:
    kinds = LABELS[gold_type]
    valid = "see: boilerbench list kinds" if kinds is KINDS else f"valid: {', '.join(kinds)}"
    for number, line in enumerate(lines[1:], 2):
        try:
            kind, text = json.loads(line)
        except (ValueError, TypeError):
            problems.append(f'{path}:{number}: not a ["kind", "text"] line: {line[:80]!r}')
            continue
        if kind not in kinds:
            problems.append(f"{path}:{number}: unknown kind {kind!r}; {valid}")
        elif not isinstance(text, str) or not (text.split() or kind == "text"):
            problems.append(f"{path}:{number}: the text of a {kind!r} block is empty")
        else:
            yield Block(kind, text)
