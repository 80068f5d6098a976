"""The tables of a run, as plain data: titles, columns, cells, notes and the signature."""

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from bench import signature, speed, statistics
from bench.corpus import Corpus
from bench.leaks import LeakTable, leak_table
from bench.runs import Run
from bench.scoring import ScoreTable, score
from bench.speed import Speed

Cell = str | float | int | None


@dataclass(frozen=True, slots=True)
class Table:
    """One table: `records` holds the full figures for machines, `cells` what people read."""

    title: str
    columns: tuple[str, ...]
    cells: list[list[Cell]]
    records: list[dict[str, Any]]
    signature: str
    notes: list[str] = field(default_factory=list)


def main_table(run: Run, corpus: Corpus, *, view: str, metric: str) -> Table:
    """Return the results: F1 with its interval, P, R, misses and speed, best F1 first."""
    table = score(run, corpus, view=view, metric=metric)
    records = _main_records(run, corpus, table)
    return Table(
        title=f"Main content on {corpus.name}@{corpus.version}, {len(corpus.pages)} pages",
        columns=(
            *("extractor", "version", "F1 [95% CI]", "P", "R", "misses"),
            *("median ms", "p95 ms", "pages/s", "x lxml"),
        ),
        cells=[_main_cells(record) for record in records],
        records=records,
        signature=_sign("F1", run, corpus, view, metric),
        notes=[*_abstention(table), *_sites_note(table), *_speed_notes(run, records)],
    )


def kind_table(run: Run, corpus: Corpus, *, view: str, metric: str) -> Table:
    """Return the leaks by kind: share of tokens let through, and pages with any of it."""
    leaks = leak_table(run, corpus, view=view)
    return Table(
        title="Leaks by kind: share of the kind's tokens let through (pages with any / pages)",
        columns=("kind", "tokens", *leaks.rates),
        cells=[*(_kind_cells(leaks, kind) for kind in leaks.kinds), *_outside_cells(leaks)],
        records=[_kind_record(leaks, kind) for kind in leaks.kinds],
        signature=_sign("leaks", run, corpus, view, metric),
        notes=["off-page and repeated: share of the extractor's own tokens"],
    )


def _sign(figure: str, run: Run, corpus: Corpus, view: str, metric: str) -> str:
    network = run.provenance["network"]
    return signature.signature(figure, run.plan, corpus, network, view=view, metric=metric)


def _main_records(run: Run, corpus: Corpus, table: ScoreTable) -> list[dict[str, Any]]:
    sizes = {page.id: page.path.stat().st_size for page in corpus.pages}
    speeds = speed.speeds(run.timings(), run.lives(), sizes)
    hellos = run.provenance["contestants"]
    counted = table.scores[:, table.has_content]
    sites = [site for site, has in zip(table.sites, table.has_content, strict=True) if has]
    means = counted.mean(axis=1) if counted.shape[1] else np.full((len(table.rows), 3), np.nan)
    ends = statistics.intervals(counted[:, :, 2], sites)
    records = [
        {
            "extractor": row.name,
            "category": row.category,
            "version": hellos.get(row.name, {}).get("version", ""),
            **dict(zip(("precision", "recall", "f1"), map(_figure, means[r]), strict=True)),
            "f1_low": _figure(ends[r, 0]),
            "f1_high": _figure(ends[r, 1]),
            "misses": int(table.missed[r].sum()),
            "pages": len(corpus.pages),
            **_speed_record(speeds.get(row.name)),
        }
        for r, row in enumerate(table.rows)
    ]
    return sorted(records, key=lambda record: (record["category"] == "control", -_rank(record)))


def _rank(record: dict[str, Any]) -> float:
    return -1.0 if record["f1"] is None else float(record["f1"])


def _figure(value: float) -> float | None:
    """JSON has no NaN: a mean over no page is null."""
    return None if np.isnan(value) else round(float(value), 6)


def _speed_record(speed: Speed | None) -> dict[str, float | None]:
    names = [field.name for field in fields(Speed)]
    return {name: getattr(speed, name, None) for name in names}


def _main_cells(record: dict[str, Any]) -> list[Cell]:
    interval = f"{_three(record['f1'])} [{_three(record['f1_low'])}, {_three(record['f1_high'])}]"
    return [
        record["extractor"],
        record["version"],
        interval,
        _three(record["precision"]),
        _three(record["recall"]),
        record["misses"],
        _shown(record["median_ms"], ".1f"),
        _shown(record["p95_ms"], ".1f"),
        _shown(record["pages_per_s"], ".1f"),
        _shown(record["times_lxml"], ".2f"),
    ]


def _three(value: float | None) -> str:
    return _shown(value, ".3f")


def _shown(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def _abstention(table: ScoreTable) -> list[str]:
    """Say who kept silent on the pages without main content, which stand outside the mean."""
    without = ~table.has_content
    if not without.any():
        return []
    silent = table.scores[:, without, 2].sum(axis=1)
    pages = int(without.sum())
    said = ", ".join(f"{row.name} {int(n)}" for row, n in zip(table.rows, silent, strict=True))
    plural = "page" if pages == 1 else "pages"
    return [f"abstention: {pages} {plural} without main content, outside the mean; silent: {said}"]


def _sites_note(table: ScoreTable) -> list[str]:
    sites = len(set(table.sites))
    if sites >= statistics.FEW_SITES:
        return []
    return [
        f"intervals rest on {sites} sites only (< {statistics.FEW_SITES}): read them as too narrow"
    ]


def _speed_notes(run: Run, records: list[dict[str, Any]]) -> list[str]:
    notes = []
    if not any(record["extractor"] == speed.BASELINE for record in records):
        notes.append(f"x lxml is blank: the run has no {speed.BASELINE} row")
    unsteady = [
        f"{record['extractor']} {record['spread']:.0%}"
        for record in records
        if record["category"] != "control"
        and record["spread"] is not None
        and record["spread"] >= speed.DISAGREEMENT
    ]
    if unsteady:
        notes.append(
            f"rounds disagree by >= 10 % ({', '.join(unsteady)}): "
            "close other programs, or raise --rounds"
        )
    provenance = run.provenance
    if "open" in provenance["network"]:
        notes.append("the network was open to the extractors: this kernel grants no way to cut it")
    notes += [
        f"{name} reports only {share:.0%} of the CPU time of its processes"
        for name, share in provenance["underreported"].items()
    ]
    if provenance["unsteady"]:
        notes.append(f"texts differ between rounds: {', '.join(provenance['unsteady'][:5])}")
    return notes


def _kind_cells(leaks: LeakTable, kind: str) -> list[Cell]:
    rates = [rates[kind] for rates in leaks.rates.values()]
    cells = [f"{rate.share:6.1%} ({rate.pages_passed}/{rate.pages})" for rate in rates]
    return [kind, rates[0].tokens, *cells]


def _outside_cells(leaks: LeakTable) -> list[list[Cell]]:
    off_page = [f"{share:.1%}" for share, _ in leaks.outside.values()]
    repeated = [f"{share:.1%}" for _, share in leaks.outside.values()]
    return [["off-page", None, *off_page], ["repeated", None, *repeated]]


def _kind_record(leaks: LeakTable, kind: str) -> dict[str, Any]:
    rates = {name: rates[kind] for name, rates in leaks.rates.items()}
    first = next(iter(rates.values()))
    return {
        "kind": kind,
        "tokens": first.tokens,
        "pages": first.pages,
        "extractors": {
            name: {
                "passed": rate.passed,
                "share": round(rate.share, 6),
                "pages_passed": rate.pages_passed,
                "pages_share": round(rate.pages_share, 6),
            }
            for name, rate in rates.items()
        },
    }
