"""Plots of a run, a file each; matplotlib (extra `plots`) is imported with the first of them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bench.errors import BenchError, unknown
from bench.report.layout import Subject

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAMES = ("front", "pr", "size", "memory")
WITHOUT_GOLD = ("size", "memory")
FORMATS = ("svg", "pdf", "png")


def checked(names: Sequence[str], form: str) -> tuple[str, ...]:
    """Return the names of plots, each once; BenchError says all that is wrong."""
    problems = [unknown("plot", name, NAMES) for name in names if name not in NAMES]
    problems += [unknown("format", form, FORMATS)] if form not in FORMATS else []
    if problems:
        raise BenchError(problems)
    if find_spec("matplotlib") is None:
        raise BenchError(
            "plots need matplotlib, which is not installed",
            hint="install it with: pip install 'boilerbench[plots]'",
        )
    return tuple(dict.fromkeys(names))


def write(
    look: Subject, names: Sequence[str], folder: Path, form: str, width_cm: float
) -> tuple[list[Path], list[str]]:
    """Write plots of a run into a folder; return their paths, and why others cannot be drawn.

    Without names, all that its pages allow.
    """
    written, problems = [], []
    for name in names or (NAMES if look.corpus.has_gold else WITHOUT_GOLD):
        try:
            with drawn(name, look, width_cm) as figure:
                written.append(_saved(figure, folder / f"{name}.{form}"))
        except BenchError as error:
            problems += [f"{name}: {problem}" for problem in error.problems]
    return written, problems


def write_stress(file: Path, folder: Path, form: str, width_cm: float) -> Path:
    """Write the plot of a stress matrix into a folder, and return its path."""
    with drawn("stress", file, width_cm) as figure:
        return _saved(figure, folder / f"stress.{form}")


@contextmanager
def drawn(name: str, source: Subject | Path, width_cm: float) -> Iterator["Figure"]:
    """Draw one plot, and hold its style while it is saved; BenchError where its data is lacking."""
    from bench.plots.style import styled

    with styled():
        yield import_module(f"bench.plots.{name}").draw(source, width_cm)


def _saved(figure: "Figure", path: Path) -> Path:
    """Write a figure without a date, so that the same run gives the same bytes."""
    dates = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata=dates.get(path.suffix[1:]))
    except OSError as error:
        raise BenchError(f"{path}: cannot be written ({error.strerror}); see --to") from error
    return path
