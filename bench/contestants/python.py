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
_BLOCK = re.compile(r"(?m)^# /// script$\n((?:^#(?:| .*)$\n)+?)^# ///$")


def read(path: Path, name: str) -> Contestant:
    """Return the contestant in a file, under a name.

    Raises BenchError where the file does not parse, lacks its docstring, lacks
    `extract(html, url)`, or has an unknown CATEGORY or a header that cannot be.
    """
    source = path.read_bytes()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise BenchError(f"{path}: does not parse as Python ({error})") from error
    constants, doc = _constants(tree), ast.get_docstring(tree)
    problems = [f"{path}: {problem}" for problem in _problems(tree, doc, constants)]
    recipe = _recipe(source.decode("utf-8", "replace"), path, problems)
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


def _recipe(source: str, path: Path, problems: list[str]) -> Core | Pinned:
    blocks = _BLOCK.findall(source)
    if not blocks:
        if re.search(r"(?m)^# /// script", source):
            problems.append(f"{path}: its header (PEP 723) has no closing line `# ///`")
        return CORE
    if len(blocks) > 1:
        problems.append(f"{path}: more than one header (PEP 723)")
    text = "".join(line[2:] + "\n" for line in blocks[0].splitlines())
    try:
        return _pinned(tomllib.loads(text))
    except (ValueError, TypeError, InvalidRequirement, InvalidSpecifier) as error:
        problems.append(f"{path}: its header (PEP 723) does not parse: {error}")
        return CORE


def _pinned(header: Mapping[str, Any]) -> Pinned:
    dependencies, requires = header.get("dependencies", []), header.get("requires-python", "")
    if not dependencies or not isinstance(dependencies, list):
        raise ValueError("dependencies: a list, whose first is the measured distribution")
    SpecifierSet(requires)
    return Pinned(tuple(str(Requirement(one)) for one in dependencies), requires)


def _measured(recipe: Core | Pinned, constants: Mapping[str, str]) -> tuple[str, str]:
    """Return the distribution whose version is measured, and the version that is expected."""
    if isinstance(recipe, Pinned):
        first = Requirement(recipe.requirements[0])
        return first.name, ", ".join(one.version for one in first.specifier)
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
