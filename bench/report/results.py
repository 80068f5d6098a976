"""The table of results: what each contestant scored, how sure that is, and what it cost."""

from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np

from bench import metrics, speed, statistics
from bench.contestants import CATEGORIES
from bench.report.absence import absent_cells, absent_notes, absent_records, silent_notes
from bench.report.layout import Cell, Subject, Table, figure, shown
from bench.scores import ScoreTable
from bench.scoring import score
from bench.speed import Speed
from bench.statistics import Comparison, Estimates

PERFECT, POOR = 0.99, 0.5  # F1 of a page (DESIGN, "secondary")
_COLUMNS = (
    *("extractor", "version", "F1 [95% CI]", "P", "R", "median", ">=.99", "<.5", "misses"),
    *("rank", "group", "ms", "p95 ms", "pages/s", "x lxml", "start ms", "MiB"),
)


def results_table(subject: Subject) -> Table:
    """Return F1 with its interval, P, R, spread, misses, ranks and speed, best F1 first."""
    metric = metrics.load(subject.metric)
    table = score(subject.run, subject.corpus, view=subject.view, metric=subject.metric)
    records = _records(subject, table, statistics.estimate(table, metric))
    comparison = _rank(records, table)
    records.sort(key=_order)
    columns = (*_COLUMNS[:5], *metric.extra, *_COLUMNS[5:])
    cells = [_cells(record, metric.extra) for record in records]
    return Table(
        title=_title(subject),
        columns=columns,
        cells=cells + absent_cells(subject.run, len(columns)),
        records=records + absent_records(subject.run, records[0]),
        signature=subject.signature("F1"),
        notes=[
            *_ceiling(subject),
            *_abstention(table),
            *_significance(records, table, comparison),
            *speed_notes(subject, records),
            *_same_author_notes(subject),
            *absent_notes(subject.run),
            *(silent_notes(subject.run) if table.missed.all(axis=1).any() else ()),
        ],
    )


def _ceiling(subject: Subject) -> list[str]:
    """Say how far two readers of these pages agree, which is as good as a score can mean."""
    known = subject.corpus.card.get("agreement")
    return [f"agreement ceiling, two blind passes of labelling: {known}"] if known else []


def _title(subject: Subject) -> str:
    corpus = subject.corpus
    return f"Main content on {corpus.name}@{corpus.version}, {len(corpus.pages)} pages"


def _records(subject: Subject, table: ScoreTable, found: Estimates) -> list[dict[str, Any]]:
    sizes = {page.id: page.path.stat().st_size for page in table.pages}
    speeds = speed.speeds(subject.run.timings(), subject.run.lives(), sizes)
    hellos = subject.run.provenance["contestants"]
    names = ("precision", "recall", "f1", *metrics.load(subject.metric).extra)
    f1 = table.scores[:, table.has_content, 2]
    return [
        {
            "extractor": row.name,
            "category": row.category,
            "version": hellos.get(row.name, {}).get("version", ""),
            **{name: figure(found.figures[r, i]) for i, name in enumerate(names)},
            "f1_low": figure(found.low[r, 2]),
            "f1_high": figure(found.high[r, 2]),
            "median": figure(np.median(f1[r])) if f1.size else None,
            "perfect": figure((f1[r] >= PERFECT).mean()) if f1.size else None,
            "poor": figure((f1[r] < POOR).mean()) if f1.size else None,
            "misses": int(table.missed[r].sum()),
            "pages": len(table.pages),
            "rank": None,
            "group": "",
            "absent": "",
            **_speed_record(speeds.get(row.name)),
        }
        for r, row in enumerate(table.rows)
    ]


def _speed_record(found: Speed | None) -> dict[str, float | None]:
    return {name.name: getattr(found, name.name, None) for name in fields(Speed)}


def _order(record: dict[str, Any]) -> tuple[int, float]:
    f1 = record["f1"]
    return CATEGORIES.index(record["category"]), -(f1 if f1 is not None else -1.0)


def _rank(records: list[dict[str, Any]], table: ScoreTable) -> Comparison | None:
    """Give ranks and groups to rows that are neither controls nor baselines, if sites suffice."""
    inside = table.only(table.has_content)
    ranked = [r for r, row in enumerate(table.rows) if row.category == "extractor"]
    if len(ranked) < 2 or len(set(inside.sites)) < statistics.TOO_FEW_SITES:
        return None
    comparison = statistics.compare_rows(inside.scores[ranked, :, 2], inside.sites)
    order = sorted(range(len(ranked)), key=lambda k: _order(records[ranked[k]]))
    letters = statistics.groups(comparison, order)
    intervals = statistics.rank_intervals(comparison)
    for k, r in enumerate(ranked):
        records[r].update(rank=list(intervals[k]), group=letters[k])
    return comparison


def _cells(record: dict[str, Any], extra: tuple[str, ...]) -> list[Cell]:
    rank = record["rank"]
    return [
        record["extractor"],
        record["version"],
        f"{_three(record['f1'])} [{_three(record['f1_low'])}, {_three(record['f1_high'])}]",
        *(_three(record[name]) for name in ("precision", "recall", *extra, "median")),
        *(shown(record[name], ".0%") for name in ("perfect", "poor")),
        record["misses"],
        f"{rank[0]}-{rank[1]}" if rank else "",
        record["group"],
        *(shown(record[name], ".1f") for name in ("median_ms", "p95_ms", "pages_per_s")),
        shown(record["times_lxml"], ".2f"),
        *(shown(record[name], ".0f") for name in ("startup_ms", "peak_mib")),
    ]


def _same_author_notes(subject: Subject) -> list[str]:
    """Name the contestants that the dataset's own author made or tuned."""
    datasets = {page.header.family for page in subject.corpus.pages}
    names = [
        one["name"]
        for one in subject.run.plan["contestants"]
        if datasets & {*one.get("same_author", ())}
    ]
    return [f"made or tuned by this dataset's author: {', '.join(names)}"] if names else []


def _three(value: float | None) -> str:
    return shown(value, ".3f")


def _abstention(table: ScoreTable) -> list[str]:
    """Say who kept silent on the pages without main content, which stand outside the mean."""
    without = table.only(~table.has_content)
    if not without.pages:
        return []
    silent = without.scores[:, :, 2].sum(axis=1)
    said = ", ".join(f"{row.name} {int(n)}" for row, n in zip(table.rows, silent, strict=True))
    pages = len(without.pages)
    plural = "page" if pages == 1 else "pages"
    return [f"abstention: {pages} {plural} without main content, outside the mean; silent: {said}"]


def _significance(
    records: list[dict[str, Any]], table: ScoreTable, comparison: Comparison | None
) -> list[str]:
    sites = len(set(table.only(table.has_content).sites))
    if sites == 1:
        return ["one site only: no interval, both ends are the mean"]
    notes = []
    if sites < statistics.FEW_SITES:
        notes.append(f"intervals rest on {sites} sites (< {statistics.FEW_SITES}): too narrow")
    if comparison is None:
        few = f"fewer than {statistics.TOO_FEW_SITES} sites or two extractors"
        return [*notes, f"no ranks and groups: {few}"]
    family = f"Holm over {comparison.pairs} pairs, {sites} sites, level {statistics.ALPHA:g}"
    notes.append(f"rank and group: sign-flip tests by site, {family}")
    return notes + _inseparable(records, table)


def _inseparable(records: list[dict[str, Any]], table: ScoreTable) -> list[str]:
    """Say of neighbours in the ranking that share a group how many pages would part them."""
    inside = table.only(table.has_content)
    place = {row.name: r for r, row in enumerate(table.rows)}
    ranked = [record for record in records if record["group"]]
    said = []
    for one, other in pairwise(ranked):
        if set(one["group"]) & set(other["group"]):
            scores = (inside.scores[place[record["extractor"]], :, 2] for record in (one, other))
            first, second = scores
            needed = statistics.pages_needed(first - second, inside.sites)
            said.append(f"{one['extractor']} and {other['extractor']} ({_pages(needed)})")
    if not said:
        return []
    return [f"cannot be told apart on {len(inside.pages)} pages: {'; '.join(said)}"]


def _pages(needed: int | None) -> str:
    return "no number of pages would do" if needed is None else f"about {needed} pages would do"


def speed_notes(subject: Subject, records: list[dict[str, Any]]) -> list[str]:
    """Say what casts doubt on the times: rounds that disagree, and what was not reported."""
    provenance = subject.run.provenance
    if provenance.get("external"):
        return ["external: texts made elsewhere, so no speed, and misses are pages left out"]
    notes = []
    if not any(record["extractor"] == speed.BASELINE for record in records):
        notes.append(f"x lxml is blank: the run has no {speed.BASELINE} row")
    unsteady = [
        f"{record['extractor']} {record['spread']:.0%}"
        for record in records
        if record["category"] != "control" and (record["spread"] or 0) >= speed.DISAGREEMENT
    ]
    if unsteady:
        advice = "close other programs, or raise --rounds"
        notes.append(f"rounds disagree by >= 10 % ({', '.join(unsteady)}): {advice}")
    if "open" in provenance["network"]:
        notes.append("the network was open to the extractors: this kernel grants no way to cut it")
    notes += [
        f"{name} reports only {share:.0%} of the CPU time of its processes"
        for name, share in provenance["underreported"].items()
    ]
    if provenance["unsteady"]:
        notes.append(f"texts differ between rounds: {', '.join(provenance['unsteady'][:5])}")
    return notes
