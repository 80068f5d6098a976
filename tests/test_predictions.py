"""Predictions made elsewhere: read in three shapes, checked, stored as a run like any other."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from bench.corpus import open_corpus
from bench.errors import BenchError
from bench.predictions import Predictions, read
from bench.runs import Run
from tests.conftest import PAGES

Call = Callable[[str], Result]
TEXTS = {"board/first": "Green tea is dry.", "board/second": "", "wiki/third": "A wiki\ngrows"}
BODIES = {page: {"articleBody": text} for page, text in TEXTS.items()}
LINES = [json.dumps({"page": page, "text": text}) for page, text in TEXTS.items()]
SHAPES: list[tuple[str, dict[str, str], str]] = [
    # what the file holds; texts by page; version
    (json.dumps(BODIES), TEXTS, ""),
    (json.dumps(BODIES, indent=2), TEXTS, ""),
    (json.dumps({"version": "2.0.0", "output": BODIES}), TEXTS, "2.0.0"),
    (json.dumps({"output": BODIES, "version": None}), TEXTS, ""),
    ("\n".join(LINES), TEXTS, ""),
    ("\r\n".join(["", *LINES, "", ""]), TEXTS, ""),
    (LINES[0], {"board/first": "Green tea is dry."}, ""),
    ("\ufeff" + LINES[0], {"board/first": "Green tea is dry."}, ""),
    ('{"wiki/third": {"articleBody": null, "url": "x"}}', {"wiki/third": ""}, ""),
    ('{"wiki/third": {"url": "x"}}', {"wiki/third": ""}, ""),
    ('{"page": "wiki/third", "text": "half \\ud83d", "n": 3}', {"wiki/third": "half \ufffd"}, ""),
    ('{"page": "wiki/third", "text": "whole \\ud83d\\ude00"}', {"wiki/third": "whole 😀"}, ""),
]


@pytest.mark.parametrize(("content", "texts", "version"), SHAPES)
def test_shapes(
    tmp_path: Path, corpus: Path, content: str, texts: dict[str, str], version: str
) -> None:
    """Both shapes of the article extraction benchmark and JSON lines give texts by page."""
    found = _read(tmp_path, corpus, content)
    assert (found.name, found.version, found.texts) == ("x", version, texts)


PROBLEMS: list[tuple[str, list[str]]] = [
    # what the file holds; what is said of it, each a pattern
    ('{"a/b": {}, "wiki/4": {}}', ["unknown page 'a/b'", "unknown page 'wiki/4'"]),
    ('{"wiki/third": {}, "wiki/third": {}}', ["page 'wiki/third' is given 2 times"]),
    ("\n".join(LINES + LINES[:1]), ["page 'board/first' is given 2 times"]),
    (
        '{"wiki/third": {"articleBody": 7}}',
        ["page 'wiki/third': the text is int, not a string"],
    ),
    ('{"wiki/third": {"articleBody": 0}}', ["page 'wiki/third': the text is int"]),
    ('{"wiki/third": {"articleBody": []}}', ["page 'wiki/third': the text is list"]),
    ('{"page": "wiki/third", "text": null}', ["page 'wiki/third': the text is NoneType"]),
    (
        '{"page": 5, "text": ["Tea"]}\n' + LINES[0] + "\n" + LINES[0],
        [
            "unknown page '5'",
            "page 'board/first' is given 2 times",
            "page '5': the text is list, not a string",
        ],
    ),
    ("{}", ["holds no prediction at all"]),
    ("", ["holds no prediction at all"]),
]


@pytest.mark.parametrize(("content", "problems"), PROBLEMS)
def test_problems(tmp_path: Path, corpus: Path, content: str, problems: list[str]) -> None:
    """Every page that is unknown, given twice or not a string is named, all at once."""
    with pytest.raises(BenchError) as refused:
        _read(tmp_path, corpus, content)
    assert refused.value.exit_code == 2
    for found, problem in zip(refused.value.problems, problems, strict=True):
        assert found.startswith(f"{tmp_path / 'x.json'}: {problem}")


UNREADABLE: list[tuple[str | bytes, str]] = [
    # what the file holds; why it cannot be read
    ("{", "Expecting property name"),
    ("Tea is dry.", "Expecting value"),
    (b"\xff\xfe\xfa\x00\x81", "codec can't decode"),
    ("[]", "list, not an object"),
    ("null", "NoneType, not an object"),
    ('"page text"', "str, not an object"),
    ("[1]\n[2]", "line 1: no object with page and text"),
    (LINES[0] + '\n{"page": "wiki/third"}', "line 2: no object with page and text"),
    (LINES[0] + "\n" + LINES[1][:-5], "Unterminated|Expecting|Invalid"),
    ('{"wiki/third": "Tea"}', "page 'wiki/third': no object with articleBody"),
    ('{"wiki/third": null}', "page 'wiki/third': no object with articleBody"),
    ('{"version": "1", "output": []}', "page 'version': no object with articleBody"),
]


@pytest.mark.parametrize(("content", "reason"), UNREADABLE)
def test_unreadable(tmp_path: Path, corpus: Path, content: str | bytes, reason: str) -> None:
    """A file in none of the shapes is refused with the reason, and the shapes are told."""
    with pytest.raises(BenchError) as refused:
        _read(tmp_path, corpus, content)
    (problem,) = refused.value.problems
    assert problem.startswith(f"{tmp_path / 'x.json'}: no predictions (")
    assert re.search(reason, problem)
    assert '{page: {"articleBody": text}}' in refused.value.hint


def test_the_table(tmp_path: Path, corpus: Path, call: Call) -> None:
    """Predictions have the same table as a run; a page without one is a miss; no speed at all."""
    _write(tmp_path / "mine.jsonl", "\n".join(LINES[1:]))
    result = call(f"score --predictions mine.jsonl --corpus {corpus} --output out")
    assert result.exit_code == 0
    assert result.stderr == "run: out; 1 predictions missing\n"
    (row,) = [line.split() for line in result.stdout.splitlines() if line.startswith("mine ")]
    assert row[1:3] == ["0.286", "[0.000,"]  # (0 + 0 + 6/7) / 3
    assert row[-7:] == ["1", *"------"]
    assert "external: texts made elsewhere, so no speed" in result.stdout
    signature = result.stdout.splitlines()[-1]
    assert "|rounds:0|limit:external|net:external|" in signature


def test_the_run(tmp_path: Path, corpus: Path, call: Call) -> None:
    """What is stored says that it is external, from which bytes, and which pages are missing."""
    wrapped = json.dumps({"version": "2.0.0", "output": {"wiki/third": {"articleBody": "Tea"}}})
    _write(tmp_path / "out.json", wrapped)
    assert (
        call(f"score --predictions out.json --name it --corpus {corpus} --output r").exit_code == 0
    )
    run = Run(tmp_path / "r")
    assert run.provenance["external"] is True
    assert run.provenance["contestants"] == {"it": {"version": "2.0.0"}}
    assert (run.plan["environment"], run.plan["rounds"], run.timings()) == ("external", 0, [])
    assert [(e.page, e.status, e.error) for e in run.extractions()] == [
        ("board/first", "error", "no prediction for this page"),
        ("board/second", "error", "no prediction for this page"),
        ("wiki/third", "ok", ""),
    ]


def test_an_empty_prediction_is_no_miss(tmp_path: Path, corpus: Path, call: Call) -> None:
    """Silence is an answer: it scores 0 like a miss, but is not counted as one."""
    _write(tmp_path / "x.json", json.dumps({page: {"articleBody": ""} for page in PAGES}))
    line = f"score --predictions x.json --corpus {corpus} --output r"
    assert call(line).stderr == "run: r; 0 predictions missing\n"
    assert _rows(call, "report r --format json")["x"]["misses"] == 0


def test_several_systems(tmp_path: Path, corpus: Path, call: Call) -> None:
    """Several files make one table, under the names given, in the order of their figures."""
    _write(tmp_path / "a.json", json.dumps(BODIES))
    _write(tmp_path / "b.jsonl", LINES[0])
    line = "score --predictions a.json --name one --predictions b.jsonl --name two --output r"
    assert call(f"{line} --corpus {corpus}").exit_code == 0
    assert [*_rows(call, "report r --format json")] == ["one", "two", "oracle"]
    assert call("verify r").exit_code == 0


MISUSE = [
    # options; what is said
    ("--predictions x.json --predictions x.json", ["two systems are named 'x'"]),
    (
        "--predictions x.json --name a --predictions x.json --name a",
        ["two systems are named 'a'"],
    ),
    ("--predictions x.json --name a --name b", ["as many --name as --predictions are needed"]),
    ("--predictions x.json --name oracle", ["the name 'oracle' is the scorer's"]),
    ("--predictions x.json --output done", ["done: holds a run already"]),
    ("--predictions x.json --metric lsc --view maine", ["unknown view", "unknown metric"]),
]


@pytest.mark.parametrize(("options", "messages"), MISUSE)
def test_misuse(
    tmp_path: Path, corpus: Path, call: Call, options: str, messages: list[str]
) -> None:
    """Wrong use is told on stderr, and no run is made."""
    _write(tmp_path / "x.json", json.dumps(BODIES))
    _write(tmp_path / "done/plan.json", "{}")
    result = call(f"score {options} --corpus {corpus}")
    assert (result.stdout, result.exit_code) == ("", 2)
    errors = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    for error, message in zip(errors, messages, strict=True):
        assert error.startswith(f"error: {message}")
    assert [path.name for path in tmp_path.glob("**/run.json")] == []


def _read(folder: Path, corpus: Path, content: str | bytes) -> Predictions:
    return read(_write(folder / "x.json", content), "x", open_corpus(corpus))


def _rows(call: Call, line: str) -> dict[str, dict[str, Any]]:
    return {row["extractor"]: row for row in json.loads(call(line).stdout)["rows"]}


def _write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
