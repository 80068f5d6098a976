"""Misuse of each verb: every problem on stderr, what, where and what now; stdout stays empty."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.conftest import make_corpus
from tests.written import written

Call = Callable[[str], Result]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with corpora, runs and extractor files, good and bad; no test changes it."""
    here = tmp_path_factory.mktemp("here")
    mini = make_corpus(here / "mini")
    written(here / "done", mini)
    written(here / "unfinished", mini, finished=False)
    make_corpus(here / "other", {"x/y": [("body", "z")]})
    make_corpus(here / "labels", {"x/y": [("nav", "z"), ("body", " ")], "x/z": [("title", "z")]})
    changed = make_corpus(here / "changed")
    (changed / "corpus/wiki/third.html").write_text("<p>new")
    (changed / "gold/board/first.jsonl").unlink()
    (here / "empty").mkdir()
    (here / "no_function.py").write_text("x = 1\n")
    (here / "no_python.py").write_text("def (\n")
    return here


@pytest.fixture
def here(folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Return a function that runs a command line in that folder."""
    monkeypatch.chdir(folder)
    return call


UNFINISHED = "unfinished: the run is unfinished (no run.json)"
GO_ON = "hint: repeat the command that made it; it goes on where it stopped"
OTHER = r"error: done: made from mini@0#\w{8}, but other holds other@0#\w{8}"
ANEW = "hint: name the corpus it was made from with --corpus DIR, or run anew"
EXTRACTORS = "hint: see: boilerbench list extractors"
NO_CORPUS = r"error: no corpus 'no': neither a folder nor imported \(none is\)"
IMPORT = r"hint: boilerbench import no \(see: boilerbench list corpora\)$"
NO_PAGES = "no pages .*; a corpus is a folder with corpus/ and gold/"
NO_PINS = "missing; make it with: boilerbench check --pin --corpus"
BY = r"error: unknown --by 'kin'; did you mean 'kind'\? \(valid: family, kind, kind\+page_type, l"
FORMAT = r"error: unknown format 'mark'; did you mean 'markdown'\? \(valid: csv, json, latex, mark"
VIEW = r"error: unknown view 'x' \(valid: full, main, strict\)"
METRIC = r"error: unknown metric 'y' \(valid: bag, blocks, char_lcs, lcs, "
MISUSE = [
    # a command line; the exit code; what each line on stderr begins with, as a pattern
    ("nonsense", 2, ["Usage:", "Try", "", "Error: No such command 'nonsense'"]),
    ("list kind", 2, [r"error: unknown listing 'kind'; did you mean 'kinds'\? \(valid: corpora"]),
    (
        "check --corpus empty",
        2,
        [f"error: empty/corpus: {NO_PAGES}", f"error: .*: {NO_PINS} empty"],
    ),
    ("check --corpus no", 2, [NO_CORPUS, IMPORT]),
    ("check --pin --corpus no", 2, [NO_CORPUS, IMPORT]),
    (
        "check --pin --corpus empty",
        2,
        ["error: empty/corpus: no such folder; a corpus is a folder"],
    ),
    (
        "check --corpus labels",
        1,
        [
            "error: labels/gold/x/y.jsonl:2: unknown kind 'nav'; see: boilerbench list kinds",
            "error: labels/gold/x/y.jsonl:3: the text of a 'body' block is empty",
            "error: labels/gold/x/z.jsonl: no body block, but page_type is 'article'",
        ],
    ),
    (
        "check --corpus changed",
        2,
        [
            "error: changed/corpus/board/first.html: no gold; expected changed/gold/board/first.j",
            "error: changed/corpus/wiki/third.html: bytes differ from the pin in changed/corpus/SH",
            "hint: after a wanted change: boilerbench check --pin --corpus changed",
        ],
    ),
    (
        "run justex lxml_txt --corpus mini",
        2,
        [
            "error: unknown extractor 'justex'; did you mean 'justext'",
            "error: unknown extractor 'lxml_txt'; did you mean 'lxml_text'",
            EXTRACTORS,
        ],
    ),
    (
        "run no_function.py no_python.py no_file.py --corpus mini",
        2,
        [
            "error: .*/no_function.py: the first line of its docstring is its description; none",
            r"error: .*/no_function.py: no function extract\(html: bytes, url: str\) -> str",
            "error: .*/no_python.py: does not parse as Python",
            "error: no_file.py: no such file",
            EXTRACTORS,
        ],
    ),
    (
        "run nothing nothing --corpus mini",
        2,
        ["error: two extractors are named 'nothing'", EXTRACTORS],
    ),
    ("run nothing --corpus mini --workers 0", 2, ["Usage:", "Try", "", "Error: .*'--workers': 0"]),
    (
        "run nothing --corpus mini --output done",
        2,
        [
            r"error: done: holds a run with another plan \(differs in: contestants\)",
            "hint: name another folder with --output DIR, or repeat the command of that run",
        ],
    ),
    (
        "run nothing --corpus mini --output done --fresh",
        2,
        ["error: done: holds a run already", "hint: name another folder with --output DIR"],
    ),
    (
        "run nothing --corpus mini --output /proc/x",
        2,
        [
            "error: /proc/x: cannot be",
            "hint: make it writable and repeat .* or name another folder",
        ],
    ),
    ("score", 2, ["error: no finished run in runs/", "hint: make one with: boilerbench run"]),
    ("score unfinished", 1, [f"error: {re.escape(UNFINISHED)}", GO_ON]),
    ("score done --view maine", 2, [r"error: unknown view 'maine'; did you mean 'main'\? \(valid"]),
    ("score done --metric lsc", 2, ["error: unknown metric 'lsc'; did you mean 'lcs'"]),
    ("score done --corpus other", 2, [OTHER, ANEW]),
    ("report", 2, ["error: no finished run in runs/", "hint: make one with: boilerbench run"]),
    ("report unfinished", 1, [f"error: {re.escape(UNFINISHED)}", GO_ON]),
    ("report done --corpus other", 2, [OTHER, ANEW]),
    ("report done --by kin --format mark --view x --metric y", 2, [BY, FORMAT, VIEW, METRIC]),
    ("metrics done --with y --format mark --view x", 2, [FORMAT, VIEW, METRIC]),
    ("metrics unfinished", 1, [f"error: {re.escape(UNFINISHED)}", GO_ON]),
    ("compare done", 2, ["error: name either RUN_B or --baseline FILE"]),
    ("compare done done --view x --metric y --format mark", 2, [FORMAT, VIEW, METRIC]),
    ("cite done --view x --metric y", 2, [VIEW, METRIC]),
    ("verify done --view x --metric y", 2, [VIEW, METRIC]),
    ("import kyte --from no", 2, ["error: unknown dataset 'kyte'; did you mean 'zyte'"]),
    (
        "import zyte --from no",
        2,
        ["error: no: no such file or folder", "hint: fetch it from https://"],
    ),
]


@pytest.mark.parametrize(("line", "code", "messages"), MISUSE, ids=[line for line, *_ in MISUSE])
def test_misuse(here: Call, line: str, code: int, messages: list[str]) -> None:
    """All problems on stderr: what, where, what now; nothing on stdout; 2 wrong use, 1 failure."""
    result = here(line)
    for pattern, text in zip(messages, result.stderr.splitlines(), strict=True):
        assert re.match(pattern, text)
    assert (result.stdout, result.exit_code) == ("", code)


@pytest.mark.parametrize("verb", ["score", "report"])
@pytest.mark.parametrize("name", ["empty", "no"])
def test_a_folder_that_is_no_run(here: Call, verb: str, name: str) -> None:
    """A folder without a plan is no unfinished run, but no run at all."""
    result = here(f"{verb} {name}")
    assert result.stderr.startswith(f"error: {name}: not a run")
    assert result.exit_code == 2


# A refused `score`, and what stderr says
REFUSED = [
    ("{run} --view x --metric y", [VIEW, METRIC]),
    ("{run} --metric trafilatura-snippets", ["error: metric 'trafilatura-snippets' needs", "hint"]),
    ("--predictions {file} --view x --metric y --output {new}", [VIEW, METRIC]),
]


@pytest.mark.parametrize(("words", "messages"), REFUSED)
def test_a_refused_score_changes_nothing(
    tmp_path: Path, corpus: Path, here: Call, words: str, messages: list[str]
) -> None:
    """It names every wrong word, keeps the scores that there are, and makes no run."""
    run, file = written(tmp_path / "run", corpus), tmp_path / "made.jsonl"
    file.write_text('{"page": "wiki/third", "text": "A wiki"}\n')
    assert here(f"score {run.folder}").exit_code == 0
    before = (run.folder / "scores.jsonl").read_bytes()
    new = tmp_path / "new"
    result = here(f"score {words.format(run=run.folder, file=file, new=new)} --corpus {corpus}")
    for pattern, text in zip(messages, result.stderr.splitlines(), strict=True):
        assert re.match(pattern, text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert (run.folder / "scores.jsonl").read_bytes() == before
    assert not new.exists()


def test_run_tells_of_corpus_and_names_together(here: Call) -> None:
    """A wrong corpus does not hide a wrong name."""
    result = here("run justex --corpus empty")
    assert "unknown extractor 'justex'" in result.stderr
    assert "empty/corpus: no pages" in result.stderr


@pytest.mark.parametrize("seconds", ["nan", "inf"])
def test_a_limit_is_a_number(tmp_path: Path, here: Call, seconds: str) -> None:
    """A limit that is never reached is no limit, and JSON has no such number."""
    line = f"run nothing --corpus mini --limit-s {seconds} --output {tmp_path / 'run'}"
    assert here(line).exit_code == 2
