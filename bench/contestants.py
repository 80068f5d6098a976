"""Contestants: finds extractors and the command that starts each; imports none of them."""

import ast
import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bench.corpus import HOME
from bench.errors import BenchError, unknown

Category = Literal["extractor", "baseline", "control"]
CATEGORIES: tuple[Category, ...] = ("extractor", "baseline", "control")
# Made by the scorer from gold, so it has no file and no speed
ORACLE = "oracle"
EXTRACTORS = HOME / "extractors"
WORKER = Path(__file__).resolve().parent / "worker" / "worker.py"


@dataclass(frozen=True, slots=True)
class Contestant:
    """One extractor: `description` is the first line of its docstring, `digest` of its bytes."""

    name: str
    path: Path
    description: str
    category: Category
    distribution: str
    digest: str

    @property
    def command(self) -> list[str]:
        """The command of its worker, which speaks protocol 1."""
        return [sys.executable, "-I", str(WORKER), str(self.path), self.name, self.distribution]


def names() -> list[str]:
    """Return the names of the extractors that boilerbench carries, sorted."""
    return sorted(path.stem for path in EXTRACTORS.glob("*.py"))


def find(wanted: list[str]) -> list[Contestant]:
    """Return contestants by name or by the path of a file, in the order given.

    Raises BenchError with every name that is unknown, used twice or not a valid file.
    """
    problems: list[str] = []
    found = [contestant for name in wanted if (contestant := _find(name, problems))]
    taken = [contestant.name for contestant in found]
    problems += [f"two extractors are named {name!r}" for name in sorted(set(taken)) if
                 taken.count(name) > 1]  # fmt: skip
    if ORACLE in taken:
        problems.append(f"the name {ORACLE!r} is the scorer's; rename the file")
    if problems:
        raise BenchError(problems, hint="see: boilerbench list extractors")
    return found


def _find(name: str, problems: list[str]) -> Contestant | None:
    path = Path(name) if name.endswith(".py") else EXTRACTORS / f"{name}.py"
    if not path.is_file():
        is_path = name.endswith(".py")
        problems.append(f"{name}: no such file" if is_path else unknown("extractor", name, names()))
        return None
    try:
        return read(path.resolve())
    except BenchError as error:
        problems.extend(error.problems)
        return None


def read(path: Path) -> Contestant:
    """Return the contestant in a file, read from its syntax tree and never run.

    Raises BenchError where the file does not parse, lacks its docstring, lacks
    `extract(html, url)` or has an unknown CATEGORY.
    """
    source = path.read_bytes()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise BenchError(f"{path}: does not parse as Python ({error})") from error
    constants = _constants(tree)
    category = constants.get("CATEGORY", "extractor")
    doc = ast.get_docstring(tree)
    problems = [] if doc else [f"{path}: the first line of its docstring is its description; none"]
    if not any(isinstance(node, ast.FunctionDef) and node.name == "extract" for node in tree.body):
        problems.append(f"{path}: no function extract(html: bytes, url: str) -> str")
    if category not in CATEGORIES:
        problems.append(f"{path}: {unknown('CATEGORY', category, CATEGORIES)}")
    if problems:
        raise BenchError(problems)
    return Contestant(
        name=path.stem,
        path=path,
        description=(doc or "").splitlines()[0],
        category=next(known for known in CATEGORIES if known == category),
        distribution=constants.get("DISTRIBUTION", ""),
        digest=hashlib.sha256(source).hexdigest(),
    )


def _constants(tree: ast.Module) -> dict[str, str]:
    """Return the module's string constants in capitals, annotated ones too."""
    found: dict[str, str] = {}
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Name) and target.id.isupper():
                value = node.value.value if isinstance(node.value, ast.Constant) else None
                if isinstance(value, str):
                    found[target.id] = value
    return found
