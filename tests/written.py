"""Runs written by hand, as if contestants had given these texts: no process is started."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from bench import provenance, runs
from bench.contestants import Category, Contestant
from bench.corpus import Page, open_corpus
from bench.lane import Harvest
from bench.records import Extraction, Life, Timing
from bench.runner import Settings, make_plan
from bench.runs import Run

# By contestant and page; None is a miss, a page that is not named has no extraction at all
Texts = Mapping[str, Mapping[str, str | None]]
CATEGORIES: Mapping[str, Category] = {
    "nothing": "control",
    "everything": "control",
    "lxml_text": "baseline",
}
# What the contestants of most tests give for the miniature corpus
TEXTS: Texts = {
    "nothing": {"board/first": "", "board/second": "", "wiki/third": ""},
    "good": {
        "board/first": "Tea\nGreen tea is dry.",
        "board/second": "It rains.",
        "wiki/third": "A wiki grows slowly.",
    },
    "bad": {
        "board/first": "Home News Green … dry",
        "board/second": None,
        "wiki/third": "© 2026 nobody",
    },
}


_environment = cache(provenance.environment_digest)  # it reads the metadata of 50 packages


def written(
    folder: Path,
    corpus: Path,
    texts: Texts = TEXTS,
    *,
    finished: bool = True,
    rounds: int = 1,
    cpu_ms: Mapping[tuple[str, int], float] | None = None,
    network: str = "none (namespace)",
) -> Run:
    """Write a run of these texts over a corpus; a page costs 1 ms unless `cpu_ms` says otherwise.

    `cpu_ms` is by contestant and round.
    """
    pages, run = open_corpus(corpus), Run(folder)
    contestants = [
        Contestant(name, Path(f"{name}.py"), "", CATEGORIES.get(name, "extractor"), "", name)
        for name in texts
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(provenance, "environment_digest", _environment)
        run.create(make_plan(pages, contestants, Settings(rounds=rounds)))
    with run.journal() as journal:
        journal.write(
            Harvest(
                lives=[_life(name, network) for name in texts],
                extractions=[
                    _extraction(page, name, some[page.id])
                    for name, some in texts.items()
                    for page in pages.pages
                    if page.id in some
                ],
                timings=list(_timings(pages.pages, texts, rounds, cpu_ms or {})),
            )
        )
    if finished:
        runs.write_whole(run.folder / "run.json", provenance.of_run(run, pages))
    return run


def _extraction(page: Page, name: str, text: str | None) -> Extraction:
    if text is None:
        return Extraction(page.id, name, "error", "", "ValueError: no article")
    return Extraction(page.id, name, "ok", text)


def _timings(
    pages: tuple[Page, ...], texts: Texts, rounds: int, cpu_ms: Mapping[tuple[str, int], float]
) -> Iterator[Timing]:
    for number in range(1, rounds + 1):
        for name, some in texts.items():
            for page in pages:
                if page.id in some:
                    missed = some[page.id] is None
                    cost = int(cpu_ms.get((name, number), 1.0) * 1e6)
                    yield timing(page.id, name, number, cost, missed=missed)


def timing(
    page: str,
    extractor: str,
    number: int = 1,
    cpu_ns: int = 1_000_000,
    *,
    warmup: bool = False,
    missed: bool = False,
    peak_kib: int = 2048,
    resident_kib: int = 1024,
) -> Timing:
    """Return the timing of one page in one round; wall time is twice the CPU time."""
    return Timing(
        page=page,
        extractor=extractor,
        round=number,
        warmup=warmup,
        status="error" if missed else "ok",
        wall_ns=cpu_ns * 2,
        cpu_ns=cpu_ns,
        tree_cpu_ns=cpu_ns,
        peak_kib=peak_kib,
        worker=f"{extractor}/{number}",
        digest="",
        resident_kib=resident_kib,
    )


def _life(name: str, network: str) -> Life:
    hello = {"version": "1.0", "runtime": "CPython", "packages": {}}
    return Life(f"{name}/1", name, 1, hello, 5_000_000, 5_000_000, {"network": network}, 1024)
