"""Too little to say much: one page, no main content, few sites, nobody who answers."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import Result

from bench import metrics
from bench.report import LEAKS, TABLES
from bench.report.formats import FORMATS
from tests.conftest import Blocks, make_corpus
from tests.textgold import text_corpus
from tests.written import Texts, written

Call = Callable[[str], Result]
NO_CONTENT = {"page_type": "none"}
BLOCKS: Mapping[str, Mapping[str, Blocks]] = {
    "one-page": {"a/1": [("main-nav", "Home"), ("body", "Green tea is dry.")]},
    "one-site": {"a/1": [("body", "Green tea is dry.")], "a/2": [("body", "It rains today.")]},
    "no-content": {"a/1": [("main-nav", "Home News")], "b/2": [("poll", "Yes No")]},
    "no-boilerplate": {"a/1": [("body", "Green tea is dry.")], "b/2": [("body", "It rains.")]},
    "three-sites": {f"{site}/1": [("body", "Green tea is dry.")] for site in "abc"},
}
TEXT: Mapping[str, Mapping[str, str]] = {
    "no-text": {"a/1": "", "b/2": ""},
    "one-text": {"a/1": "Green tea is dry."},
}
CORPORA = [*BLOCKS, *TEXT]
# A warning of numpy is a NaN on its way
pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the corpora and two runs over each, named `CORPUS` and `CORPUS-2`."""
    here = tmp_path_factory.mktemp("here")
    for name in CORPORA:
        corpus = here / "corpora" / name
        if name in TEXT:
            text_corpus(corpus, TEXT[name])
        else:
            pages = BLOCKS[name]
            none = name == "no-content"
            make_corpus(corpus, pages, headers=dict.fromkeys(pages, NO_CONTENT) if none else None)
        texts: Texts = {
            "nothing": dict.fromkeys(_pages(name), ""),
            "talks": dict.fromkeys(_pages(name), "Green tea is good. Home."),
            "fails": dict.fromkeys(_pages(name), None),
            "lost": {},
        }
        written(here / name, corpus, texts)
        written(here / f"{name}-2", corpus, {**texts, "talks": dict.fromkeys(_pages(name), "Tea")})
    return here


@pytest.fixture
def here(folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Return a function that runs a command line in that folder."""
    monkeypatch.chdir(folder)
    return call


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", CORPORA)
def test_no_table_has_nan(here: Call, name: str, form: str) -> None:
    """Every table is printed in every format, with a dash or null where there is no figure."""
    for by in TABLES:
        if by in LEAKS and name in TEXT:
            continue  # leaks are known for labelled blocks only
        _check(here(f"report {name} --format {form} {f'--by {by}' if by else ''}"), form)
    _check(here(f"metrics {name} --format {form}"), form)


@pytest.mark.parametrize("metric", metrics.names())
@pytest.mark.parametrize("name", ["one-page", "no-content", "no-text"])
def test_no_metric_has_nan(here: Call, name: str, metric: str) -> None:
    """Under every metric that gold allows, each row has an F1 in 0..1 or none at all.

    Who never answers has no more than 0, but for two peers, who take a crash for an empty text.
    """
    result = here(f"report {name} --metric {metric} --format json")
    if "needs gold of type" in result.stderr:
        assert metric in ("trafilatura-snippets", "blocks")
        return
    _check(result, "json")
    rows = json.loads(result.stdout)["rows"]
    assert all(row["f1"] is None or 0 <= row["f1"] <= 1 for row in rows)
    crash = 1 if metric in ("wceb", "wcxb") and name != "one-page" else 0
    assert {row["f1"] for row in rows if row["extractor"] in ("fails", "lost")} <= {crash, None}


@pytest.mark.parametrize("name", CORPORA)
def test_verify_and_cite(here: Call, name: str) -> None:
    """Little as there is, it follows from its run and can be cited."""
    assert here(f"verify {name}").exit_code == 0
    assert "@software{boilerbench" in here(f"cite {name}").stdout


WORDS = [
    # a command line; what is said in its notes
    ("report one-page", "one site only: no interval, both ends are the mean"),
    ("report one-site", "one site only: no interval, both ends are the mean"),
    ("report one-text", "one site only: no interval, both ends are the mean"),
    ("report three-sites", "intervals rest on 3 sites (< 20): too narrow"),
    ("report three-sites", "no ranks and groups: fewer than 10 sites or two extractors"),
    (
        "report no-content",
        "abstention: 2 pages without main content, outside the mean; silent: talks 0, fails 0",
    ),
    ("report no-text", "abstention: 2 pages without main content, outside the mean"),
    ("compare one-page one-page-2", "one site only: no interval, and no difference can be signif"),
    ("compare one-site one-site-2", "one site only: no interval, and no difference can be signif"),
    ("compare three-sites three-sites-2", "3 sites are too few for any difference to be significa"),
]


@pytest.mark.parametrize(("line", "words"), WORDS)
def test_words(here: Call, line: str, words: str) -> None:
    """What cannot be known is said in words."""
    result = here(f"{line} --format json")
    assert any(note.startswith(words) for note in json.loads(result.stdout)["notes"])


@pytest.mark.parametrize("name", ["no-content", "no-text"])
def test_nothing_to_compare(here: Call, name: str) -> None:
    """Without a page with main content there is no difference to test."""
    result = here(f"compare {name} {name}-2")
    assert (result.stdout, result.exit_code) == ("", 2)
    assert result.stderr == "error: no page has main content: nothing to compare\n"


@pytest.mark.parametrize("name", ["one-page", "one-site", "three-sites", "no-boilerplate"])
def test_compared(here: Call, name: str) -> None:
    """Differences on few sites are shown, and never significant."""
    result = here(f"compare {name} {name}-2 --format json")
    rows = {row["extractor"]: row for row in json.loads(result.stdout)["rows"]}
    assert rows["talks"]["before"] > rows["talks"]["after"]
    assert {row["verdict"] for row in rows.values()} == {"no significant change"}


def test_rows_without_a_figure(here: Call) -> None:
    """Where no page has main content, figures are dashes, but the rows are there."""
    lines = here("report no-content").stdout.splitlines()
    rows = {line.split()[0]: line.split() for line in lines if line[:5] in ("talks", "fails")}
    assert rows["talks"][2:9] == ["-", "[-,", "-]", "-", "-", "-", "-"]
    assert rows["fails"][10] == "2"  # misses


def _check(result: Result, form: str) -> None:
    assert (result.stderr, result.exit_code) == ("", 0), result.exception
    assert not re.search(r"\bnan\b|\binf(inity)?\b", result.stdout, re.IGNORECASE)
    if form == "json":
        json.loads(result.stdout, parse_constant=_refuse)


def _refuse(constant: str) -> NoReturn:
    raise AssertionError(constant)


def _pages(name: str) -> list[str]:
    return [*(TEXT[name] if name in TEXT else BLOCKS[name])]
