"""Bad input beside sound extractors: its row says so, the others run, and the exit code is 1."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bench import contestants
from bench.cli import main
from bench.report import TABLES
from bench.report.formats import FORMATS
from bench.runs import Run
from tests.conftest import make_corpus
from tests.running import outcome
from tests.wheels import EXTRACT, known_to_uv, pours, stocked

CORE = f'"""Is sound."""\n\n\n{EXTRACT}"rains"\n'
SHELL = 'description = "A folder."\ncommand = ["sh", "{folder}/start.sh"]\n'
FILES = {
    "sound.py": CORE,
    "pours.py": pours("teapot==1.0"),
    "lacks.py": "x = 1\n",
    "header.py": "# /// script\n" + CORE,
    "kiln.py": pours("kiln==1.0"),
    "later.py": pours("teapot", python=">=99"),
    "a/twin.py": CORE,
    "b/twin.py": CORE,
    "dies.py": f'"""Dies."""\n\nprint("first words")\nraise OSError("no leaf")\n\n\n{EXTRACT}""\n',
    "foreign/extractor.toml": SHELL,
    "foreign/start.sh": "echo first words >&2; echo hello; cat\n",
    "unbuilt/extractor.toml": SHELL + 'build = [["sh", "-c", "echo no leaf; exit 1"]]\n',
    "needy/extractor.toml": SHELL + 'needs = ["no-kettle"]\nhint = "boil water"\n',
}
# As they are given to `run` → the name in tables, the beginning of the reason
ABSENT = {
    "lacks.py": ("lacks", "{here}/lacks.py: the first line of its docstring is its description"),
    "header.py": ("header", "{here}/header.py: its header (PEP 723) has no closing line"),
    "a/twin.py b/twin.py": ("twin", "two extractors are named 'twin': {here}/a/twin.py, {here}/b"),
    "pours.py@one": ("pours@one", "'one' is no version of 'teapot==1.0'"),
    "pours.py@9": ("pours@9", "uv pip compile failed: No solution found"),
    "kiln.py": ("kiln", "uv pip install failed: Failed to build"),
    "later.py": ("later", "needs Python >=99, which is not here; uv python install '>=99'"),
    "./unbuilt": ("unbuilt", "sh failed: no leaf"),
    "./needy": ("needy", "needs no-kettle; boil water"),
}
# Those that start, and say something else than hello, or nothing
SILENT = {
    "dies.py": ("dies", "did not start: exited with code 1; OSError: no leaf"),
    "./foreign": ("foreign", "did not start: protocol: not JSON: b'hello'; first words"),
}
NO_DOCSTRING = "the first line of its docstring is its description; none"
NO_FUNCTION = "no function extract(html: bytes, url: str) -> str"
SOUND = "nothing lxml_text sound.py pours.py pours.py@2.0"
LINE = f"run {SOUND} {' '.join([*ABSENT, *SILENT])} --corpus mini --output done"


def call(line: str) -> Result:
    """Run a command line in the folder of `here`."""
    return CliRunner().invoke(main, line.split())


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the folder with FILES, a corpus and all that is needed to run them; the current one."""
    home = tmp_path_factory.mktemp("here")
    make_corpus(home / "mini")
    for name, text in FILES.items():
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        patch.setenv("BOILERBENCH_DATA", str(home / "data"))
        known_to_uv(patch, stocked(home / "shelf"), cache=home / "uv-cache")
        yield home


@pytest.fixture(scope="module")
def run(here: Path) -> Result:
    """Give what the command LINE gave; its run is in `done`."""
    return call(LINE)


def rows(table: str) -> list[list[str]]:
    """Return the cells of a table in a terminal that are not blank."""
    lines = [re.split(r" {2,}", line.rstrip()) for line in table.splitlines()]
    first = next(n for n, line in enumerate(lines) if line[0].startswith("---")) + 1
    return lines[first : next(n for n in range(first, len(lines)) if lines[n] == [""])]


@pytest.mark.usefixtures("run")
def test_the_others_run() -> None:
    """Each sound contestant gives its text for every page; two versions of one stand together."""
    texts = {(name, text) for (_, name), (status, text) in outcome(Run(Path("done"))).items()
             if status == "ok" and name != "lxml_text"}  # fmt: skip
    poured = {("pours", "green"), ("pours@2.0", "black")}
    assert texts == {("nothing", ""), ("sound", "rains"), *poured}


def test_each_has_its_row(run: Result) -> None:
    """Extractors stand first, then text baselines, then controls, then those that are absent.

    The baseline has the best F1 of all but the oracle, and no rank.
    """
    names = [row[0] for row in rows(run.stdout)]
    assert {*names[:5]} == {"sound", "pours", "pours@2.0", "dies", "foreign"}
    assert names[5:8] == ["lxml_text", "oracle", "nothing"]
    assert sorted(names[8:]) == sorted(name for name, _ in ABSENT.values())
    assert {tuple(row[1:]) for row in rows(run.stdout)[8:]} == {("(absent)",)}


@pytest.mark.parametrize("asked", [*ABSENT, *SILENT])
def test_the_table_and_the_talk_say_why(here: Path, run: Result, asked: str) -> None:
    """A note under the table, an error on stderr, exit code 1; never a traceback."""
    name, why = {**ABSENT, **SILENT}[asked]
    what = "absent" if asked in ABSENT else "missed every page"
    said = f"{name}: {what}: {why.format(here=here)}"
    assert [line for line in run.stdout.splitlines() if line.startswith(said)] != []
    error = f"error: {said.replace('absent: ', '')}"
    assert [line for line in run.stderr.splitlines() if line.startswith(error)] != []
    assert (run.exit_code, "Traceback" in run.output) == (1, False)


# Who failed in a step → a word of its log
LOGS = {"pours@9": "teapot==9", "kiln": "the kiln is cold", "unbuilt": "no leaf"}


@pytest.mark.parametrize("name", LOGS)
def test_the_log_of_a_failing_step_is_kept_and_named(run: Result, name: str) -> None:
    """The file that stderr names holds what the step said."""
    (line,) = [line for line in run.stderr.splitlines() if line.startswith(f"error: {name}: ")]
    found = re.fullmatch(r".* \(log: (.+)\)", line)
    assert found
    assert LOGS[name] in Path(found[1]).read_text()


@pytest.mark.parametrize("name", ["dies", "foreign"])
def test_the_log_of_a_failing_start_is_kept_and_named(run: Result, name: str) -> None:
    """The command that stderr names prints what the worker said, which is kept once."""
    (line,) = [line for line in run.stderr.splitlines() if line.startswith(f"error: {name}: ")]
    command = line.partition("(log: boilerbench ")[2].removesuffix(")")
    assert command == f"show done board/first {name}"
    assert "first words\n" in call(command).stderr.partition("\n")[2] + "\n"
    errors = [one.error for one in Run(Path("done")).extractions() if one.extractor == name]
    assert [error.count("\n") > 0 for error in errors] == [True, False, False]


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_the_absent(form: str) -> None:
    """Each by its name, with the reason; machines get a row of its own with no figures."""
    text = call(f"report done --format {form}").stdout
    for name, why in ABSENT.values():
        assert name in text
        assert max(re.findall("[A-Za-z ]+", why), key=len) in text
    if form == "json":
        absent = {row["extractor"]: row for row in json.loads(text)["rows"] if row["absent"]}
        assert {*absent} == {name for name, _ in ABSENT.values()}
        kiln = absent["kiln"]
        assert kiln["absent"].startswith("uv pip install failed")
        assert (kiln["f1"], kiln["misses"], kiln["median_ms"], kiln["version"]) == (*[None] * 3, "")
        assert len({frozenset(row) for row in json.loads(text)["rows"]}) == 1


@pytest.mark.usefixtures("run")
def test_all_reasons_of_one_are_one_row_and_one_note(run: Result) -> None:
    """What is wrong with a file is told together."""
    (note,) = [line for line in run.stdout.splitlines() if line.startswith("lacks: absent: ")]
    assert f"{NO_DOCSTRING}; " in note
    assert note.endswith(NO_FUNCTION)


def test_the_same_command_goes_on(here: Path, run: Result) -> None:
    """It is the same run, with the same end, though a reason may be told in other words."""
    copied, line = shutil.copytree(here / "done", here / "copied"), LINE.replace("done", "copied")
    again = call(line)
    assert "finished: copied\n" in again.stderr
    assert (again.stdout, again.exit_code) == (run.stdout, 1)
    (copied / "run.json").unlink()
    plan = (copied / "plan.json").read_text()
    (copied / "plan.json").write_text(plan.replace("uv pip install failed", "no luck"))
    resumed = call(line)
    assert "resuming: copied\n" in resumed.stderr
    assert ("kiln: absent: no luck" in resumed.stdout, resumed.exit_code) == (True, 1)


def test_another_who_is_absent_is_another_run(here: Path, run: Result) -> None:
    """A row that is there now, or gone, is no part of the earlier plan."""
    shutil.copytree(here / "done", here / "other")
    result = call(LINE.replace("done", "other").replace("./needy ", ""))
    assert "error: other: holds a run with another plan (differs in: absent)\n" in result.stderr
    assert result.exit_code == 2


# Every verb that reads a run
READERS = [
    *("score done", "cite done", "verify done", "compare done done", "metrics done --with lcs"),
    *(f"report done --by {by}" for by in TABLES if by),
    *("show done board/first pours", "show done board/first pours@2.0"),
]


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("line", READERS)
def test_every_verb_reads_a_run_with_absent_contestants(line: str) -> None:
    """They have no figures, and nothing falls over them."""
    result = call(line)
    assert (result.stderr, result.exit_code) == ("", 0)


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("form", FORMATS)
def test_a_table_with_absent_contestants_follows_from_its_run(here: Path, form: str) -> None:
    """Its rows can be traced to the run, those of the absent too."""
    table = here / f"table.{form}"
    table.write_text(call(f"report done --format {form}").stdout)
    assert call(f"verify done --table {table}").exit_code == 0
    table.write_text(table.read_text().replace("kiln", "oven"))
    assert call(f"verify done --table {table}").exit_code == 1


@pytest.mark.usefixtures("run")
def test_what_is_shown_of_the_absent_is_the_reason() -> None:
    """It is known by name, though it has no texts."""
    result = call("show done board/first needy")
    assert result.stderr == "error: needy: absent: needs no-kettle; boil water\n"
    assert (result.stdout, result.exit_code) == ("", 1)


@pytest.mark.usefixtures("here")
def test_where_nobody_is_left_nothing_is_run() -> None:
    """Every reason is told; there is no table and no folder of a run."""
    result = call("run lacks.py ./needy kiln.py --corpus mini --output none")
    errors = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    assert [line.split(":")[1] for line in errors] == [*(" lacks", " lacks"), " needy", " kiln"]
    assert errors[3].endswith("/data/.environments/logs/kiln.log)")
    assert result.stderr.endswith("hint: see: boilerbench list extractors\n")
    assert (result.stdout, result.exit_code, Path("none").exists()) == ("", 1, False)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("names", ["trafilatura", "nothing pours.py"])
def test_all_leaves_nothing_to_choose(names: str) -> None:
    """`--all` beside a name is a mistake, and nothing is run."""
    result = call(f"run --all {names} --corpus mini")
    named = names.replace(" ", ", ")
    assert result.stderr == f"error: --all leaves nothing to choose, yet {named} is named\n"
    assert (result.stdout, result.exit_code) == ("", 2)


def test_the_oracle_cannot_be_asked_for(here: Path) -> None:
    """It stands in the listing and in every table, but it is no extractor."""
    result = call("run oracle --corpus mini")
    assert "error: 'oracle' is no extractor: the scorer makes it" in result.stderr
    assert result.exit_code == 2


@pytest.mark.usefixtures("run")
def test_the_listing_shows_all_that_there_is(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Name, category, runtime, version, installed or why not, description; the broken ones too."""
    monkeypatch.setattr(contestants, "EXTRACTORS", here)
    head, dashes, *lines = call("list extractors").stdout.splitlines()
    starts = [found.start() for found in re.finditer("-+", dashes)]
    table = [
        [line[a:b].strip() for a, b in zip(starts, [*starts[1:], None], strict=True)]
        for line in lines
    ]
    assert head.split() == ["name", "category", "runtime", "version", "installed", "description"]
    shell, python = ["extractor", "sh", ""], ["extractor", "python"]
    later = "no: needs Python >=99, which is not here; uv python install '>=99'"
    broken = f"{here}/header.py: its header (PEP 723) has no closing line `# ///`"
    lacks = f"{here}/lacks.py: "
    assert table == [
        ["dies", *python, "", "yes", "Dies."],
        ["foreign", *shell, "yes", "A folder."],
        ["header", "", "", "", "no", broken],
        ["kiln", *python, "1.0", "no", "Pours tea."],
        ["lacks", "", "", "", "no", f"{lacks}{NO_DOCSTRING}; {lacks}{NO_FUNCTION}"],
        ["later", *python, "", later, "Pours tea."],
        ["needy", *shell, "no: needs no-kettle; boil water", "A folder."],
        ["pours", *python, "1.0", "yes", "Pours tea."],
        ["sound", *python, "", "yes", "Is sound."],
        ["unbuilt", *shell, "no", "A folder."],
        ["oracle", "control", "", "", "yes", "Control: gold, made by the scorer"],
    ]
