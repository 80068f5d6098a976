"""The verb that measures time and memory."""

from typing import Any

import click

from bench.cli.command import all_option, corpus_option, format_option, main, run_options
from bench.errors import BenchError

ROUNDS = 5


@main.command(context_settings={"default_map": {"rounds": ROUNDS}})
@click.argument("extractors", nargs=-1)
@all_option
@corpus_option
@run_options
@format_option
def speed(extractors: tuple[str, ...], form: str, *, every: bool, **options: Any) -> None:  # noqa: ANN401
    """Time EXTRACTORS page by page in turn, beside lxml_text, on a core of their own.

    With --workers N also on N lanes, to compare their throughput.
    """
    from bench import contestants
    from bench.timing import timed

    table, failed, folder = timed(contestants.chosen(extractors, every=every), form, **options)
    click.echo(table)
    click.echo(f"run: {folder}", err=True)
    if failed:
        raise BenchError(failed, exit_code=1)
