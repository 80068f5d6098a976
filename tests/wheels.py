"""Packages in tests: tiny real ones in a folder, which is the only place that uv knows of."""

import io
import os
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest

EXTRACT = "def extract(html, url):\n    return "
POUR = f"import teapot\n\n\n{EXTRACT}teapot.pour()\n"
# What teapot pours, by version
TEA = {"1.0": "green", "2.0": "black"}


@pytest.fixture
def shelf(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Give a folder of packages, the only ones there are: no test asks a network for one.

    teapot 1.0 and 2.0, tray (which needs a teapot of any version), and the sdist kiln, whose build
    fails. Environments are kept in `tmp_path / "data"`, none at first.
    """
    folder = stocked(tmp_path / "shelf")
    known_to_uv(monkeypatch, folder, cache=tmp_path_factory.getbasetemp() / "uv-cache")
    monkeypatch.setenv("BOILERBENCH_DATA", str(tmp_path / "data"))
    return folder


def stocked(folder: Path) -> Path:
    """Write all packages into a folder and return it."""
    folder.mkdir()
    for version, tea in TEA.items():
        wheel(folder, "teapot", version, f"def pour():\n    return {tea!r}\n")
    wheel(folder, "tray", "1.0", "", needs=["teapot"])
    sdist(folder, "kiln", "1.0", "raise SystemExit('the kiln is cold')\n")
    return folder


def known_to_uv(monkeypatch: pytest.MonkeyPatch, folder: Path, *, cache: Path) -> None:
    """Let uv take packages from a folder only, and know few interpreters beside this one."""
    for name, value in {"NO_INDEX": "1", "OFFLINE": "1", "FIND_LINKS": folder}.items():
        monkeypatch.setenv(f"UV_{name}", str(value))
    monkeypatch.setenv("UV_CACHE_DIR", str(cache))
    monkeypatch.setenv("PATH", os.pathsep.join([f"{sys.base_prefix}/bin", os.defpath]))


def wheel(folder: Path, name: str, version: str, source: str, needs: Sequence[str] = ()) -> None:
    """Write a wheel of one module."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": source,
        f"{info}/METADATA": _metadata(name, version, needs),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    with ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(path, text)


def sdist(folder: Path, name: str, version: str, backend: str) -> None:
    """Write a source distribution that is built by a module of its own."""
    project = f'[project]\nname = "{name}"\nversion = "{version}"\n'
    system = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    files = {
        "PKG-INFO": _metadata(name, version, ()),
        "pyproject.toml": system + project,
        "backend.py": backend,
    }
    with tarfile.open(folder / f"{name}-{version}.tar.gz", "w:gz") as archive:
        for path, text in files.items():
            member = tarfile.TarInfo(f"{name}-{version}/{path}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))


def header(*dependencies: str, python: str = "") -> str:
    """Return a PEP 723 header that asks for packages, and for a Python if one is given."""
    listed = ", ".join(f'"{one}"' for one in dependencies)
    requires = f'# requires-python = "{python}"\n' if python else ""
    return f"# /// script\n{requires}# dependencies = [{listed}]\n# ///\n"


def pours(*dependencies: str, python: str = "", then: str = POUR) -> str:
    """Return the source of an extractor that asks for packages and gives what teapot pours."""
    return f'{header(*dependencies, python=python)}"""Pours tea."""\n\n{then}'


def installed(home: Path) -> list[str]:
    """Return names and versions of the packages in an environment."""
    infos = home.glob("lib/python*/site-packages/*.dist-info")
    return sorted(path.name.removesuffix(".dist-info").replace("-", " ") for path in infos)


def _metadata(name: str, version: str, needs: Sequence[str]) -> str:
    lines = [f"Metadata-Version: 2.2\nName: {name}\nVersion: {version}"]
    return "\n".join(lines + [f"Requires-Dist: {one}" for one in needs]) + "\n"
