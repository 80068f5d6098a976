"""Public gold datasets, one file each: a card, and a reader of the owners' layout.

A dataset is a module with `CARD` and `pages(folder)`, which yields every page of the unpacked
archive in boilerbench's form. Keyword-only parameters of `pages` are the dataset's options, given
on the command line under the same name. Nothing of a dataset is kept in this project.
"""

import hashlib
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any
from urllib.parse import quote

from bench.errors import BenchError, unknown

# 255 bytes are what file systems take, `.jsonl` included
LONGEST_ID = 240


@dataclass(frozen=True, slots=True)
class Card:
    """What a user must know of a dataset.

    `archive` is where the pinned commit is downloaded from, "" where it is not public as one file.
    `contents` maps a known selection, such as "all" or "sample", to the SHA-256 of what its import
    gives (`corpus.content_digest`): archives made by forges are not stable byte for byte, contents
    are. `snippets` says whether the gold has any. `pages` is the number of pages of the commit.
    `published` holds figures with their conditions, `faults` known trouble.
    """

    name: str
    title: str
    description: str
    url: str
    commit: str
    archive: str
    licence: str
    bibtex: str
    languages: str
    page_types: str
    pages: int
    gold: str
    snippets: bool
    published: tuple[str, ...]
    faults: tuple[str, ...]
    contents: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Imported:
    """One page: its id, raw bytes, the keys of its gold header, and its gold lines.

    `header` must hold url ("" if not known), content_type, language (BCP 47, "und" if not known)
    and page_type (its owners' word); it may hold charset (the truth, where the declaration is
    missing or lies) and split. Gold lines are ("text", …), ("present", …) or ("absent", …).
    """

    id: str
    html: bytes
    header: dict[str, Any]
    gold: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A card, its reader, and the names of the options that the reader takes."""

    card: Card
    pages: Callable[..., Iterator[Imported]]
    options: tuple[str, ...] = ()


def names() -> list[str]:
    """Return the names of all datasets that can be imported."""
    return sorted(module.name for module in iter_modules(__path__))


def load(name: str) -> Dataset:
    """Return a dataset by name, or raise BenchError with the valid ones."""
    if name not in names():
        raise BenchError(unknown("dataset", name, names()))
    module = import_module(f"{__name__}.{name}")
    parameters = inspect.signature(module.pages).parameters.values()
    options = tuple(one.name for one in parameters if one.kind is one.KEYWORD_ONLY)
    return Dataset(module.CARD, module.pages, options)


def page_id(name: str) -> str:
    """Return a file's name as a page id: readable, a plain relative path on every system.

    All but ASCII letters, digits, `.`, `_` and `-` is percent-encoded. What would be longer than a
    file system takes keeps its beginning, followed by its SHA-256.
    """
    encoded = quote(name, safe="", errors="surrogateescape").replace("~", "%7E")
    if encoded.startswith("."):
        encoded = "%2E" + encoded[1:]
    if len(encoded) <= LONGEST_ID:
        return encoded
    start = re.sub("%.?$", "", encoded[: LONGEST_ID - 17])
    return f"{start}-{hashlib.sha256(encoded.encode()).hexdigest()[:16]}"
