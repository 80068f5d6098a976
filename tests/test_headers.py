"""What a contestant asks for: the header of a Python file (PEP 723), the manifest of a folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bench import contestants
from bench.contestants import CORE, Built, Core, Pinned
from bench.errors import BenchError

Writer = Callable[[str, str], Path]
BODY = '"""Pours tea."""\n\n\ndef extract(html, url):\n    return ""\n'
HEADER = '# /// script\n# dependencies = ["teapot==1.0"]\n# ///\n'
ONE = Pinned(("teapot==1.0",))


def with_header(*lines: str) -> str:
    """Return a source whose header has these lines between its marks."""
    return "".join(["# /// script\n", *(f"# {line}\n" for line in lines), "# ///\n", BODY])


# A source → what it asks for
READ: dict[str, tuple[str, Core | Pinned]] = {
    "none": (BODY, CORE),
    "first": (HEADER + BODY, ONE),
    "after the docstring": (BODY.replace("\n\n", f"\n\n{HEADER}\n"), ONE),
    "last, no newline": (BODY + HEADER.rstrip("\n"), ONE),
    "behind a shebang": (f"#!/usr/bin/env python3\n# A comment.\n{HEADER}{BODY}", ONE),
    "Windows line ends": ((HEADER + BODY).replace("\n", "\r\n"), ONE),
    "byte order mark": ("\ufeff" + HEADER + BODY, ONE),
    "empty comment lines": (HEADER.replace("# dep", "#\n# dep") + BODY, ONE),
    "comment in it": (with_header("# a comment", 'dependencies = ["teapot==1.0"] # too'), ONE),
    "other tools' keys": (with_header('dependencies=["teapot==1.0"]', "[tool.x]", "y = 1"), ONE),
    "other tools' blocks": ("# /// else\n# x\n# ///\n\n" + HEADER + BODY, ONE),
    "several packages": (
        with_header("dependencies = [", '  "teapot[lid] >= 1, < 2",', '  "tray",', "]"),
        Pinned(("teapot[lid]<2,>=1", "tray")),
    ),
    "a Python": (
        with_header('requires-python = ">=3.11,<4"', 'dependencies = ["teapot==1.0"]'),
        Pinned(("teapot==1.0",), ">=3.11,<4"),
    ),
    "only like one": ("# /// scripts\n# ///\n# //// script\n" + BODY, CORE),
    "in one line of the docstring": (BODY.replace("tea", "tea: # /// script"), CORE),
}


@pytest.mark.parametrize("name", READ)
def test_a_header_says_what_a_file_needs(extractor: Writer, name: str) -> None:
    """Wherever it stands, and however its lines end; a file without one needs the core only."""
    source, recipe = READ[name]
    assert contestants.read(extractor("pours", source)).recipe == recipe


# The first dependency → name of the distribution, the version that the listing can tell
FIRST = [
    ("teapot==1.0", "teapot", "1.0"),
    ("tea_pot===1.0", "tea_pot", "1.0"),
    ("teapot >=1, <2", "teapot", "<2,>=1"),
    ("teapot", "teapot", ""),
]


@pytest.mark.parametrize(("requirement", "name", "version"), FIRST)
def test_the_first_dependency_is_what_is_measured(
    extractor: Writer, requirement: str, name: str, version: str
) -> None:
    """Its name is the distribution, whatever the file says elsewhere."""
    source = with_header(f'dependencies = ["{requirement}", "tray==3"]')
    found = contestants.read(extractor("pours", source + 'DISTRIBUTION = "tray"\n'))
    assert (found.distribution, found.version) == (name, version)


LIST = "needs dependencies: a list, whose first is the measured distribution"
PYTHON = "has a requires-python {} that is none; it is written like '>=3.11'"
# A source → all that is wrong with its header, in order
BAD = {
    "no closing line": ("# /// script\n# dependencies = []\n\n" + BODY, ["has no closing line"]),
    "nothing but an opening": ("# /// script\n" + BODY, ["has no closing line `# ///`"]),
    "two": (HEADER + BODY + HEADER, ["stands there 2 times; one is read"]),
    "two, one unclosed": (HEADER + BODY + "# /// script\n", ["stands there 2 times"]),
    "no TOML": (with_header("dependencies: [teapot]"), ["does not parse as TOML: Expected '='"]),
    "empty": ("# /// script\n# ///\n" + BODY, [LIST]),
    "no dependencies": (with_header('requires-python = ">=3"'), [LIST]),
    "empty list": (with_header("dependencies = []"), [LIST]),
    "no list": (with_header('dependencies = "teapot"'), [LIST]),
    "no requirement": (
        with_header('dependencies = ["tea pot", 7, "teapot==", "teapot"]'),
        [
            "has a dependency 'tea pot' that is none: Expected",
            "has a dependency 7 that is none: expected string",
            "has a dependency 'teapot==' that is none: Expected",
        ],
    ),
    "no such Python": (
        with_header('dependencies = ["teapot"]', 'requires-python = "three"'),
        [PYTHON.format("'three'")],
    ),
    "Pythons in a list": (
        with_header('dependencies = ["teapot"]', 'requires-python = [">=3"]'),
        [PYTHON.format("['>=3']")],
    ),
    "all at once": (
        with_header("dependencies = [1]", "requires-python = 3"),
        ["has a dependency 1 that is none", PYTHON.format("3")],
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_header_is_refused_with_all_that_is_wrong(extractor: Writer, name: str) -> None:
    """Each problem is one line with the file; never is such a file run in another environment."""
    source, words = BAD[name]
    path = extractor("pours", source)
    with pytest.raises(BenchError) as error:
        contestants.read(path)
    for problem, word in zip(error.value.problems, words, strict=True):
        assert problem.startswith(f"{path}: its header (PEP 723) {word}")
        assert "\n" not in problem


def test_a_bad_header_hides_no_other_problem(extractor: Writer) -> None:
    """What the file lacks beside it is told in the same breath."""
    with pytest.raises(BenchError) as error:
        contestants.read(extractor("pours", with_header().replace("extract", "extrakt")))
    assert [problem.partition(".py: ")[2][:11] for problem in error.value.problems] == [
        *("no function", "its header "),
    ]


# A version that is wanted of a file, its source → why there is none
NO_VERSIONS = [
    ("", HEADER + BODY, "'' is no version of 'teapot==1.0' (PEP 440)"),
    ("one", HEADER + BODY, "'one' is no version of"),
    ("1 2", HEADER + BODY, "'1 2' is no version of"),
    ("1,>0", HEADER + BODY, "'>0' is no requirement "),
    ("1.0", BODY, "pours has no versions to choose from: it names no DISTRIBUTION"),
    ("1.0", BODY + 'DISTRIBUTION = "tea pot"\n', "'1.0' is no version of 'tea pot'"),
]


@pytest.mark.parametrize(("version", "source", "why"), NO_VERSIONS)
def test_what_is_no_version_is_refused(
    extractor: Writer, version: str, source: str, why: str
) -> None:
    """The row of `name@version` says so; the rows of other versions compete."""
    path = extractor("pours", source)
    ready, (absent,) = contestants.look_up([str(path), f"{path}@{version}"])
    assert [one.name for one in ready] == ["pours"]
    assert (absent.name, absent.why[: len(why)]) == (f"pours@{version}", why)


def test_an_at_sign_may_stand_in_a_path(tmp_path: Path) -> None:
    """What exists as it is written is that file, in whatever version it asks for."""
    for place in (tmp_path / "tea@home" / "pours.py", tmp_path / "pours@2.py"):
        place.parent.mkdir(exist_ok=True)
        place.write_text(HEADER + BODY)
    wanted = [f"{tmp_path}/tea@home/pours.py", f"{tmp_path}/pours@2.py"]
    found = contestants.find([*wanted, f"{wanted[0]}@3"])
    assert [(one.name, one.version) for one in found] == [
        *(("pours", "1.0"), ("pours@2", "1.0"), ("pours@3", "3")),
    ]


def manifest(tmp_path: Path, text: str | bytes) -> Path:
    """Write the manifest of a folder and return the folder."""
    folder = tmp_path / "my.extractor"
    folder.mkdir()
    (folder / "extractor.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


FULL = """
description = "Pours tea."
category = "baseline"
distribution = "teapot"
needs = ["node", "/leaf.jar"]
hint = "boil water"
same_author = "zyte, wcxb"
build = [["npm", "ci"], ["make"]]
command = ["node", "{folder}/x.mjs"]
"""


@pytest.mark.parametrize("text", [FULL, FULL.replace("\n", "\r\n")])
def test_a_manifest_says_all_that_a_file_says_and_how_to_build_it(
    tmp_path: Path, text: str
) -> None:
    """A folder competes under its whole name; a path to it ends with or without a slash."""
    folder = manifest(tmp_path, text)
    found, again = contestants.read(folder), contestants.find([f"{folder}/"])[0]
    assert (found, found.name, found.description) == (again, "my.extractor", "Pours tea.")
    assert (found.category, found.distribution) == ("baseline", "teapot")
    assert found.same_author == ("zyte", "wcxb")
    build, start = (("npm", "ci"), ("make",)), ("node", "{folder}/x.mjs")
    assert found.recipe == Built(("node", "/leaf.jar"), "boil water", build, start)


def test_a_manifest_needs_two_keys(tmp_path: Path) -> None:
    """Without a build a folder is only copied."""
    found = contestants.read(manifest(tmp_path, 'description = "x"\ncommand = ["cat"]\n'))
    assert (found.category, found.distribution, found.same_author) == ("extractor", "", ())
    assert found.recipe == Built((), "", (), ("cat",))


TWO = 'description = "x"\ncommand = ["y"]\n'
EVERY_KEY = """
description = 1
category = 2
distribution = 3
needs = 4
hint = 5
same_author = 6
build = 7
command = [8]
nedes = 9
"" = 10
"""
NO_BUILD = "build is no list of commands, each a list of strings"
# A manifest → all that is wrong with it, in order
WRONG: dict[str, tuple[str | bytes, list[str]]] = {
    "empty": ("", ["description is missing", "command is missing"]),
    "no TOML": ("description: x", ["does not parse as TOML (Expected '='"]),
    "no UTF-8": (b'description = "\xff"', ["does not parse as TOML ("]),
    "unknown key": (TWO + "comand = 1", ["unknown key 'comand'; did you mean 'command'? (valid"]),
    "category": (TWO + 'category = "basline"', ["unknown category 'basline'; did you mean 'basel"]),
    "command is a line": (
        'description = "x"\ncommand = "node x"',
        ["command is no list of strings"],
    ),
    "flat build": (TWO + 'build = ["make"]', [NO_BUILD]),
    "empty step": (TWO + "build = [[]]", [NO_BUILD]),
    "build is a line": (TWO + 'build = "make"', [NO_BUILD]),
    "every key": (
        EVERY_KEY,
        [
            *("unknown key 'nedes'; did you mean 'needs'?", "unknown key ''"),
            *("description is no string", "category is no string", "distribution is no string"),
            *("hint is no string", "same_author is no string", "needs is no list of strings"),
            *("command is no list of strings", NO_BUILD, "unknown category '2'"),
        ],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_bad_manifest_is_refused_with_all_that_is_wrong(tmp_path: Path, name: str) -> None:
    """Each problem names the file; all of them come together."""
    text, words = WRONG[name]
    folder = manifest(tmp_path, text)
    with pytest.raises(BenchError) as error:
        contestants.read(folder)
    for problem, word in zip(error.value.problems, words, strict=True):
        assert problem.startswith(f"{folder}/extractor.toml: {word}")


def test_a_folder_has_no_versions(tmp_path: Path) -> None:
    """Its build decides which version of a library is in it."""
    folder = manifest(tmp_path, FULL)
    _, (absent,) = contestants.look_up([f"{folder}@1.0"])
    assert absent.why.endswith("has no versions to choose from: only Python files have")
