"""Predictions made elsewhere: read, checked, and stored as a run like any other.

Three shapes: `{page: {"articleBody": text}}`, the same under `{"version": …, "output": …}` (both of
the article extraction benchmark), and JSON lines `{"page": id, "text": text}`.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from bench import __version__, provenance, text
from bench.corpus import Corpus
from bench.errors import BenchError
from bench.lane import Harvest
from bench.records import Extraction
from bench.runner import corpus_plan
from bench.runs import Plan, Run, write_whole

MISSING = "no prediction for this page"


@dataclass(frozen=True, slots=True)
class Predictions:
    """The texts of one system by page, with its name and version as the file says."""

    name: str
    version: str
    texts: dict[str, str]
    digest: str


def read(path: Path, name: str, corpus: Corpus) -> Predictions:
    """Return the predictions in a file.

    Raises BenchError with every page that is unknown, given twice or not a string. Pages without
    a prediction are no error: they are misses.
    """
    try:
        data = path.read_bytes()
        version, pairs = _pairs(data)
    except (OSError, ValueError) as error:
        raise BenchError(f"{path}: no predictions ({error})", hint=__doc__ or "") from error
    problems = list(_problems(path, pairs, {page.id for page in corpus.pages}))
    if problems:
        raise BenchError(problems)
    return Predictions(name, version, dict(pairs), sha256(data).hexdigest())


def _pairs(data: bytes) -> tuple[str, list[tuple[str, Any]]]:
    """Return the version and all (page, text) pairs, in the order of the file."""
    try:
        pairs: list[tuple[str, Any]] = json.loads(data, object_pairs_hook=list)
    except ValueError:
        lines = [json.loads(line) for line in data.splitlines() if line.strip()]
        return "", [(line["page"], line["text"]) for line in lines]
    top = dict(pairs)
    if "page" in top and "text" in top:  # JSON lines with one line only
        return "", [(top["page"], top["text"])]
    if set(top) == {"version", "output"}:
        return str(top["version"] or ""), [(page, _body(given)) for page, given in top["output"]]
    return "", [(page, _body(given)) for page, given in pairs]


def _body(given: Any) -> Any:  # noqa: ANN401  JSON
    """Return the text; an absent or null one is empty, as its owners' scorer takes it."""
    fields = dict(given)
    return fields.get("articleBody") or ""


def _problems(path: Path, pairs: list[tuple[str, Any]], pages: set[str]) -> Iterator[str]:
    for page, count in Counter(page for page, _ in pairs).items():
        if count > 1:
            yield f"{path}: page {page!r} is given {count} times"
        if page not in pages:
            yield f"{path}: unknown page {page!r}"
    for page, given in pairs:
        if not isinstance(given, str):
            yield f"{path}: page {page!r}: the text is {type(given).__name__}, not a string"


def store(run: Run, corpus: Corpus, systems: list[Predictions]) -> int:
    """Write a finished run of provenance "external", and return how many pages are missing."""
    run.create(_plan(corpus, systems))
    extractions = [_extraction(page.id, system) for system in systems for page in corpus.pages]
    with run.journal() as journal:
        journal.write(Harvest(extractions=extractions))
    write_whole(run.folder / "run.json", _provenance(run, corpus, systems))
    return sum(extraction.error == MISSING for extraction in extractions)


def _extraction(page: str, system: Predictions) -> Extraction:
    if page in system.texts:
        return Extraction(page, system.name, "ok", system.texts[page])
    return Extraction(page, system.name, "error", "", MISSING)


def _plan(corpus: Corpus, systems: list[Predictions]) -> Plan:
    return {
        "boilerbench": __version__,
        "corpus": corpus_plan(corpus),
        "contestants": [
            {"name": one.name, "category": "extractor", "distribution": "", "digest": one.digest}
            for one in systems
        ],
        "environment": "external",
        "limits": {},
        "rounds": 0,
    }


def _provenance(run: Run, corpus: Corpus, systems: list[Predictions]) -> dict[str, Any]:
    return {
        "boilerbench": __version__,
        "external": True,
        "corpus": {"digest": corpus.digest, "gold": corpus.gold_digest},
        "unicode": text.UNICODE,
        "contestants": {one.name: {"version": one.version} for one in systems},
        "network": ["unknown"],
        "unsteady": [],
        "underreported": {},
        "journals": provenance.journal_digests(run),
    }
