"""Comparing two runs, and gating one on a kept `scores.jsonl`."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from bench.corpus import open_corpus
from bench.runs import Run
from bench.scoring import score
from tests.conftest import Blocks, make_corpus
from tests.written import written

Call = Callable[[str], Result]
BODY = "one two three four"
SITES: dict[str, Blocks] = {f"site{n}/page": [("title", "T"), ("body", BODY)] for n in range(8)}
WHOLE = dict.fromkeys(SITES, BODY)
HALF = dict.fromkeys(SITES, "one two")  # F1 2/3
ONE_LOST: dict[str, str | None] = {**WHOLE, "site3/page": "one two", "site5/page": None}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a corpus of eight sites and runs over it, some of them scored."""
    here = tmp_path_factory.mktemp("here")
    corpus = make_corpus(here / "mini", SITES)
    written(here / "old", corpus, {"nothing": dict.fromkeys(SITES, ""), "x": WHOLE, "y": HALF})
    written(here / "same", corpus, {"x": WHOLE, "y": HALF, "nothing": WHOLE}, rounds=3)
    written(here / "worse", corpus, {"x": HALF, "y": HALF, "z": WHOLE})
    written(here / "better", corpus, {"y": WHOLE})
    written(here / "noise", corpus, {"x": ONE_LOST})
    written(here / "others", corpus, {"z": WHOLE})
    for name in ("old", "worse"):
        score(Run(here / name), open_corpus(corpus), view="main", metric="lcs")
    return here


@pytest.fixture
def here(folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Return a function that runs a command line in that folder."""
    monkeypatch.chdir(folder)
    return call


CHANGES: list[tuple[str, dict[str, tuple[float, float, str]]]] = [
    # two runs; F1 before and after and the verdict of each contestant that both have
    (
        "old same",
        {"x": (1, 1, "no significant change"), "y": (2 / 3, 2 / 3, "no significant change")},
    ),
    ("old worse", {"x": (1, 2 / 3, "worse"), "y": (2 / 3, 2 / 3, "no significant change")}),
    ("worse old", {"x": (2 / 3, 1, "better"), "y": (2 / 3, 2 / 3, "no significant change")}),
    ("old better", {"y": (2 / 3, 1, "better")}),
    ("old noise", {"x": (1, (6 + 2 / 3) / 8, "no significant change")}),
    ("worse --baseline old/scores.jsonl", {"x": (1, 2 / 3, "worse")}),
    ("old --baseline worse/scores.jsonl", {"x": (2 / 3, 1, "better")}),
]


@pytest.mark.parametrize(("runs", "expected"), CHANGES)
def test_changes(here: Call, runs: str, expected: Mapping[str, tuple[float, float, str]]) -> None:
    """Who is in both runs stands in the table; controls do not, whatever they did."""
    rows = _rows(here(f"compare {runs} --format json"))
    assert rows.keys() == expected.keys() | ({"y"} if "baseline" in runs else set())
    for name, (before, after, verdict) in expected.items():
        row = rows[name]
        assert (row["before"], row["after"]) == pytest.approx((before, after), abs=1e-6)
        assert row["verdict"] == verdict
        assert row["low"] <= row["difference"] <= row["high"]
        assert row["difference"] == pytest.approx(after - before, abs=2e-6)


def test_p_is_corrected(here: Call) -> None:
    """The p of eight sites that all lost is 2 / 2^8, times the number of contestants compared."""
    rows = _rows(here("compare old worse --format json"))
    assert (rows["x"]["p"], rows["y"]["p"]) == (round(2 * 2 / 2**8, 6), 1)
    assert _rows(here("compare old better --format json"))["y"]["p"] == round(2 / 2**8, 6)


def test_identical_runs(here: Call) -> None:
    """Two runs that gave the same differ in nothing, not in the last digit, nor on any page."""
    result = here("compare old same")
    assert re.findall(r"[+-]0\.\d+", result.stdout) == ["+0.000"] * 6
    assert "no page changed" in result.stdout
    assert result.exit_code == 0


def test_pages_that_changed_most(here: Call) -> None:
    """Changed pages are named with both figures, the largest change first."""
    notes = json.loads(here("compare old noise --format json").stdout)["notes"]
    assert notes == [
        "intervals rest on 8 sites (< 20): too narrow",
        "x on site5/page: 1.000 -> 0.000",
        "x on site3/page: 1.000 -> 0.667",
    ]


def test_the_gate(here: Call) -> None:
    """A significant loss to the baseline exits 1 and is named; its table is still printed."""
    result = here("compare worse --baseline old/scores.jsonl")
    assert result.exit_code == 1
    assert result.stderr == "error: x: F1 1.000 -> 0.667 (p 0.0156)\n"
    assert result.stdout.splitlines()[-1].startswith("F1 by run|lcs|")


@pytest.mark.parametrize("run", ["old", "same", "better", "noise"])
def test_the_gate_is_open(here: Call, run: str) -> None:
    """No change, a gain and a loss within chance pass."""
    result = here(f"compare {run} --baseline old/scores.jsonl")
    assert (result.stderr, result.exit_code) == ("", 0)


def _move(old: Path) -> None:
    make_corpus(old / "mini", {**SITES, "site9/page": [("body", BODY)]})


def _change(old: Path) -> None:
    make_corpus(old / "mini", SITES, html={"site1/page": f"<p>T<p>{BODY}!"})


def _relabel(old: Path) -> None:
    make_corpus(old / "mini", {**SITES, "site1/page": [("optional", "T"), ("body", BODY)]})


INCOMPARABLE: list[tuple[Callable[[Path], object], str, dict[str, str]]] = [
    # what is done to a second corpus of the same name; the keys that differ; the run's own options
    (_move, "corpus, gold, pages", {}),
    (_change, "corpus", {}),
    (_relabel, "gold", {}),
    (lambda old: make_corpus(old / "mini", SITES), "net", {"network": "open"}),
]


@pytest.mark.parametrize(("make", "keys", "options"), INCOMPARABLE)
def test_incomparable_runs(
    tmp_path: Path, here: Call, make: Callable[[Path], None], keys: str, options: dict[str, Any]
) -> None:
    """Runs over other pages, bytes or labels are refused, and the keys that differ are named."""
    (tmp_path / "second").mkdir()
    make(tmp_path / "second")
    written(tmp_path / "run", tmp_path / "second/mini", {"x": WHOLE}, **options)
    result = here(f"compare old {tmp_path / 'run'}")
    assert (result.stdout, result.exit_code) == ("", 2)
    message, one, other, hint = result.stderr.splitlines()
    assert message == f"error: the runs differ in {keys}"
    assert one != other
    assert hint == "hint: runs compare on the same pages, gold, limits and isolation"


def test_rounds_do_not_forbid(here: Call) -> None:
    """A run of three rounds compares with a run of one."""
    assert here("compare old same").exit_code == 0


def _head(**changes: str | None) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        head, _, rest = data.partition(b"\n")
        changed = {**json.loads(head), **changes}
        kept = {key: value for key, value in changed.items() if value is not None}
        return json.dumps(kept).encode() + b"\n" + rest

    return change


def _swapped(data: bytes) -> bytes:
    head, first, second, *rest = data.splitlines(keepends=True)
    return b"".join([head, second, first, *rest])


FOREIGN: list[tuple[Callable[[bytes], bytes], str]] = [
    # what is done to the baseline; what is said
    (_head(gold="0123456789"), r"another gold \(01234567, here \w{8}\)"),
    (_head(corpus="0123456789"), r"another corpus \(01234567, here \w{8}\)"),
    (_head(tokeniser="0"), r"another tokeniser \(0, here 1\)"),
    (_head(view="full"), "view is 'full', here 'main'"),
    (_head(metric="bag"), "metric is 'bag', here 'lcs'"),
    (
        lambda data: re.sub(rb'"counts": .*]', b'"counts": [4, 1, 4]', data),
        "number of counts a page is 3, here 4",
    ),
    (_head(contestants=None), "not a scores.jsonl"),
    (_head(gold=None), "not a scores.jsonl"),
    (lambda data: data[:-9], "not a scores.jsonl"),  # torn within a line,
    (lambda data: data[: data.rindex(b"\n", 0, -1)], "torn: lines are missing"),  # after one,
    (lambda data: data.partition(b"\n")[0], "torn: lines are missing"),  # and after the head
    (_swapped, "torn: lines are missing, or in another order"),
    (lambda data: data.replace(b'"counts": [', b'"counts": [1, ', 1), "not a scores.jsonl"),
    (lambda data: data.partition(b"\n")[2], "not a scores.jsonl"),
    (lambda _: b"", "not a scores.jsonl"),
    (lambda _: b"\x1f\x8b\x08\x00\xff\xfe", "not a scores.jsonl"),
    (lambda _: b"[]\n", "not a scores.jsonl"),
    (lambda _: b'{"page": "site1/page", "text": ""}\n', "not a scores.jsonl"),
]


@pytest.mark.parametrize(("change", "message"), FOREIGN)
def test_foreign_baselines(
    folder: Path, tmp_path: Path, here: Call, change: Callable[[bytes], bytes], message: str
) -> None:
    """A baseline that is torn, no scores at all, or of something else is refused by its path."""
    kept = tmp_path / "kept.jsonl"
    kept.write_bytes(change((folder / "old/scores.jsonl").read_bytes()))
    result = here(f"compare same --baseline {kept}")
    assert (result.stdout, result.exit_code) == ("", 2)
    assert re.match(f"error: {kept}: {message}", result.stderr)


MISUSE = [
    # a command line; what is said
    ("compare old", "error: name either RUN_B or --baseline FILE"),
    ("compare old same --baseline old/scores.jsonl", "error: name either RUN_B or --baseline FILE"),
    ("compare old others", "error: the runs have no contestant in common\nhint: x, y against z"),
    ("compare old no", "error: no: not a run"),
    ("compare old --baseline no.jsonl", "Usage: "),
    ("compare old same --view maine --metric lsc", "error: unknown view 'maine'"),
    ("compare old same --format mark", "error: unknown format 'mark'"),
]


@pytest.mark.parametrize(("line", "message"), MISUSE)
def test_misuse(here: Call, line: str, message: str) -> None:
    """Wrong use exits 2, with nothing on stdout."""
    result = here(line)
    assert (result.stdout, result.exit_code) == ("", 2)
    assert result.stderr.startswith(message)


def _rows(result: Result) -> dict[str, dict[str, Any]]:
    return {row["extractor"]: row for row in json.loads(result.stdout)["rows"]}
