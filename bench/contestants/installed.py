"""Extractors that installed packages bring: entry points of the group `boilerbench.extractors`.

An entry point `name = "package.module"` names the file of that module, which is found without
running any of the package's code.
"""

import importlib.metadata
import sysconfig
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

GROUP = "boilerbench.extractors"


def extractors() -> Iterator[tuple[str, Path]]:
    """Yield name and file of each; a module whose file is not found yields its expected place."""
    for point in importlib.metadata.entry_points(group=GROUP):
        module, _, _ = point.value.partition(":")
        yield point.name, _file(module.strip())


def _file(module: str) -> Path:
    relative = Path(*module.split("."))
    files = (relative.with_name(f"{relative.name}.py"), relative / "__init__.py")
    folders = [*_folders(relative.parts[0]), Path(sysconfig.get_path("purelib"))]
    places = [folder / file for folder in folders for file in files]
    return next((path.resolve() for path in places if path.is_file()), places[0])


def _folders(top: str) -> list[Path]:
    """Return the folders that hold a top-level module, wherever its package was installed from."""
    with suppress(ImportError, ValueError):
        # Of a name without a dot, this asks the finders only
        if spec := find_spec(top):
            module = [spec.origin] if spec.origin and spec.has_location else []
            return [Path(place).parent for place in spec.submodule_search_locations or module]
    return []
