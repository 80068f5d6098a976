"""A session of running: plan, resume, execute, with progress and interrupts."""

import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType

import click

from bench import contestants, environments, runs
from bench.cluster import CHUNK, Cluster, connected
from bench.contestants import Absent, Contestant
from bench.corpus import Corpus, found
from bench.errors import BenchError, together
from bench.process import Limits
from bench.report.absence import never_answered
from bench.runner import Progress, Settings, execute, make_plan, silent
from bench.runs import Plan, Run
from bench.warc import open_warc

ENDING_S = 2.0  # within which a run has ended after an interrupt
_INTERRUPTS = (signal.SIGINT, signal.SIGTERM)


def run_session(
    wanted: list[str],
    *,
    corpus: str | None,
    output: Path | None,
    fresh: bool,
    workers: int,
    rounds: int,
    limit_s: float,
    memory_mib: int,
    pin: bool = False,
    scheduler: str | None = None,
    warc: Sequence[Path] = (),
) -> tuple[Run, Corpus]:
    """Run contestants over a corpus, or go on with the same run; return it finished.

    With `pin` all workers share one core, which the harness leaves alone where it has others.
    With `scheduler` the lanes are those of a Dask cluster; with `warc` the pages lie in such files.
    Those that cannot compete stand in the plan with the reason; the others run.
    """
    _refuse_contradictions(corpus, workers, scheduler, warc)
    opened = partial(open_warc, warc) if warc else partial(found, corpus)
    pages, chosen = together(opened, lambda: contestants.look_up(wanted))
    with _cluster(scheduler) as cluster:
        ready, absent = prepared(*chosen)
        settings = Settings(workers, rounds, Limits(limit_s, memory_mib), pin=pin)
        if cluster:  # how many lanes it has by now is no part of the plan
            settings = replace(settings, workers=0, chunk=CHUNK)
        plan = make_plan(pages, ready, settings, absent)
        run = _run_to_do(plan, output, fresh=fresh)
        if not run.finished:
            _finish(run, pages, ready, settings, cluster)
    return run, pages


def _refuse_contradictions(
    corpus: str | None, workers: int, scheduler: str | None, warc: Sequence[Path]
) -> None:
    problems = []
    if warc and corpus:
        problems.append("--warc and --corpus both name pages; take one of them")
    if scheduler and workers > 1:
        problems.append(
            f"--workers {workers} counts lanes here; the scheduler's workers have theirs"
        )
    if problems:
        raise BenchError(problems)


@contextmanager
def _cluster(scheduler: str | None) -> Iterator[Cluster | None]:
    if scheduler is None:
        yield None
        return
    with _interruptible("interrupted"), connected(scheduler) as cluster:
        yield cluster


def _finish(
    run: Run, pages: Corpus, ready: list[Contestant], settings: Settings, cluster: Cluster | None
) -> None:
    """Do what is left of a run, here or on the machines of a cluster."""
    kept = f"{run.folder}: interrupted; all finished pages are kept"
    with _interruptible(kept), _stopped(run), _progress() as progress:
        if cluster:
            cluster.prepare(ready)
            settings = replace(settings, workers=cluster.lanes)
        execute(run, pages, ready, settings, executor=cluster, progress=progress)


def prepared(
    found: list[Contestant], absent: list[Absent]
) -> tuple[list[Contestant], list[Absent]]:
    """Return those found with their environments made, and all that cannot compete.

    Raises BenchError where nobody is left.
    """
    with _interruptible("interrupted; the environments that are whole are kept"):
        ready, failed = environments.prepare(found, lambda text: click.echo(text, err=True))
    gone = [*absent, *failed]
    if not ready:
        raise BenchError(list(map(said, gone)), hint=contestants.HINT, exit_code=1)
    return ready, gone


def said(absent: Absent) -> str:
    """Return one line for a contestant that cannot compete."""
    return f"{absent.name}: {absent.why}" + (f" (log: {absent.log})" if absent.log else "")


def failures(run: Run) -> list[str]:
    """Return a sentence for each contestant that could not compete or never answered."""
    return [*map(said, run.absent), *never_answered(run)]


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


@contextmanager
def _interruptible(kept: str) -> Iterator[None]:
    """Obey SIGTERM and Ctrl-C, once for all that come together; say what is kept."""
    last = -ENDING_S

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal last
        del number, frame
        if time.monotonic() - last >= ENDING_S:
            last = time.monotonic()
            raise KeyboardInterrupt

    # A job in the background is started with SIGINT ignored, and that stays so
    numbers = [one for one in _INTERRUPTS if signal.getsignal(one) is not signal.SIG_IGN]
    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    except KeyboardInterrupt:
        # Nor is the way out disturbed by one more; a handler of Python's would end before it
        before = dict.fromkeys(before, signal.SIG_IGN)
        raise BenchError(kept, hint="repeat the command to go on", exit_code=1) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _stopped(run: Run) -> Iterator[None]:
    """Say in a line what the system refused in mid-run: a process, memory, the file of a page."""
    try:
        yield
    except OSError as error:
        raise BenchError(
            f"{run.folder}: stopped ({error}); all finished pages are kept",
            hint="repeat the command to go on",
            exit_code=1,
        ) from error


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show progress on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("run")
        yield lambda done, total: bar.update(task, completed=done, total=total)
