"""The verb that draws a run."""

from pathlib import Path
from typing import Any

import click

from bench.cli.command import FILE, FOLDER, look_options, main, no_nan
from bench.errors import BenchError

_WIDTH = click.FloatRange(8, 100)  # from a column of a paper to a poster


@main.command()
@click.argument("run", type=FOLDER, required=False)
@look_options
@click.option("--with", "names", multiple=True, help="These plots only; may be repeated.")
@click.option("--stress", type=FILE, help="Draw this JSON of `stress` instead of a run.")
@click.option("--to", "folder", type=FOLDER, help="Where to (default: plots/ beside the data).")
@click.option("--format", "form", default="svg", show_default=True, help="svg, pdf or png.")
@click.option("--width-cm", type=_WIDTH, callback=no_nan, default=17.4, show_default=True)
def plot(
    run: Path | None,
    *,
    names: tuple[str, ...],
    stress: Path | None,
    folder: Path | None,
    form: str,
    width_cm: float,
    **options: Any,  # noqa: ANN401
) -> None:
    """Draw RUN (default: the newest finished one) as front, pr, size and memory; print the paths.

    front: F1 against x lxml. pr: precision against recall. size: time against page size.
    memory: its peak, page after page. Pages without gold have the last two.
    """
    from bench import plots, verbs

    chosen, problems = plots.checked(names, form), list[str]()
    if stress and (run or names):
        raise BenchError("--stress draws a matrix of its own; RUN and --with draw a run")
    if stress:
        written = [plots.write_stress(stress, folder or stress.parent / "plots", form, width_cm)]
    else:
        look = verbs.subject(run, gold=False, **options)
        to = folder or look.run.folder / "plots"
        written, problems = plots.write(look, chosen, to, form, width_cm)
    click.echo("".join(f"{path}\n" for path in written), nl=False)
    if problems:
        raise BenchError(problems, exit_code=1)
