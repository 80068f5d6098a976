"""What a contestant is, and what it needs before it can run."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

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
        """Return it with another version of its distribution; BenchError where it has none."""
        if isinstance(self.recipe, Built) or not self.distribution:
            what = "only Python files have versions" if self.distribution else "no DISTRIBUTION"
            raise BenchError(f"{self.name}@{version}: {what}")
        pinned = self.recipe if isinstance(self.recipe, Pinned) else Pinned(("",))
        requirements = (f"{self.distribution}=={version}", *pinned.requirements[1:])
        recipe = replace(pinned, requirements=requirements)
        named = replace(self, name=f"{self.name}@{version}", recipe=recipe, version=version)
        return replace(named, command=())

    def started_by(self, python: str) -> "Contestant":
        """Return the contestant of a Python file, with the command that starts its worker."""
        worker = (str(WORKERS / "worker.py"), str(self.path), self.name, self.distribution)
        return replace(self, command=(python, "-I", *worker))

    def in_core(self) -> "Contestant":
        """Return it ready to run where boilerbench runs."""
        return self.started_by(sys.executable)


@dataclass(frozen=True, slots=True)
class Absent:
    """A contestant that cannot compete: why, and the log of the step that failed, if one did."""

    name: str
    why: str
    log: str = ""


class WrongUse(Absent):
    """The caller is wrong, not the contestant: a name that nobody has, or one named twice."""
