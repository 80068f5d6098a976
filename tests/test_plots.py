"""Plots: what stands in them, and that the same run gives the same bytes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result
from matplotlib.lines import Line2D

from bench import plots, verbs
from bench.errors import BenchError
from bench.report.layout import Subject
from tests.written import TEXTS, written

Call = Callable[[str], Result]
FIELD = {
    "nothing": TEXTS["nothing"],
    "everything": {
        "board/first": "Home News Tea Green tea is dry.",
        "board/second": "Rain It rains. Bring a hat!",
        "wiki/third": "A wiki grows slowly. © 2026 nobody",
    },
    "good": TEXTS["good"],
    "bad": TEXTS["bad"],
    "lxml_text": dict.fromkeys(TEXTS["good"], "A wiki grows slowly."),
}
COSTS = {("good", 1): 8.0, ("good", 2): 4.0, ("bad", 1): 16.0, ("bad", 2): 16.0}
KEYS = ("input", "extractor", "result")
CELLS = [
    ("deep", "good", "kept"),
    ("deep", "bad", "timeout"),
    ("nul", "good", "lost"),
    ("nul", "bad", "wrong"),
]


@pytest.fixture
def look(corpus: Path, tmp_path: Path) -> Subject:
    """Return a run of three contestants and two controls, in two rounds."""
    run = written(tmp_path / "done", corpus, FIELD, rounds=2, cpu_ms=COSTS)
    return verbs.subject(run.folder, None, "main", "lcs")


def test_front_plot(look: Subject) -> None:
    """F1 stands against x lxml on a log axis; the front's steps go through who is on it."""
    with plots.drawn("front", look, 17.4) as figure:
        axes = figure.axes[0]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "linear")
    assert {text.get_text() for text in axes.texts} == {"good", "bad", "lxml_text"}
    step, *marks = axes.lines
    assert _points(step) == [[1, pytest.approx(1 / 3)], [pytest.approx(6), 1]]
    hollow = [[x for x, _ in _points(m)] for m in marks if m.get_markerfacecolor() == "white"]
    assert hollow == [pytest.approx([6, 16]), [1]]
    legend = axes.get_legend()
    assert legend
    assert [text.get_text() for text in legend.get_texts()] == [
        *("Pareto front", "extractor", "baseline", "everything (control)")
    ]


def test_pr_plot(look: Subject) -> None:
    """Every contestant and `everything` has a point; a line of equal F1 has that F1 everywhere."""
    with plots.drawn("pr", look, 17.4) as figure:
        axes = figure.axes[0]
    lines = {line.get_label(): _points(line) for line in axes.lines}
    counts = [len(lines[name]) for name in ("extractor", "baseline", "control")]
    assert counts == [2, 1, 1]
    assert lines["control"][0][0] == 1
    texts = {text.get_text() for text in axes.texts}
    assert texts >= {"good", "bad", "lxml_text", "everything", "F 0.2", "F 0.8"}
    dashed = [np.array(_points(line)) for line in axes.lines if line.get_linestyle() == "--"]
    for level, points in zip((0.2, 0.4, 0.6, 0.8), dashed, strict=True):
        recall, precision = points.T
        assert 2 * precision * recall / (precision + recall) == pytest.approx(level)
        assert points.max(axis=0) == pytest.approx(1)


def test_size_plot(look: Subject) -> None:
    """A panel a contestant, log-log, cheapest first: a point a page that it gave, and a line."""
    with plots.drawn("size", look, 17.4) as figure:
        panels = figure.axes
    titles = [axes.get_title("left").split("\n")[0] for axes in panels]
    assert titles == ["lxml_text", "good", "bad"]
    assert {(axes.get_xscale(), axes.get_yscale()) for axes in panels} == {("log", "log")}
    assert [len(_points(axes.lines[0])) for axes in panels] == [3, 3, 2]
    assert [y for _, y in _points(panels[1].lines[0])] == [4, 4, 4]  # the least of both rounds
    assert [y for _, y in _points(panels[1].lines[1])] == pytest.approx([4, 4])
    assert panels[1].get_title("left").endswith("0.00 [0.00, 0.00]")


def test_memory_plot(look: Subject) -> None:
    """A line a worker, over its pages in the order they were taken, each style another."""
    with plots.drawn("memory", look, 17.4) as figure:
        panels = figure.axes
    assert [axes.get_title("left").split("\n")[0] for axes in panels] == [
        "bad",
        "good",
        "lxml_text",
    ]
    for axes in panels:
        assert [_points(line) for line in axes.lines] == [[[1, 2], [2, 2], [3, 2]]] * 2
        assert len({line.get_linestyle() for line in axes.lines}) == 2
        assert axes.get_yscale() == "log"


@pytest.mark.parametrize("name", plots.NAMES)
@pytest.mark.parametrize("width_cm", [8.4, 17.4])
def test_every_plot_has_its_size_and_the_signature(
    look: Subject, name: str, width_cm: float
) -> None:
    """The page is as wide as asked for, and the run's signature stands at its foot, in full."""
    with plots.drawn(name, look, width_cm) as figure:
        assert figure.get_figwidth() == pytest.approx(width_cm / 2.54)
        foot = figure.texts[0]
        width = foot.get_window_extent().width
    assert foot.get_text().replace("\n", "").endswith(look.signature("").lstrip("|"))
    assert width <= figure.get_figwidth() * 72


@pytest.mark.parametrize(
    "form",
    [
        form if form == "svg" else pytest.param(form, marks=pytest.mark.slow)
        for form in plots.FORMATS
    ],
)
def test_the_same_run_gives_the_same_bytes(look: Subject, tmp_path: Path, form: str) -> None:
    """No date, no random id: drawn twice, every file is the same."""
    for folder in ("one", "two"):
        paths, problems = plots.write(look, ("front", "memory"), tmp_path / folder, form, 8.4)
        assert problems == []
        assert [path.name for path in paths] == [f"front.{form}", f"memory.{form}"]
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_names_are_no_formulas(corpus: Path, tmp_path: Path) -> None:
    """A dollar in a name stands as it is in every plot."""
    odd = {**FIELD, r"a$\b$": FIELD["good"]}
    look = verbs.subject(written(tmp_path / "done", corpus, odd).folder, None, "main", "lcs")
    with plots.drawn("pr", look, 8.4) as figure:
        figure.draw_without_rendering()
        assert r"a$\b$" in {text.get_text() for text in figure.axes[0].texts}


def test_plot(call: Call, look: Subject) -> None:
    """The verb prints the paths of all plots, SVG in the run's folder by default."""
    result = call("plot done")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [f"done/plots/{name}.svg" for name in plots.NAMES]
    one = call("plot done --with pr --with pr --format pdf --to here --width-cm 8.4")
    assert one.stdout == "here/pr.pdf\n"
    assert Path("here/pr.pdf").read_bytes().startswith(b"%PDF")


def test_what_cannot_be_drawn_is_said_and_the_rest_is_drawn(call: Call, corpus: Path) -> None:
    """Without `lxml_text` there is no front; the others are there, and the exit code is 1."""
    written(Path("done"), corpus)
    result = call("plot done")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [f"done/plots/{n}.svg" for n in ("pr", "size", "memory")]
    assert result.stderr == "error: front: no x lxml: the run has no lxml_text row with a speed\n"


def test_controls_alone_are_no_contestants(call: Call, corpus: Path) -> None:
    """A run of controls only has nothing to draw, and every plot says so."""
    written(Path("done"), corpus, {"nothing": TEXTS["nothing"]})
    result = call("plot done")
    assert (result.exit_code, result.stdout) == (1, "")
    why = "the run has no contestant beside the controls"
    assert result.stderr.splitlines() == [f"error: {name}: {why}" for name in plots.NAMES]


def test_wrong_names_are_said_together(call: Call) -> None:
    """An unknown plot and an unknown format are two problems of one call."""
    result = call("plot --with fron --format gif")
    assert result.exit_code == 2
    assert "unknown plot 'fron'; did you mean 'front'?" in result.stderr
    assert "unknown format 'gif'" in result.stderr


def test_without_matplotlib(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says how to install what is missing."""
    monkeypatch.setattr(plots, "find_spec", lambda name: None)
    result = call("plot")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "error: plots need matplotlib, which is not installed",
        "hint: install it with: pip install 'boilerbench[plots]'",
    ]


def test_a_folder_that_cannot_be_made(look: Subject, tmp_path: Path) -> None:
    """A file in the way is named, for each plot."""
    (tmp_path / "file").write_text("")
    written_, problems = plots.write(look, ("pr",), tmp_path / "file", "svg", 8.4)
    assert written_ == []
    assert problems == [f"pr: {tmp_path}/file/pr.svg: cannot be written (File exists); see --to"]


def test_stress_plot(tmp_path: Path) -> None:
    """Inputs stand down, extractors across, a letter in each cell but those that kept the text."""
    with plots.drawn("stress", _matrix(tmp_path / "m.json"), 8.4) as figure:
        axes = figure.axes[0]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["good", "bad"]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["deep", "nul"]
    cells = {text.get_position(): text.get_text() for text in axes.texts}
    assert cells == {(0.5, 0.5): "", (1.5, 0.5): "t", (0.5, 1.5): "l", (1.5, 1.5): "w"}
    assert figure.texts[0].get_text() == "stress|-|seed:1"


NO_MATRIX: list[tuple[str, Any]] = [
    ("no rows", {"rows": [], "signature": ""}),
    ("'result'", {"rows": [{"input": "a", "extractor": "b"}], "signature": ""}),
    ("no rows", {"rows": [{"input": "a", "extractor": "b", "result": "odd"}], "signature": ""}),
    (
        "cells are missing",
        {"rows": [dict(zip(KEYS, cell, strict=True)) for cell in CELLS[:3]], "signature": ""},
    ),
    ("TypeError", []),
    ("RecursionError", "[" * 100_000),
]


@pytest.mark.parametrize(("said", "data"), NO_MATRIX)
def test_no_stress_matrix(tmp_path: Path, said: str, data: object) -> None:
    """Any other file is refused by name, with the command that makes one."""
    (tmp_path / "m.json").write_text(data if isinstance(data, str) else json.dumps(data))
    with pytest.raises(BenchError, match="no stress matrix") as caught:
        plots.write_stress(tmp_path / "m.json", tmp_path, "svg", 8.4)
    assert caught.value.problems[0].startswith(f"{tmp_path}/m.json: ")
    assert said in str(caught.value)
    assert "boilerbench stress" in caught.value.hint


def test_plot_stress(call: Call) -> None:
    """The verb draws a matrix beside its file, and refuses a run with it."""
    _matrix(Path("m.json"))
    assert call("plot --stress m.json").stdout == "plots/stress.svg\n"
    both = call("plot --stress m.json --with pr")
    assert both.exit_code == 2
    assert "--stress draws a matrix of its own" in both.stderr


def _points(line: Line2D) -> list[list[float]]:
    return [[float(x), float(y)] for x, y in np.asarray(line.get_xydata())]


def _matrix(path: Path) -> Path:
    rows = [dict(zip(KEYS, cell, strict=True)) for cell in CELLS]
    path.write_text(json.dumps({"rows": rows, "signature": "stress|-|seed:1"}))
    return path
