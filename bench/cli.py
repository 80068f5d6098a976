"""The command line: each verb parses, calls one room, prints. Heavy imports wait for their verb."""

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


@main.command("list")
@click.argument("what", default="extractors")
def list_(what: str) -> None:
    """List extractors, corpora, views, kinds, metrics or formats."""
    from bench.listing import listing

    click.echo(listing(what))


@main.command()
@corpus_option
@click.option("--pin", is_flag=True, help="Write corpus/SHA256SUMS anew first.")
def check(corpus: str | None, *, pin: bool) -> None:
    """Prove that gold spells its pages and that no page has changed."""
    from bench.check import problems_of
    from bench.corpus import found, write_pins

    if pin:
        click.echo(f"wrote {write_pins(corpus)}", err=True)
    opened = found(corpus)
    if problems := problems_of(opened):
        raise BenchError(problems, exit_code=1)
    click.echo(f"{len(opened.pages)} pages, gold spells every one of them")


@main.command()
@click.argument("corpus", required=False)
@click.option("--strict", is_flag=True, help="Exit 1 if a fault is found.")
@format_option
def audit(corpus: str | None, form: str, *, strict: bool) -> None:
    """Say what to know of CORPUS (default: boilerbench's pages): duplicates, lies, faulty gold."""
    from bench import verbs

    table, faults = verbs.audited(corpus, form)
    click.echo(table)
    if strict and faults:
        raise BenchError(faults, exit_code=1)


@main.command("import")
@click.argument("name")
@click.option("--from", "source", metavar="FILE|DIR|URL", help="Default: download its archive.")
@click.option("--sha256", metavar="HEX", default="", help="What the archive must have.")
@click.option("--force", is_flag=True, help="Replace what was imported before.")
@click.option("--name", "called", default="", help="Keep it under this name (default: NAME).")
@click.option("--pages", metavar="GLOB", help="Which files are pages (`pairs`: html/*.html).")
@click.option("--gold", metavar="GLOB", help="Which files are their texts (`pairs`: text/*.txt).")
def import_(
    name: str,
    source: str | None,
    *,
    sha256: str,
    force: bool,
    called: str,
    pages: str | None,
    gold: str | None,
) -> None:
    """Import the public dataset NAME: download it, or take it from elsewhere; or your `pairs`."""
    from bench.importing import content, import_dataset

    given = {"pages": pages, "gold": gold}
    options = {key: value for key, value in given.items() if value is not None}
    imported = import_dataset(name, source, sha256=sha256, called=called, force=force, **options)
    click.echo(f"{imported.name}: {len(imported.pages)} pages in {imported.root}")
    click.echo(content(name, imported), err=True)


@main.command()
@click.argument("extractors", nargs=-1)
@corpus_option
@click.option("--output", type=FOLDER, help="The run's folder (default: runs/TIME_CORPUS).")
@click.option("--fresh", is_flag=True, help="Start anew instead of resuming.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Lanes.")
@click.option("--rounds", type=click.IntRange(1), default=1, show_default=True)
@click.option(
    "--limit-s",
    type=click.FloatRange(0.1, 86_400),
    callback=no_nan,
    default=20,
    show_default=True,
)
@click.option("--memory-mib", type=click.IntRange(64), default=2048, show_default=True)
def run(extractors: tuple[str, ...], **options: Any) -> None:  # noqa: ANN401
    """Run EXTRACTORS (names or files; default: all) over a corpus and print the table."""
    from bench import session, verbs

    done, _ = session.run_session(list(extractors), **options)
    click.echo(verbs.default_report(done.folder, options["corpus"]))
    click.echo(f"run: {done.folder}", err=True)
    if failed := session.never_answered(done):
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


@main.command()
@click.argument("run", type=FOLDER, required=False)
@look_options
@click.option("--by", default="", help="kind, kind+page_type, leak, page_type, language, …")
@format_option
def report(run: Path | None, by: str, form: str, **options: Any) -> None:  # noqa: ANN401
    """Print a table of RUN (default: the newest finished one) with its signature."""
    from bench import verbs

    verbs.checked_names(options["view"], options["metric"], by=by, form=form)
    click.echo(verbs.report(verbs.subject(run, **options), by, form))


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
@click.argument("run", type=FOLDER, required=False)
@look_options
@click.option("--table", type=FILE, help="A published table, in any format of `report`.")
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


if __name__ == "__main__":
    main()
