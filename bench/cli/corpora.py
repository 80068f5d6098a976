"""Verbs on pages and gold."""

import click

from bench.cli.command import corpus_option, format_option, main
from bench.errors import BenchError


@main.command()
@corpus_option
@click.option("--pin", is_flag=True, help="Write corpus/SHA256SUMS anew first.")
@click.option(
    "--extractor",
    "extractors",
    metavar="NAME|PATH",
    multiple=True,
    help="Prove instead that it keeps the rules; may be repeated.",
)
@format_option
def check(corpus: str | None, extractors: tuple[str, ...], form: str, *, pin: bool) -> None:
    """Prove that gold spells its pages and no page has changed, or test an extractor."""
    if extractors and (pin or corpus is not None):
        raise BenchError("--extractor tests a contestant; --corpus and --pin are for pages")
    if not extractors:
        click.echo(_spelled(corpus, pin=pin))
        return
    from bench import verbs

    table, failures = verbs.conformance(extractors, form)
    click.echo(table)
    if failures:
        raise BenchError(failures, exit_code=1)


def _spelled(corpus: str | None, *, pin: bool) -> str:
    from bench.check import problems_of
    from bench.corpus import found, write_pins

    if pin:
        click.echo(f"wrote {write_pins(corpus)}", err=True)
    opened = found(corpus)
    if problems := problems_of(opened):
        raise BenchError(problems, exit_code=1)
    return f"{len(opened.pages)} pages, gold spells every one of them"


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


@main.command()
@corpus_option
@format_option
def passes(corpus: str | None, form: str) -> None:
    """Say how far two independent passes of labelling agree, over all pages and by family."""
    from bench import verbs

    click.echo(verbs.passes(corpus, form))


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
