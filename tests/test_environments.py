"""Environments: made once from what a header asks for, kept, shared; what fails is told."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bench import contestants, environments
from bench.contestants import Absent, Contestant, Pinned
from bench.corpus import open_corpus
from bench.runner import execute, make_plan
from bench.runs import Run
from tests.running import outcome, quick
from tests.wheels import POUR, installed, pours, shelf

__all__ = ["shelf"]  # a fixture
Writer = Callable[[str, str], Path]
ALL = pytest.mark.usefixtures("shelf")


def quiet(text: str) -> None:
    """Say nothing."""


def made(*files: Path | str) -> list[Contestant]:
    """Return contestants with their environments made."""
    ready, absent = environments.prepare(contestants.find([*map(str, files)]), quiet)
    assert absent == []
    return ready


def failed(*files: Path | str) -> Absent:
    """Return the one that is absent of contestants whose environments are made."""
    (absent,) = environments.prepare(contestants.find([*map(str, files)]), quiet)[1]
    return absent


def home(contestant: Contestant) -> Path:
    """Return where the environment of a contestant is."""
    return environments.folder() / contestant.environment


def kept() -> list[str]:
    """Return what there is in the folder of environments, but for the folders beside them."""
    found = {path.name for path in environments.folder().iterdir()}
    return sorted(found - {"requests", "logs"})


@pytest.fixture
def without_uv(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return a function that takes uv and all packages away."""

    def take() -> None:
        monkeypatch.setattr(environments, "_uv_path", lambda: "/no/such/uv")
        monkeypatch.delenv("UV_FIND_LINKS")

    return take


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a requires-python that this Python meets, while the harness seems to be another."""
    monkeypatch.setattr(environments, "_HERE", "3.0.0")
    monkeypatch.setenv("PATH", f"{sys.base_prefix}/bin")
    return f"=={sys.version_info.major}.{sys.version_info.minor}.*"


@ALL
def test_an_environment_holds_what_was_asked_for_and_what_that_needs(extractor: Writer) -> None:
    """Exactly these packages, in an interpreter of their own, which the worker is started by."""
    (ready,) = made(extractor("pours", pours("tray==1.0", "teapot==1.0")))
    assert installed(home(ready)) == ["teapot 1.0", "tray 1.0"]
    assert ready.command[0] == str(home(ready) / "bin" / "python")
    assert ready.distribution == "tray"


@ALL
@pytest.mark.parametrize("python", ["", ">=3"])
def test_an_environment_is_made_once(
    extractor: Writer, python: str, without_uv: Callable[[], None]
) -> None:
    """All that comes after works without uv and without a network, and says nothing."""
    path, said = extractor("pours", pours("teapot==1.0", python=python)), list[str]()
    found = contestants.find([str(path)])
    first = environments.prepare(found, said.append)
    assert said == ["pours: resolving teapot==1.0", "pours: installing 1 packages"]
    without_uv()
    assert environments.prepare(found, said.append) == first
    assert len(said) == 2
    assert environments.missing(found[0]) == ""


@ALL
def test_another_interpreter_is_looked_for_once(
    extractor: Writer, elsewhere: str, without_uv: Callable[[], None]
) -> None:
    """A Python that is not the harness's own is found by uv, and not again when all is there."""
    path = extractor("pours", pours("teapot==1.0", python=elsewhere))
    (ready,) = made(path)
    assert (home(ready) / "bin" / "python").resolve().is_relative_to(Path(sys.base_prefix))
    without_uv()
    assert made(path) == [ready]


@ALL
def test_rows_that_resolve_alike_share_one_environment(extractor: Writer) -> None:
    """What was asked for may be worded in several ways; what counts is what it came to."""
    asked = (["teapot"], ["teapot==2.0"], ["teapot>1", "teapot<3"])
    ready = made(*(extractor(f"p{n}", pours(*some)) for n, some in enumerate(asked)))
    assert len({one.environment for one in ready}) == 1
    assert kept() == [ready[0].environment]


@ALL
def test_other_packages_or_another_python_are_another_environment(
    extractor: Writer, elsewhere: str
) -> None:
    """Its digest tells a run that it is not made of what an earlier one was made of."""
    one, two = (extractor(f"p{n}", pours(f"teapot=={n}.0", python=elsewhere)) for n in (1, 2))
    environments._HERE = ".".join(map(str, sys.version_info[:3]))
    here = made(one, two, f"{one}@2.0")
    environments._HERE = "3.0.0"
    (there,) = made(one)
    assert here[1].environment == here[2].environment
    assert len({here[0].environment, here[1].environment, there.environment}) == 3
    assert len([*(environments.folder() / "requests").iterdir()]) == 3


@ALL
def test_a_change_of_what_is_needed_in_turn_is_another_environment(
    tmp_path: Path, extractor: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several versions that would do, those of `versions.lock` are taken, else the newest."""
    path, lock = extractor("pours", pours("tray==1.0")), tmp_path / "versions.lock"
    monkeypatch.setattr(environments, "VERSIONS", lock)
    (newest,) = made(path)
    lock.write_text("saucer==3.0\nteapot==1.0\n")
    (locked,) = made(path)
    assert installed(home(newest)) == ["teapot 2.0", "tray 1.0"]
    assert installed(home(locked)) == ["teapot 1.0", "tray 1.0"]
    assert newest.environment != locked.environment


# What a file asks for → what it asks for at version 2.0; its extras, markers and the rest stay
PINS = [
    (["teapot==1.0"], ["teapot==2.0"]),
    (["teapot"], ["teapot==2.0"]),
    (["teapot==1.0", "tray==1.0"], ["teapot==2.0", "tray==1.0"]),
    (["teapot[lid]>1,<2; os_name!='x'"], ['teapot[lid]==2.0; os_name != "x"']),
    (["teapot @ file:///teapot.whl"], ["teapot==2.0"]),
]


@pytest.mark.parametrize(("asked", "wanted"), PINS, ids=[asked[0] for asked, _ in PINS])
def test_a_version_replaces_just_that_pin(
    extractor: Writer, asked: list[str], wanted: list[str]
) -> None:
    """`name@version` is the same file with the pin of its distribution changed."""
    path = extractor("pours", pours(*asked))
    plain, other = contestants.find([str(path), f"{path}@2.0"])
    assert isinstance(other.recipe, Pinned)
    assert [*other.recipe.requirements] == wanted
    assert (other.name, other.version, other.digest) == ("pours@2.0", "2.0", plain.digest)


@ALL
def test_a_file_of_the_core_has_versions_too(extractor: Writer) -> None:
    """Without a header the version of its DISTRIBUTION comes into an environment of its own."""
    path = extractor("pours", f'"""Pours."""\n\nDISTRIBUTION = "teapot"\n{POUR}')
    assert contestants.find([f"{path}@1.0"])[0].command == ()
    core, old = made(path, f"{path}@1.0")
    assert (core.environment, core.command[0]) == ("", sys.executable)
    assert installed(home(old)) == ["teapot 1.0"]


@ALL
def test_workers_leave_an_environment_as_it_is(
    tmp_path: Path, corpus: Path, extractor: Writer
) -> None:
    """It is shared: no import writes what another worker would read."""
    ready = made(extractor("pours", pours("tray==1.0", "teapot==1.0")))
    before = {path: path.lstat().st_mtime_ns for path in home(ready[0]).rglob("*")}
    pages, run = open_corpus(corpus), Run(tmp_path / "run")
    run.create(make_plan(pages, ready, quick()))
    execute(run, pages, ready, quick())
    assert set(outcome(run).values()) == {("ok", "green")}
    assert {path: path.lstat().st_mtime_ns for path in home(ready[0]).rglob("*")} == before


# What cannot be had → the beginning of the reason, a word of the log
STEPS = [
    ("teapot==9", "uv pip compile failed: No solution found", "there is no version of teapot==9"),
    ("saucer==1", "uv pip compile failed: No solution found", "saucer was not found"),
    ("kiln==1.0", "uv pip install failed: Failed to build `kiln==1.0`", "the kiln is cold"),
]


@ALL
@pytest.mark.parametrize(("pin", "why", "word"), STEPS)
def test_a_failing_step_is_told_and_its_log_is_kept(
    extractor: Writer, pin: str, why: str, word: str
) -> None:
    """One line says what failed, the same every time; the log has the command and all it said."""
    path = extractor("pours", pours(pin))
    absent = failed(path)
    assert (absent.name, absent.why[: len(why)]) == ("pours", why)
    assert "\n" not in absent.why
    assert ".draft" not in absent.why
    log = Path(absent.log).read_text()
    assert " pip " in log.splitlines()[0]
    assert word in log
    assert (failed(path), kept()) == (absent, [])


@ALL
def test_a_missing_interpreter_is_told_with_the_way_to_get_it(extractor: Writer) -> None:
    """No package is looked for before there is a Python to look for it with."""
    path, hint = extractor("pours", pours("teapot", python=">=99")), "uv python install '>=99'"
    reason = f"needs Python >=99, which is not here; {hint}"
    assert failed(path) == Absent("pours", reason, "")
    assert environments.missing(contestants.find([str(path)])[0]) == reason


@ALL
def test_an_environment_whose_interpreter_is_gone_is_made_anew(extractor: Writer) -> None:
    """It would not start; looking at it tells, and the next start repairs it."""
    path = extractor("pours", pours("teapot==1.0"))
    (ready,) = made(path)
    python = Path(ready.command[0])
    python.unlink()
    python.symlink_to("/no/such/python")
    assert environments.missing(ready) == environments.NOT_INSTALLED
    assert made(path) == [ready]
    assert python.exists()


@ALL
def test_who_is_slower_takes_what_is_there(
    extractor: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two harnesses that make the same at once both get it, and leave nothing else behind."""
    path, install, others = extractor("pours", pours("teapot==1.0")), environments._install, []

    def slowly(*words: object) -> None:
        monkeypatch.setattr(environments, "_install", install)
        others.extend(made(path))
        install(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(environments, "_install", slowly)
    assert made(path) == others
    assert kept() == [others[0].environment]
    assert installed(home(others[0])) == ["teapot 1.0"]


@ALL
def test_a_folder_that_cannot_be_written_keeps_the_others_running(
    tmp_path: Path, extractor: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason names the folder and the variable; who needs no environment is ready."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("BOILERBENCH_DATA", str(tmp_path / "file"))
    path = extractor("pours", pours("teapot==1.0"))
    ready, (absent,) = environments.prepare(contestants.find(["nothing", str(path)]), quiet)
    assert [one.name for one in ready] == ["nothing"]
    assert absent.why.startswith(f"{tmp_path}/file/.environments cannot be written (Not a dir")
    assert "BOILERBENCH_DATA" in absent.why


@ALL
def test_a_relative_data_folder_is_found_from_anywhere(
    tmp_path: Path, extractor: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers and uv stand in other folders than the one it is relative to."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOILERBENCH_DATA", "here")
    (ready,) = made(extractor("pours", pours("teapot==1.0")))
    assert ready.command[0].startswith(f"{tmp_path}/here/.environments/")
    assert Path(ready.command[0]).exists()


def test_uv_looks_behind_the_shims_of_pyenv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It sees the interpreters themselves, newest first, downloads none, and no active one."""
    for version in ("3.9.18", "3.13.0", "2.7.18"):
        (tmp_path / "versions" / version / "bin").mkdir(parents=True)
    monkeypatch.setenv("PATH", f"/first:{tmp_path}/shims:/last")
    monkeypatch.setenv("VIRTUAL_ENV", "/active")
    environ = environments._uv_environ()
    bins = [f"{tmp_path}/versions/{version}/bin" for version in ("3.13.0", "3.9.18")]
    assert environ["PATH"].split(os.pathsep) == ["/first", *bins, "/last"]
    assert (environ["UV_PYTHON_DOWNLOADS"], "VIRTUAL_ENV" in environ) == ("never", False)
