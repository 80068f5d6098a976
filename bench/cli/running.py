"""Verbs that make runs and scores."""

from pathlib import Path
from typing import Any

import click

from bench.cli.command import (
    FILE,
    FOLDER,
    all_option,
    corpus_option,
    format_option,
    look_options,
    main,
    run_options,
    source_options,
)
from bench.errors import BenchError


@main.command("list")
@click.argument("what", default="extractors")
def list_(what: str) -> None:
    """List extractors, corpora, views, kinds, metrics or formats."""
    from bench.listing import listing

    click.echo(listing(what))


@main.command()
@click.argument("extractors", nargs=-1)
@all_option
@corpus_option
@source_options
@run_options
def run(extractors: tuple[str, ...], *, every: bool, **options: Any) -> None:  # noqa: ANN401
    """Run EXTRACTORS over a corpus and print the table.

    A name, NAME@VERSION or a path; by default those that need nothing beside boilerbench.
    """
    from bench import contestants, session, verbs

    names = contestants.chosen(extractors, every=every)
    done, pages = session.run_session(names, **options)
    click.echo(verbs.default_report(done, pages))
    click.echo(f"run: {done.folder}", err=True)
    if failed := session.failures(done):
        raise BenchError(failed, exit_code=1)


@main.command()
@click.argument("name")
@click.argument("versions", nargs=-1, required=True)
@look_options
@run_options
@format_option
def history(name: str, versions: tuple[str, ...], form: str, **options: Any) -> None:  # noqa: ANN401
    """Run VERSIONS of the extractor NAME, in that order, and mark what changed significantly."""
    from bench import verbs

    table, failed = verbs.history(name, versions, form, **options)
    click.echo(table)
    if failed:
        raise BenchError(failed, exit_code=1)


@main.command()
@click.argument("run", type=FOLDER, required=False)
@look_options
@click.option("--predictions", type=FILE, multiple=True, help="Texts made elsewhere.")
@click.option("--name", "names", multiple=True, help="Name of their system (default: file name).")
@click.option("--output", type=FOLDER, help="Where their run is kept.")
def score(run: Path | None, **options: Any) -> None:  # noqa: ANN401
    """Count RUN's extractions anew (default: the newest), or those of --predictions."""
    from bench import verbs

    files, names, output = (options.pop(key) for key in ("predictions", "names", "output"))
    verbs.checked_names(options["view"], options["metric"])
    if not files:
        click.echo(verbs.score(verbs.subject(run, **options)))
        return
    stored, missing = verbs.score_predictions(files, names, options["corpus"], output)
    click.echo(verbs.report(verbs.subject(stored.folder, **options), "", "terminal"))
    click.echo(f"run: {stored.folder}; {missing} predictions missing", err=True)
