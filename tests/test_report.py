"""Reports: one run's scores as tables, the same figures in every format."""

import csv
import json
import re
from html import escape
from pathlib import Path
from typing import Any, NoReturn

import pytest

from bench.report import TABLES
from bench.report.formats import FORMATS, formatted
from bench.report.layout import Subject, Table
from bench.report.slices import SLICES
from bench.runs import Run
from bench.signature import parse
from bench.views import KINDS
from tests.conftest import make_corpus
from tests.written import TEXTS, Texts, written

EVERY = pytest.mark.parametrize("by", TABLES)
FORMATTED = pytest.mark.parametrize("form", FORMATS)


@pytest.fixture
def run(tmp_path: Path, corpus: Path) -> Run:
    """Give a run of TEXTS and of lxml_text over the miniature corpus."""
    texts: Texts = {
        **TEXTS,
        "lxml_text": {"board/first": "Tea", "board/second": "", "wiki/third": ""},
    }
    return written(tmp_path / "run", corpus, texts)


@pytest.fixture
def silent_run(tmp_path: Path) -> Run:
    """Give a run over a corpus that has no main content anywhere."""
    pages = {"a/one": [("main-nav", "Home")], "b/two": [("poll", "Yes No")]}
    headers = {id: {"page_type": "none"} for id in pages}
    texts: Texts = {
        "nothing": {"a/one": "", "b/two": ""},
        "talks": {"a/one": "Home", "b/two": ""},
        "fails": {"a/one": None, "b/two": None},
    }
    return written(
        tmp_path / "silent", make_corpus(tmp_path / "none", pages, headers=headers), texts
    )


def test_the_main_table(run: Run) -> None:
    """Best mean F1 first, controls last; each with its interval, P, R, misses and speed."""
    table = _table("", run)
    assert table.columns == (
        *("extractor", "version", "F1 [95% CI]", "P", "R", "median", ">=.99", "<.5", "misses"),
        *("rank", "group", "ms", "p95 ms", "pages/s", "x lxml", "start ms", "MiB"),
    )
    rows = ["|".join(map(str, row)) for row in table.cells]
    one = "1.000 [1.000, 1.000]|1.000|1.000|1.000|100%|0%|0||"
    assert rows == [
        f"good|1.0|{one}|1.0|1.0|1000.0|1.00|5|2",
        "bad|1.0|0.167 [0.000, 0.250]|0.167|0.167|0.000|0%|67%|1|||1.0|1.0|1000.0|1.00|5|2",
        "lxml_text|1.0|0.133 [0.000, 0.200]|0.333|0.083|0.000|0%|100%|0|||1.0|1.0|1000.0|1.00|5|2",
        f"oracle||{one}|-|-|-|-|-|-",
        "nothing|1.0|0.000 [0.000, 0.000]|0.000|0.000|0.000|0%|100%|0|||1.0|1.0|1000.0|1.00|5|2",
    ]


def test_the_table_of_kinds(run: Run) -> None:
    """One line a kind, one column a contestant: share of the tokens, pages with any / pages."""
    table = _table("kind", run)
    assert table.columns == ("kind", "tokens", "nothing", "good", "bad", "lxml_text")
    cells = {str(row[0]): [str(cell).strip() for cell in row[1:]] for row in table.cells}
    assert [*cells] == [
        *("title", "main-nav", "copyright-legal", "comments"),
        *("off-page", "repeated"),
    ]
    assert cells["title"] == ["2", "0.0% (0/2)", "50.0% (1/2)", "0.0% (0/2)", "50.0% (1/2)"]
    assert cells["main-nav"] == ["2", "0.0% (0/1)", "0.0% (0/1)", "100.0% (1/1)", "0.0% (0/1)"]


@EVERY
@FORMATTED
def test_every_format_has_every_row(run: Run, by: str, form: str) -> None:
    """All formats print the same table: its rows in order, and but for CSV its title and notes."""
    table = _table(by, run)
    text = _plain(formatted(table, form))
    if form != "csv":
        assert [part for part in (table.title, *table.notes) if part not in text] == []
    at = 0
    for record in table.records:
        key = re.escape(str(next(iter(record.values()))))
        match = re.compile(rf'^\W*("\w+": ")?{key}\b', re.MULTILINE).search(text, at)
        assert match, key
        at = match.end()


@EVERY
def test_every_table_has_its_signature(run: Run, by: str) -> None:
    """It is the last line for people, as code in Markdown; no format is without it."""
    table = _table(by, run)
    assert formatted(table, "terminal").splitlines()[-1] == table.signature
    assert formatted(table, "markdown").splitlines()[-1] == f"`{table.signature}`"
    assert formatted(table, "csv").splitlines()[0] == f"# {table.signature}"
    assert rf"\texttt{{{table.signature}}}}}" in _plain(formatted(table, "latex"))
    assert json.loads(formatted(table, "json"))["signature"] == table.signature


def test_signatures_name_the_figure(run: Run) -> None:
    """A table of F1, one of F1 by page type and one of leaks cannot be taken for each other."""
    figures = {by: parse(_table(by, run).signature)["figure"] for by in TABLES}
    leaks = dict.fromkeys(("kind", "kind+page_type", "leak"), "leaks")
    assert figures == {"": "F1", **leaks, **{by: f"F1 by {by}" for by in SLICES}}


@EVERY
def test_people_and_machines_read_the_same_cells(run: Run, by: str) -> None:
    """Terminal and Markdown have the same cells, line by line, and Markdown's lines are whole."""
    table = _table(by, run)
    lines = [line for line in formatted(table, "markdown").splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))] for line in lines]
    assert {len(row) for row in cells} == {len(table.columns)}
    terminal = [
        re.split(r" {2,}", line.strip()) for line in formatted(table, "terminal").splitlines()
    ]
    for row in [cells[0], *cells[2:]]:
        assert [cell for cell in row if cell] in terminal


@EVERY
def test_csv_has_the_figures_of_json(run: Run, by: str) -> None:
    """A line a record, a column a figure; what is nested is JSON, what is missing is empty."""
    table = _table(by, run)
    head, *lines = formatted(table, "csv").splitlines()
    assert head.startswith("# ")
    rows = [*csv.DictReader(lines)]
    for record, row in zip(json.loads(formatted(table, "json"))["rows"], rows, strict=True):
        for name, value in record.items():
            nested = isinstance(value, dict | list)
            assert (json.loads(row[name]) if nested else row[name]) == (
                value if nested else "" if value is None else str(value)
            )


ODD = ["Tea | rain", "50% & more_", r"a\b ~x^2 #1 $3 {y}", "<b>1</b> `c` *d*", 'say "hi", or not']


@pytest.mark.parametrize("text", ODD)
def test_odd_characters_stay_in_their_cell(tmp_path: Path, text: str) -> None:
    """A leaked text with the marks of a format is one cell in it, and reads as it stands."""
    html = {"a/b": f"<p>{escape(text)}<p>Tea"}
    root = make_corpus(tmp_path / "odd", {"a/b": [("main-nav", text), ("body", "Tea")]}, html=html)
    table = _table("leak", written(tmp_path / "run", root, {"x": {"a/b": text}}))
    assert table.cells[0][-1] == text
    assert f"{text}\n" in formatted(table, "terminal")
    (line,) = [one for one in formatted(table, "markdown").splitlines() if "a/b" in one]
    assert re.sub(r"\\([\\`*<|])", r"\1", line).endswith(f"| {text} |")
    assert len(re.findall(r"(?<!\\)\|", line)) == len(table.columns) + 1
    assert not re.search(r"(?<!\\)[`*<]", line)
    latex = [one for one in formatted(table, "latex").splitlines() if "a/b" in one]
    assert f"& {text} " in _plain(latex[0])
    assert len(re.findall(r"(?<!\\)&", latex[0])) == len(table.columns) - 1
    (row,) = csv.DictReader(formatted(table, "csv").splitlines()[1:])
    assert row["text"] == text


def test_json_has_the_full_figures(run: Run) -> None:
    """Machines get figures as numbers, P, R and F1 in 0..1, to six digits."""
    rows = {row["extractor"]: row for row in _json("", run)["rows"]}
    bad = rows["bad"]
    assert (bad["f1"], bad["f1_low"], bad["f1_high"]) == (0.166667, 0, 0.25)
    assert (bad["misses"], bad["pages"], bad["category"], bad["version"]) == (
        1,
        3,
        "extractor",
        "1.0",
    )
    assert bad["median_ms"] == bad["times_lxml"] == 1
    assert rows["oracle"]["median_ms"] is None


def test_json_has_every_kind_with_its_rates(tmp_path: Path) -> None:
    """Each kind that the corpus has and the view does not keep is named, with all its rates."""
    pages = {f"a/{kind}": [(kind, "one two"), ("body", "body")] for kind in KINDS}
    texts: Texts = {"half": dict.fromkeys(pages, "one body")}
    run = written(tmp_path / "run", make_corpus(tmp_path, pages), texts)
    rows = _json("kind", run)["rows"]
    assert {row["kind"] for row in rows} == {*KINDS} - {"body"}
    assert {(row["tokens"], row["pages"]) for row in rows} == {(2, 1)}
    half = {"passed": 1, "share": 0.5, "pages_passed": 1, "pages_share": 1.0}
    assert all(row["extractors"] == {"half": half} for row in rows)


@EVERY
@FORMATTED
def test_nan_never_appears(silent_run: Run, by: str, form: str) -> None:
    """A mean over no page is a dash for people and null for machines."""
    text = formatted(_table(by, silent_run), form)
    assert not re.search(r"\bnan\b|\binf", text, re.IGNORECASE)


def test_pages_without_main_content_stand_apart(silent_run: Run) -> None:
    """The note on abstention says who kept silent on them; a miss is no silence."""
    table = _table("", silent_run)
    assert table.cells[0][2:5] == ["- [-, -]", "-", "-"]
    assert table.notes[0] == (
        "abstention: 2 pages without main content, outside the mean; "
        "silent: talks 1, fails 0, nothing 2, oracle 2"
    )
    assert _json("", silent_run)["rows"][0]["f1"] is None


def test_one_page_without_main_content_leaves_the_mean_alone(tmp_path: Path) -> None:
    """Talk on such a page costs no F1, and content elsewhere is no silence."""
    pages = {"a/none": [("main-nav", "Home")], "a/text": [("body", "Tea")]}
    root = make_corpus(tmp_path, pages, headers={"a/none": {"page_type": "none"}})
    texts: Texts = {
        "talks": {"a/none": "Home", "a/text": "Tea"},
        "nothing": dict.fromkeys(pages, ""),
    }
    table = _table("", written(tmp_path / "run", root, texts))
    assert [row[2] for row in table.cells][:2] == ["1.000 [1.000, 1.000]"] * 2
    assert table.notes[0] == (
        "abstention: 1 page without main content, outside the mean; "
        "silent: talks 0, nothing 1, oracle 1"
    )


def test_a_quiet_run_has_two_notes(run: Run) -> None:
    """Nothing is wrong with the miniature's run but that two sites are few."""
    assert _table("", run).notes == [
        "intervals rest on 2 sites (< 20): too narrow",
        "no ranks and groups: fewer than 10 sites or two extractors",
    ]


def test_sites_outside_the_mean_are_no_evidence(tmp_path: Path) -> None:
    """An interval rests on the sites of the pages that it is made of."""
    pages = {"a/none": [("main-nav", "Home")], "b/text": [("body", "Tea")]}
    root = make_corpus(tmp_path, pages, headers={"a/none": {"page_type": "none"}})
    run = written(tmp_path / "run", root, {"nothing": dict.fromkeys(pages, "")})
    assert "one site only: no interval, both ends are the mean" in _table("", run).notes


def _note(tmp_path: Path, texts: Texts = TEXTS, **options: Any) -> str:
    run = written(tmp_path / "run", make_corpus(tmp_path / "noted"), texts, **options)
    return "\n".join(_table("", run).notes)


def test_a_run_without_the_baseline_says_why_a_column_is_blank(tmp_path: Path) -> None:
    """Without `lxml_text` there is nothing to measure speed against."""
    assert "x lxml is blank: the run has no lxml_text row" in _note(tmp_path)


def test_rounds_that_disagree_are_named(tmp_path: Path) -> None:
    """A contestant whose rounds differ by 10 % or more is named, a control is not."""
    cpu_ms = {("good", 2): 1.5, ("nothing", 2): 9.0, ("bad", 2): 1.05}
    note = _note(tmp_path, rounds=2, cpu_ms=cpu_ms)
    assert "rounds disagree by >= 10 % (good 50%): close other programs" in note


def test_an_open_network_is_said(tmp_path: Path) -> None:
    """Where the kernel could not cut the network, the table and its signature say so."""
    assert "the network was open to the extractors" in _note(tmp_path, network="open")


def test_a_contestant_that_hides_its_cost_is_named(run: Run) -> None:
    """A row that reports less CPU than its processes took is marked, with the share."""
    path = run.folder / "run.json"
    provenance = json.loads(path.read_text()) | {"underreported": {"good": 0.4}}
    path.write_text(json.dumps(provenance | {"unsteady": ["bad wiki/third"]}))
    notes = _table("", run).notes
    assert "good reports only 40% of the CPU time of its processes" in notes
    assert "texts differ between rounds: bad wiki/third" in notes


def _table(by: str, run: Run) -> Table:
    return TABLES[by](Subject(run, run.corpus(), "main", "lcs"))


def _json(by: str, run: Run) -> dict[str, Any]:
    return dict(json.loads(formatted(_table(by, run), "json"), parse_constant=_refuse))


def _plain(latex: str) -> str:
    """Return a text with the escapes of LaTeX undone; other formats have none."""
    names = {"backslash": "\\", "asciitilde": "~", "asciicircum": "^", "less": "<", "greater": ">"}
    names |= {"bar": "|", "": ""}
    plain = re.sub(r"\\text(\w+)\{\}", lambda found: names.get(found[1], found[0]), latex)
    return re.sub(r"\\([&%$#_{}])|\\ensuremath\{(.)\}|\\(\^)\{\}", r"\1\2\3", plain)


def _refuse(constant: str) -> NoReturn:
    raise AssertionError(constant)
