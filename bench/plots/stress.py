"""The stress matrix: hostile pages down, extractors across, a letter in each cell."""

import json
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from bench.errors import BenchError
from bench.plots.style import PALE, SKY, SMALL, VERMILION, sheet

# From harmless to harmful; grey alone parts them too, and black letters stand on all of them
_CELLS = {
    "kept": ("", "#ffffff"),
    "lost": ("l", "#eeeeee"),
    "wrong": ("w", "#F0E442"),
    "error": ("e", "#d0d0d0"),
    "timeout": ("t", SKY),
    "killed": ("k", VERMILION),
    "memory": ("m", "#CC79A7"),
}
Results = dict[tuple[str, str], str]
_ROW_CM, _HEAD_CM = 0.32, 4.0


def draw(file: Path, width_cm: float) -> Figure:
    """Return the matrix of `boilerbench stress --format json`; BenchError for any other file."""
    results, signature = _read(file)
    inputs, extractors = _sides(results)
    page = sheet(signature, width_cm, _HEAD_CM + _ROW_CM * len(inputs))
    axes = page.subplots()
    _cells(axes, results)
    axes.set_xticks([x + 0.5 for x in range(len(extractors))], extractors, rotation=90)
    axes.set_yticks([y + 0.5 for y in range(len(inputs))], inputs)
    axes.tick_params(length=0, labelsize=SMALL, labeltop=True, labelbottom=False)
    axes.invert_yaxis()
    words = (f"{letter} {result}" for result, (letter, _) in _CELLS.items() if letter)
    axes.set_xlabel(f"blank: kept; {', '.join(words)}", fontsize=SMALL)
    return page


def _read(file: Path) -> tuple[Results, str]:
    """Return the result of each input and extractor, and the signature."""
    try:
        data = json.loads(file.read_bytes())
        results = {(row["input"], row["extractor"]): row["result"] for row in data["rows"]}
        inputs, extractors = _sides(results)
        if not results or {*results.values()} - {*_CELLS}:
            raise ValueError("no rows, or results that are none")
        if len(results) < len(inputs) * len(extractors):
            raise ValueError("cells are missing")
        return results, str(data["signature"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise BenchError(
            f"{file}: no stress matrix ({type(error).__name__}: {error})",
            hint="make one with: boilerbench stress EXTRACTOR… --format json > FILE",
        ) from error


def _sides(results: Results) -> tuple[list[str], list[str]]:
    """Return inputs and extractors in their order."""
    return [*dict.fromkeys(i for i, _ in results)], [*dict.fromkeys(e for _, e in results)]


def _cells(axes: Axes, results: Results) -> None:
    inputs, extractors = _sides(results)
    order = [*_CELLS]
    levels = [[order.index(results[i, e]) for e in extractors] for i in inputs]
    colours = ListedColormap([colour for _, colour in _CELLS.values()])
    axes.pcolormesh(levels, cmap=colours, vmin=0, vmax=len(order) - 1, ec=PALE, lw=0.3)
    for y, row in enumerate(levels):
        for x, level in enumerate(row):
            letter = _CELLS[order[level]][0]
            axes.text(x + 0.5, y + 0.5, letter, ha="center", va="center", fontsize=SMALL)
