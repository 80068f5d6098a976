"""The peers' metrics, with all their quirks: figures of a system over a few pages."""

import random
import tarfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from rouge_score import rouge_scorer

from bench import metrics, statistics
from bench.corpus import open_corpus
from bench.importing import import_dataset
from bench.metrics import Output, Reference
from bench.metrics.rouge_lsum import hits
from bench.predictions import read, store
from bench.runs import Run
from bench.scoring import count, score
from bench.text import tokens
from tests.figures.published import WCXB, ZYTE
from tests.textgold import pack, text_corpus
from tests.written import written

Pages = Sequence[tuple[str, str | None]]  # gold and output by page; None is a miss
WHOLE = ("a b c d", "a b c d")

ZYTE_TABLE: list[tuple[Pages, list[float]]] = [
    # gold and output of each page; P, R, F1, accuracy
    ([WHOLE], [1, 1, 1, 1]),
    ([WHOLE, ("e f g h", "")], [1, 1 / 2, 2 / 3, 1 / 2]),  # silence leaves the precision mean,
    ([WHOLE, ("e f g h", None)], [1, 1 / 2, 2 / 3, 1 / 2]),  # and so does a crash
    ([WHOLE, ("e f g h", "?!")], [1, 1 / 2, 2 / 3, 1 / 2]),  # or punctuation
    ([("e f g h", "")], [0, 0, 0, 0]),
    ([WHOLE, ("e f g h", "x e f g h")], [3 / 4, 1, 6 / 7, 1 / 2]),  # F1 of means, not mean F1
    ([WHOLE, ("", "x")], [1 / 2, 1, 2 / 3, 1 / 2]),  # a page without gold leaves the recall mean
    ([WHOLE, ("", "")], [1, 1, 1, 1]),
    ([("a b c d e", "a b c d x")], [1 / 2, 1 / 2, 1 / 2, 0]),  # shingles are of four
    ([("a b", "a b")], [1, 1, 1, 1]),  # a shorter text is one shingle,
    ([("a b", "a b c")], [0, 0, 0, 0]),  # and no part of a longer one
    ([("A b c d", "a b c d")], [0, 0, 0, 0]),  # case is kept
    ([("a b c d", "a, b; c\nd!")], [1, 1, 1, 1]),
    ([("東京の茶", "東京の")], [0, 0, 0, 0]),  # a clause is one token
    ([("a b c d a b c d", "a b c d")], [1, 1 / 5, 1 / 3, 0]),  # shingles are counted
]
WCXB_TABLE: list[tuple[Pages, list[float]]] = [
    # gold and output of each page; P, R, F1, with, without
    ([("a b", "b A")], [1, 1, 1, 1, 1]),  # no order, no case; no snippets count as 1, twice
    ([("", "")], [1, 1, 1, 1, 1]),
    ([("", "x")], [0, 0, 0, 1, 1]),
    ([("a", "")], [0, 0, 0, 1, 1]),
    ([("a", None)], [0, 0, 0, 1, 1]),
    ([("a a b", "a b b")], [2 / 3, 2 / 3, 2 / 3, 1, 1]),
    ([("a", "a"), ("a", "a x x x")], [5 / 8, 1, 7 / 10, 1, 1]),  # means of each figure
    ([("東京の茶", "東京の")], [0, 0, 0, 1, 1]),
]
WCEB_TABLE: list[tuple[Pages, list[float]]] = [
    # gold and output of each page; P, R, F1, Levenshtein ratio
    ([("a b", "a b")], [1, 1, 1, 1]),
    ([("", "")], [1, 1, 1, 1]),
    ([("", "x")], [0, 1, 0, 0]),
    ([("a", "")], [0, 0, 0, 0]),
    ([("a", None)], [0, 0, 0, 0]),
    ([("a b c", "a x c")], [2 / 3, 2 / 3, 2 / 3, 2 / 3]),  # a substitution costs two of six
    ([("a b", "a b c d")], [1 / 2, 1, 2 / 3, 2 / 3]),
    ([("a b\nc d", "c d\na b")], [1, 1, 1, 1 / 2]),  # the order of lines
    ([("Tea.", "tea")], [0, 0, 0, 0]),  # nothing is normalised
    ([("a b", "a b"), ("c", "")], [1 / 2, 1 / 2, 1 / 2, 1 / 2]),
]
NAN = float("nan")
WEBMAINBENCH_TABLE: list[tuple[Pages, list[float]]] = [
    # gold and output of each page; it has neither P nor R; similarity
    ([("tea", "tea")], [NAN, NAN, 1]),
    ([("tea", "sea")], [NAN, NAN, 2 / 3]),
    ([("tea", "Tea ")], [NAN, NAN, 1 / 2]),  # case and white space are text
    ([("tea", "")], [NAN, NAN, 0]),
    ([("tea", "sea"), ("", "")], [NAN, NAN, 2 / 3]),  # both empty: the page leaves the mean,
    ([("tea", "sea"), ("hard", None)], [NAN, NAN, 2 / 3]),  # and crashing on a page raises it
    ([("tea", "sea"), ("", "x")], [NAN, NAN, 1 / 3]),
]
TABLES = [
    (name, pages, expected)
    for name, table in [
        ("zyte", ZYTE_TABLE),
        ("wcxb", WCXB_TABLE),
        ("wceb", WCEB_TABLE),
        ("webmainbench-text", WEBMAINBENCH_TABLE),
    ]
    for pages, expected in table
]


@pytest.mark.parametrize(("name", "pages", "expected"), TABLES)
def test_figures(tmp_path: Path, name: str, pages: Pages, expected: list[float]) -> None:
    """A system with these outputs has these figures, as its owners' scorer gives them."""
    golds = {f"a/{n}": gold for n, (gold, _) in enumerate(pages)}
    found = _figures(
        tmp_path, text_corpus(tmp_path / "c", golds), name, [text for _, text in pages]
    )
    assert found == pytest.approx(expected, abs=1e-12, nan_ok=True)


# Must appear; must not; output; rates of both
RATES: list[tuple[list[str], list[str], str | None, list[float]]] = [
    (["Green tea"], ["Log in"], "A green TEA.", [1, 0]),
    (["Green tea", "Rain"], ["Log in", "Home"], "green tea; log in", [1 / 2, 1 / 2]),
    (["Tea"], ["Home"], "Homeless teams", [1, 1]),  # a snippet is found inside any word
    (["Green tea"], [], "green\ntea", [0, 1]),  # white space is not folded
    (["Tea"], ["Home"], None, [0, 0]),
]


@pytest.mark.parametrize(("present", "absent", "text", "expected"), RATES)
def test_wcxb_rates(
    tmp_path: Path, present: list[str], absent: list[str], text: str | None, expected: list[float]
) -> None:
    """`with` and `without` are shares of snippets that are substrings of the lower-cased output."""
    some, others = {"a/0": present}, {"a/0": absent}
    root = text_corpus(tmp_path / "c", {"a/0": "x"}, present=some, absent=others)
    assert _figures(tmp_path, root, "wcxb", [text])[3:] == expected


POOLED: list[tuple[list[tuple[list[str], list[str], str | None]], list[float]]] = [
    # of each page what must appear, what must not, and the output; P, R, F1, accuracy
    ([(["a b"], ["x"], "a b")], [1, 1, 1, 1]),
    ([(["a b"], ["x"], "a\n b x")], [1 / 2, 1, 2 / 3, 1 / 2]),  # white space is folded
    ([(["a \n b"], [], "-a b-")], [1, 1, 1, 1]),  # on both sides
    ([(["A"], [], "a")], [0, 0, 0, 0]),  # case is not
    ([(["a"], ["x"], None)], [0, 0, 0, 1 / 2]),  # a miss is no hit, of either sort
    ([(["a"], ["x"], "")], [0, 0, 0, 1 / 2]),
    # counts are summed over pages before anything is divided: TP 4, FP 1, FN 1, TN 0
    ([(["a", "b", "c"], [], "a b c"), (["d", "e"], ["x"], "d x")], [4 / 5, 4 / 5, 4 / 5, 4 / 6]),
]


@pytest.mark.parametrize(("pages", "expected"), POOLED)
@pytest.mark.parametrize("gold", ["text", "snippets"])
def test_trafilatura_snippets(
    tmp_path: Path,
    gold: str,
    pages: list[tuple[list[str], list[str], str | None]],
    expected: list[float],
) -> None:
    """Hits are pooled over all pages; a text beside the snippets changes nothing."""
    ids = [f"a/{n}" for n in range(len(pages))]
    root = text_corpus(
        tmp_path / "c",
        dict.fromkeys(ids, "y"),
        present={id: page[0] for id, page in zip(ids, pages, strict=True)},
        absent={id: page[1] for id, page in zip(ids, pages, strict=True)},
        gold=gold,
    )
    found = _figures(tmp_path, root, "trafilatura-snippets", [text for *_, text in pages])
    assert found == pytest.approx(expected, abs=1e-12)


@dataclass(frozen=True)
class _By:
    """A tokeniser as rouge-score wants it."""

    tokenize: Callable[[str], list[str]]


BACK_TRACES = [
    # gold; output; hits of rouge-score, and one more or less where the LCS is traced otherwise
    ("b a", "c b c\nd a b", 1),
    ("c\nb a", "a b\nb", 1),
    ("d a c", "a d d c\na", 3),
    ("c c", "c\nd b c a", 2),
]


@pytest.mark.parametrize(("gold", "text", "expected"), BACK_TRACES)
def test_which_lcs_is_taken(gold: str, text: str, expected: int) -> None:
    """Of several longest common subsequences the one is taken that rouge-score traces."""
    lines = ([line.split() for line in side.split("\n")] for side in (gold, text))
    theirs = rouge_scorer.RougeScorer(["rougeLsum"], tokenizer=_By(str.split)).score(gold, text)
    assert hits(*lines) == expected == round(theirs["rougeLsum"].recall * len(gold.split()))


@pytest.mark.parametrize(("name", "split"), [("rouge_lsum", tokens), ("wceb", str.split)])
def test_rouge_lsum_is_that_of_the_rouge_score_package(
    name: str, split: Callable[[str], list[str]]
) -> None:
    """On 300 made-up pairs, most with many ways to trace, all three figures are within 1e-6."""
    scorer = rouge_scorer.RougeScorer(["rougeLsum"], tokenizer=_By(split))
    chance, metric = random.Random(7), metrics.load(name)
    for _ in range(300):
        words = chance.choice(["tea Rain, 비", "a. b c d", "a b c d e f g h"]).split()
        gold, text = (_text(chance, words) for _ in range(2))
        theirs = scorer.score(gold, text)["rougeLsum"]
        ours = metric.scores(np.array(metric.counts(Reference([gold]), Output(text))))
        expected = [theirs.precision, theirs.recall, theirs.fmeasure]
        assert ours.tolist() == pytest.approx(expected, abs=1e-6), (gold, text)


@pytest.mark.slow
def test_zyte_figures_are_as_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All 26 systems of the pack have the published F1, P, R and accuracy, to three decimals."""
    archive = pack("zyte/zyte-aeb.tar.gz")
    monkeypatch.setenv("BOILERBENCH_DATA", str(tmp_path / "data"))
    corpus = import_dataset("zyte", archive)
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path, filter="data")
    files = sorted((tmp_path / "output").glob("*.json"))
    run = Run(tmp_path / "run")
    assert store(run, corpus, [read(file, file.stem, corpus) for file in files]) == 0
    table = count(run, corpus, "main", "zyte")
    found = statistics.estimate(table, metrics.load("zyte")).figures.tolist()
    figures = {
        row.name: tuple(round(value, 3) for value in (f1, p, r, accuracy))
        for row, (p, r, f1, accuracy) in zip(table.rows, found, strict=True)
    }
    assert figures.pop("oracle") == (1, 1, 1, 1)
    assert figures == ZYTE


@pytest.mark.slow
def test_wcxb_figures_are_those_of_its_scorer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gold against itself and silence have the figures that the owners' scorer gives."""
    archive = pack("wcxb-dev/wcxb-dev.tar.gz")
    monkeypatch.setenv("BOILERBENCH_DATA", str(tmp_path / "data"))
    corpus = import_dataset("wcxb", archive)
    run = written(tmp_path / "run", corpus.root, {"nothing": dict.fromkeys(corpus.by_id(), "")})
    table = count(run, corpus, "main", "wcxb")
    nothing, gold = statistics.estimate(table, metrics.load("wcxb")).figures
    found = {"gold F1": gold[2], "gold without": gold[4], "empty F1": nothing[2]}
    assert {name: round(value, 4) for name, value in found.items()} == WCXB


def _figures(folder: Path, root: Path, metric: str, texts: Sequence[str | None]) -> list[float]:
    """Return the figures of a system that gave these texts, page by page."""
    given = dict(zip(open_corpus(root).by_id(), texts, strict=True))
    run = written(folder / "run", root, {"x": given})
    table = score(run, open_corpus(root), view="main", metric=metric)
    figures = statistics.estimate(table, metrics.load(metric)).figures
    return [float(figure) for figure in figures[0]]


def _text(chance: random.Random, words: list[str]) -> str:
    lines = [chance.choices(words, k=chance.randint(1, 12)) for _ in range(chance.randint(1, 6))]
    return "\n".join(map(" ".join, lines))
