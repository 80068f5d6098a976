"""Verbs that read runs."""

from pathlib import Path
from typing import Any

import click

from bench.cli.command import FILE, FOLDER, format_option, look_options, main
from bench.errors import BenchError


@main.command()
@click.argument("run", type=FOLDER, required=False)
@look_options
@click.option("--by", default="", help="kind, kind+page_type, leak, page_type, language, …")
@format_option
def report(run: Path | None, by: str, form: str, **options: Any) -> None:  # noqa: ANN401
    """Print a table of RUN (default: the newest finished one) with its signature."""
    from bench import verbs

    verbs.checked_names(options["view"], options["metric"], by=by, form=form)
    click.echo(verbs.report(verbs.subject(run, gold=bool(by), **options), by, form))


@main.command()
@click.argument("run", type=FOLDER)
@click.argument("page")
@click.argument("extractor")
@look_options
def show(run: Path, page: str, extractor: str, **options: Any) -> None:  # noqa: ANN401
    """Show what EXTRACTOR kept, missed and leaked of PAGE, in colour."""
    from rich.console import Console

    from bench import verbs
    from bench.show import shown

    Console().print(shown(verbs.subject(run, **options), page, extractor))


@main.command()
@click.argument("run_a", type=FOLDER)
@click.argument("run_b", type=FOLDER, required=False)
@look_options
@click.option("--baseline", type=FILE, help="A kept scores.jsonl, instead of RUN_B.")
@format_option
def compare(
    run_a: Path,
    run_b: Path | None,
    baseline: Path | None,
    form: str,
    **options: Any,  # noqa: ANN401
) -> None:
    """Compare RUN_A with RUN_B, or gate RUN_A: exit 1 on a significant loss to --baseline."""
    from bench import verbs

    if (run_b is None) == (baseline is None):
        raise BenchError("name either RUN_B or --baseline FILE")
    verbs.checked_names(options["view"], options["metric"], form=form)
    look = verbs.subject(run_a, **options)
    if run_b:
        click.echo(verbs.compare(look, verbs.subject(run_b, **options), form))
        return
    table, losses = verbs.gate(baseline or Path(), look, form)
    click.echo(table)
    if losses:
        raise BenchError(losses, exit_code=1)


@main.command()
@click.argument("run", type=FOLDER, required=False)
@look_options
@click.option("--with", "names", multiple=True, help="These metrics only; may be repeated.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True)
@format_option
def metrics(
    run: Path | None,
    names: tuple[str, ...],
    form: str,
    workers: int,
    **options: Any,  # noqa: ANN401
) -> None:
    """Score RUN under every metric, and say how far the rankings agree."""
    from bench import verbs

    verbs.checked_names(options["view"], options["metric"], *names, form=form)
    click.echo(verbs.metrics(verbs.subject(run, **options), names, form, workers))


@main.command()
@click.argument("one", metavar="CORPUS_A")
@click.argument("other", metavar="CORPUS_B")
@click.option("--view", default="main", show_default=True, help="Which kinds are content.")
@click.option("--metric", default="", help="For both (default: lcs where the gold allows it).")
@format_option
def agree(one: str, other: str, view: str, metric: str, form: str) -> None:
    """Say how far two corpora rank and rate contestants alike, from the newest run over each.

    A corpus is a folder, an imported name, `boilerbench` for its own pages, or a run's folder.
    """
    from bench import verbs

    click.echo(verbs.agree(one, other, view, metric, form))


@main.command()
@click.argument("run", type=FOLDER, required=False)
@look_options
@click.option("--table", type=FILE, help="A document with published tables of RUN, in any format.")
def verify(run: Path | None, table: Path | None, **options: Any) -> None:  # noqa: ANN401
    """Score RUN again, check its digests, and say whether a table follows from it."""
    from bench import verbs

    click.echo(verbs.verify(verbs.subject(run, **options), table))


@main.command()
@click.argument("run", type=FOLDER, required=False)
@look_options
def cite(run: Path | None, **options: Any) -> None:  # noqa: ANN401
    """Print BibTeX and the protocol text of RUN for a paper."""
    from bench import verbs

    click.echo(verbs.cite(verbs.subject(run, **options)))
