"""Extractors in Python: one file each, read from its syntax tree and its header, never run."""

import ast
import hashlib
import importlib.metadata
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from bench.contestants.contestant import CATEGORIES, CORE, Contestant, Core, Pinned
from bench.errors import BenchError, unknown

# The block of PEP 723, "Inline script metadata": comment lines between two marks
_OPENING = r"(?m)^# /// script$"
_BLOCK = re.compile(_OPENING + r"\n((?:^#(?:| .*)$\n)*?)^# ///$")


def read(path: Path, name: str) -> Contestant:
    """Return the contestant in a file, under a name.

    Raises BenchError where the file does not parse, lacks its docstring, lacks
    `extract(html, url)`, or has an unknown CATEGORY or a header that cannot be.
    """
    try:
        source = path.read_bytes()
        tree = ast.parse(source)
    except OSError as error:
        raise BenchError(f"{path}: cannot be read ({error.strerror})") from error
    except (SyntaxError, ValueError) as error:
        raise BenchError(f"{path}: does not parse as Python ({error})") from error
    constants, doc = _constants(tree), ast.get_docstring(tree)
    problems = [f"{path}: {problem}" for problem in _problems(tree, doc, constants)]
    recipe, wrong = _recipe(source.decode("utf-8-sig", "replace").replace("\r\n", "\n"))
    problems += [f"{path}: its header (PEP 723) {problem}" for problem in wrong]
    if problems:
        raise BenchError(problems)
    distribution, version = _measured(recipe, constants)
    contestant = Contestant(
        name=name,
        path=path,
        description=(doc or "").splitlines()[0],
        category=next(one for one in CATEGORIES if one == constants.get("CATEGORY", "extractor")),
        distribution=distribution,
        digest=hashlib.sha256(source).hexdigest(),
        same_author=tuple(constants.get("SAME_AUTHOR", "").replace(",", " ").split()),
        recipe=recipe,
        version=version,
    )
    return contestant.in_core() if recipe == CORE else contestant


def _problems(tree: ast.Module, doc: str | None, constants: Mapping[str, str]) -> Iterator[str]:
    if not doc:
        yield "the first line of its docstring is its description; none"
    if not any(isinstance(node, ast.FunctionDef) and node.name == "extract" for node in tree.body):
        yield "no function extract(html: bytes, url: str) -> str"
    category = constants.get("CATEGORY", "extractor")
    if category not in CATEGORIES:
        yield unknown("CATEGORY", category, CATEGORIES)


def _recipe(source: str) -> tuple[Core | Pinned, list[str]]:
    """Return what a source asks for, and all that is wrong with its header."""
    blocks, openings = _BLOCK.findall(source), re.findall(_OPENING, source)
    if not openings:
        return CORE, []
    if len(openings) > 1:
        return CORE, [f"stands there {len(openings)} times; one is read"]
    if not blocks:
        return CORE, ["has no closing line `# ///`"]
    try:
        header = tomllib.loads("".join(line[2:] + "\n" for line in blocks[0].splitlines()))
    except ValueError as error:
        return CORE, [f"does not parse as TOML: {error}"]
    if problems := [*_header_problems(header)]:
        return CORE, problems
    requirements = tuple(str(Requirement(one)) for one in header["dependencies"])
    return Pinned(requirements, header.get("requires-python", "")), []


def _header_problems(header: Mapping[str, Any]) -> Iterator[str]:
    dependencies, requires = header.get("dependencies"), header.get("requires-python", "")
    if not dependencies or not isinstance(dependencies, list):
        yield "needs dependencies: a list, whose first is the measured distribution"
        dependencies = []
    for one in dependencies:
        try:
            Requirement(one)
        except (InvalidRequirement, TypeError) as error:
            why, *_ = str(error).splitlines()
            yield f"has a dependency {one!r} that is none: {why}"
    try:
        SpecifierSet(requires if isinstance(requires, str) else "not a string")
    except InvalidSpecifier:
        yield f"has a requires-python {requires!r} that is none; it is written like '>=3.11'"


def _measured(recipe: Core | Pinned, constants: Mapping[str, str]) -> tuple[str, str]:
    """Return the distribution whose version is measured, and the version that is expected."""
    if isinstance(recipe, Pinned):
        first = Requirement(recipe.requirements[0])
        return first.name, str(first.specifier).lstrip("=")
    distribution, version = constants.get("DISTRIBUTION", ""), ""
    with suppress(importlib.metadata.PackageNotFoundError, ValueError):
        version = importlib.metadata.version(distribution)
    return distribution, version


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
