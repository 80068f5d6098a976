"""Two corpora compared: do they rank the same contestants alike, and do the levels differ."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from bench.statistics import kendall
from tests.conftest import Blocks, make_corpus
from tests.textgold import text_corpus
from tests.written import written

Call = Callable[[str], Result]
WORDS = "one two three four"


def _corpus(folder: Path, sites: int) -> Path:
    pages: dict[str, Blocks] = {
        f"site{n}/page": [("body", WORDS), ("tag-list", folder.name)] for n in range(sites)
    }
    return make_corpus(folder, pages)


def _run(folder: Path, corpus: Path, words: dict[str, int], **options: Any) -> None:
    """Write a run in which each contestant gives as many of the four words, on every page."""
    pages = [path.relative_to(corpus / "gold") for path in (corpus / "gold").rglob("*.jsonl")]
    ids = sorted(path.with_suffix("").as_posix() for path in pages)
    texts = {name: dict.fromkeys(ids, " ".join(WORDS.split()[:n])) for name, n in words.items()}
    written(folder, corpus, texts, **options)


@pytest.fixture
def two(call: Call, tmp_path: Path) -> Call:
    """Give two corpora of blocks, `left` and `right`, and a run over each among the runs."""
    for name, words in (("left", {"a": 4, "b": 2, "c": 1}), ("right", {"c": 2, "b": 1, "a": 4})):
        _run(tmp_path / f"runs/2026_{name}", _corpus(tmp_path / name, 12), words)
    return call


def _data(result: Result) -> dict[str, Any]:
    assert (result.stderr, result.exit_code) == ("", 0)
    return dict(json.loads(result.stdout))


# F1 of one, two and four of the four words: 2L / (n + 4)
F1 = {1: 0.4, 2: 2 / 3, 4: 1.0}


def test_agree(two: Call) -> None:
    """Each shared contestant has F1 on both, the difference with its interval, and both ranks."""
    data = _data(two("agree left right --format json"))
    rows = {row["extractor"]: row for row in data["rows"]}
    expected = {
        "a": (F1[4], F1[4], [1, 1]),
        "b": (F1[2], F1[1], [2, 3]),
        "c": (F1[1], F1[2], [3, 2]),
    }
    for name, (left, right, ranks) in expected.items():
        row = rows[name]
        assert row["f1"] == pytest.approx([left, right], abs=1e-6)
        # Every page is alike, so no resample differs from the whole
        ends = [row[key] for key in ("low", "difference", "high")]
        assert ends == pytest.approx([left - right] * 3, abs=2e-6)
        assert row["ranks"] == ranks
    assert data["notes"][:2] == [
        "Kendall's tau 0.333 [0.333, 0.333] over 3 contestants",
        "mean difference +0.000 [+0.000, +0.000]: left - right",
    ]
    assert data["notes"][-1].startswith("right: F1 by corpus|lcs|")
    assert "|corpus:left@0#" in data["signature"]


def test_the_newest_run_over_a_corpus_counts(two: Call, tmp_path: Path) -> None:
    """Of several runs the newest finished one is taken, whatever was run over other corpora."""
    _run(tmp_path / "runs/2027_left", tmp_path / "left", {"a": 1, "b": 2, "c": 4})
    _run(tmp_path / "runs/2028_left", tmp_path / "left", {"a": 4}, finished=False)
    assert "Kendall's tau -0.333" in two("agree left right").stdout
    assert "Kendall's tau 0.333" in two("agree runs/2026_left right").stdout


def test_draws_of_two_corpora_are_independent(two: Call, tmp_path: Path) -> None:
    """The interval of a difference is as wide as two corpora make it, not as one paired draw."""
    texts = {
        "a": {f"site{n}/page": WORDS if n % 2 else "" for n in range(12)},
        "b": {f"site{n}/page": "" for n in range(12)},
    }
    for name in ("left", "right"):
        written(tmp_path / f"runs/2027_{name}", tmp_path / name, texts)
    row = _data(two("agree left right --format json"))["rows"][0]
    assert row["difference"] == 0
    # 1.96 x sqrt(2 x .25 / 12) = .40: were the draws paired, it would be 0
    assert -0.5 <= row["low"] <= -0.3
    assert 0.3 <= row["high"] <= 0.5


def test_weaker_gold(two: Call, tmp_path: Path) -> None:
    """Snippets cannot give lcs: their own metric ranks, and a note says so."""
    golds = {f"page{n}": "" for n in range(3)}
    present = {id: ["one", "two"] for id in golds}
    weak = text_corpus(tmp_path / "weak", golds, present=present, gold="snippets")
    _run(tmp_path / "runs/2027_weak", weak, {"a": 4, "b": 2, "c": 1})
    said = two("agree left weak").stdout
    assert "metric lcs on left, trafilatura-snippets on weak: the rankings compare" in said
    assert "weak: intervals rest on 3 sites (< 20): too narrow" in said
    refused = two("agree left weak --metric lcs")
    assert refused.exit_code == 2
    assert "metric 'lcs' needs gold of type 'text'; weak has 'snippets'" in refused.stderr


NOTES = [
    # what was run over the right corpus; what the table says of it
    ({"a": 4, "b": 2}, "fewer than three contestants in common: no rank correlation"),
    ({"a": 4, "b": 4, "c": 4}, "Kendall's tau: -, one of the rankings has only ties"),
    ({"a": 4, "b": 2, "c": 1, "nothing": 0}, "Kendall's tau 1.000 [1.000, 1.000] over 3 cont"),
]


@pytest.mark.parametrize(("words", "note"), NOTES)
def test_notes(two: Call, tmp_path: Path, words: dict[str, int], note: str) -> None:
    """Two rows are no ranking, ties neither; controls are not ranked."""
    _run(tmp_path / "runs/2027_right", tmp_path / "right", words)
    assert note in two("agree left right").stdout


def test_other_versions_are_named(two: Call, tmp_path: Path) -> None:
    """A contestant that was run in two versions is named with both."""
    path = tmp_path / "runs/2026_right/run.json"
    provenance = json.loads(path.read_text())
    provenance["contestants"]["b"]["version"] = "2.0"
    path.write_text(json.dumps(provenance))
    assert "b: version 1.0 against 2.0\n" in two("agree left right").stdout


WRONG = [
    # arguments; what is said of them, all of it at once
    ("left left", ["both corpora are left"]),
    ("left new", ["no finished run over new in runs/", "boilerbench run --corpus new"]),
    ("new nowhere", ["no finished run over new", "no corpus 'nowhere'", "import nowhere"]),
    ("left runs/2027_other", ["no contestant in common", "a, b, c against x"]),
    ("left right --metric lsc --view mian", ["did you mean 'lcs'", "did you mean 'main'"]),
    ("left right --format jsn", ["did you mean 'json'"]),
]


@pytest.mark.parametrize(("words", "expected"), WRONG, ids=[words for words, _ in WRONG])
def test_misuse(two: Call, tmp_path: Path, words: str, expected: Sequence[str]) -> None:
    """What cannot be compared is refused with all reasons and the command that helps."""
    _corpus(tmp_path / "new", 2)
    _run(tmp_path / "runs/2027_other", _corpus(tmp_path / "other", 2), {"x": 1})
    result = two(f"agree {words}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert [word for word in expected if word not in result.stderr] == []


def test_what_is_wrong_with_both_is_said_once(two: Call) -> None:
    """A corpus that is named twice and was never run gives one sentence and one hint."""
    assert two("agree nowhere nowhere").stderr == (
        "error: no corpus 'nowhere': neither a folder nor imported (none is)\n"
        "hint: boilerbench import nowhere (see: boilerbench list corpora)\n"
    )


def test_own_pages_have_a_name(two: Call) -> None:
    """`boilerbench` names the project's own pages, here without a run over them."""
    assert "no finished run over boilerbench" in two("agree boilerbench left").stderr


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=9))
def test_kendall_is_that_of_scipy(pairs: list[tuple[int, int]]) -> None:
    """Tau-b of one draw is what scipy gives, ties and undefined cases included."""
    from scipy.stats import kendalltau  # takes a second, which not every worker has to spend

    one, other = np.array(pairs, dtype=float).T
    expected = kendalltau(one, other).statistic
    found = kendall(np.stack([one, one], axis=1), np.stack([other, -other], axis=1))
    assert found.tolist() == pytest.approx([expected, -expected], nan_ok=True)
