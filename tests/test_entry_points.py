"""Extractors that installed packages bring: found by their entry points, with nothing imported."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bench import contestants
from bench.contestants import Absent

Install = Callable[..., Path]
# Running it, or the package around it, would end the test
SOURCE = 'CATEGORY = "baseline"\nraise SystemExit\n\n\ndef extract(html, url):\n    return ""\n'


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return a function that installs a package with entry points, and the modules of these paths.

    The docstring of each module is its path.
    """
    monkeypatch.syspath_prepend(tmp_path / "site")

    def write(points: Mapping[str, str], *modules: str, name: str = "tea") -> Path:
        info = tmp_path / "site" / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        lines = [f"{point} = {value}\n" for point, value in points.items()]
        text = "".join(["[boilerbench.extractors]\n", *lines, "[other.group]\nx = tea.other\n"])
        (info / "entry_points.txt").write_text(text)
        for module in modules:
            path = tmp_path / "site" / module
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f'"""{module}."""\n{SOURCE}')
        return tmp_path / "site"

    return write


# What an entry point names → the file that it stands for
FILES = [
    ("tea.green", "tea/green.py"),
    ("tea.china.green", "tea/china/green.py"),
    ("tea.green:extract", "tea/green.py"),
    ("tea.green : extract [extra]", "tea/green.py"),
    ("tea.china", "tea/china/__init__.py"),
    ("leaf", "leaf.py"),
]


@pytest.mark.parametrize(("value", "file"), FILES, ids=[value for value, _ in FILES])
def test_an_entry_point_names_a_file(install: Install, value: str, file: str) -> None:
    """It competes under the name of the entry point; neither it nor its package is imported."""
    modules = ("tea/__init__.py", "tea/green.py", "tea/china/__init__.py", "tea/china/green.py")
    site = install({"my_tea": value}, *modules, "leaf.py")
    (found,) = contestants.find(["my_tea"])
    assert (found.name, found.category, found.path) == ("my_tea", "baseline", site / file)
    assert found.description == f"{file}."
    assert {"tea", "tea.green", "leaf"} & {*sys.modules} == set()
    assert "my_tea" in contestants.names()
    assert "x" not in contestants.names()


def test_a_package_without_an_init_has_files_too(install: Install) -> None:
    """A namespace package may lie in several places."""
    site = install({"my_tea": "tea.green"}, "tea/green.py")
    assert contestants.find(["my_tea"])[0].path == site / "tea/green.py"


def test_an_editable_package_is_found_by_its_finder(
    tmp_path: Path, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only a hook of the import system knows where the package lies, the hook is asked."""
    from importlib.machinery import PathFinder

    class Hook(PathFinder):
        @classmethod
        def find_spec(cls, name, path=None, target=None):  # type: ignore[no-untyped-def]
            return super().find_spec(name, [f"{tmp_path}/site/src"], target)

    install({"my_tea": "tea.green"}, "src/tea/__init__.py", "src/tea/green.py")
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Hook])
    assert contestants.find(["my_tea"])[0].path == tmp_path / "site/src/tea/green.py"


# An entry point whose file is not there → the place in the reason
MISSING = [
    "tea.green",
    "no_such_package.green",
    "green",
    "tea.no.such:extract",
    "sys",
    "not a name",
]


@pytest.mark.parametrize("value", MISSING)
def test_a_module_whose_file_is_missing_is_told(
    install: Install, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is absent, with the place where the file was expected; the others compete.

    A file that happens to lie in the current folder is not taken for a module without one.
    """
    monkeypatch.chdir(install({"my_tea": value}, "tea/__init__.py", "src/sys.py") / "src")
    module = value.partition(":")[0].replace(".", "/")
    found, (absent,) = contestants.look_up(["my_tea", "nothing"])
    assert ([one.name for one in found], absent.name) == (["nothing"], "my_tea")
    assert absent.why.endswith(f"/{module}.py: cannot be read (No such file or directory)")


def test_a_name_of_the_house_is_a_twin(install: Install) -> None:
    """Two of one name cannot both have the row: neither runs, and both places are named."""
    site = install({"nothing": "tea.green"}, "tea/__init__.py", "tea/green.py")
    found, (absent,) = contestants.look_up(["nothing", "everything"])
    assert [one.name for one in found] == ["everything"]
    assert absent.why.startswith("two extractors are named 'nothing': ")
    assert f"{site}/tea/green.py" in absent.why
    assert f"{contestants.EXTRACTORS}/nothing.py" in absent.why


def test_two_packages_of_one_name_are_twins(install: Install) -> None:
    """One that cannot be read is one all the same; a path tells them apart."""
    install({"my_tea": "tea.green"}, "tea/__init__.py", "tea/green.py")
    site = install({"my_tea": "leaf.missing"}, name="leaf")
    found, (absent,) = contestants.look_up(["my_tea", f"{site}/tea/green.py"])
    assert [one.name for one in found] == ["green"]
    assert absent.why.startswith("two extractors are named 'my_tea': ")


def test_a_version_of_a_twin_is_a_twin(install: Install) -> None:
    """It is no clearer which file was meant."""
    install({"justext": "tea.green"}, "tea/__init__.py", "tea/green.py")
    _, (absent,) = contestants.look_up(["justext@3.0.2"])
    assert absent.why.startswith("two extractors are named 'justext@3.0.2': ")


def test_a_name_that_cannot_be_asked_for_is_not_offered(install: Install) -> None:
    """It would be read as a path or as a version; it spoils neither a listing nor a run."""
    names = ["my/tea", "tea.py", "tea@2"]
    install(dict.fromkeys(names, "tea.green"), "tea/__init__.py", "tea/green.py")
    assert {*names} & {*contestants.names()} == set()
    assert contestants.look_up(contestants.names())[1] == []
    assert "nothing" in contestants.core_names()


def test_nobody_is_called_like_the_scorers_row(install: Install) -> None:
    """The oracle has no file; who takes its name is told to take another."""
    install({"oracle": "tea.green"}, "tea/__init__.py", "tea/green.py")
    assert contestants.look_up(["oracle"])[1] == [
        Absent("oracle", "the name 'oracle' is the scorer's; rename the file")
    ]
