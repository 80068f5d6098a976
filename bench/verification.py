"""Verifying a run: its files are those it was finished with, and a table follows from it."""

import difflib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from bench import provenance, signature, timing
from bench.agreement import metrics_table
from bench.corpus import Corpus
from bench.errors import BenchError
from bench.report import LEAKS, TABLES, main_table
from bench.report.formats import FORMATS
from bench.report.history import version_table
from bench.report.layout import Subject, Table
from bench.report.slices import SLICES
from bench.report.speed import speed_table
from bench.runs import JOURNALS, Run
from bench.scoring import count, score
from bench.views import checked_view

_SIGNATURE = re.compile(r"[^\s`\"{}]+(?: by [a-z_+]+)?\|[a-z-][^\n`\"]*?\|v:[0-9][^\s`\"\\}]*")
# A signature after this word is cited, as in the text of `cite`, and stands under no table
_MENTION = "Signature: "
_SHOWN = 5  # lines of difference that are shown


def problems_of(run: Run, corpus: Corpus, *, view: str, metric: str) -> list[str]:
    """Return what is wrong with a run's files: digests, and counts that do not follow."""
    kept = run.provenance
    if missing := [name for name in JOURNALS if not (run.folder / name).exists()]:
        return [f"{run.folder / name}: missing" for name in missing]
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
    published = path.read_text(encoding="utf-8", errors="replace").splitlines()
    found: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(published):
        for one in _signatures(line):
            found[one].append(number)
    if not found:
        return [f"{path}: no signature; a table without one cannot be traced to a run"]
    return [
        f"{path}: {problem}"
        for one, places in found.items()
        for problem in _one(published, one, places, run, corpus)
    ]


def _signatures(line: str) -> Iterator[str]:
    """Yield the signatures of tables in a line, LaTeX escapes undone."""
    plain = re.sub(r"\\text(bar)\{\}", "|", line)
    plain = re.sub(r"\\([&%$#_{}])", r"\1", plain)
    for match in _SIGNATURE.finditer(plain):
        if not plain[: match.start()].endswith(_MENTION):
            yield match[0].lstrip("# ")


def _one(
    published: list[str], found: str, places: list[int], run: Run, corpus: Corpus
) -> list[str]:
    """Return what is wrong with the tables of one signature, which stands in lines `places`."""
    fields = signature.parse(found)
    figure = fields["figure"]
    if figure not in _PRINTED:
        return [f"signature {found}: {_why_not(figure)}"]
    try:
        tables = _PRINTED[figure](Subject(run, corpus, fields.get("view", ""), fields["metric"]))
    except BenchError as error:
        return [f"signature {found}: {problem}" for problem in error.problems]
    if not any(table.signature == found for table in tables):
        own = [set(signature.parse(table.signature).items()) for table in tables]
        keys = sorted({key for pairs in own for key, _ in pairs ^ set(fields.items())})
        return [f"signature {found}: another {', '.join(keys)} than the run's"]
    forms = [form(table).splitlines() for table in tables for form in FORMATS.values()]
    spans = [span for form in forms for span in _spans(form, published)]
    if all(any(place in span for span in spans) for place in places):
        return []
    return _differences(f"{figure} table: ", forms, published, run)


def _spans(form: list[str], published: list[str]) -> Iterator[range]:
    """Yield where a table stands in a text, line by line, with nothing between or below."""
    wanted, lines = ([line.strip() for line in some] for some in (form, published))
    for at in range(len(lines) - len(wanted) + 1):
        end = at + len(wanted)
        if lines[at:end] == wanted:
            # CSV alone does not end with its signature: a row may have been put below
            below = "".join(lines[end : end + 1]) if wanted[0].startswith("# ") else ""
            if "," not in below:
                yield range(at, end)


def _differences(what: str, forms: list[list[str]], published: list[str], run: Run) -> list[str]:
    lines = set(map(str.strip, published))
    misses = [[line for line in form if line.strip() not in lines] for form in forms]
    fewest = min(misses, key=len)
    if not fewest:
        return [f"{what}has lines that {run.folder} has not, or another order"]
    beside = [_beside(line, published) for line in fewest[:_SHOWN]]
    return ["\n".join([f"{what}{len(fewest)} lines do not follow from {run.folder}", *beside])]


def _beside(line: str, published: list[str]) -> str:
    near = difflib.get_close_matches(line, published, 1, cutoff=0.3)
    return f"    run:  {line.strip()}\n    file: {near[0].strip() if near else '(nothing like it)'}"


Maker = Callable[[Subject], Table]
Makers = Callable[[Subject], list[Table]]


def _of_scores(*makers: Maker) -> Makers:
    def tables(subject: Subject) -> list[Table]:
        checked_view(subject.view)
        return [make(subject) for make in makers]

    return tables


def _of_metrics(subject: Subject) -> Table:
    named = "" if subject.metric == "-" else subject.metric
    return metrics_table(subject, tuple(filter(None, named.split("+"))))


def _of_times(subject: Subject) -> list[Table]:
    """Return what `speed` prints of its run, alone and beside each that may be its second one."""
    timed = replace(subject, view="-", metric="-")
    return [speed_table(timed, many) for many in (None, *timing.second_runs(subject.run))]


# What prints each figure of a run again: scores, and times as they were measured then
_PRINTED: Mapping[str, Makers] = {
    "F1": _of_scores(main_table),
    "leaks": _of_scores(*LEAKS.values()),
    **{f"F1 by {name}": _of_scores(TABLES[name]) for name in SLICES},
    "F1 by metric": _of_scores(_of_metrics),
    "F1 by version": _of_scores(version_table),
    "speed": _of_times,
}
# The other tables that have a signature: their verb, and of what they are instead of one run
_OF_NO_RUN = {
    "F1 by run": ("compare", "two runs"),
    "F1 by corpus": ("agree", "two runs"),
    "agreement": ("passes", "a corpus alone"),
    "audit": ("audit", "a corpus alone"),
    "conformance": ("check --extractor", "answers that are not kept"),
    "stress": ("stress", "answers and times that are not kept"),
}


def _why_not(figure: str) -> str:
    if figure not in _OF_NO_RUN:
        return f"no verb prints a table of {figure!r}"
    verb, source = _OF_NO_RUN[figure]
    return f"a table of `{verb}` is made of {source}, so no run can vouch for it; print it again"
