"""Scoring: a run's extractions and the gold become counts, and no page gets lost on the way."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bench import scores, scoring
from bench.corpus import open_corpus
from bench.errors import BenchError
from bench.gold import Block, BlockGold, Gold, Header, SnippetGold, TextGold
from bench.metrics import Reference
from bench.runs import Run
from bench.scores import ScoreTable
from bench.scoring import score
from bench.views import KINDS, VIEWS
from tests.conftest import PAGES, make_corpus
from tests.written import Texts, written

Score = Callable[..., ScoreTable]


@pytest.fixture
def run(tmp_path: Path, corpus: Path) -> Run:
    """Give a run of TEXTS over the miniature corpus."""
    return written(tmp_path / "run", corpus)


def test_the_miniature(run: Run) -> None:
    """Each row × page has its P, R and F1; rows are the plan's and the oracle, controls last."""
    table = _score(run)
    assert [row.name for row in table.rows] == ["good", "bad", "nothing", "oracle"]
    assert [page.id for page in table.pages] == sorted(PAGES)
    assert table.sites == ["board", "board", "wiki"]
    assert table.scores[:, :, 2].round(3).tolist() == [
        [1, 1, 1],
        [0.5, 0, 0],
        [0, 0, 0],
        [1, 1, 1],
    ]


def test_a_miss_scores_0_and_is_counted(run: Run) -> None:
    """What failed has 0 in all three and is marked; silence has 0 and is not."""
    table = _score(run)
    assert table.missed.tolist() == [[False] * 3, [False, True, False], [False] * 3, [False] * 3]
    assert table.scores[1, 1].tolist() == [0, 0, 0]


def test_a_miss_is_not_silence(tmp_path: Path) -> None:
    """On a page without main content silence is 1, a miss 0, and talk 0 too."""
    root = make_corpus(
        tmp_path, {"a/none": [("main-nav", "Home")]}, headers={"a/none": {"page_type": "none"}}
    )
    texts: Texts = {
        "silent": {"a/none": ""},
        "failed": {"a/none": None},
        "lost": {},
        "talks": {"a/none": "Home"},
    }
    table = _score(written(tmp_path / "run", root, texts))
    assert not table.has_content.any()
    assert table.scores[:, 0, 2].tolist() == [1, 0, 0, 0, 1]
    assert table.missed[:, 0].tolist() == [False, True, True, False, False]


def test_a_missing_extraction_is_a_miss(tmp_path: Path, corpus: Path) -> None:
    """No page leaves the mean because a run has no line for it."""
    table = _score(written(tmp_path / "run", corpus, {"lost": {"wiki/third": "A wiki grows"}}))
    assert table.missed[0].tolist() == [True, True, False]
    assert table.scores[0, :, 2].tolist() == pytest.approx([0, 0, 6 / 7])


@pytest.mark.parametrize("view", VIEWS)
def test_the_controls_hold_under_every_view(tmp_path: Path, view: str) -> None:
    """The oracle is exactly 1 on every page; nothing is 0 wherever there is something to keep."""
    kinds = {f"a/{kind}": [(kind, "한 글 text"), ("body", "body")] for kind in KINDS}
    only = {f"b/{kind}": [(kind, "東京 text"), ("poll", "Yes No")] for kind in KINDS}
    texts: Texts = {"nothing": dict.fromkeys([*kinds, *only], "")}
    run = written(tmp_path / "run", make_corpus(tmp_path, {**kinds, **only}), texts)
    table = _score(run, view)
    assert np.all(table.scores[1] == 1)
    assert np.all(table.scores[0, table.has_content] == 0)
    assert np.all(table.scores[0, ~table.has_content] == 1)
    assert table.has_content.sum() == len(kinds) + len(
        [kind for kind in KINDS if VIEWS[view].get(kind) == "keep"]
    )


def test_a_repeated_extraction_counts_once(tmp_path: Path, corpus: Path) -> None:
    """A page that was done again after a kill has one score, that of its last line."""
    run = written(tmp_path / "run", corpus, {"good": {"wiki/third": "wrong"}})
    line = json.loads((run.folder / "extractions.jsonl").read_text())
    with (run.folder / "extractions.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line | {"text": "A wiki grows slowly."}) + "\n")
    assert _score(run).scores[0, :, 2].tolist() == [0, 0, 1]


def test_scores_are_kept_page_by_page(run: Run) -> None:
    """`scores.jsonl` is a head that says what it follows from, then one line a page × row."""
    table = _score(run)
    head, *lines = _stored(run)
    assert (head["metric"], head["view"], head["tokeniser"]) == ("lcs", "main", "1")
    assert head["gold"] == run.corpus().gold_digest
    assert head["fields"] == ["matched", "forgiven", "kept", "output"]
    assert lines[0] == {
        "page": "board/first",
        "extractor": "good",
        "missed": False,
        "counts": [4, 1, 4, 5],
    }
    assert len(lines) == table.missed.size == 3 * 4


def test_stored_scores_are_read_back(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second table is made from `scores.jsonl`, equal to the first, and nothing is counted."""
    first = _score(run)
    monkeypatch.setattr(scoring, "count", None)
    again = _score(run)
    assert np.array_equal(again.counts, first.counts)
    assert np.array_equal(again.missed, first.missed)
    assert again.rows == first.rows


def _relabel(root: Path) -> None:
    gold = root / "gold/board/second.jsonl"
    gold.write_text(gold.read_text().replace('"comments"', '"body"'))


def _tear(root: Path) -> None:
    path = root.parent / "run/scores.jsonl"
    path.write_bytes(path.read_bytes()[:-9])


def _shorten(root: Path) -> None:
    path = root.parent / "run/scores.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def _empty(root: Path) -> None:
    (root.parent / "run/scores.jsonl").write_bytes(b"")


# What happens to the stored scores, the view that is then asked for, the new F1 of `good`
RECOUNTS: list[tuple[Callable[[Path], None], str, list[float]]] = [
    (_relabel, "main", [1, 4 / 7, 1]),
    (_tear, "main", [1, 1, 1]),
    (_shorten, "main", [1, 1, 1]),
    (_empty, "main", [1, 1, 1]),
    (lambda root: None, "strict", [8 / 9, 1, 1]),
    (lambda root: None, "full", [1, 1 / 2, 1]),
]


@pytest.mark.parametrize(("change", "view", "f1"), RECOUNTS)
def test_stale_scores_are_counted_anew(
    run: Run, corpus: Path, change: Callable[[Path], None], view: str, f1: list[float]
) -> None:
    """Stored scores of other gold, of another view or torn ones are not used, but replaced."""
    _score(run)
    change(corpus)
    assert _score(run, view).scores[0, :, 2].tolist() == pytest.approx(f1)
    head, *lines = _stored(run)
    assert (head["gold"], head["view"]) == (open_corpus(corpus).gold_digest, view)
    assert len(lines) == 12


def test_another_tokeniser_counts_anew(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scores counted with another version of the tokeniser are not used."""
    _score(run)
    monkeypatch.setattr(scores, "TOKENISER", "2")
    _score(run)
    assert _stored(run)[0]["tokeniser"] == "2"


def test_a_folder_that_cannot_be_written_is_scored_all_the_same(run: Run) -> None:
    """Where `scores.jsonl` has no place the counts are made, and made again; `score` refuses."""
    (run.folder / "scores.jsonl").mkdir()
    assert _score(run).scores[0, :, 2].tolist() == [1, 1, 1]
    with pytest.raises(BenchError, match=r"scores\.jsonl: cannot be written"):
        scoring.recount(run, run.corpus(), view="main", metric="lcs")


HEADER = Header("a/b", "", "", "en", "a", "a", "article", "1.0", [], "")
BLOCKS = (Block("main-nav", "Home"), Block("title", "Tea"), Block("body", "Dry."))
REFERENCES: list[tuple[Gold, Reference, str]] = [
    # a page's gold; what a metric is given; what the oracle says
    (
        BlockGold(HEADER, BLOCKS),
        Reference(["Dry."], ["Tea", "Dry."], blocks=[(False, "Home"), (True, "Dry.")]),
        "Dry.",
    ),
    (
        TextGold(HEADER, "Dry.", ("D",), ("E",)),
        Reference(["Dry."], present="D", absent="E"),
        "Dry.",
    ),
    (TextGold(HEADER, "", ("Tea",), ()), Reference([""], present=["Tea"]), ""),
    (SnippetGold(HEADER, ("D", "r"), ("E",)), Reference([], present="Dr", absent="E"), "D\nr"),
]


@pytest.mark.parametrize(("gold", "expected", "oracle"), REFERENCES)
def test_what_a_metric_is_given_of_gold(gold: Gold, expected: Reference, oracle: str) -> None:
    """Blocks as the view has them, a text and snippets as they are; never more than there is."""
    found = scoring.reference(gold, "main")
    assert (found.kept, found.lenient) == (expected.kept, expected.lenient)
    for name in ("blocks", "present", "absent"):
        assert [*getattr(found, name)] == [*getattr(expected, name)]
    assert scoring.oracle_text(gold, found) == oracle


def test_many_metrics_and_processes_give_the_same_counts(run: Run) -> None:
    """Counting all metrics at once, in however many processes, is counting them one by one."""
    names = ("lcs", "bag", "blocks", "shingle(2)")
    one, two = (
        scoring.count_all(run, run.corpus(), "main", names, workers=workers) for workers in (1, 2)
    )
    for name in names:
        alone = scoring.count(run, run.corpus(), "main", name)
        for table in (one[name], two[name]):
            assert np.array_equal(table.counts, alone.counts)
            assert np.array_equal(table.missed, alone.missed)
            assert (table.metric, table.rows, table.pages) == (name, alone.rows, alone.pages)


def test_a_metric_that_needs_other_gold_is_refused(run: Run) -> None:
    """The error names what the metric needs, what the corpus has, and the metrics that would do."""
    with pytest.raises(BenchError) as error:
        _score(run, metric="trafilatura-snippets")
    assert error.value.problems == [
        "metric 'trafilatura-snippets' needs gold of type 'snippets'; mini has 'blocks'"
    ]
    assert "lcs" in error.value.hint
    assert not (run.folder / "scores.jsonl").exists()


def _score(run: Run, view: str = "main", metric: str = "lcs") -> ScoreTable:
    return score(run, run.corpus(), view=view, metric=metric)


def _stored(run: Run) -> list[dict[str, object]]:
    return [json.loads(line) for line in (run.folder / "scores.jsonl").open(encoding="utf-8")]
