"""The command line: what each verb prints; stdout is the result, stderr the talk."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from bench import __version__, datasets, metrics
from bench.cli import main
from bench.listing import LISTINGS
from bench.views import KINDS
from tests.textgold import text_corpus
from tests.written import written

Call = Callable[[str], Result]
Write = Callable[[str, str], Path]
VERBS = (
    "agree audit check cite compare history import install list "
    "metrics new passes plot report run score show speed stress verify"
).split()
# What costs 0.1 s or more to import, or stands for something that does
HEAVY = (
    *("numpy", "lxml", "trafilatura", "selectolax", "justext", "readability"),
    *("rapidfuzz", "w3lib", "rich", "tabulate", "psutil", "scipy", "tld", "platformdirs"),
)


LISTED = {
    "extractors": ["trafilatura  ", "nothing  ", "oracle  "],
    "corpora": [f"{name}  " for name in datasets.names()],
    "views": ["main  ", "strict  ", "full  "],
    "kinds": [f"{kind}  " for kind in KINDS],
    "metrics": [f"{name}  " for name in metrics.names()],
    "formats": ["terminal", "markdown", "latex", "csv", "json"],
}


@pytest.mark.parametrize("what", ["", *LISTINGS])
def test_list(call: Call, what: str) -> None:
    """Every listing names what there is to choose from, one a line; extractors by default."""
    result = call(f"list {what}")
    assert (result.stderr, result.exit_code) == ("", 0)
    lines = result.stdout.splitlines()
    names = LISTED[what or "extractors"]
    assert [name for name in names if not any(text.startswith(name) for text in lines)] == []


def test_check(call: Call, corpus: Path) -> None:
    """A clean corpus is said to be clean; --pin accepts a change of a page first."""
    assert call("check --corpus mini").stdout == "3 pages, gold spells every one of them\n"
    page = corpus / "corpus/wiki/third.html"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    assert call("check --corpus mini").exit_code == 2
    result = call("check --corpus mini --pin")
    assert (result.exit_code, result.stderr) == (0, "wrote mini/corpus/SHA256SUMS\n")


def test_score(call: Call, corpus: Path) -> None:
    """Scores are counted anew into the run's folder: one a page and row, the oracle's too."""
    run = written(Path("done"), corpus)
    result = call("score done --view full")
    assert (result.stdout, result.stderr) == ("12 scores in done/scores.jsonl\n", "")
    scores = run.folder / "scores.jsonl"
    counted = scores.read_text()
    scores.write_text(counted.replace('"missed": false', '"missed": true'))
    call("score done --view full")
    assert scores.read_text() == counted


def test_report(call: Call, corpus: Path) -> None:
    """The report is on stdout, and nothing else is; the newest finished run is the default."""
    for name in ("2026-01-01_mini", "2026-02-01_mini", "2026-03-01_mini"):
        written(Path("runs") / name, corpus, finished="03" not in name)
    result = call("report --by kind --format json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [row["kind"] for row in json.loads(result.stdout)["rows"]] == [
        *("title", "main-nav", "copyright-legal", "comments")
    ]
    assert call("report").stdout == call("report runs/2026-02-01_mini").stdout
    assert (Path("runs/2026-02-01_mini") / "scores.jsonl").exists()
    assert not (Path("runs/2026-01-01_mini") / "scores.jsonl").exists()


def test_metrics(call: Call, corpus: Path) -> None:
    """F1 under every usable metric, the primary first; in the notes how far rankings agree."""
    written(Path("done"), corpus)
    result = call("metrics done --format json")
    assert (result.exit_code, result.stderr) == (0, "")
    data = json.loads(result.stdout)
    names = [*data["rows"][0]][1:]
    assert names[0] == "lcs"
    assert {*names} >= {"bag", "blocks", "shingle", "rouge_lsum", "zyte", "wcxb", "wceb"}
    assert "trafilatura-snippets" not in names
    rows = {row["extractor"]: row for row in data["rows"]}
    assert {rows["oracle"][name] for name in names} == {1}
    some = call("metrics done --with lcs --with shingle(2) --workers 2").stdout.splitlines()
    assert some[2].split() == ["extractor", "lcs", "shingle(2)"]
    assert some[-3] == "fewer than three rows: no rank correlation"


@pytest.mark.usefixtures("corpus")
def test_run(call: Call) -> None:
    """A run prints its table and names its folder; done again it is finished, with equal table."""
    first, again = (call("run nothing --corpus mini --output run") for _ in range(2))
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert first.stderr == "run: run\n"
    assert again.stderr == "finished: run\nrun: run\n"
    assert first.stdout == again.stdout == call("report run").stdout
    assert first.stdout.splitlines()[-1].startswith("F1|lcs|tok:1|view:main|")


GOLDS = [("text", "lcs"), ("snippets", "trafilatura-snippets")]


@pytest.mark.parametrize(("gold", "metric"), GOLDS)
def test_run_on_weaker_gold(tmp_path: Path, call: Call, gold: str, metric: str) -> None:
    """The table of a run is under lcs wherever the gold allows it, else under what it allows."""
    snippets = {"a/b": ["Tea"]}
    text_corpus(tmp_path / "weak", {"a/b": "Tea is dry."}, present=snippets, gold=gold)
    result = call("run nothing --corpus weak --output run")
    assert (result.exit_code, result.stderr) == (0, "run: run\n")
    assert result.stdout == call(f"report run --metric {metric}").stdout
    assert f"F1|{metric}|tok:1|" in result.stdout


@pytest.mark.usefixtures("corpus")
def test_a_run_in_which_one_missed_every_page_fails(call: Call, extractor: Write) -> None:
    """The table is printed all the same; stderr says who and why, and the exit code is 1."""
    extractor("fails", '"""Fails."""\n\ndef extract(html, url):\n    raise ValueError("no")\n')
    result = call("run extractors/fails.py nothing --corpus mini")
    assert result.exit_code == 1
    assert result.stdout.startswith("Main content on mini@0, 3 pages")
    assert "error: fails: missed every page: ValueError: no\n" in result.stderr


@pytest.mark.parametrize("verb", VERBS)
def test_help(call: Call, verb: str) -> None:
    """Every verb says what it does and names all its options."""
    result = call(f"{verb} --help")
    assert result.exit_code == 0
    help_text = main.commands[verb].help
    assert help_text
    assert help_text.split(".")[0] in " ".join(result.stdout.split())
    options = [name for p in main.commands[verb].params for name in p.opts if name.startswith("--")]
    assert [name for name in options if name not in result.stdout] == []


def test_the_verbs() -> None:
    """These are all the verbs there are, so that each has its rows above."""
    assert sorted(main.commands) == VERBS


HELP = """
import sys
from bench.cli import main
for verb in ("", *sorted(main.commands)):
    try:
        main([verb, "--help"] if verb else ["--help"])
    except SystemExit as end:
        print(verb, end.code, *sys.modules, file=sys.stderr)
"""


def test_help_imports_nothing_heavy() -> None:
    """Help is quick because it loads no parser, no arrays and no extractor, whatever the verb."""
    lines = _module("-c", HELP).stderr.splitlines()
    assert [line.split(" ")[:2] for line in lines] == [[verb, "0"] for verb in ("", *VERBS)]
    for line in lines:  # the first verb that is named here has loaded it
        verb, _, *loaded = line.split(" ")
        assert "click" in loaded
        assert ({name.partition(".")[0] for name in loaded} & {*HEAVY}, verb) == (set(), verb)


def test_the_module_imports_nothing_heavy() -> None:
    """As it is called from a shell it loads no more than that."""
    done = _module("-X", "importtime", "-m", "bench", "--help")
    names = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "click" in names
    assert {name.partition(".")[0] for name in names} & {*HEAVY} == set()


def test_python_m_bench_is_boilerbench(call: Call) -> None:
    """The module and the command print the same, to the same streams, with the same code."""
    for line in ("--version", "list view"):
        done, result = _module("-m", "bench", *line.split()), call(line)
        assert (done.stdout, done.stderr) == (result.stdout, result.stderr)
        assert done.returncode == result.exit_code


def test_version(call: Call) -> None:
    """The version is the package's."""
    assert call("--version").stdout == f"boilerbench, version {__version__}\n"


def _module(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
