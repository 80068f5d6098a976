"""What the verbs do between parsing and printing, a function each; all return text."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench import contestants, runs, scoring, session, speed, verification
from bench import predictions as external
from bench.agreement import metrics_table
from bench.citation import citation
from bench.comparison import baseline_scores, changes, comparison_table, scores_of
from bench.conformance import conformance_table, examined, failures
from bench.corpus import Corpus, found
from bench.errors import BenchError, together, unknown
from bench.likeness import likeness_table, subjects
from bench.metrics import DEFAULT_METRIC, load
from bench.report import TABLES
from bench.report.formats import formatted, known_format
from bench.report.history import version_table
from bench.report.layout import Subject
from bench.runs import Run
from bench.signature import differing
from bench.views import DEFAULT_VIEW, checked_view

Check = Callable[[str], object]


def subject(
    run: Path | None, corpus: str | None, view: str, metric: str, *, gold: bool = True
) -> Subject:
    """Return a run, the newest by default, with its corpus; all wrong names are reported.

    Unless `gold` is False, BenchError for a run over pages that have none.
    """
    checked_names(view, metric)
    opened = runs.opened(run)
    root = found(corpus).root if corpus else None
    look = Subject(opened, opened.corpus(root), view, metric)
    if gold:
        look.require_gold()
    return look


def report(look: Subject, by: str, form: str) -> str:
    """Return one table of a run in one format."""
    return formatted(TABLES[by](look), form)


def default_report(run: Run, corpus: Corpus) -> str:
    """Return the table of results under the default view, and metric where the gold allows it."""
    metric = scoring.default_metric(corpus) if corpus.has_gold else DEFAULT_METRIC
    return report(Subject(run, corpus, DEFAULT_VIEW, metric), "", "terminal")


def checked_names(view: str, *metrics: str, by: str = "", form: str = "terminal") -> None:
    """Raise BenchError with every unknown name of a command at once."""
    checks: list[tuple[Check, str]] = [
        *((_known_table, by), (known_format, form), (checked_view, view)),
        *((load, metric) for metric in metrics),
    ]
    problems: list[str] = []
    for check, name in checks:
        try:
            check(name)
        except BenchError as error:
            problems += error.problems
    if problems:
        raise BenchError(problems)


def score(look: Subject) -> str:
    """Count a run's extractions anew and say what was written."""
    table = scoring.recount(look.run, look.corpus, view=look.view, metric=look.metric)
    return f"{table.missed.size} scores in {look.run.folder / 'scores.jsonl'}"


def score_predictions(
    files: tuple[Path, ...], names: tuple[str, ...], corpus: str | None, output: Path | None
) -> tuple[Run, int]:
    """Store predictions made elsewhere as a run, and return it with the pages they lack."""
    titles = names or tuple(file.stem for file in files)
    problems = [] if len(titles) == len(files) else ["as many --name as --predictions are needed"]
    problems += [f"two systems are named {one!r}" for one in set(titles) if titles.count(one) > 1]
    if problems:
        raise BenchError(problems)
    pages = found(corpus)
    systems = [external.read(file, name, pages) for file, name in zip(files, titles, strict=True)]
    run = Run(output or runs.new_folder(pages.name))
    if run.exists:
        raise BenchError(f"{run.folder}: holds a run already", hint="name another --output DIR")
    return run, external.store(run, pages, systems)


def compare(before: Subject, after: Subject, form: str) -> str:
    """Return what changed between two runs; BenchError names what forbids comparing them."""
    one, other = before.signature("F1"), after.signature("F1")
    if keys := differing(one, other):
        raise BenchError(
            [f"the runs differ in {', '.join(keys)}", f"  {one}", f"  {other}"],
            hint="runs compare on the same pages, gold, limits and isolation",
        )
    table = comparison_table(scores_of(before), scores_of(after), after.signature("F1 by run"))
    return formatted(table, form)


def gate(baseline: Path, after: Subject, form: str) -> tuple[str, list[str]]:
    """Return the changes against a kept `scores.jsonl`, and the significant losses in words."""
    table = scores_of(after)
    before = baseline_scores(baseline, after.corpus, table)
    losses = [
        f"{change.extractor}: F1 {change.before:.3f} -> {change.after:.3f} (p {change.p:.4f})"
        for change in changes(before, table)
        if change.lost
    ]
    return formatted(comparison_table(before, table, after.signature("F1 by run")), form), losses


def metrics(look: Subject, names: tuple[str, ...], form: str, workers: int) -> str:
    """Return F1 under several metrics."""
    return formatted(metrics_table(look, names, workers), form)


def agree(one: str, other: str, view: str, metric: str, form: str) -> str:
    """Return how far two corpora agree on the contestants that were run over both."""
    checked_names(view, *filter(None, [metric]), form=form)
    return formatted(likeness_table(*subjects(one, other, view, metric)), form)


def history(
    name: str,
    versions: Sequence[str],
    form: str,
    *,
    view: str,
    metric: str,
    **options: Any,  # noqa: ANN401
) -> tuple[str, list[str]]:
    """Run versions of one extractor; return their table, and who could not compete, in words."""
    checked_names(view, metric, form=form)
    wanted = [f"{name}@{version}" for version in versions]
    run, corpus = session.run_session([*wanted, speed.BASELINE], **options)
    table = version_table(Subject(run, corpus, view, metric))
    return formatted(table, form), session.failures(run)


def verify(look: Subject, table: Path | None) -> str:
    """Say that a run, and a published table of it, hold; else raise BenchError, exit 1."""
    run, corpus = look.run, look.corpus
    problems = verification.problems_of(run, corpus, view=look.view, metric=look.metric)
    if table:
        problems += verification.table_problems(table, run, corpus)
    if problems:
        raise BenchError(problems, exit_code=1)
    also = f", and {table} follows from it" if table else ""
    return f"{run.folder}: digests hold, scores follow from the extractions{also}"


def audited(corpus: str | None, form: str) -> tuple[str, list[str]]:
    """Return what an audit of a corpus found, as a table, and its faults in words."""
    from bench.audit import audit, audit_table, faults  # scipy.sparse takes half a start

    opened, _ = together(lambda: found(corpus), lambda: known_format(form))
    findings = audit(opened)
    return formatted(audit_table(opened, findings), form), faults(findings)


def conformance(names: Sequence[str], form: str) -> tuple[str, list[str]]:
    """Return which rules extractors keep, as a table, and each failure in words."""
    (chosen, absent), _ = together(
        lambda: contestants.look_up([*names]), lambda: known_format(form)
    )
    ready, gone = session.prepared(chosen, absent)
    verdicts = examined(ready)
    return formatted(conformance_table(verdicts), form), [
        *map(session.said, gone),
        *failures(verdicts),
    ]


def passes(corpus: str | None, form: str) -> str:
    """Return how far the two passes of labelling a corpus agree."""
    from bench.passes import passes_table

    opened, _ = together(lambda: found(corpus), lambda: known_format(form))
    return formatted(passes_table(opened), form)


def cite(look: Subject) -> str:
    """Return BibTeX and the protocol text."""
    return citation(look)


def _known_table(by: str) -> None:
    if by not in TABLES:
        raise BenchError(unknown("--by", by, [name for name in TABLES if name]))
