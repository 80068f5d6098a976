"""Comparing two runs: what changed per extractor, whether that is more than chance, and where."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench import statistics
from bench.corpus import Corpus
from bench.errors import BenchError
from bench.report.layout import Subject, Table, figure
from bench.scores import ScoreTable, read_scores
from bench.scoring import score
from bench.statistics import Floats

_PAGES = 10  # of the pages that changed most


@dataclass(frozen=True, slots=True)
class Change:
    """One extractor's F1 before and after, the difference's interval and Holm-corrected p."""

    extractor: str
    before: float
    after: float
    low: float
    high: float
    p: float

    @property
    def lost(self) -> bool:
        """Whether it is significantly worse."""
        return self.after < self.before and self.p < statistics.ALPHA

    @property
    def verdict(self) -> str:
        """Say it in words."""
        if self.p >= statistics.ALPHA:
            return "no significant change"
        return "worse" if self.lost else "better"


def baseline_scores(path: Path, corpus: Corpus, table: ScoreTable) -> ScoreTable:
    """Return the counts in a kept `scores.jsonl`; BenchError names what forbids comparing."""
    found = read_scores(path, corpus)
    problems = [
        f"{path}: {what} is {old!r}, here {new!r}"
        for what, old, new in (
            ("metric", found.metric, table.metric),
            ("view", found.view, table.view),
            ("number of counts a page", found.counts.shape[2], table.counts.shape[2]),
        )
        if old != new
    ]
    if problems:
        raise BenchError(problems, hint="compare tables of the same metric and view")
    return found


def scores_of(subject: Subject) -> ScoreTable:
    """Return the counts of a run."""
    return score(subject.run, subject.corpus, view=subject.view, metric=subject.metric)


def changes(before: ScoreTable, after: ScoreTable) -> list[Change]:
    """Return the change of each contestant that both have, controls left out.

    Sign-flip tests by site, Holm over the contestants compared.
    """
    shared = _shared(before, after)
    if not shared:
        raise BenchError(
            "the runs have no contestant in common",
            hint=f"{_names(before)} against {_names(after)}",
        )
    inside = after.has_content
    if not inside.any():
        raise BenchError("no page has main content: nothing to compare")
    old, new = (_f1(table, shared)[:, inside] for table in (before, after))
    return paired(shared, old, new, after.only(inside).sites)


def paired(names: Sequence[str], old: Floats, new: Floats, sites: Sequence[str]) -> list[Change]:
    """Return the change of each name from its row in `old` to its row in `new`, rows × pages."""
    sums = statistics.by_site(np.concatenate([new, old])[:, :, None], sites)[:, :, 0]
    place = np.arange(len(names))
    p = statistics.holm(statistics.sign_flip(sums, place, place + len(names)))
    low, high = _interval(new - old, sites)
    return [
        Change(name, old[i].mean(), new[i].mean(), low[i], high[i], p[i])
        for i, name in enumerate(names)
    ]


def _interval(differences: Floats, sites: Sequence[str]) -> tuple[Floats, Floats]:
    sums = statistics.by_site(np.stack([differences, np.ones_like(differences)], axis=-1), sites)
    draws = statistics.resampled_weights(sums.shape[1])
    return statistics.interval(
        np.stack([(draws @ row[:, 0]) / (draws @ row[:, 1]) for row in sums])
    )


def comparison_table(before: ScoreTable, after: ScoreTable, signature: str) -> Table:
    """Return the changes, and in notes the pages that changed most."""
    found = changes(before, after)
    return Table(
        title=f"F1 before and after, {len(after.pages)} pages",
        columns=("extractor", "before", "after", "difference [95% CI]", "p (Holm)", "verdict"),
        cells=[
            [
                change.extractor,
                f"{change.before:.3f}",
                f"{change.after:.3f}",
                f"{change.after - change.before:+.3f} [{change.low:+.3f}, {change.high:+.3f}]",
                f"{change.p:.4f}",
                change.verdict,
            ]
            for change in found
        ],
        records=[
            {
                "extractor": change.extractor,
                "before": figure(change.before),
                "after": figure(change.after),
                "difference": figure(change.after - change.before),
                "low": figure(change.low),
                "high": figure(change.high),
                "p": figure(change.p),
                "verdict": change.verdict,
            }
            for change in found
        ],
        signature=signature,
        notes=[*sites_notes(after, len(found)), *_most_changed(before, after)],
    )


def sites_notes(table: ScoreTable, tests: int) -> list[str]:
    """Say where there are too few sites for an interval, or for any difference to be significant.

    The smallest p of a sign-flip test is 2 / 2^sites, before Holm's correction.
    """
    sites = len(set(table.only(table.has_content).sites))
    if sites == 1:
        return ["one site only: no interval, and no difference can be significant"]
    if 2 / 2**sites * tests >= statistics.ALPHA:
        return [f"{sites} sites are too few for any difference to be significant"]
    if sites < statistics.FEW_SITES:
        return [f"intervals rest on {sites} sites (< {statistics.FEW_SITES}): too narrow"]
    return []


def _most_changed(before: ScoreTable, after: ScoreTable) -> list[str]:
    shared = _shared(before, after)
    old, new = _f1(before, shared), _f1(after, shared)
    places = np.argsort(-np.abs(new - old), axis=None)[:_PAGES]
    found = [np.unravel_index(place, old.shape) for place in places]
    return [
        f"{shared[r]} on {after.pages[p].id}: {old[r, p]:.3f} -> {new[r, p]:.3f}"
        for r, p in found
        if old[r, p] != new[r, p]
    ] or ["no page changed"]


def _shared(before: ScoreTable, after: ScoreTable) -> list[str]:
    old = {row.name for row in before.rows}
    return [row.name for row in after.rows if row.name in old and row.category != "control"]


def _f1(table: ScoreTable, names: list[str]) -> Floats:
    place = {row.name: r for r, row in enumerate(table.rows)}
    return table.scores[[place[name] for name in names], :, 2]


def _names(table: ScoreTable) -> str:
    return ", ".join(row.name for row in table.rows if row.category != "control")
