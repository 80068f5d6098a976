"""The command line: each verb parses, calls one room, prints. Heavy imports wait for their verb."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from bench import __version__
from bench.errors import BenchError

FOLDER = click.Path(path_type=Path, file_okay=False)


class Verbs(click.Group):
    """Prints every problem of a BenchError on stderr, then exits with its code."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  click's own signature
        """Run a verb."""
        try:
            return super().invoke(ctx)
        except BenchError as error:
            for problem in error.problems:
                click.echo(f"error: {problem}", err=True)
            if error.hint:
                click.echo(f"hint: {error.hint}", err=True)
            ctx.exit(error.exit_code)


def corpus_option(function: Callable[..., None]) -> Callable[..., None]:
    """Add --corpus."""
    text = "A folder that holds corpus/ and gold/ (default: boilerbench's own pages)."
    return click.option("--corpus", type=FOLDER, help=text)(function)


def table_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add what every verb that prints a table takes."""

    @click.option("--view", default="main", show_default=True, help="Which kinds are content.")
    @click.option("--metric", default="lcs", show_default=True, help="How pages are compared.")
    @corpus_option
    @wraps(function)
    def wrapped(**options: Any) -> None:  # noqa: ANN401
        function(**options)

    return wrapped


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="boilerbench")
def main() -> None:
    """Measure how well and how fast programs take the main content out of web pages."""


@main.command("list")
@click.argument("what", default="extractors")
def list_(what: str) -> None:
    """List extractors, views, kinds, metrics or formats."""
    from bench.listing import listing

    click.echo(listing(what))


@main.command()
@corpus_option
@click.option("--pin", is_flag=True, help="Write corpus/SHA256SUMS anew first.")
def check(corpus: Path | None, *, pin: bool) -> None:
    """Prove that gold spells its pages and that no page has changed."""
    from bench.check import problems_of
    from bench.corpus import open_corpus
    from bench.corpus import pin as write_pins

    if pin:
        click.echo(f"wrote {write_pins(corpus)}", err=True)
    opened = open_corpus(corpus)
    if problems := problems_of(opened):
        raise BenchError(problems, exit_code=1)
    click.echo(f"{len(opened.pages)} pages, gold spells every one of them")


@main.command()
@click.argument("extractors", nargs=-1)
@corpus_option
@click.option("--output", type=FOLDER, help="The run's folder (default: runs/TIME_CORPUS).")
@click.option("--fresh", is_flag=True, help="Start anew instead of resuming.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Lanes.")
@click.option("--rounds", type=click.IntRange(1), default=1, show_default=True)
@click.option("--limit-s", type=click.FloatRange(0, min_open=True), default=20, show_default=True)
@click.option("--memory-mib", type=click.IntRange(64), default=2048, show_default=True)
def run(extractors: tuple[str, ...], **options: Any) -> None:  # noqa: ANN401
    """Run EXTRACTORS (names or files; default: all) over a corpus and print the table."""
    from bench.session import run_session

    outcome = run_session(list(extractors), **options)
    click.echo(outcome.table)
    click.echo(f"run: {outcome.folder}", err=True)
    if outcome.failed:
        raise BenchError(outcome.failed, exit_code=1)


@main.command()
@click.argument("run", type=FOLDER, required=False)
@table_options
def score(run: Path | None, corpus: Path | None, view: str, metric: str) -> None:
    """Count anew what RUN's extractions share with gold (default: the newest run)."""
    from bench.session import score_session

    click.echo(score_session(run, corpus, view, metric))


@main.command()
@click.argument("run", type=FOLDER, required=False)
@table_options
@click.option("--by", help="kind: the table of leaks.")
@click.option("--format", "form", default="terminal", show_default=True)
def report(run: Path | None, **options: Any) -> None:  # noqa: ANN401
    """Print a table of RUN (default: the newest finished one) with its signature."""
    from bench.session import report_session

    click.echo(report_session(run, **options))


if __name__ == "__main__":
    sys.exit(main())
