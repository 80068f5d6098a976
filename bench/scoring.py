"""Scoring: extractions and gold become counts per page; nothing is averaged here.

Every page × contestant of the plan has its counts: a miss counts as no output and is marked,
an extraction that the run lacks is a miss too.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import numpy as np

from bench import metrics, scores
from bench.contestants import ORACLE
from bench.corpus import Corpus, Page
from bench.errors import BenchError
from bench.gold import BlockGold, Gold, SnippetGold, TextGold, read_gold
from bench.metrics import Output, Reference
from bench.runs import Run
from bench.scores import Row, ScoreTable, rows_of
from bench.views import role

T = TypeVar("T")


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
    stored = scores.load(run, corpus, view, metric)
    if stored is None:
        stored = count(run, corpus, view, metric)
        with suppress(OSError):
            scores.store(run, corpus, stored)
    return stored


def recount(run: Run, corpus: Corpus, *, view: str, metric: str) -> ScoreTable:
    """Return the counts of a run, made anew and stored; BenchError where there is no place."""
    table = count(run, corpus, view, metric)
    try:
        scores.store(run, corpus, table)
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
