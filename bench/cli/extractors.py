"""Verbs on extractors."""

from pathlib import Path

import click

from bench.cli.command import FOLDER, all_option, main
from bench.errors import BenchError


@main.command()
@click.argument("extractors", nargs=-1)
@all_option
def install(extractors: tuple[str, ...], *, every: bool) -> None:
    """Make the environments of EXTRACTORS ahead, so that a run starts at once."""
    from bench import contestants, session

    if not extractors and not every:
        raise BenchError("name extractors, or --all", hint="see: boilerbench list extractors")
    names = contestants.chosen(extractors, every=every)
    ready, gone = session.prepared(*contestants.look_up(names))
    for one in ready:
        click.echo(" ".join(filter(None, [one.name, one.version])))
    if gone:
        raise BenchError(map(session.said, gone), exit_code=1)


@main.group()
def new() -> None:
    """Write something new, from a template that works as it is."""


@new.command("extractor")
@click.argument("name")
@click.option("--lang", default="python", show_default=True, help="python, node or command.")
@click.option("--to", "folder", type=FOLDER, default=".", help="Where to (default: here).")
def new_extractor(name: str, lang: str, folder: Path) -> None:
    """Write an extractor NAME that works and is yours to change.

    Nothing is overwritten.
    """
    from bench.scaffold import new_extractor as write

    written = write(name, lang, folder)
    click.echo("\n".join(map(str, written.files)))
    click.echo("next:\n  " + "\n  ".join(written.commands), err=True)
