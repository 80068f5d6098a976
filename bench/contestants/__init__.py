"""Contestants: finds extractors, by name, version or path; imports none of them."""

from collections import defaultdict
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
]

EXTRACTORS = HOME / "extractors"
HINT = "see: boilerbench list extractors"


def names() -> list[str]:
    """Return the names of the extractors that boilerbench and installed packages bring, sorted."""
    return sorted({*_house(), *(name for name, _ in installed.extractors())})


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
    return reader(path, called or path.stem)


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
    if name.endswith(".py"):
        return f"{name}: no such file"
    if "/" in name:
        return f"{name}: no such folder, or no {folders.MANIFEST} in it"
    return unknown("extractor", name, names())


def _outcomes(wanted: list[str]) -> tuple[list[Contestant], list[Absent]]:
    found: list[Contestant] = []
    absent: list[Absent] = []
    for name in wanted:
        sources = _sources(name.rpartition("@")[0] or name)
        if not sources:
            absent.append(WrongUse(name, _no_such(name)))
        for source in sources:
            try:
                found.append(_read(name, source))
            except BenchError as error:
                absent.extend(Absent(name, problem) for problem in error.problems)
    return _without_twins(found, absent)


def _read(wanted: str, source: Path) -> Contestant:
    name, _, version = wanted.rpartition("@")
    if not name:
        name, version = wanted, ""
    contestant = read(source, "" if _is_path(name) else name)
    return contestant.at(version) if version else contestant


def _without_twins(
    found: list[Contestant], absent: list[Absent]
) -> tuple[list[Contestant], list[Absent]]:
    """Take out those whose name is another's or the scorer's."""
    taken: dict[str, list[Path]] = defaultdict(list)
    for contestant in found:
        taken[contestant.name].append(contestant.path)
    twins = [
        (Absent if len({*paths}) > 1 else WrongUse)(name, f"two extractors are named {name!r}")
        for name, paths in sorted(taken.items())
        if len(paths) > 1
    ]
    if ORACLE in taken:
        twins.append(Absent(ORACLE, f"the name {ORACLE!r} is the scorer's; rename the file"))
    out = {one.name for one in twins}
    return [one for one in found if one.name not in out], absent + twins
