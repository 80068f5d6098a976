"""How far two corpora agree: whether they rank the same contestants alike, and how levels differ.

Figures of two corpora rest on different pages, so their sites are resampled apart.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bench import metrics, runs, statistics
from bench.corpus import Corpus, found
from bench.errors import BenchError, together
from bench.report.layout import Cell, Subject, Table, figure, shown
from bench.runs import Run
from bench.scoring import default_metric, score
from bench.statistics import Floats

FIGURE = "F1 by corpus"
_F1 = 2  # place of F1 among a metric's figures


@dataclass(frozen=True, slots=True)
class Side:
    """One corpus: F1 of the shared rows, and the same under each resample, rows × resamples."""

    subject: Subject
    f1: Floats
    draws: Floats

    @property
    def name(self) -> str:
        """The corpus's name."""
        return self.subject.corpus.name

    @property
    def sites(self) -> int:
        """How many sites its pages are from."""
        return len({page.header.site for page in self.subject.corpus.pages})


def likeness_table(one: Subject, other: Subject) -> Table:
    """Return F1 of each shared contestant on both corpora, and the difference with its interval.

    In the notes: Kendall's tau-b between the rankings, over rows that are no controls. Raises
    BenchError where the corpora are the same or the runs share no contestant.
    """
    if one.corpus.digest == other.corpus.digest:
        raise BenchError(f"both corpora are {one.corpus.name}", hint="name two different ones")
    names = _shared(one, other)
    sides = _side(one, names, 0), _side(other, names, 1)
    records = _records(names, *sides)
    return Table(
        title=f"F1 on {sides[0].name} and on {sides[1].name}",
        columns=("extractor", *(side.name for side in sides), "difference [95% CI]", "ranks"),
        cells=[_cells(record) for record in sorted(records, key=lambda one: one["ranks"])],
        records=records,
        signature=one.signature(FIGURE),
        notes=[
            *_tau_notes(*sides),
            _level_note(*sides),
            *_version_notes(names, one.run, other.run),
            *_metric_notes(one, other),
            *_sites_notes(*sides),
            f"{sides[1].name}: {other.signature(FIGURE)}",
        ],
    )


def subjects(one: str, other: str, view: str, metric: str) -> tuple[Subject, Subject]:
    """Return the newest finished runs over two corpora, or those in two folders of runs.

    Without a metric each corpus has its default one. Raises BenchError with every problem.
    """
    return together(lambda: _subject(one, view, metric), lambda: _subject(other, view, metric))


def _subject(name: str, view: str, metric: str) -> Subject:
    if Run(Path(name)).exists:
        run = runs.opened(Path(name))
        corpus = run.corpus()
    else:
        corpus = found(name)
        run = _newest(corpus, name)
    subject = Subject(run, corpus, view, metric)
    return subject if metric else replace(subject, metric=default_metric(corpus))


def _newest(corpus: Corpus, name: str) -> Run:
    run = runs.newest(finished=True, of=corpus.digest)
    if run is None:
        raise BenchError(
            f"no finished run over {name} in {runs.RUNS}/",
            hint=f"boilerbench run --corpus {name}",
        )
    return run


def _shared(one: Subject, other: Subject) -> list[str]:
    left, right = (
        [row["name"] for row in subject.run.plan["contestants"] if row["category"] != "control"]
        for subject in (one, other)
    )
    if both := [name for name in left if name in right]:
        return both
    raise BenchError(
        "the runs have no contestant in common",
        hint=f"{', '.join(left)} against {', '.join(right)}",
    )


def _side(subject: Subject, names: list[str], stream: int) -> Side:
    metric = metrics.load(subject.metric)
    table = score(subject.run, subject.corpus, view=subject.view, metric=subject.metric)
    place = {row.name: r for r, row in enumerate(table.rows)}
    rows = [place[name] for name in names]
    figures, draws = statistics.resample(table, metric, stream)
    return Side(subject, figures[rows, _F1], draws[rows, :, _F1])


def _records(names: list[str], one: Side, other: Side) -> list[dict[str, Any]]:
    low, high = statistics.interval(one.draws - other.draws)
    ranks = [_ranks(one.f1), _ranks(other.f1)]
    return [
        {
            "extractor": name,
            "f1": [figure(one.f1[r]), figure(other.f1[r])],
            "difference": figure(one.f1[r] - other.f1[r]),
            "low": figure(low[r]),
            "high": figure(high[r]),
            "ranks": [places[r] for places in ranks],
        }
        for r, name in enumerate(names)
    ]


def _ranks(f1: Floats) -> list[int]:
    """Return the rank of each row, from 1; rows with the same figure share the better one."""
    return [1 + int((f1 > own).sum()) for own in f1]


def _cells(record: dict[str, Any]) -> list[Cell]:
    gap, low, high = (shown(record[key], "+z.3f") for key in ("difference", "low", "high"))
    return [
        record["extractor"],
        *(shown(f1, ".3f") for f1 in record["f1"]),
        f"{gap} [{low}, {high}]",
        " / ".join(map(str, record["ranks"])),
    ]


def _tau_notes(one: Side, other: Side) -> list[str]:
    if len(one.f1) < 3:
        return ["fewer than three contestants in common: no rank correlation"]
    tau = statistics.kendall(one.f1[:, None], other.f1[:, None])[0]
    if np.isnan(tau):
        return ["Kendall's tau: -, one of the rankings has only ties"]
    low, high = statistics.interval(np.nan_to_num(statistics.kendall(one.draws, other.draws))[None])
    return [f"Kendall's tau {tau:.3f} [{low[0]:.3f}, {high[0]:.3f}] over {len(one.f1)} contestants"]


def _level_note(one: Side, other: Side) -> str:
    gap = (one.f1 - other.f1).mean()
    low, high = statistics.interval((one.draws - other.draws).mean(axis=0)[None])
    ends = f"[{low[0]:+z.3f}, {high[0]:+z.3f}]"
    return f"mean difference {gap:+z.3f} {ends}: {one.name} - {other.name}"


def _version_notes(names: list[str], one: Run, other: Run) -> list[str]:
    left, right = one.provenance["contestants"], other.provenance["contestants"]
    pairs = ((n, *(side.get(n, {}).get("version", "") for side in (left, right))) for n in names)
    return [f"{name}: version {a or '?'} against {b or '?'}" for name, a, b in pairs if a != b]


def _metric_notes(one: Subject, other: Subject) -> list[str]:
    if one.metric == other.metric:
        return []
    used = ", ".join(f"{look.metric} on {look.corpus.name}" for look in (one, other))
    return [f"metric {used}: the rankings compare, the levels do not"]


def _sites_notes(*sides: Side) -> list[str]:
    return [
        f"{side.name}: intervals rest on {side.sites} sites (< {statistics.FEW_SITES}): too narrow"
        for side in sides
        if side.sites < statistics.FEW_SITES
    ]
