"""Calibration: published figures met, rates of the metrics, memory. `make calibrate` runs it.

Reads the packs' folder from BOILERBENCH_PACKS; prints Markdown, exits 1 where a figure is missed.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rouge_score import rouge_scorer, tokenizers

from bench import metrics, statistics
from bench.corpus import Corpus
from bench.gold import TextGold, read_gold
from bench.importing import import_dataset
from bench.metrics import Output, Reference
from bench.predictions import read, store
from bench.runs import Run
from bench.scoring import count_all, reference
from bench.text import tokens
from tests.figures.plain_zyte import plain_zyte
from tests.figures.published import WCXB, ZYTE

FOUR = ("lcs", "bag", "shingle(4)", "levenshtein_tokens")
missed: list[str] = []


def main() -> None:
    """Print every section; the exit code says whether all targets were met."""
    packs = os.environ.get("BOILERBENCH_PACKS")
    if not packs:
        print("skipped: BOILERBENCH_PACKS does not name the folder of the packs")
        return
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["BOILERBENCH_DATA"] = scratch
        run, corpus = _zyte(Path(packs), Path(scratch))
        _published_zyte(run, corpus)
        _published_wcxb(Path(packs))
        _rouge(run, corpus)
        _speed(run, corpus)
        _rates(run, corpus)
    _memory()
    sys.exit(bool(missed))


def _zyte(packs: Path, scratch: Path) -> tuple[Run, Corpus]:
    archive = packs / "zyte" / "zyte-aeb.tar.gz"
    corpus = import_dataset("zyte", archive)
    subprocess.run(["tar", "xzf", archive, "-C", scratch, "output"], check=True)
    systems = [
        read(path, path.stem, corpus) for path in sorted((scratch / "output").glob("*.json"))
    ]
    run = Run(scratch / "run")
    store(run, corpus, systems)
    return run, corpus


def _published_zyte(run: Run, corpus: Corpus) -> None:
    table = count_all(run, corpus, "main", ["zyte"])["zyte"]
    found = statistics.estimate(table, metrics.load("zyte")).figures
    print("## The article extraction benchmark\n")
    print("| system | F1 | P | R | accuracy | as published |\n|---|---|---|---|---|---|")
    for row, (p, r, f1, accuracy) in zip(table.rows, found, strict=True):
        if row.name in ZYTE:
            here = tuple(round(float(value), 3) for value in (f1, p, r, accuracy))
            same = _met(f"zyte {row.name}", here == ZYTE[row.name])
            print(f"| {row.name} | {' | '.join(f'{value:.3f}' for value in here)} | {same} |")


def _published_wcxb(packs: Path) -> None:
    corpus = import_dataset("wcxb", packs / "wcxb-dev" / "wcxb-dev.tar.gz")
    metric = metrics.load("wcxb")
    golds = [reference(read_gold(page.gold_path), "main") for page in corpus.pages]
    print(f"\n## WCXB, {len(golds)} dev pages\n\n| figure | here | expected |\n|---|---|---|")
    gold = _means(metric, [metric.counts(one, Output(one.kept)) for one in golds])
    empty = _means(metric, [metric.counts(one, Output("")) for one in golds])
    for name, here in (("gold F1", gold[2]), ("gold without", gold[4]), ("empty F1", empty[2])):
        _met(f"wcxb {name}", round(here, 4) == WCXB[name])
        print(f"| {name} | {here:.4f} | {WCXB[name]:.4f} |")


def _means(metric: metrics.Metric, counts: list[tuple[int, ...]]) -> list[float]:
    values, weights = metric.parts(np.array(counts), np.zeros(len(counts), dtype=bool))
    return [float(mean) for mean in metric.combine((values * weights).sum(0) / weights.sum(0))]


class _Tokens(tokenizers.Tokenizer):  # type: ignore[misc]
    def tokenize(self, text: str) -> list[str]:
        return tokens(text)


def _rouge(run: Run, corpus: Corpus) -> None:
    scorer = rouge_scorer.RougeScorer(["rougeLsum"], tokenizer=_Tokens())
    metric = metrics.load("rouge_lsum")
    golds = _golds(corpus)
    pairs = [(golds[one.page], one.text) for one in run.extractions() if len(one.text) < 6000]
    pairs = pairs[:: max(1, len(pairs) // 200)]
    ours, theirs, worst = 0.0, 0.0, 0.0
    for gold, text in pairs:
        started = time.process_time()
        here = metric.scores(np.array(metric.counts(Reference([gold]), Output(text))))
        middle = time.process_time()
        there = scorer.score(gold, text)["rougeLsum"]
        ours, theirs = ours + middle - started, theirs + time.process_time() - middle
        expected = (there.precision, there.recall, there.fmeasure)
        worst = max(worst, *np.abs(np.array(expected) - here))
    _met("rouge_lsum", worst < 1e-6)
    print(
        f"\n## rouge_lsum\n\n{len(pairs)} pairs, largest difference from rouge-score {worst:.1e}; "
    )
    print(f"{theirs / ours:.0f} times as fast.")


def _golds(corpus: Corpus) -> dict[str, str]:
    golds = ((page.id, read_gold(page.gold_path)) for page in corpus.pages)
    return {name: gold.text for name, gold in golds if isinstance(gold, TextGold)}


def _speed(run: Run, corpus: Corpus) -> None:
    golds = _golds(corpus)
    systems: dict[str, dict[str, str]] = {}
    for extraction in run.extractions():
        systems.setdefault(extraction.extractor, {})[extraction.page] = extraction.text
    pairs = len(golds) * len(systems)
    plain = _cpu(lambda: [plain_zyte(golds, texts, 1000) for texts in systems.values()])
    ours = _cpu(lambda: _full(run, corpus))
    one, two = _counting(run, corpus, 1), _counting(run, corpus, 2)
    _met("four metrics 4 x", plain / ours >= 4)
    print(f"\n## Speed, one core, one run\n\n{pairs} pairs of gold and output.\n")
    print("| what | CPU s | pairs/s |\n|---|---|---|")
    print(f"| Zyte's definition, plainly, 1 000 resamples | {plain:.1f} | {pairs / plain:.0f} |")
    print(f"| {', '.join(FOUR)}, 10 000 resamples, all tests | {ours:.1f} | {pairs / ours:.0f} |")
    print(
        f"\nRatio {plain / ours:.1f} (target 4). Counting with two workers: {one / two:.2f} x one."
    )


def _counting(run: Run, corpus: Corpus, workers: int) -> float:
    """Return the wall seconds of counting."""
    started = time.perf_counter()
    count_all(run, corpus, "main", FOUR, workers=workers)
    return time.perf_counter() - started


def _full(run: Run, corpus: Corpus) -> None:
    tables = count_all(run, corpus, "main", FOUR)
    for name, table in tables.items():
        statistics.estimate(table, metrics.load(name))
        ranked = [r for r, row in enumerate(table.rows) if row.category == "extractor"]
        statistics.compare_rows(table.scores[ranked][:, :, 2], table.sites)


def _rates(run: Run, corpus: Corpus) -> None:
    print("\n| metric | page-scores per CPU second |\n|---|---|")
    some = run.extractions()[::13]
    golds = _golds(corpus)
    for name in metrics.names():
        metric = metrics.load(name)
        if metric.gold == "text":
            jobs = [(Reference([golds[one.page]]), Output(one.text)) for one in some]
            started = time.process_time()
            for job in jobs:
                metric.counts(*job)
            seconds = time.process_time() - started
            print(f"| {name} | {len(jobs) / seconds:.0f} |")


_PROBE = """
import os
from bench import metrics, processes
from bench.metrics import Output, Reference
gold = " ".join(f"word{i % 9000} of line {i}" for i in range(60000))
def peak(): return processes.peak_kib(os.getpid())
for name in ("lcs", "bag", "shingle", "levenshtein_tokens"): metrics.load(name)
idle = peak()
text = gold[: len(gold) // 2] + " noise" * 1000 + gold[len(gold) // 2 :]
text = (text * 4)[:5_000_000]
reference = Reference([gold])
for name in ("lcs", "bag", "shingle", "levenshtein_tokens"):
    metrics.load(name).counts(reference, Output(text))
print((peak() - idle) // 1024, len(text))
"""


def _memory() -> None:
    printed = subprocess.run(
        [sys.executable, "-c", _PROBE], capture_output=True, text=True, check=True
    ).stdout
    mib, size = map(int, printed.split())
    _met("memory", mib <= 200)
    print(
        f"\nPeak memory of the four metrics on a text of {size / 1e6:.0f} MB: {mib} MiB above idle."
    )


def _met(what: str, good: bool) -> str:  # noqa: FBT001
    if not good:
        missed.append(what)
        print(f"missed: {what}", file=sys.stderr)
    return "yes" if good else "NO"


def _cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    main()
