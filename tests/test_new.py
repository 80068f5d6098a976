"""`boilerbench new`: what it writes works at once; what is wrong is said before it writes."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hatchling.builders.wheel import WheelBuilder

from bench import contestants, scaffold
from bench.cli import main
from bench.contestants import CORE, Built
from bench.runs import Run
from tests.conftest import make_corpus
from tests.nodes import NEEDS_NODE

Call = Callable[[str], Result]
ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ["python", "command", pytest.param("node", marks=NEEDS_NODE)]
# Language → the contestant's path, its files, the file with `extract`, what to put into it
WRITTEN = {
    "python": ("tea.py", ["tea.py"], "tea.py", "print('noise'); raise ValueError(url)"),
    "node": (
        "tea",
        ["tea/extract.mjs", "tea/extractor.toml", "tea/package.json"],
        "tea/extract.mjs",
        "console.log('noise'); throw new RangeError(url);",
    ),
    "command": (
        "tea",
        ["tea/extract.py", "tea/extractor.toml"],
        "tea/extract.py",
        "print('noise'); raise ValueError(url)",
    ),
}

# A paragraph of 16 letters, one of 4 and one of 3, between what is no paragraph
BLOCKS = [("body", "Green tea is dry"), ("main-nav", "Milk"), ("main-nav", "Hat")]
HTML = """<!doctype html><head><title>A title is no paragraph</title></head>
<body><script>let no = "paragraph"</script><P>Green <b>tea</b> is dry</P>
<!-- <p>no paragraph either</p> --><ul><li>Milk<li>Hat</ul>"""


def test_these_are_the_languages(call: Call) -> None:
    """Each folder of templates is a language, and the help names them all."""
    assert scaffold.languages() == sorted(WRITTEN)
    text = call("new extractor --help").stdout
    assert [language for language in WRITTEN if language not in text] == []


@pytest.mark.parametrize("language", WRITTEN)
def test_stdout_names_what_was_written(call: Call, tmp_path: Path, language: str) -> None:
    """One path a line, and there is nothing else; each file has the name and not the mark."""
    target, files, *_ = WRITTEN[language]
    result = call(f"new extractor tea --lang {language} --to some/where")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [f"some/where/{file}" for file in files]
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(str(path.relative_to(tmp_path)) for path in written) == result.stdout.split()
    assert not any(scaffold.MARK in path.read_text() for path in written)
    assert f"run ./some/where/{target} " in result.stderr


@pytest.mark.parametrize("language", WRITTEN)
def test_a_template_is_a_contestant(call: Call, language: str) -> None:
    """It is read as an extractor of its name, which asks for nothing that is not there yet."""
    target, *_ = WRITTEN[language]
    call(f"new extractor tea --lang {language}")
    found = contestants.read(Path(target))
    assert (found.name, found.category, found.distribution) == ("tea", "extractor", "")
    assert found.description.startswith("tea: ")
    assert found.recipe == CORE or (isinstance(found.recipe, Built) and not found.recipe.build)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_works_as_it_is(call: Call, tmp_path: Path, language: str) -> None:
    """In every language: the paragraphs that are at least a quarter as long as the longest one."""
    make_corpus(tmp_path / "one", {"a/b": BLOCKS}, html={"a/b": HTML})
    target, *_ = WRITTEN[language]
    call(f"new extractor tea --lang {language}")
    result = call(f"run ./{target} --corpus one --output run")
    assert result.exit_code == 0, result.stderr
    (only,) = Run(Path("run")).extractions()
    assert (only.status, only.text) == ("ok", "Green tea is dry\nMilk")


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_template_raises_is_a_miss_and_what_it_prints_is_log(
    call: Call, language: str
) -> None:
    """An exception costs its page and no more; a print on standard output costs nothing."""
    target, _, file, statement = WRITTEN[language]
    call(f"new extractor tea --lang {language}")
    source = Path(file).read_text()
    head = re.search(r"^(?:def|export function) extract\(.*\n", source, re.MULTILINE)
    assert head
    Path(file).write_text(source.replace(head[0], f"{head[0]}    {statement}\n"))
    call(f"run ./{target} --corpus mini --output run")
    kind = "RangeError" if language == "node" else "ValueError"
    assert [(one.status, one.error) for one in Run(Path("run")).extractions()] == [
        ("error", f"{kind}: http://board.example/first"),
        ("error", f"{kind}: http://board.example/second"),
        ("error", f"{kind}: http://wiki.example/third"),
    ]


@pytest.mark.parametrize("folder", [".", "a b", "{tmp}/it's"])
def test_the_next_commands_name_the_contestant(call: Call, tmp_path: Path, folder: str) -> None:
    """What stderr says to do next can be pasted into a shell, wherever the contestant is."""
    place = folder.format(tmp=tmp_path)
    words = ["new", "extractor", "tea", "--lang", "command", "--to", place]
    title, *commands = CliRunner().invoke(main, words).stderr.splitlines()
    assert title == "next:"
    check, run = (shlex.split(line) for line in commands)
    assert check[:3] == ["boilerbench", "check", "--extractor"]
    assert run == ["boilerbench", "run", check[3], "lxml_text", "nothing"]
    (found,) = contestants.find([check[3]])
    assert found.path == (Path(place) / "tea").resolve()


LETTERS = "must be a letter a-z, then a-z, 0-9 and _; such as 'my_extractor'"
LANGUAGE = r"unknown --lang '{}' \(valid: command, node, python\)"
EXISTS = "exists, and nothing is overwritten; remove it, or name a --to DIR"
MISUSE = [
    # the words behind `new extractor`; what each problem is, as a pattern
    ("Tea", [f"NAME 'Tea': {LETTERS}"]),
    ("my-tea", [f"NAME 'my-tea': {LETTERS}"]),
    ("2tea", [f"NAME '2tea': {LETTERS}"]),
    ("tea.py", [f"NAME 'tea.py': {LETTERS}"]),
    ("../tea", [f"NAME '../tea': {LETTERS}"]),
    ("thé", [f"NAME 'thé': {LETTERS}"]),
    ("oracle", ["NAME 'oracle': is the scorer's; choose another"]),
    ("nothing", [r"NAME 'nothing': is taken \(see: boilerbench list extractors\); choose another"]),
    ("tea --lang ruby", [LANGUAGE.format("ruby")]),
    (
        "Tea --lang pythn",
        [f"NAME 'Tea': {LETTERS}", "unknown --lang 'pythn'; did you mean 'python'"],
    ),
    ("taken", [f"taken.py: {EXISTS}"]),
    ("taken --lang node", [f"taken: {EXISTS}"]),
    ("taken --lang command --to .", [f"taken: {EXISTS}"]),
    ("justext --to there", ["NAME 'justext': is taken", f"there/justext.py: {EXISTS}"]),
    ("tea --to taken.py/below", [r"taken.py/below: cannot be written \(Not a directory\)"]),
    ("dangling", [f"dangling.py: {EXISTS}"]),
    ("there/../taken", [f"NAME 'there/../taken': {LETTERS}"]),
    ("t" * 300, [r"t{300}.py: cannot be written \(File name too long\)"]),
]


@pytest.mark.parametrize(("words", "problems"), MISUSE, ids=[words for words, _ in MISUSE])
def test_misuse(call: Call, tmp_path: Path, words: str, problems: list[str]) -> None:
    """Every problem is said, with exit code 2, and nothing at all is written."""
    for place in ("taken.py", "taken/keep", "there/justext.py"):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text("mine")
    (tmp_path / "dangling.py").symlink_to("gone")
    before = {path: path.is_file() and path.read_text() for path in tmp_path.rglob("*")}
    result = call(f"new extractor {words}")
    assert (result.exit_code, result.stdout) == (2, "")
    said = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    assert len(said) == len(problems)
    for line, problem in zip(said, problems, strict=True):
        assert re.match(f"error: {problem}", line), line
    assert {path: path.is_file() and path.read_text() for path in tmp_path.rglob("*")} == before


def test_a_name_that_a_package_brings_is_taken(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entry points count as names that there are."""
    info = tmp_path / "site" / "teapot-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "entry_points.txt").write_text("[boilerbench.extractors]\nteapot = teapot.mine\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert "NAME 'teapot': is taken" in call("new extractor teapot").stderr


def test_the_program_that_speaks_for_itself_is_short() -> None:
    """All of protocol 1 is in less than 60 lines, so that it can be translated in one sitting."""
    (program,) = (scaffold.TEMPLATES / "command").rglob("*.py.txt")
    assert len(program.read_text().splitlines()) < 60


def test_the_template_for_node_has_a_valid_package() -> None:
    """package.json is JSON, a module, and installs nothing."""
    (package,) = scaffold.TEMPLATES.rglob("package.json")
    fields = json.loads(package.read_text())
    assert (fields["type"], fields["dependencies"]) == ("module", {})


def test_the_wheel_carries_the_templates() -> None:
    """Whoever installs boilerbench from a wheel can write the same contestants."""
    carried = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    templates = [path for path in scaffold.TEMPLATES.rglob("*") if path.is_file()]
    assert {str(path.relative_to(ROOT)) for path in templates} <= carried
