"""The table of speed: what a page costs each contestant in time and memory."""

from collections import Counter
from dataclasses import asdict, fields
from typing import Any

from bench import cost, speed
from bench.cost import Cost, Estimate
from bench.report.absence import absent_cells, absent_notes, absent_records, silent_notes
from bench.report.layout import Cell, Subject, Table, figure, shown
from bench.report.results import speed_notes
from bench.runs import Run
from bench.speed import Speed

_COLUMNS = (
    *("extractor", "version", "misses", "ms", "p95", "p99", "max", "wall ms", "pages/s", "MB/s"),
    *("x lxml [95% CI]", "start ms", "MiB over idle", "MiB/1000 pages"),
    *("text^ [95% CI]", "bytes^ [95% CI]"),
)
# All figures, for who has none of them; and those among them that have an interval
_BLANK = {one.name: None for kind in (Speed, Cost) for one in fields(kind)}
_ESTIMATES = ("times_lxml", "growth_mib", "by_text", "by_bytes")


def speed_table(subject: Subject, many: Run | None = None) -> Table:
    """Return time, memory and their growth of each contestant, the fastest x lxml first.

    `many` is the same run on several lanes, for the throughput of one against that of all.
    """
    run, records = subject.run, _records(subject)
    walls = _throughput(many)
    for record in records:
        record["wall_pages_per_s_many"] = _rounded(walls.get(record["extractor"]))
    records.sort(key=lambda record: (record["median_ms"] is None, _pace(record)))
    return Table(
        title=f"Speed on {subject.corpus.name}, {len(subject.corpus.pages)} pages",
        columns=_COLUMNS,
        cells=[_cells(record) for record in records] + absent_cells(run, len(_COLUMNS)),
        records=records + absent_records(run, records[0]),
        signature=subject.signature("speed"),
        notes=[
            *_pinned(run),
            *_scaling(records, many),
            *_short_lives(records),
            *speed_notes(subject, records),
            *absent_notes(run),
            *silent_notes(run),
        ],
    )


def _records(subject: Subject) -> list[dict[str, Any]]:
    run, extents = subject.run, cost.extents(subject.corpus)
    timings, lives = run.timings(), run.lives()
    sizes = {page: extent.bytes for page, extent in extents.items()}
    speeds = speed.speeds(timings, lives, sizes)
    costs = cost.costs(timings, lives, extents, run.plan["workers"])
    misses = Counter(one.extractor for one in run.extractions() if one.status != "ok")
    hellos = run.provenance["contestants"]
    return [
        {
            "extractor": name,
            "category": planned["category"],
            "version": hellos.get(name, {}).get("version", ""),
            "misses": misses[name],
            "pages": len(extents),
            "absent": "",
            **_figures(speeds.get(name), costs.get(name)),
        }
        for planned in run.plan["contestants"]
        for name in [planned["name"]]
    ]


def _figures(fast: Speed | None, dear: Cost | None) -> dict[str, float | None]:
    """Return all figures, flat; an interval's ends are `_low` and `_high`."""
    flat: dict[str, float | None] = {}
    known = {**asdict(fast), **asdict(dear)} if fast and dear else _BLANK
    for name, value in known.items():
        if name in _ESTIMATES:
            ends = value or dict.fromkeys(one.name for one in fields(Estimate))
            for end, one in ends.items():
                flat[name if end == "value" else f"{name}_{end}"] = _rounded(one)
        else:
            flat[name] = _rounded(value)
    return flat


def _rounded(value: float | None) -> float | None:
    return None if value is None else figure(value)


def _pace(record: dict[str, Any]) -> float:
    ratio, median = record["times_lxml"], record["median_ms"]
    return float(ratio if ratio is not None else median or 0.0)


def _cells(record: dict[str, Any]) -> list[Cell]:
    return [
        record["extractor"],
        record["version"],
        record["misses"],
        *(shown(record[f"{name}_ms"], ".1f") for name in ("median", "p95", "p99", "max", "wall")),
        *(shown(record[name], ".1f") for name in ("pages_per_s", "mb_per_s")),
        _with_ends(record, "times_lxml"),
        shown(record["startup_ms"], ".0f"),
        shown(record["above_idle_mib"], ".1f"),
        shown(record["growth_mib"], "z.1f"),
        *(_with_ends(record, name) for name in ("by_text", "by_bytes")),
    ]


def _with_ends(record: dict[str, Any], name: str) -> str:
    if record[name] is None:
        return "-"
    value, low, high = (format(record[f"{name}{end}"], "z.2f") for end in ("", "_low", "_high"))
    return f"{value} [{low}, {high}]"


def _pinned(run: Run) -> list[str]:
    """Say which core did the work, or that none was set aside."""
    names = sorted({life.isolation.get("core", "") for life in run.lives()})
    if names == [""]:
        return ["workers were not pinned to a core"]
    return [f"workers pinned to core {', '.join(filter(None, names))}"]


def _short_lives(records: list[dict[str, Any]]) -> list[str]:
    """Say where a slope of memory may be the first pages' caches."""
    pages = records[0]["pages"]
    if pages >= cost.FEW_PAGES or all(record["growth_mib"] is None for record in records):
        return []
    return [f"MiB/1000 pages rests on {pages} pages (< {cost.FEW_PAGES}): caches may still fill"]


def _throughput(many: Run | None) -> dict[str, float]:
    """Return pages per second of wall time of all lanes together, by contestant."""
    if many is None:
        return {}
    lanes, timings = many.plan["workers"], speed.measured(many.timings())
    return {name: cost.throughput(some, lanes) for name, some in timings.items()}


def _scaling(records: list[dict[str, Any]], many: Run | None) -> list[str]:
    """Compare one lane with several, all contestants together."""
    both = [
        (record["wall_pages_per_s"], record["wall_pages_per_s_many"])
        for record in records
        if record["wall_pages_per_s"] and record["wall_pages_per_s_many"]
    ]
    if many is None or not both:
        return []
    # One page by each of them: the harmonic mean of their rates
    one, all_ = (len(both) / sum(1 / rate for rate in rates) for rates in zip(*both, strict=True))
    lanes = many.plan["workers"]
    rates = f"1 worker {one:.1f} pages/s, {lanes} workers {all_:.1f} pages/s"
    return [f"wall time, a page by each in turn: {rates} (x {all_ / one:.2f})"]
