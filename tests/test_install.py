"""Environments made ahead, versions side by side, and further pins: by the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from bench import contestants
from bench.contestants import Pinned
from bench.environments import folder
from tests.wheels import EXTRACT, pours, shelf

Call = Callable[[str], Result]
__all__ = ["shelf"]  # a fixture


@pytest.fixture
def here(shelf: Path, call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    """Return a function that runs a command line beside extractors that need packages."""
    monkeypatch.setenv("BOILERBENCH_DATA", str(tmp_path / "data"))
    core = f'"""Needs nothing."""\n\n\n{EXTRACT}""\n'
    files = {"pours": pours("teapot==1.0"), "kiln": pours("kiln==1.0"), "core": core}
    for name, source in files.items():
        (tmp_path / f"{name}.py").write_text(source)
    return call


def _homes() -> list[Path]:
    return sorted(path for path in folder().glob("*") if (path / "bin").is_dir())


def test_install_makes_the_environments(here: Call) -> None:
    """What was made ahead is said on stdout with its version; a second call makes nothing."""
    first = here("install pours.py core.py pours.py@2.0")
    assert (first.exit_code, first.stdout) == (0, "pours 1.0\ncore\npours@2.0 2.0\n")
    assert "pours: installing 1 packages" in first.stderr
    made = _homes()
    assert len(made) == 2
    second = here("install pours.py pours.py@2.0")
    assert (second.stderr, _homes()) == ("", made)


WRONG = [
    # arguments; exit code; what is said; what is made all the same
    ("", 2, "name extractors, or --all", ""),
    ("pours.py --all", 2, "--all leaves nothing to choose", ""),
    ("pours.py nobody.py", 2, "nobody.py: no such file", ""),
    ("kiln.py pours.py", 1, "kiln: uv pip install failed", "pours 1.0\n"),
    ("pours.py@9", 1, "pours@9: uv pip compile failed: No solution found", ""),
]


@pytest.mark.parametrize(("words", "code", "said", "made"), WRONG)
def test_install_misuse(here: Call, words: str, code: int, said: str, made: str) -> None:
    """Who cannot be had is named with the reason, and the others are made."""
    result = here(f"install {words}")
    assert (result.exit_code, result.stdout) == (code, made)
    assert said in result.stderr


def test_history_by_the_command_line(here: Call, corpus: Path) -> None:
    """Versions stand in the order asked for, each against the one before; the absent are named."""
    assert corpus.name == "mini"
    result = here("history ./pours.py 1.0 9 2.0 --corpus mini --output run --format json")
    assert (result.exit_code, "pours@9" in result.stderr) == (1, True)
    data = json.loads(result.stdout)
    assert [row["version"] for row in data["rows"]] == ["1.0", "2.0"]
    assert [row["verdict"] for row in data["rows"]] == [None, "no significant change"]
    assert any(note.startswith("pours@9: absent: ") for note in data["notes"])


PINS = [
    # what is asked for → requirements
    ("pours.py@2.0", ["teapot==2.0"]),
    ("pours.py@2.0,tray==1.0", ["teapot==2.0", "tray==1.0"]),
    ("more.py@2.0,tray<9", ["teapot==2.0", "tray<9"]),
    ("more.py@2.0", ["teapot==2.0", "tray==1.0"]),
]


@pytest.mark.parametrize(("wanted", "requirements"), PINS)
def test_further_pins(here: Call, tmp_path: Path, wanted: str, requirements: list[str]) -> None:
    """Behind a version further requirements may stand, each in the place of what it names."""
    (tmp_path / "more.py").write_text(pours("teapot==1.0", "tray==1.0"))
    (found,) = contestants.find([wanted])
    assert isinstance(found.recipe, Pinned)
    assert [*found.recipe.requirements] == requirements
    assert (found.version, found.name) == ("2.0", wanted.replace(".py", ""))
    assert here(f"install {wanted}").exit_code == 0


def test_a_further_pin_that_is_none(here: Call) -> None:
    """What does not parse as a requirement is the row's trouble, and is shown."""
    result = here("install pours.py@2.0,<6")
    assert result.exit_code == 1
    assert "'<6' is no requirement (PEP 508), such as 'lxml<6'" in result.stderr
