"""The tables of leaks: by kind, by kind and page type, and the worst single ones."""

from collections.abc import Callable
from typing import Any

from bench.leaks import LeakTable, Rate, WorstLeak, leak_table, worst_leaks
from bench.report.layout import Cell, Subject, Table

_LONGEST = 60  # characters of a leaked text that a terminal has room for
_WORST = 25  # rows


def kind_table(subject: Subject) -> Table:
    """Return the share of each kind's tokens let through, and the pages with any of it."""
    return _table(subject, lambda kind, _: (kind,), ("kind",))


def kind_page_type_table(subject: Subject) -> Table:
    """Return the same for each kind and page type."""
    return _table(subject, lambda kind, page_type: (kind, page_type), ("kind", "page type"))


def worst_table(subject: Subject) -> Table:
    """Return the longest runs of boilerplate that came through, with their text."""
    worst = worst_leaks(subject.run, subject.corpus, view=subject.view)[:_WORST]
    return Table(
        title="Worst leaks: the longest runs of boilerplate let through",
        columns=("extractor", "page", "kind", "tokens", "text"),
        cells=[[*_worst_cells(leak)] for leak in worst],
        records=[
            {
                "extractor": leak.extractor,
                "page": leak.page,
                "kind": leak.kind,
                "tokens": leak.tokens,
                "text": leak.text,
            }
            for leak in worst
        ],
        signature=subject.signature("leaks"),
    )


def _worst_cells(leak: WorstLeak) -> list[Cell]:
    text = " ".join(leak.text.split())
    short = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return [leak.extractor, leak.page, leak.kind, leak.tokens, short]


def _table(
    subject: Subject, key: Callable[[str, str], tuple[str, ...]], columns: tuple[str, ...]
) -> Table:
    leaks = leak_table(subject.run, subject.corpus, view=subject.view, key=key)
    return Table(
        title="Leaks: share of the kind's tokens let through (pages with any / pages)",
        columns=(*columns, "tokens", *leaks.rates),
        cells=[
            *(_cells(leaks, group) for group in leaks.groups),
            *_outside_cells(leaks, len(columns)),
        ],
        records=[_record(leaks, group, columns) for group in leaks.groups],
        signature=subject.signature("leaks"),
        notes=["off-page and repeated: share of the extractor's own tokens"],
    )


def _cells(leaks: LeakTable, group: tuple[str, ...]) -> list[Cell]:
    rates = [rates[group] for rates in leaks.rates.values()]
    cells = [f"{rate.share:6.1%} ({rate.pages_passed}/{rate.pages})" for rate in rates]
    return [*group, rates[0].tokens, *cells]


def _outside_cells(leaks: LeakTable, width: int) -> list[list[Cell]]:
    blank = [""] * width
    off_page = [f"{share:.1%}" for share, _ in leaks.outside.values()]
    repeated = [f"{share:.1%}" for _, share in leaks.outside.values()]
    return [["off-page", *blank, *off_page], ["repeated", *blank, *repeated]]


def _record(leaks: LeakTable, group: tuple[str, ...], columns: tuple[str, ...]) -> dict[str, Any]:
    rates = {name: rates[group] for name, rates in leaks.rates.items()}
    first = next(iter(rates.values()))
    named = {column.replace(" ", "_"): value for column, value in zip(columns, group, strict=True)}
    return {
        **named,
        "tokens": first.tokens,
        "pages": first.pages,
        "extractors": {name: _rate_record(rate) for name, rate in rates.items()},
    }


def _rate_record(rate: Rate) -> dict[str, float]:
    return {
        "passed": rate.passed,
        "share": round(rate.share, 6),
        "pages_passed": rate.pages_passed,
        "pages_share": round(rate.pages_share, 6),
    }
