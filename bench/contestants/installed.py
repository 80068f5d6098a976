"""Extractors that installed packages bring: entry points of the group `boilerbench.extractors`.

An entry point `name = "package.module"` names the file of that module, which is found on the
import path without importing anything.
"""

import importlib.metadata
import sys
from collections.abc import Iterator
from pathlib import Path

GROUP = "boilerbench.extractors"


def extractors() -> Iterator[tuple[str, Path]]:
    """Yield name and file of each; a module whose file is not found yields its expected place."""
    for point in importlib.metadata.entry_points(group=GROUP):
        yield point.name, _file(point.module)


def _file(module: str) -> Path:
    relative = Path(*module.split(".")).with_suffix(".py")
    places = [Path(folder) / relative for folder in sys.path if folder]
    return next((path for path in places if path.is_file()), relative)
