"""Scoring: extractions and gold become counts per page; nothing is averaged here.

Every page × contestant of the plan has its counts: a miss counts as no output and is marked,
an extraction that the run lacks is a miss too.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from bench import metrics, records
from bench.contestants import ORACLE
from bench.corpus import Corpus, Page
from bench.errors import BenchError
from bench.gold import BlockGold, Gold, SnippetGold, TextGold, read_gold
from bench.metrics import Counts, Output, Reference, Scores
from bench.runs import Run
from bench.text import TOKENISER
from bench.views import role

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table to be: a contestant's name and category."""

    name: str
    category: str


@dataclass(frozen=True)
class ScoreTable:
    """The counts of rows × pages under one metric and one view.

    `counts` has the shape rows × pages × fields, `missed` rows × pages.
    """

    metric: str
    view: str
    rows: tuple[Row, ...]
    pages: tuple[Page, ...]
    counts: Counts
    missed: NDArray[np.bool_]

    @cached_property
    def scores(self) -> Scores:
        """Precision, recall and F1, rows × pages × 3; all 0 where the page was missed."""
        scores = metrics.load(self.metric).scores(self.counts)
        return np.where(self.missed[:, :, None], 0.0, scores)

    @cached_property
    def has_content(self) -> NDArray[np.bool_]:
        """Which pages stand in the mean; those without main content do not (abstention)."""
        return metrics.load(self.metric).has_content(self.counts[0])

    @property
    def sites(self) -> list[str]:
        """The site of each page."""
        return [page.header.site for page in self.pages]

    def only(self, pages: NDArray[np.bool_]) -> "ScoreTable":
        """Return the table of some of the pages."""
        chosen = tuple(page for page, keep in zip(self.pages, pages, strict=True) if keep)
        return replace(
            self, pages=chosen, counts=self.counts[:, pages], missed=self.missed[:, pages]
        )


def reference(gold: Gold, view: str) -> Reference:
    """Return the gold of a page as a view sees it; without blocks all views are the same."""
    if isinstance(gold, BlockGold):
        kept, lenient = gold.texts(view, "keep"), gold.texts(view, "keep", "optional")
        roles = ((role(view, block.kind), block.text) for block in gold.blocks)
        blocks = [(found == "keep", text) for found, text in roles if found != "optional"]
        return Reference(kept, lenient, blocks=blocks)
    text = [gold.text] if isinstance(gold, TextGold) else []
    return Reference(text, present=gold.present, absent=gold.absent)


def usable(metric: str, gold_type: str, *, snippets: bool) -> bool:
    """Return whether a metric finds what it needs in gold of a type."""
    need = metrics.load(metric).gold
    return (
        (need == "text" and gold_type in {"blocks", "text"})
        or (need == "blocks" and gold_type == "blocks")
        or (need == "snippets" and snippets)
    )


def default_metric(corpus: Corpus) -> str:
    """Return the default metric where a corpus's gold allows it, else the first that it allows."""
    if _usable_on(corpus, metrics.DEFAULT_METRIC):
        return metrics.DEFAULT_METRIC
    return _all_usable(corpus)[0]


def score(run: Run, corpus: Corpus, *, view: str, metric: str) -> ScoreTable:
    """Return the counts of a run, from `scores.jsonl` where that follows from the same gold.

    Raises BenchError where the corpus's gold is not what the metric needs. A folder that cannot be
    written only costs the time to count again.
    """
    stored = _load(run, corpus, view, metric)
    if stored is None:
        stored = count(run, corpus, view, metric)
        with suppress(OSError):
            _store(run, corpus, stored)
    return stored


def recount(run: Run, corpus: Corpus, *, view: str, metric: str) -> ScoreTable:
    """Return the counts of a run, made anew and stored; BenchError where there is no place."""
    table = count(run, corpus, view, metric)
    try:
        _store(run, corpus, table)
    except OSError as error:
        path = run.folder / "scores.jsonl"
        raise BenchError(f"{path}: cannot be written ({error.strerror})") from error
    return table


def _usable_on(corpus: Corpus, metric: str) -> bool:
    gold = corpus.pages[0].header.gold
    return usable(metric, gold, snippets=gold == "snippets" or corpus.has_snippets)


def _all_usable(corpus: Corpus) -> list[str]:
    return [name for name in metrics.names() if _usable_on(corpus, name)]


def _require(corpus: Corpus, metric: str) -> None:
    if not _usable_on(corpus, metric):
        raise BenchError(
            f"metric {metric!r} needs gold of type {metrics.load(metric).gold!r}; "
            f"{corpus.name} has {corpus.pages[0].header.gold!r}",
            hint=f"metrics for it: {', '.join(_all_usable(corpus))}",
        )


def rows_of(run: Run) -> tuple[Row, ...]:
    """Return the run's contestants and the oracle, controls last."""
    rows = [Row(item["name"], item["category"]) for item in run.plan["contestants"]]
    rows.append(Row(ORACLE, "control"))
    return tuple(sorted(rows, key=lambda row: row.category == "control"))


def oracle_text(gold: Gold, wanted: Reference) -> str:
    """Return what a perfect extractor would give: the kept text; snippets where it is not known."""
    return "\n".join(gold.present) if isinstance(gold, SnippetGold) else wanted.kept


def count(run: Run, corpus: Corpus, view: str, metric: str) -> ScoreTable:
    """Return the counts of a run, made anew from its extractions; nothing is stored."""
    return count_all(run, corpus, view, (metric,))[metric]


def count_all(
    run: Run, corpus: Corpus, view: str, names: Sequence[str], *, workers: int = 1
) -> dict[str, ScoreTable]:
    """Return the counts under several metrics, each text tokenised once for all of them.

    With more than one worker, pages are counted in as many processes.
    """
    for name in names:
        _require(corpus, name)
    rows, texts = rows_of(run), _texts(run)
    jobs = [(page, rows, texts[page.id], view, tuple(names)) for page in corpus.pages]
    with _pool(workers) as pool:
        found = list(pool.map(_count_page, jobs, chunksize=-(-len(jobs) // (workers * 8))))
    missed = np.array([[row.name not in texts[page.id] for page in corpus.pages] for row in rows])
    missed[[row.name == ORACLE for row in rows]] = False
    tables = {}
    for place, name in enumerate(names):
        counts = np.array([page[place] for page in found], dtype=np.int64).transpose(1, 0, 2)
        tables[name] = ScoreTable(name, view, rows, corpus.pages, counts, missed)
    return tables


Job = tuple[Page, tuple[Row, ...], dict[str, str], str, tuple[str, ...]]


def _texts(run: Run) -> dict[str, dict[str, str]]:
    """Return the texts of all extractions that are no miss, by page and contestant."""
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for extraction in run.extractions():
        if extraction.status == "ok":
            texts[extraction.page][extraction.extractor] = extraction.text
    return texts


def _count_page(job: Job) -> list[list[tuple[int, ...]]]:
    """Return the counts of one page, metrics × rows; a miss counts as an empty text."""
    page, rows, texts, view, names = job
    gold = read_gold(page.gold_path)
    wanted = reference(gold, view)
    given = {**texts, ORACLE: oracle_text(gold, wanted)}
    measures = [metrics.load(name) for name in names]
    # One output after the other: its tokens serve all metrics and then leave the cache
    outputs = (Output(given.get(row.name, "")) for row in rows)
    counts = [[measure.counts(wanted, output) for measure in measures] for output in outputs]
    return [list(column) for column in zip(*counts, strict=True)]


@contextmanager
def _pool(workers: int) -> Iterator[Executor]:
    """Yield processes, or this one where one worker is enough."""
    if workers == 1:
        yield _Here()
        return
    with ProcessPoolExecutor(workers) as pool:
        yield pool


class _Here(Executor):
    """An executor that works at once, in this thread."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:  # noqa: ANN401
        future: Future[T] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def _head(run: Run, corpus: Corpus, view: str, metric: str) -> dict[str, Any]:
    return {
        "metric": metric,
        "view": view,
        "tokeniser": TOKENISER,
        "fields": list(metrics.load(metric).fields),
        "corpus": corpus.digest,
        "gold": corpus.gold_digest,
        "contestants": [[row.name, row.category] for row in rows_of(run)],
    }


def _store(run: Run, corpus: Corpus, table: ScoreTable) -> None:
    """Write `scores.jsonl`."""
    lines = [_head(run, corpus, table.view, table.metric), *_lines(table)]
    text = "".join(records.to_line(line) + "\n" for line in lines)
    (run.folder / "scores.jsonl").write_text(text, encoding="utf-8")


def _lines(table: ScoreTable) -> Iterator[dict[str, Any]]:
    for p, page in enumerate(table.pages):
        for r, row in enumerate(table.rows):
            yield {
                "page": page.id,
                "extractor": row.name,
                "missed": bool(table.missed[r, p]),
                "counts": table.counts[r, p].tolist(),
            }


def _load(run: Run, corpus: Corpus, view: str, metric: str) -> ScoreTable | None:
    """Return the stored counts, or None where they are absent, torn or of something else."""
    try:
        head, lines = _lines_of(run.folder / "scores.jsonl")
        same = head == _head(run, corpus, view, metric)
        return _table(head, lines, corpus) if same else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_scores(path: Path, corpus: Corpus) -> ScoreTable:
    """Return the counts in a kept `scores.jsonl`.

    Raises BenchError where the file holds no counts or those of other pages, gold or tokens.
    """
    try:
        head, lines = _lines_of(path)
        digests = {"corpus": corpus.digest, "gold": corpus.gold_digest, "tokeniser": TOKENISER}
        problems = [
            f"{path}: another {key} ({str(head[key])[:8]}, here {here[:8]})"
            for key, here in digests.items()
            if head[key] != here
        ]
        table = None if problems else _table(head, lines, corpus)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BenchError(f"{path}: not a scores.jsonl ({error})") from error
    if table is None:
        raise BenchError(problems or f"{path}: torn: lines are missing, or in another order")
    return table


def _lines_of(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    head, *lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    return head, lines


def _table(head: dict[str, Any], lines: list[dict[str, Any]], corpus: Corpus) -> ScoreTable | None:
    rows = tuple(Row(name, category) for name, category in head["contestants"])
    shape = len(corpus.pages), len(rows)
    order = [(page.id, row.name) for page in corpus.pages for row in rows]
    if [(line["page"], line["extractor"]) for line in lines] != order:
        return None
    counts = np.array([line["counts"] for line in lines], dtype=np.int64).reshape(*shape, -1)
    missed = np.array([line["missed"] for line in lines], dtype=np.bool_).reshape(shape)
    return ScoreTable(
        head["metric"],
        head["view"],
        rows,
        corpus.pages,
        counts.transpose(1, 0, 2),
        missed.transpose(),
    )
