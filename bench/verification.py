"""Verifying a run: its files are those it was finished with, and a table follows from it."""

import difflib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import provenance, signature
from bench.corpus import Corpus
from bench.report import LEAKS, TABLES
from bench.report.formats import FORMATS
from bench.report.layout import Subject, Table
from bench.runs import Run
from bench.scoring import count, score

_SIGNATURE = re.compile(r"[^\s`\"{}]+(?: by [a-z_+]+)?\|[a-z]\S*\|v:[0-9][^\s`\"\\}]*")
_SHOWN = 5  # lines of difference that are shown


def problems_of(run: Run, corpus: Corpus, *, view: str, metric: str) -> list[str]:
    """Return what is wrong with a run's files: digests, and counts that do not follow."""
    kept = run.provenance
    problems = [
        f"{run.folder / name}: changed since the run ended (SHA-256 differs)"
        for name, digest in provenance.journal_digests(run).items()
        if kept.get("journals", {}).get(name) != digest
    ]
    if kept["corpus"]["gold"] != corpus.gold_digest:
        problems.append(
            f"{corpus.root / 'gold'}: labels have changed since the run "
            f"(#{kept['corpus']['gold'][:8]} then, #{corpus.gold_digest[:8]} now)"
        )
    stored, anew = score(run, corpus, view=view, metric=metric), count(run, corpus, view, metric)
    if (stored.counts != anew.counts).any() or (stored.missed != anew.missed).any():
        problems.append(f"{run.folder / 'scores.jsonl'}: does not follow from the extractions")
    return problems


def table_problems(path: Path, run: Run, corpus: Corpus) -> list[str]:
    """Return why the tables in a file do not follow from a run; empty where all of them do."""
    published = path.read_text(encoding="utf-8")
    found = list(dict.fromkeys(_signatures(published)))
    if not found:
        return [f"{path}: no signature; a table without one cannot be traced to a run"]
    return [problem for one in found for problem in _one(path, published, one, run, corpus)]


def _signatures(text: str) -> Iterator[str]:
    """Yield the signatures of a text, LaTeX escapes undone."""
    plain = re.sub(r"\\text(bar)\{\}", "|", text)
    plain = re.sub(r"\\([&%$#_{}])", r"\1", plain)
    for match in _SIGNATURE.finditer(plain):
        yield match[0].lstrip("# ")


def _one(path: Path, published: str, found: str, run: Run, corpus: Corpus) -> list[str]:
    fields = signature.parse(found)
    figure, _, by = fields["figure"].partition(" by ")
    subject = Subject(run, corpus, fields.get("view", ""), fields["metric"])
    tables = [make(subject) for make in _makers(figure, by)]
    if not any(table.signature == found for table in tables):
        keys = sorted(
            {key for table in tables for key in signature.differing(found, table.signature)}
        )
        return [f"{path}: signature {found}: another {', '.join(keys) or 'version'} than the run's"]
    lines = set(map(str.strip, published.splitlines()))
    misses = []
    for table in tables:
        for form in FORMATS.values():
            missing = [line for line in form(table).splitlines() if line.strip() not in lines]
            if not missing:
                return []
            misses.append(missing)
    fewest = min(misses, key=len)
    return [
        f"{path}: {figure} table: {len(fewest)} lines do not follow from {run.folder}",
        *(_beside(line, published) for line in fewest[:_SHOWN]),
    ]


def _makers(figure: str, by: str) -> list[Callable[[Subject], Table]]:
    """Return the makers of the tables that show a figure: leaks have several."""
    if figure == "leaks":
        return [TABLES[name] for name in LEAKS]
    return [TABLES[by]] if by in TABLES else []


def _beside(line: str, published: str) -> str:
    near = difflib.get_close_matches(line, published.splitlines(), 1, cutoff=0.3)
    return f"    run:  {line.strip()}\n    file: {near[0].strip() if near else '(nothing like it)'}"
