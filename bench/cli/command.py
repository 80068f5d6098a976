"""The command itself, and the options that several verbs take."""

from collections.abc import Callable
from functools import wraps
from math import isnan
from pathlib import Path
from typing import Any

import click

from bench import __version__
from bench.errors import BenchError

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


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


Verb = Callable[..., None]


def no_nan(ctx: click.Context, parameter: click.Parameter, value: float) -> float:
    """Return a number, or refuse NaN, which every range of click lets through."""
    if isnan(value):
        raise click.BadParameter("nan is no number.", ctx, parameter)
    return value


def corpus_option(function: Verb) -> Verb:
    """Add --corpus."""
    text = "A folder with corpus/ and gold/, or an imported name (default: boilerbench's pages)."
    return click.option("--corpus", metavar="DIR|NAME", help=text)(function)


def look_options(function: Verb) -> Verb:
    """Add what every verb that scores takes."""

    @click.option("--view", default="main", show_default=True, help="Which kinds are content.")
    @click.option("--metric", default="lcs", show_default=True, help="How pages are compared.")
    @corpus_option
    @wraps(function)
    def wrapped(**options: Any) -> None:  # noqa: ANN401
        function(**options)

    return wrapped


def all_option(function: Verb) -> Verb:
    """Add --all."""
    text = "All of them; environments are made where they are missing."
    return click.option("--all", "every", is_flag=True, help=text)(function)


def source_options(function: Verb) -> Verb:
    """Add where the pages and the machines of a run may be beside this one's."""

    @click.option("--warc", type=FILE, multiple=True, help="Pages without gold; may be repeated.")
    @click.option("--scheduler", metavar="tcp://HOST:PORT", help="Run through Dask distributed.")
    @wraps(function)
    def wrapped(*words: Any, **options: Any) -> None:  # noqa: ANN401
        function(*words, **options)

    return wrapped


def limit_options(page_s: float) -> Callable[[Verb], Verb]:
    """Return what adds the limits of a worker, with the default of its seconds a page."""
    seconds = click.FloatRange(0.1, 86_400)

    def limited(function: Verb) -> Verb:
        @click.option("--limit-s", type=seconds, callback=no_nan, default=page_s, show_default=True)
        @click.option("--memory-mib", type=click.IntRange(64), default=2048, show_default=True)
        @wraps(function)
        def wrapped(*words: Any, **options: Any) -> None:  # noqa: ANN401
            function(*words, **options)

        return wrapped

    return limited


def run_options(function: Verb) -> Verb:
    """Add what every verb that runs extractors takes."""

    @click.option("--output", type=FOLDER, help="The run's folder (default: runs/TIME_CORPUS).")
    @click.option("--fresh", is_flag=True, help="Start anew instead of resuming.")
    @click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Lanes.")
    @click.option("--rounds", type=click.IntRange(1), default=1, show_default=True)
    @limit_options(20)
    @wraps(function)
    def wrapped(*words: Any, **options: Any) -> None:  # noqa: ANN401
        function(*words, **options)

    return wrapped


def format_option(function: Verb) -> Verb:
    """Add --format."""
    text = "terminal, markdown, latex, csv or json."
    return click.option("--format", "form", default="terminal", show_default=True, help=text)(
        function
    )


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="boilerbench")
def main() -> None:
    """Measure how well and how fast programs take the main content out of web pages."""
