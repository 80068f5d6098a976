"""Predictions made elsewhere: read, checked, and stored as a run like any other.

Three shapes: `{page: {"articleBody": text}}`, the same under `{"version": …, "output": …}` (both of
the article extraction benchmark), and JSON lines `{"page": id, "text": text}`.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from bench import __version__, provenance, text
from bench.contestants import ORACLE
from bench.corpus import Corpus
from bench.errors import BenchError
from bench.lane import Harvest
from bench.records import Extraction
from bench.runner import corpus_plan
from bench.runs import Plan, Run

MISSING = "no prediction for this page"
# Half a pair is not text in any encoding, and no journal could hold it
_SURROGATE = re.compile("[\ud800-\udfff]")


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
    a prediction are no error: they are misses. Half a surrogate pair becomes U+FFFD, as in a run.
    """
    try:
        data = path.read_bytes()
        version, pairs = _pairs(data)
    except (OSError, ValueError, TypeError) as error:
        raise BenchError(f"{path}: no predictions ({error})", hint=__doc__ or "") from error
    problems = list(_problems(path, pairs, {page.id for page in corpus.pages}))
    if name == ORACLE:
        problems.append(f"the name {ORACLE!r} is the scorer's; name another with --name")
    if problems:
        raise BenchError(problems)
    texts = {page: _SURROGATE.sub("\ufffd", given) for page, given in pairs}
    return Predictions(name, _SURROGATE.sub("\ufffd", version), texts, sha256(data).hexdigest())


class Object(list[tuple[str, Any]]):
    """An object of JSON as its pairs, so that a key given twice is seen."""


def _pairs(data: bytes) -> tuple[str, list[tuple[str, Any]]]:
    """Return the version and all (page, text) pairs, in the order of the file."""
    try:
        whole = json.loads(data, object_pairs_hook=Object)
    except ValueError:
        lines = data.splitlines()
        return "", [_line(line, n) for n, line in enumerate(lines, 1) if line.strip()]
    if not isinstance(whole, Object):
        raise TypeError(f"{type(whole).__name__}, not an object")
    top = dict(whole)
    if "page" in top and "text" in top:  # JSON lines with one line only
        return "", [_line(data, 1)]
    if set(top) == {"version", "output"} and isinstance(top["output"], Object):
        return str(top["version"] or ""), [_body(*pair) for pair in top["output"]]
    return "", [_body(*pair) for pair in whole]


def _line(line: bytes, number: int) -> tuple[str, Any]:
    fields = json.loads(line)
    if not (isinstance(fields, dict) and {"page", "text"} <= {*fields}):
        raise ValueError(f"line {number}: no object with page and text")
    return str(fields["page"]), fields["text"]


def _body(page: str, given: Any) -> tuple[str, Any]:  # noqa: ANN401  JSON
    """Return the text; an absent or null one is empty, as its owners' scorer takes it."""
    if not isinstance(given, Object):
        raise TypeError(f"page {page!r}: no object with articleBody")
    text = dict(given).get("articleBody")
    return page, "" if text is None else text


def _problems(path: Path, pairs: list[tuple[str, Any]], pages: set[str]) -> Iterator[str]:
    if not pairs:
        yield f"{path}: holds no prediction at all"
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
    run.finish(_provenance(run, corpus, systems))
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
