"""A session of timing: one lane on a core of its own, then on several lanes where asked."""

from pathlib import Path
from typing import Any

from bench import runs, session
from bench.errors import BenchError
from bench.report.formats import formatted, known_format
from bench.report.layout import Subject
from bench.report.speed import speed_table
from bench.runs import Run
from bench.speed import BASELINE


def timed(
    names: list[str],
    form: str,
    *,
    workers: int,
    output: Path | None,
    **options: Any,  # noqa: ANN401
) -> tuple[str, list[str], Path]:
    """Run contestants, `lxml_text` among them; return the table of speed, who failed, the folder.

    With several workers a second run, in a folder beside it, does the same on as many lanes.
    """
    known_format(form)
    wanted = names if BASELINE in names else [*names, BASELINE]
    run, corpus = session.run_session(wanted, workers=1, pin=True, output=output, **options)
    many = _on_lanes(run, wanted, workers, options) if workers > 1 else None
    table = speed_table(Subject(run, corpus, view="-", metric="-"), many)
    return formatted(table, form), session.failures(run), run.folder


def _on_lanes(run: Run, wanted: list[str], workers: int, options: dict[str, Any]) -> Run:
    beside = run.folder.with_name(f"{run.folder.name}-{workers}-workers")
    try:
        many, _ = session.run_session(wanted, workers=workers, output=beside, **options)
    except BenchError as error:
        hint = f"{error.hint}; with --output {run.folder} the first run is not made anew"
        raise BenchError(error.problems, hint=hint, exit_code=error.exit_code) from error
    return many


def second_runs(run: Run) -> list[Run]:
    """Return the finished runs in folders beside a run that do the same on several lanes."""
    beside = map(Run, runs.folders(run.folder.resolve().parent))
    return [
        other
        for other in beside
        if other.finished
        and other.plan["workers"] > 1
        and {*runs.differing(run.plan, other.plan)} <= {"workers", "pin"}
    ]
