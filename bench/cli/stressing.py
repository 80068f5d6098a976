"""The verb that puts extractors under stress."""

import click

from bench.cli.command import all_option, format_option, limit_options, main
from bench.errors import BenchError
from bench.stress.pen import SEED


@main.command()
@click.argument("extractors", nargs=-1)
@all_option
@limit_options(10)
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="Lanes.")
@click.option("--seed", type=int, default=SEED, show_default=True, help="Of the inputs' prose.")
@click.option("--with", "names", metavar="INPUT", multiple=True, help="Only this; repeatable.")
@format_option
def stress(
    extractors: tuple[str, ...],
    *,
    every: bool,
    limit_s: float,
    memory_mib: int,
    workers: int,
    seed: int,
    names: tuple[str, ...],
    form: str,
) -> None:
    """Give EXTRACTORS hostile pages and print what became of each.

    Broken, huge, deep and malicious ones, made by code; nothing they point to is ever fetched.
    """
    from bench import contestants
    from bench.process import Limits
    from bench.stress.session import stressed

    limits, chosen = Limits(limit_s, memory_mib), contestants.chosen(extractors, every=every)
    table, gone = stressed(chosen, names, form, limits=limits, seed=seed, workers=workers)
    click.echo(table)
    if gone:
        raise BenchError(gone, exit_code=1)
