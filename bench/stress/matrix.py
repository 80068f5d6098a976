"""The matrix: inputs down, extractors across, in each cell what became of it."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from bench import __version__
from bench.process import Limits
from bench.report.layout import Cell, Table
from bench.stress.trial import Trial
from bench.stress.verdict import MISSES, RESULTS

# What a cell mentions beside its word: most pages take a tenth of either
_NOTABLE_S, _NOTABLE_MIB = 1.0, 256
_WORDS = (
    "kept: the marker came through, or nothing where there is nothing to keep; lost: it did not; "
    "wrong: text came through that no reader of the page sees"
)
_SIGNAL = re.compile(r"ended by signal (\d+)")


def matrix(trials: Sequence[Trial], limits: Limits, seed: int, notes: Sequence[str] = ()) -> Table:
    """Return the table: a row for each input and each result's count, a record for each trial."""
    cells = {(trial.input, trial.extractor): trial for trial in trials}
    inputs = {trial.input: trial for trial in trials}
    extractors = {trial.extractor: trial.version for trial in trials}
    versions = ", ".join(f"{name} {version}" for name, version in extractors.items() if version)
    rows: list[list[Cell]] = [
        [name, _megabytes(one.bytes), *(_cell(cells[name, who]) for who in extractors)]
        for name, one in inputs.items()
    ]
    return Table(
        title=f"Stress: {len(extractors)} extractors on {len(inputs)} hostile pages",
        columns=("input", "MB", *extractors),
        cells=rows + _counts(trials, list(extractors)),
        records=[asdict(trial) for trial in trials],
        signature=_signature(trials, limits, seed),
        notes=[
            _WORDS,
            *([f"versions: {versions}"] if versions else []),
            *_silent(trials),
            *notes,
        ],
    )


def _cell(trial: Trial) -> str:
    took, peak = trial.wall_s, trial.peak_mib or 0
    signal = _SIGNAL.search(trial.why) if trial.result == "killed" else None
    said = [trial.result, *([f"({signal[1]})"] if signal else [])]
    if took >= _NOTABLE_S and trial.result != "timeout":
        said.append(f"{took:.1f}s")
    if peak >= _NOTABLE_MIB:
        said.append(f"{peak}M")
    return " ".join(said)


def _counts(trials: Sequence[Trial], extractors: Sequence[str]) -> list[list[Cell]]:
    counts = Counter((trial.result, trial.extractor) for trial in trials)
    return [
        [f"= {result}", "", *(str(counts[result, name] or "-") for name in extractors)]
        for result in RESULTS
    ]


def _silent(trials: Sequence[Trial]) -> list[str]:
    """Return a note for each extractor that missed every page, with its first reason."""
    answered = {trial.extractor for trial in trials if trial.result not in MISSES}
    firsts: dict[str, str] = {}
    for trial in trials:
        firsts.setdefault(trial.extractor, trial.why.partition("\n")[0])
    return [
        f"{name}: missed every page: {why}" for name, why in firsts.items() if name not in answered
    ]


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.3f}" if size < 1e6 else f"{size / 1e6:.1f}"


def _signature(trials: Sequence[Trial], limits: Limits, seed: int) -> str:
    digests = {trial.input: trial.digest for trial in trials}
    together = hashlib.sha256("".join(digests.values()).encode()).hexdigest()
    fields = {
        "inputs": f"{len(digests)}#{together[:8]}",
        "seed": seed,
        "limit": f"{limits.page_s:g}s/{limits.memory_mib}MiB",
        "net": "open" if any("open" in trial.network for trial in trials) else "none",
        "v": __version__,
    }
    return "|".join(["stress", "-", *(f"{key}:{value}" for key, value in fields.items())])
