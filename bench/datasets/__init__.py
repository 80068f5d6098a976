"""Public gold datasets, one file each: a card, and a reader of the owners' layout.

A dataset is a module with `CARD` and `pages(folder)`, which yields every page of the unpacked
archive in boilerbench's form. Nothing of a dataset is kept in this project.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from bench.errors import BenchError, unknown


@dataclass(frozen=True, slots=True)
class Card:
    """What a user must know of a dataset; `snippets` says whether its gold has any."""

    name: str
    title: str
    description: str
    url: str
    commit: str
    licence: str
    bibtex: str
    languages: str
    gold: str
    snippets: bool
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """One page: its id, raw bytes, the keys of its gold header, and its gold lines."""

    id: str
    html: bytes
    header: dict[str, Any]
    gold: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A card and its reader."""

    card: Card
    pages: Callable[[Path], Iterator[Imported]]


def names() -> list[str]:
    """Return the names of all datasets that can be imported."""
    return sorted(module.name for module in iter_modules(__path__))


def load(name: str) -> Dataset:
    """Return a dataset by name, or raise BenchError with the valid ones."""
    if name not in names():
        raise BenchError(unknown("dataset", name, names()))
    module = import_module(f"{__name__}.{name}")
    return Dataset(module.CARD, module.pages)
