"""The same extractions under every metric, and how far the rankings agree."""

from dataclasses import replace
from itertools import combinations

import numpy as np

from bench import metrics, statistics
from bench.report.layout import Subject, Table, figure, shown
from bench.scoring import count_all, usable

# Quadratic in characters: minutes on long pages, so they are asked for by name
ON_REQUEST = frozenset({"levenshtein_chars", "char_lcs"})


def metrics_table(subject: Subject, wanted: tuple[str, ...] = (), workers: int = 1) -> Table:
    """Return F1 of every contestant under every metric that the corpus's gold allows.

    In the notes: Kendall's tau-b between the rankings, over rows that are no controls. The
    signature names the metrics that were wanted, "-" for all.
    """
    names = wanted or _usable(subject)
    tables = count_all(subject.run, subject.corpus, subject.view, names, workers=workers)
    found = {
        name: statistics.estimate(table, metrics.load(name)).figures[:, 2]
        for name, table in tables.items()
    }
    rows = tables[names[0]].rows
    order = np.argsort(-np.nan_to_num(found[names[0]]), kind="stable")
    figures = {rows[r].name: [figure(found[name][r]) for name in names] for r in order}
    ranked = [row.category != "control" for row in rows]
    return Table(
        title=f"F1 under {len(names)} metrics on {subject.corpus.name}",
        columns=("extractor", *names),
        cells=[[name, *(shown(f1, ".3f") for f1 in row)] for name, row in figures.items()],
        records=[
            {"extractor": name, **dict(zip(names, row, strict=True))}
            for name, row in figures.items()
        ],
        signature=replace(subject, metric="+".join(wanted) or "-").signature("F1 by metric"),
        notes=_taus({name: found[name][ranked] for name in names}),
    )


def _usable(subject: Subject) -> tuple[str, ...]:
    header = subject.corpus.pages[0].header
    snippets = header.gold == "snippets" or subject.corpus.has_snippets
    names = [
        name
        for name in metrics.names()
        if name not in ON_REQUEST and usable(name, header.gold, snippets=snippets)
    ]
    return tuple(sorted(names, key=lambda name: (name != metrics.DEFAULT_METRIC, name)))


def _taus(figures: dict[str, statistics.Floats]) -> list[str]:
    if len(next(iter(figures.values()))) < 3:
        return ["fewer than three rows: no rank correlation"]
    return [
        f"Kendall's tau {one} / {other}: {tau(figures[one], figures[other])}"
        for one, other in combinations(figures, 2)
    ]


def tau(one: statistics.Floats, other: statistics.Floats) -> str:
    """Return Kendall's tau-b of two rankings, "-" where one of them has only ties."""
    value = statistics.kendall(one[:, None], other[:, None])[0]
    return shown(None if np.isnan(value) else float(value), ".3f")
