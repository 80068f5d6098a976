"""The runner: order, rounds, warm-ups, lanes, and which commands are one and the same run."""

import tempfile
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench import contestants, runner, runs, session
from bench.corpus import open_corpus
from bench.errors import BenchError
from bench.process import Limits
from bench.records import Timing
from bench.runner import Settings, make_plan
from bench.runs import Run
from tests.conftest import make_corpus
from tests.running import alive, measured, outcome, quick, run_here, wait_until, zoo

Writer = Callable[[str, str], Path]
PAGES = ["board/first", "board/second", "wiki/third"]


def test_each_page_begins_with_another_contestant(corpus: Path, tmp_path: Path) -> None:
    """The order rotates page by page, so that nobody always comes first, or always after another.

    Three contestants a, b, c: abc, bca, cab.
    """
    names = zoo("always_empty", "echo", "takes_its_time")
    run = run_here(tmp_path / "run", corpus, names, quick())
    order = [(timing.page, timing.extractor) for timing in measured(run)]
    a, b, c = "always_empty", "echo", "takes_its_time"
    assert order == [
        *(("board/first", name) for name in (a, b, c)),
        *(("board/second", name) for name in (b, c, a)),
        *(("wiki/third", name) for name in (c, a, b)),
    ]


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a run of three rounds; one fake raises on a page, one gives other texts each time."""
    home = tmp_path_factory.mktemp("rounds")
    names = zoo("echo", "raises", "exits", "nondeterministic")
    return run_here(home / "run", make_corpus(home / "mini"), names, quick(rounds=3))


def test_a_miss_is_not_timed_again(rounds: Run) -> None:
    """What failed in the first round is left out of the later ones; the rest is timed in each."""
    seen = defaultdict[tuple[str, str], list[int]](list)
    for timing in measured(rounds):
        seen[timing.page, timing.extractor].append(timing.round)
    for (page, name), numbers in seen.items():
        missed = page == "board/second" and name in {"raises", "exits"}
        assert numbers == ([1] if missed else [1, 2, 3]), (page, name)


def test_only_the_first_round_gives_extractions(rounds: Run) -> None:
    """Later rounds are for time: one line per page × extractor stands in extractions.jsonl."""
    lines = (rounds.folder / "extractions.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(outcome(rounds)) == len(PAGES) * 4


def test_each_worker_begins_with_a_marked_warm_up(rounds: Run) -> None:
    """A worker's first page is the corpus's first, marked; nothing else is marked.

    `exits` dies on its second page, so round 1 needs a second worker of it.
    """
    workers = defaultdict[str, list[Timing]](list)
    for timing in rounds.timings():
        workers[timing.worker].append(timing)
    assert set(workers) == {life.worker for life in rounds.lives()}
    assert len(workers) == 3 * 4 + 1
    for first, *rest in workers.values():
        assert (first.warmup, first.page) == (True, PAGES[0])
        assert not any(timing.warmup for timing in rest)
        assert {timing.round for timing in rest} == {first.round}


def test_who_falls_over_the_warm_up_starts_cold(corpus: Path, tmp_path: Path) -> None:
    """An extractor that breaks on the warm-up page still gets every page once, without warm-up."""
    run = run_here(tmp_path / "run", corpus, zoo("breaks_first"), quick())
    marks = [(timing.page, timing.warmup, timing.status) for timing in run.timings()]
    assert marks == [
        ("board/first", True, "killed"),
        ("board/first", False, "killed"),
        ("board/second", False, "ok"),
        ("wiki/third", False, "ok"),
    ]


def test_rounds_that_disagree_are_named(rounds: Run) -> None:
    """Texts that differ between rounds stand in the provenance; those that agree do not."""
    assert rounds.provenance["unsteady"] == [f"nondeterministic {page}" for page in PAGES]


# Sound, raising, and dying: what each schedule must give the same of
THREE = zoo("echo", "raises", "exits")


@pytest.fixture(scope="module")
def one_lane(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a run of THREE on one lane, page by page."""
    home = tmp_path_factory.mktemp("one")
    return run_here(home / "run", make_corpus(home / "mini"), THREE, quick())


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param(quick(workers=2), id="two lanes"),
        pytest.param(quick(workers=4), id="more lanes than pages", marks=pytest.mark.slow),
        pytest.param(replace(quick(), chunk=2), id="chunks of two pages"),
        pytest.param(
            replace(quick(), chunk=9, workers=2), id="one chunk for all", marks=pytest.mark.slow
        ),
        pytest.param(replace(quick(), cap=1), id="one contestant at a time"),
        pytest.param(quick(rounds=2), id="two rounds"),
    ],
)
def test_the_schedule_does_not_show_in_the_extractions(
    one_lane: Run, corpus: Path, tmp_path: Path, settings: Settings
) -> None:
    """One lane or many, small chunks or large: every page has the same status and the same text."""
    other = run_here(tmp_path / "other", corpus, THREE, settings)
    assert outcome(one_lane) == outcome(other)


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_any_executor_will_do(
    one_lane: Run,
    corpus: Path,
    tmp_path: Path,
    kind: Callable[[int], Executor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Lanes may live in other processes, and clean up behind them there, too."""
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    pages, chosen, there = open_corpus(corpus), contestants.find(THREE), Run(tmp_path / "there")
    there.create(make_plan(pages, chosen, quick(workers=2)))
    runner.execute(there, pages, chosen, quick(workers=2), executor=kind(2))
    assert outcome(one_lane) == outcome(there)
    assert wait_until(lambda: not alive(tmp_path / "scratch"), 5)
    assert not list((tmp_path / "scratch").iterdir())


def run_again(corpus: Path, output: Path | None, names: list[str], **changes: Any) -> Path:
    """Do what the verb `run` does and return the run's folder."""
    usual = {"workers": 1, "rounds": 1, "limit_s": 2.0, "memory_mib": 300, "fresh": False}
    options = {**usual, **changes}
    run, _ = session.run_session(names, corpus=str(corpus), output=output, **options)
    return run.folder


# What is asked for differently → the keys of the plan that are named
OTHER_PLANS: list[tuple[dict[str, Any], list[str], str]] = [
    ({"rounds": 2}, ["echo"], "rounds"),
    ({"workers": 2}, ["echo"], "workers"),
    ({"limit_s": 1.0}, ["echo"], "limits"),
    ({"memory_mib": 301}, ["echo"], "limits"),
    ({}, ["echo", "raises"], "contestants"),
    ({"rounds": 2, "limit_s": 1.0}, ["raises"], "contestants, limits, rounds"),
]


@pytest.mark.parametrize(("changes", "fakes", "keys"), OTHER_PLANS)
def test_another_plan_is_refused_by_the_names_of_its_keys(
    corpus: Path, tmp_path: Path, changes: dict[str, Any], fakes: list[str], keys: str
) -> None:
    """A folder holds one plan; a command with another one is told in what it differs."""
    make_run(tmp_path / "run", corpus, ["echo"])
    with pytest.raises(BenchError) as error:
        run_again(corpus, tmp_path / "run", zoo(*fakes), **changes)
    assert f"another plan (differs in: {keys})" in error.value.problems[0]
    assert error.value.exit_code == 2


def test_other_bytes_or_another_source_are_another_plan(
    corpus: Path, tmp_path: Path, extractor: Writer
) -> None:
    """A run does not go on with pages or with an extractor that have changed since it began."""
    mine = extractor("mine", '"""Mine."""\ndef extract(html, url): return "a"\n')
    make_run(tmp_path / "run", corpus, [str(mine)])
    make_corpus(corpus, html={"board/first": "<p>Other bytes."})
    extractor("mine", '"""Mine."""\ndef extract(html, url): return "b"\n')
    with pytest.raises(BenchError, match=r"differs in: contestants, corpus\)"):
        run_again(corpus, tmp_path / "run", [str(mine)])


def test_the_newest_unfinished_run_with_the_same_plan_goes_on(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --output the same command goes on, another or --fresh begins, neither deletes."""
    monkeypatch.chdir(tmp_path)
    older, newer = (make_run(runs.new_folder("mini"), corpus, ["echo"]) for _ in range(2))
    assert run_again(corpus, None, zoo("raises")) not in {older, newer}
    assert run_again(corpus, None, zoo("echo"), fresh=True) not in {older, newer}
    assert [run_again(corpus, None, zoo("echo")) for _ in range(2)] == [newer, older]
    assert len(runs.folders()) == 4


def test_fresh_never_deletes(corpus: Path, tmp_path: Path) -> None:
    """--fresh into a folder that holds a run is refused; the run is as it was."""
    folder = make_run(tmp_path / "run", corpus, ["echo"])
    with pytest.raises(BenchError, match="--fresh never deletes"):
        run_again(corpus, folder, zoo("echo"), fresh=True)
    assert [path.name for path in folder.iterdir()] == ["plan.json"]


def test_the_source_that_runs_is_the_one_the_plan_names(
    corpus: Path, tmp_path: Path, extractor: Writer
) -> None:
    """A source of equal length, written within the same second, is never taken from a cache."""
    for word in ("green", "black"):
        mine = extractor("mine", f'"""Mine."""\ndef extract(html, url): return "{word}"\n')
        run = run_here(tmp_path / word, corpus, [str(mine)], quick())
        assert set(outcome(run).values()) == {("ok", word)}
    assert [path.name for path in mine.parent.iterdir()] == ["mine.py"]


# Sources that are ordinary Python, and must run as such
CLASS = "class A:\n    def __init__(self, text): self.text = text\n"
ORDINARY = {
    "dataclass": "from __future__ import annotations\nfrom dataclasses import dataclass\n"
    "@dataclass\nclass A:\n    text: str\n",
    "pickle": f"import pickle\n{CLASS}assert pickle.loads(pickle.dumps(A('tea'))).text == 'tea'\n",
    "json": f"import json\n{CLASS}assert json.dumps(A('tea').text)\n",
}


@pytest.mark.parametrize("name", ORDINARY)
def test_an_extractor_is_an_ordinary_module(
    corpus: Path, tmp_path: Path, extractor: Writer, name: str
) -> None:
    """Dataclasses and pickles work in it, and it may be named like the library it imports."""
    source = f'"""Mine."""\n{ORDINARY[name]}\ndef extract(html, url): return A("tea").text\n'
    run = run_here(tmp_path / "run", corpus, [str(extractor(name, source))], quick())
    assert set(outcome(run).values()) == {("ok", "tea")}


def make_run(folder: Path, corpus: Path, names: list[str]) -> Path:
    """Make a run that has not begun: its folder holds the plan and nothing else."""
    paths = [name if name.endswith(".py") else zoo(name)[0] for name in names]
    settings = Settings(limits=Limits(2.0, 300))
    Run(folder).create(make_plan(open_corpus(corpus), contestants.find(paths), settings))
    return folder
