"""What the verbs do between parsing and printing: one function a verb."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import click

from bench import contestants, runs
from bench.corpus import Corpus, open_corpus
from bench.errors import BenchError, unknown
from bench.metrics import DEFAULT_METRIC, load
from bench.process import Limits
from bench.report import layout
from bench.report.formats import FORMATS, formatted
from bench.runner import Progress, Settings, execute, make_plan, silent
from bench.runs import Plan, Run
from bench.scoring import score
from bench.views import DEFAULT_VIEW, checked_view

TABLES: dict[str | None, Callable[..., layout.Table]] = {
    None: layout.main_table,
    "kind": layout.kind_table,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a finished run prints; `failed` names contestants that never answered."""

    folder: Path
    table: str
    failed: list[str]


def run_session(
    wanted: list[str],
    *,
    corpus: Path | None,
    output: Path | None,
    fresh: bool,
    workers: int,
    rounds: int,
    limit_s: float,
    memory_mib: int,
) -> Outcome:
    """Run contestants over a corpus, or go on with the same run, and return its table."""
    pages, chosen = open_corpus(corpus), contestants.find(wanted or contestants.names())
    settings = Settings(workers, rounds, Limits(limit_s, memory_mib))
    plan = make_plan(pages, chosen, settings)
    run = _run_to_do(plan, output, fresh=fresh)
    if not run.finished:
        with _interruptible(run), _progress() as progress:
            execute(run, pages, chosen, settings, progress=progress)
    table = layout.main_table(run, pages, view=DEFAULT_VIEW, metric=DEFAULT_METRIC)
    return Outcome(run.folder, formatted(table, "terminal"), _never_started(run, pages))


def score_session(folder: Path | None, corpus: Path | None, view: str, metric: str) -> str:
    """Count a run's extractions anew and return what was written."""
    run = runs.opened(folder)
    (run.folder / "scores.jsonl").unlink(missing_ok=True)
    table = score(run, run.corpus(corpus), view=checked_view(view), metric=load(metric).NAME)
    return f"{len(table.rows) * len(table.pages)} scores in {run.folder / 'scores.jsonl'}"


def report_session(
    folder: Path | None,
    *,
    corpus: Path | None,
    view: str,
    metric: str,
    by: str | None,
    form: str,
) -> str:
    """Return one table of a run in one format; all wrong names are reported together."""
    problems = []
    if by not in TABLES:
        problems.append(unknown("--by", str(by), [name for name in TABLES if name]))
    if form not in FORMATS:
        problems.append(unknown("format", form, FORMATS))
    for check, name in ((checked_view, view), (load, metric)):
        try:
            check(name)
        except BenchError as error:
            problems += error.problems
    if problems:
        raise BenchError(problems)
    run = runs.opened(folder)
    return formatted(TABLES[by](run, run.corpus(corpus), view=view, metric=metric), form)


def _run_to_do(plan: Plan, output: Path | None, *, fresh: bool) -> Run:
    """Return the unfinished run with this plan, or a new one."""
    run = Run(output) if output else None
    if run is None and not fresh:
        run = runs.newest(finished=False, like=plan)
    if run is None:
        run = Run(runs.new_folder(plan["corpus"]["name"]))
    if not run.exists:
        run.create(plan)
        return run
    _refuse_other_plan(run, plan, fresh=fresh)
    click.echo(f"{'finished' if run.finished else 'resuming'}: {run.folder}", err=True)
    return run


def _refuse_other_plan(run: Run, plan: Plan, *, fresh: bool) -> None:
    if fresh:
        raise BenchError(
            f"{run.folder}: holds a run already, and --fresh never deletes one",
            hint="name another folder with --output DIR",
        )
    if keys := runs.differing(run.plan, plan):
        raise BenchError(
            f"{run.folder}: holds a run with another plan (differs in: {', '.join(keys)})",
            hint="name another folder with --output DIR, or repeat the command of that run",
        )


def _never_started(run: Run, pages: Corpus) -> list[str]:
    """Return a sentence for each contestant that missed every page, with its first reason."""
    first: dict[str, str] = {}
    missed: dict[str, int] = {}
    for extraction in run.extractions():
        if extraction.status != "ok":
            missed[extraction.extractor] = missed.get(extraction.extractor, 0) + 1
            first.setdefault(extraction.extractor, extraction.error.partition("\n")[0])
    every = len(pages.pages)
    return [f"{name}: missed every page: {first[name]}" for name, n in missed.items() if n == every]


@contextmanager
def _interruptible(run: Run) -> Iterator[None]:
    """Turn SIGTERM into the interrupt of Ctrl-C; say how to go on."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        raise BenchError(
            f"{run.folder}: interrupted; all finished pages are kept",
            hint="repeat the command to go on",
            exit_code=1,
        ) from None
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show progress on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("run")
        yield lambda done, total: bar.update(task, completed=done, total=total)
