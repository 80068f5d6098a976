"""What a contestant is, and what it needs before it can run."""

import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet

from bench.errors import BenchError

Category = Literal["extractor", "baseline", "control"]
CATEGORIES: tuple[Category, ...] = ("extractor", "baseline", "control")
# Made by the scorer from gold, so it has no file and no speed
ORACLE = "oracle"
WORKERS = Path(__file__).resolve().parents[1] / "worker"


@dataclass(frozen=True, slots=True)
class Core:
    """It runs in boilerbench's own environment."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """It runs in an environment of its own: requirements (PEP 508), the distribution's first."""

    requirements: tuple[str, ...]
    requires_python: str = ""


@dataclass(frozen=True, slots=True)
class Built:
    """It is a folder whose commands build it once and start it.

    `needs` are programs, or files by absolute path, that must be there; `hint` says how to get
    them. In `start`, `{folder}` is the built copy and `{worker}` boilerbench's worker for Node.
    """

    needs: tuple[str, ...]
    hint: str
    build: tuple[tuple[str, ...], ...]
    start: tuple[str, ...]


CORE = Core()


@dataclass(frozen=True, slots=True)
class Contestant:
    """One extractor: `description` is the first line of its docstring, `digest` of its bytes.

    `same_author` names public datasets that its author made or tuned it on. `command` starts its
    worker, which speaks protocol 1, and `environment` is a digest of what it runs in; both are
    empty until `environments.prepare` has made what its recipe asks for.
    """

    name: str
    path: Path
    description: str
    category: Category
    distribution: str
    digest: str
    same_author: tuple[str, ...] = ()
    recipe: Core | Pinned | Built = CORE
    version: str = ""
    command: tuple[str, ...] = ()
    environment: str = ""

    @property
    def runtime(self) -> str:
        """What runs it: "python", or the program that its folder starts, such as "node"."""
        return Path(self.recipe.start[0]).name if isinstance(self.recipe, Built) else "python"

    def at(self, version: str) -> "Contestant":
        """Return it with another version of its distribution; BenchError where it has none.

        Further requirements may follow, with commas, such as `3.1.20,lxml<6`.
        """
        if isinstance(self.recipe, Built) or not self.distribution:
            built = isinstance(self.recipe, Built)
            what = "only Python files have" if built else "it names no DISTRIBUTION"
            raise BenchError(f"{self.name} has no versions to choose from: {what}")
        pinned = self.recipe if isinstance(self.recipe, Pinned) else Pinned((self.distribution,))
        first, *further = version.split(",")
        others = _merged(pinned.requirements[1:], further)
        recipe = replace(pinned, requirements=(_pin(pinned.requirements[0], first), *others))
        named = replace(self, name=f"{self.name}@{version}", recipe=recipe, version=first)
        return replace(named, command=())

    def started_by(self, python: str) -> "Contestant":
        """Return the contestant of a Python file, with the command that starts its worker."""
        worker = (str(WORKERS / "worker.py"), str(self.path), self.name, self.distribution)
        return replace(self, command=(python, "-I", *worker))

    def in_core(self) -> "Contestant":
        """Return it ready to run where boilerbench runs."""
        return self.started_by(sys.executable)


def _pin(requirement: str, version: str) -> str:
    """Return a requirement at one version; its extras and its marker stay."""
    try:
        pinned = Requirement(requirement)
        pinned.specifier, pinned.url = SpecifierSet(str(Specifier(f"=={version}"))), None
    except (InvalidRequirement, InvalidSpecifier) as error:
        raise BenchError(f"{version!r} is no version of {requirement!r} (PEP 440)") from error
    return str(pinned)


def _merged(requirements: Iterable[str], further: Iterable[str]) -> list[str]:
    """Return requirements, each further one in the place of what it names."""
    found = {Requirement(one).name: one for one in requirements}
    for one in further:
        try:
            found[Requirement(one).name] = one
        except InvalidRequirement as error:
            raise BenchError(f"{one!r} is no requirement (PEP 508), such as 'lxml<6'") from error
    return [*found.values()]


@dataclass(frozen=True, slots=True)
class Absent:
    """Why a contestant cannot compete, and the log of the step that failed, if one did.

    Several of one name are several reasons.
    """

    name: str
    why: str
    log: str = ""


class WrongUse(Absent):
    """The caller is wrong, not the contestant: a name that nobody has, or one named twice."""


def reasons(absent: Iterable[Absent]) -> dict[str, str]:
    """Return all that stands against each absent contestant, by name."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in absent:
        found[one.name].append(one.why)
    return {name: "; ".join(why) for name, why in found.items()}
