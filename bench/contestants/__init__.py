"""Contestants: finds extractors, by name, version or path; imports none of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.contestants import folders, installed, python
from bench.contestants.contestant import (
    CATEGORIES,
    CORE,
    ORACLE,
    Absent,
    Built,
    Category,
    Contestant,
    Core,
    Pinned,
    WrongUse,
    reasons,
)
from bench.corpus import HOME
from bench.errors import BenchError, unknown

__all__ = [
    "CATEGORIES",
    "CORE",
    "HINT",
    "ORACLE",
    "Absent",
    "Built",
    "Category",
    "Contestant",
    "Core",
    "Pinned",
    "WrongUse",
    "chosen",
    "core_names",
    "find",
    "look_up",
    "names",
    "read",
    "reasons",
]

EXTRACTORS = HOME / "extractors"
HINT = "see: boilerbench list extractors"


def names() -> list[str]:
    """Return the names of the extractors that boilerbench and installed packages bring, sorted.

    A name that would be read as a path or a version cannot be asked for, so it is left out.
    """
    known = {*_house(), *(name for name, _ in installed.extractors())}
    return sorted(name for name in known if not _is_path(name) and "@" not in name)


def chosen(wanted: Sequence[str], *, every: bool) -> list[str]:
    """Return the names that a call means: those it names, all, or by default the core's."""
    if wanted and every:
        raise BenchError(f"--all leaves nothing to choose, yet {', '.join(wanted)} is named")
    return [*wanted] or (names() if every else core_names())


def core_names() -> list[str]:
    """Return the names of those that need nothing beside boilerbench itself, sorted."""
    found, _ = look_up(names())
    return [contestant.name for contestant in found if contestant.recipe == CORE]


def look_up(wanted: list[str]) -> tuple[list[Contestant], list[Absent]]:
    """Return contestants in the order given, and those that cannot compete, with the reason.

    What is wanted is a name, the path of a file or folder, either with `@VERSION` behind it.
    Raises BenchError, with all that is wrong, for a name or path that does not exist.
    """
    found, absent = _outcomes(wanted)
    if any(isinstance(one, WrongUse) for one in absent):
        raise BenchError([one.why for one in absent], hint=HINT)
    return found, absent


def find(wanted: list[str]) -> list[Contestant]:
    """Return contestants in the order given; BenchError names all that cannot compete."""
    found, absent = _outcomes(wanted)
    if absent:
        raise BenchError([one.why for one in absent], hint=HINT)
    return found


def read(path: Path, called: str = "") -> Contestant:
    """Return the contestant in a file or folder, never run; BenchError says all that is wrong.

    It is named after its file or folder, unless it is `called` otherwise.
    """
    reader = folders.read if path.is_dir() else python.read
    return reader(path, called or _called(path))


def _house() -> Iterator[str]:
    yield from (path.stem for path in EXTRACTORS.glob("*.py"))
    yield from (path.parent.name for path in EXTRACTORS.glob(f"*/{folders.MANIFEST}"))


def _sources(name: str) -> list[Path]:
    """Return where extractors of a name are; more than one where packages bring the same name."""
    if _is_path(name):
        path = Path(name)
        return [path.resolve()] if path.is_file() or (path / folders.MANIFEST).is_file() else []
    house = (EXTRACTORS / f"{name}.py", EXTRACTORS / name / folders.MANIFEST)
    found = [path.parent if path.name == folders.MANIFEST else path for path in house]
    exist = [path.resolve() for path, file in zip(found, house, strict=True) if file.is_file()]
    return exist + [path for known, path in installed.extractors() if known == name]


def _is_path(name: str) -> bool:
    return name.endswith(".py") or "/" in name


def _no_such(name: str) -> str:
    if name == ORACLE:
        return f"{ORACLE!r} is no extractor: the scorer makes it, and it stands in every table"
    if name.endswith(".py"):
        return f"{name}: no such file"
    if "/" in name:
        return f"{name}: no such folder, or no {folders.MANIFEST} in it"
    return unknown("extractor", name, names())


def _called(path: Path) -> str:
    """Return the name of a file or folder in tables."""
    return path.stem if path.suffix == ".py" else path.name


_Place = tuple[Path, str | None]


def _outcomes(wanted: list[str]) -> tuple[list[Contestant], list[Absent]]:
    asked: dict[str, list[_Place]] = {}
    for one in wanted:
        name, places = _resolved(one)
        asked.setdefault(name, []).extend(places)
    found: list[Contestant] = []
    absent: list[Absent] = []
    for name, places in asked.items():
        try:
            if refusal := _refusal(name, [path for path, _ in places]):
                absent.append(refusal)
            else:
                found.append(_read(name, *places[0]))
        except BenchError as error:
            absent.extend(Absent(name, problem) for problem in error.problems)
    return found, absent


def _resolved(wanted: str) -> tuple[str, list[_Place]]:
    """Return the name in tables, and where such extractors are, each with the version wanted.

    An `@` may stand in a path too, so what exists as it is written has no version.
    """
    name, mark, version = wanted.rpartition("@")
    if places := _sources(wanted):
        name, end, at = wanted, "", None
    elif mark and (places := _sources(name)):
        end, at = f"@{version}", version
    else:
        return wanted, []
    called = _called(places[0]) if _is_path(name) else name
    return called + end, [(place, at) for place in places]


def _refusal(name: str, places: list[Path]) -> Absent | None:
    """Return why nothing of a name can run: nobody has it, several have, or the scorer has."""
    if not places:
        return WrongUse(name, _no_such(name))
    if name == ORACLE:
        return Absent(name, f"the name {ORACLE!r} is the scorer's; rename the file")
    if len(places) > 1:
        twins = sorted({str(path) for path in places})
        kind = Absent if len(twins) > 1 else WrongUse
        return kind(name, f"two extractors are named {name!r}: {', '.join(twins)}")
    return None


def _read(name: str, place: Path, version: str | None) -> Contestant:
    if version is None:
        return read(place, name)
    return read(place, name.removesuffix(f"@{version}")).at(version)
