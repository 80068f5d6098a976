"""Whoever made a dataset knows its answers: tables over it say whose extractors are in them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from bench import contestants, datasets
from tests.written import TEXTS, written

Call = Callable[[str], Result]
NOTE = "made or tuned by this dataset's author: "
# The datasets of each contestant's author → who stands in the note over pages of board and wiki
AUTHORS = [
    ({"bad": ["wiki"]}, "bad"),
    ({"bad": ["board"], "good": ["zyte", "wiki"]}, "good, bad"),
    ({"good": ["zyte"]}, ""),
    ({"good": ["wik"], "bad": ["mini"]}, ""),
    ({}, ""),
]


@pytest.mark.parametrize(("authors", "names"), AUTHORS)
def test_who_is_made_by_the_datasets_author_is_named(
    tmp_path: Path, corpus: Path, call: Call, authors: dict[str, list[str]], names: str
) -> None:
    """Only over pages of that dataset, which is their family."""
    folder = written(tmp_path / "run", corpus, TEXTS).folder
    plan = json.loads((folder / "plan.json").read_text())
    for one in plan["contestants"]:
        one["same_author"] = authors.get(one["name"], [])
    (folder / "plan.json").write_text(json.dumps(plan))
    lines = call(f"report {folder}").stdout.splitlines()
    assert [line for line in lines if line.startswith(NOTE)] == ([NOTE + names] if names else [])


# The constant in a file → the datasets it names
CONSTANTS = [
    ("", ()),
    ('SAME_AUTHOR = "zyte"\n', ("zyte",)),
    ('SAME_AUTHOR: str = "zyte, wcxb  waddle,"\n', ("zyte", "wcxb", "waddle")),
]


@pytest.mark.parametrize(("constant", "names"), CONSTANTS)
@pytest.mark.usefixtures("corpus")
def test_a_file_names_the_datasets_of_its_author(
    extractor: Callable[[str, str], Path], call: Call, constant: str, names: tuple[str, ...]
) -> None:
    """It stands in the plan of a run, so that a table needs no file of the contestant."""
    source = f'"""Mine."""\n\n{constant}\n\ndef extract(html, url):\n    return ""\n'
    path = extractor("mine", source)
    assert contestants.read(path).same_author == names
    assert call(f"run {path} --corpus mini --output run").exit_code == 0
    assert json.loads(Path("run/plan.json").read_text())["contestants"][0]["same_author"] == [
        *names
    ]


def test_the_house_names_datasets_that_there_are() -> None:
    """A name with a slip of the pen would keep its note silent for ever."""
    found = contestants.find(contestants.names())
    assert {name for one in found for name in one.same_author} - {*datasets.names()} == set()
