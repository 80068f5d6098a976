"""Slices and ranks: tables by a property of the pages, and what their sites allow to be said."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bench.report import TABLES
from bench.report.layout import Subject, Table
from bench.report.slices import SLICES
from bench.runs import Run
from tests.conftest import Blocks, make_corpus
from tests.written import Texts, written

TYPES = ("article", "qa", "product")
TEXT = "Green tea is dry."


def _run(folder: Path, sites: int, names: str = "one twin worse lxml_text nothing") -> Run:
    """Write a run over one page a site, whose types and languages take turns."""
    pages: dict[str, Blocks] = {f"f{n % 2}/p{n:02}": [("body", TEXT)] for n in range(sites)}
    headers = {
        id: {"site": f"s{n}", "page_type": TYPES[n % 3], "language": ("en", "ko")[n % 2]}
        for n, id in enumerate(pages)
    }
    texts = {"one": TEXT, "twin": TEXT.upper(), "worse": "Green", "lxml_text": "x", "nothing": ""}
    wanted: Texts = {name: dict.fromkeys(pages, texts[name]) for name in names.split()}
    return written(folder / "run", make_corpus(folder / "mini", pages, headers=headers), wanted)


def _table(run: Run, by: str = "", metric: str = "lcs") -> Table:
    return TABLES[by](Subject(run, run.corpus(), "main", metric))


def _column(table: Table, name: str) -> dict[str, Any]:
    return {record["extractor"]: record[name] for record in table.records}


def test_ranks_and_groups(tmp_path: Path) -> None:
    """Extractors that cannot be told apart share ranks and a letter; nobody else has either."""
    table = _table(_run(tmp_path, 12))
    none = {"lxml_text": None, "oracle": None, "nothing": None}
    assert _column(table, "rank") == {"one": [1, 2], "twin": [1, 2], "worse": [3, 3], **none}
    assert _column(table, "group") == {
        "one": "a",
        "twin": "a",
        "worse": "b",
        **dict.fromkeys(none, ""),
    }
    assert [row[9:11] for row in table.cells[:3]] == [["1-2", "a"], ["1-2", "a"], ["3-3", "b"]]
    assert table.notes == [
        "intervals rest on 12 sites (< 20): too narrow",
        "rank and group: sign-flip tests by site, Holm over 3 pairs, 12 sites, level 0.05",
        "cannot be told apart on 12 pages: one and twin (no number of pages would do)",
    ]


FEW: list[tuple[int, str, bool, bool]] = [
    # sites; contestants; whether there are ranks; whether intervals are marked as too narrow
    (9, "one worse", False, True),
    (10, "one worse", True, True),
    (19, "one worse", True, True),
    (20, "one worse", True, False),
    (20, "one lxml_text nothing", False, False),
]


@pytest.mark.parametrize(("sites", "names", "ranked", "narrow"), FEW)
def test_few_sites(tmp_path: Path, sites: int, names: str, *, ranked: bool, narrow: bool) -> None:
    """Under 10 sites, or with one extractor, nobody is ranked; under 20 the interval is marked."""
    table = _table(_run(tmp_path, sites, names))
    assert any(_column(table, "rank").values()) == ranked
    assert any(_column(table, "group").values()) == ranked
    notes = "\n".join(table.notes)
    assert ("no ranks and groups: fewer than 10 sites or two extractors" in notes) != ranked
    assert (f"Holm over 1 pairs, {sites} sites" in notes) == ranked
    assert (f"intervals rest on {sites} sites (< 20): too narrow" in notes) == narrow


VALUES: Mapping[str, list[str]] = {
    "page_type": ["article", "product", "qa"],
    "language": ["en", "ko"],
    "family": ["f0", "f1"],
    "site": [f"s{n}" for n in range(6)],
}


@pytest.mark.parametrize("by", SLICES)
def test_slices_part_the_pages(tmp_path: Path, by: str) -> None:
    """Each page is in one slice; F1 over slices, weighed by their pages, is F1 over all."""
    run = _run(tmp_path, 6)
    for line in (run.folder / "extractions.jsonl").read_text().splitlines()[3:9]:
        with (run.folder / "extractions.jsonl").open("a") as file:
            file.write(line.replace(TEXT, "Green tea").replace(TEXT.upper(), "Dry") + "\n")
    table, whole = _table(run, by), _column(_table(run), "f1")
    assert [row[0] for row in table.cells] == VALUES[by]
    assert sum(record["pages"] for record in table.records) == 6
    assert table.columns == (
        by,
        "pages",
        *("one", "twin", "worse", "lxml_text"),
        *table.columns[6:],
    )
    for name, f1 in whole.items():
        parts = [record["pages"] * record["extractors"][name]["f1"] for record in table.records]
        assert sum(parts) / 6 == pytest.approx(f1, abs=1e-5)


def test_one_slice_is_the_table_of_results(tmp_path: Path) -> None:
    """Where all pages share a property its one line has the figures of the whole table."""
    run = _run(tmp_path, 4)
    (record,) = _table(_slice(run, "family"), "family").records
    for row in _table(run).records:
        figures = {key: row[key] for key in ("precision", "recall", "f1", "f1_low", "f1_high")}
        assert record["extractors"][row["extractor"]] == figures
    assert (record["pages"], record["sites"]) == (4, 4)


def _slice(run: Run, key: str) -> Run:
    """Give all pages of a run's corpus the same value; labels are read anew at every look."""
    for path in run.corpus().root.glob("gold/*/*.jsonl"):
        path.write_text(path.read_text().replace(f'"{key}": "f1"', f'"{key}": "f0"'))
    return run


def test_a_slice_of_one_site_has_no_interval(tmp_path: Path) -> None:
    """One site says nothing of others: the figure stands alone."""
    cells = _table(_run(tmp_path, 6), "site").cells
    assert {len(str(cell)) for row in cells for cell in row[2:]} == {len("1.000")}
    by_type = _table(_run(tmp_path / "more", 6), "page_type").cells
    assert by_type[0][2] == "1.000 [1.00, 1.00]"


def test_a_slice_without_main_content_has_a_dash(tmp_path: Path) -> None:
    """Pages without main content stand outside the means of slices, too."""
    pages: dict[str, Blocks] = {"a/none": [("main-nav", "Home")], "b/text": [("body", "Tea")]}
    root = make_corpus(tmp_path / "mini", pages, headers={"a/none": {"page_type": "none"}})
    run = written(tmp_path / "run", root, {"x": {"a/none": "Home", "b/text": "Tea"}})
    table = _table(run, "page_type")
    assert [row[:3] for row in table.cells] == [["article", 1, "1.000"], ["none", 1, "-"]]
    assert table.notes == [
        "pages without main content stand outside the means; - where no other page is left"
    ]


def test_figures_beside_f1_have_columns(tmp_path: Path) -> None:
    """What a metric gives beside P, R and F1 stands after R."""
    table = _table(_run(tmp_path, 2), metric="zyte")
    assert table.columns[3:6] == ("P", "R", "accuracy")
    assert _column(table, "accuracy")["one"] == 1
    assert [row[5] for row in table.cells if row[0] in {"one", "worse"}] == ["1.000", "0.000"]
