"""Imports that are refused, that fail or are interrupted: what is said, and nothing is left."""

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import Result

from bench import archives, datasets
from bench.corpus import found
from bench.datasets import Imported
from bench.errors import BenchError
from bench.importing import import_dataset
from tests.layouts import HTML, WCXB, ZYTE, packed, wcxb_layout, write_html, zyte_layout

Call = Callable[[str], Result]
LAYOUTS: Mapping[str, Callable[..., Path]] = {"zyte": zyte_layout, "wcxb": wcxb_layout}
BOTH = pytest.mark.parametrize("name", LAYOUTS)
pytestmark = pytest.mark.usefixtures("imported")


def _broken(**files: bytes) -> Callable[[Path], Path]:
    """Return a maker of a folder with these files, `__` for a slash and for a dot."""

    def make(folder: Path) -> Path:
        for name, content in files.items():
            path = folder / name.replace("__", "/").replace("_json", ".json")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return folder

    return make


def _page(content: bytes) -> Callable[[Path], Path]:
    """Return a maker of a zyte layout whose first page is these bytes."""

    def make(folder: Path) -> Path:
        zyte_layout(folder)
        (folder / "html/0a.html.gz").write_bytes(content)
        return folder

    return make


def _outside(id: str) -> Callable[[Path], Path]:
    """Return a maker of a zyte layout with a page of this id, which does exist."""

    def make(folder: Path) -> Path:
        zyte_layout(folder, {"0a": {"articleBody": "Tea"}})
        (folder / "ground-truth.json").write_text(json.dumps({id: {"articleBody": "Tea"}}))
        write_html(Path(f"{folder / 'html' / id}.html.gz"), HTML)
        return folder

    return make


WRONG: list[tuple[str, Callable[[Path], Path], str]] = [
    # dataset; how its folder is made; what is said
    ("zyte", wcxb_layout, "No such file or directory: .*ground-truth.json"),
    ("wcxb", zyte_layout, "no page found"),
    ("wcxb", _broken(a=b"b"), "no page found"),
    ("zyte", lambda folder: zyte_layout(folder, {}), "no page found"),
    ("zyte", lambda folder: zyte_layout(folder, ["0a"]), "'list' object has no attribute 'items'"),
    ("zyte", lambda folder: zyte_layout(folder, {"0a": "Tea"}), "'str' object has no attribute"),
    ("zyte", lambda folder: zyte_layout(folder, {"0a": {"articleBody": 7}}), "'int' object has no"),
    ("zyte", _broken(**{"ground-truth_json": b"{"}), "Expecting property name"),
    ("zyte", _broken(**{"ground-truth_json": b'{"\xe4": {}}'}), "'utf-8' codec can't decode"),
    (
        "zyte",
        _broken(**{"ground-truth_json": b'{"0a": {}}'}),
        "No such file .*0a.html.gz",
    ),
    ("zyte", _page(HTML), r"Not a gzipped file"),
    ("zyte", _page(gzip.compress(HTML)[:-9]), "0a.html.gz: Compressed file ended before"),
    ("zyte", _page(gzip.compress(HTML)[:10] + b"\xff" * 30), "0a.html.gz: Error -3 while decomp"),
    ("zyte", _page(gzip.compress(b" " * 3000)), "0a.html.gz: more than 0 MiB unpacked"),
    ("zyte", _outside("../../../evil"), r"page id '../../../evil' is no path inside the corpus"),
    ("zyte", _outside("a//b"), "page id 'a//b' is no path inside the corpus"),
    ("wcxb", _broken(**{"dev__ground-truth__1_json": b"{}"}), "'ground_truth'"),
    ("wcxb", _broken(**{"dev__ground-truth__1_json": b"[]"}), "list indices must be integers"),
]


@pytest.fixture
def small_pages(imported: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where imported corpora go; a page of 3000 bytes is too long."""
    monkeypatch.setattr(archives, "MOST_PAGE", 2000)
    return imported


@pytest.mark.parametrize(("name", "make", "message"), WRONG)
def test_wrong_layouts(
    tmp_path: Path, small_pages: Path, name: str, make: Callable[[Path], Path], message: str
) -> None:
    """What is laid out otherwise is refused with the commit to fetch, and leaves nothing."""
    with pytest.raises(BenchError) as refused:
        import_dataset(name, make(tmp_path / "layout"))
    (problem,) = refused.value.problems
    commit = datasets.load(name).card.commit[:7]
    assert problem.startswith(f"{tmp_path}/layout: not laid out as {name} is at commit {commit} (")
    assert re.search(message, problem)
    assert refused.value.hint.startswith("fetch that commit from https://github.com/")
    assert [*small_pages.iterdir()] == [*(tmp_path / "scratch").iterdir()] == []
    assert not (tmp_path / "evil.html").exists()


@BOTH
def test_nothing_is_replaced_unasked(tmp_path: Path, name: str, call: Call) -> None:
    """A second import asks for --force, and with it replaces the first."""
    LAYOUTS[name](tmp_path / "layout")
    assert call(f"import {name} --from layout").stdout == (
        f"{name}: 3 pages in {tmp_path / 'imported' / name}\n"
    )
    again = call(f"import {name} --from layout")
    assert (again.stdout, again.exit_code) == ("", 2)
    assert again.stderr.splitlines() == [
        f"error: {tmp_path / 'imported' / name}: exists already",
        "hint: replace it with --force",
    ]
    LAYOUTS[name](tmp_path / "less", dict([*{"zyte": ZYTE, "wcxb": WCXB}[name].items()][:2]))
    assert call(f"import {name} --from less --force").exit_code == 0
    assert len(found(name).pages) == 2


def test_a_failed_import_keeps_the_old_one(tmp_path: Path) -> None:
    """--force replaces a corpus only once the new one is whole."""
    import_dataset("zyte", zyte_layout(tmp_path / "z"))
    with pytest.raises(BenchError):
        import_dataset("zyte", wcxb_layout(tmp_path / "w"), force=True)
    assert len(found("zyte").pages) == 3


def test_an_interrupted_import_leaves_nothing(
    tmp_path: Path, imported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the middle leaves neither a corpus nor a trace of one."""
    whole = datasets.load("zyte")

    def interrupted(folder: Path) -> Iterator[Imported]:
        yield from [*whole.pages(folder)][:2]
        assert [path.name[:6] for path in imported.iterdir()] == [".zyte-"]
        raise KeyboardInterrupt

    source = packed(zyte_layout(tmp_path / "z"), "gztar")
    monkeypatch.setattr(datasets, "load", lambda _: datasets.Dataset(whole.card, interrupted))
    with pytest.raises(KeyboardInterrupt):
        import_dataset("zyte", source)
    assert [*imported.iterdir()] == [*(tmp_path / "scratch").iterdir()] == []


MISUSE = [
    # arguments; what each line on stderr begins with
    ("zyt --from z", ["error: unknown dataset 'zyt'; did you mean 'zyte'? (valid: "]),
    (
        "webmainbench",
        [
            "error: webmainbench: not to be had as one file",
            "hint: name what you have of https://github.com/opendatalab/WebMainBench with --from",
        ],
    ),
    ("zyte --from no", ["error: no: no such file or folder", "hint: fetch it from https://github"]),
    ("zyte --from text", ["error: text: cannot be unpacked (", "hint: fetch it again"]),
]


@pytest.mark.parametrize(("arguments", "messages"), MISUSE)
def test_misuse(tmp_path: Path, call: Call, arguments: str, messages: list[str]) -> None:
    """Wrong use is told on stderr, with what to do now."""
    (tmp_path / "text").write_text("This is no archive.")
    result = call(f"import {arguments}")
    assert (result.stdout, result.exit_code) == ("", 2)
    for line, message in zip(result.stderr.splitlines(), messages, strict=True):
        assert line.startswith(message)


def test_a_data_folder_that_cannot_be(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing can be written, the variable to change is named."""
    zyte_layout(tmp_path / "z")
    monkeypatch.setenv("BOILERBENCH_DATA", "/proc/nowhere/data")
    result = call("import zyte --from z")
    assert (result.stdout, result.exit_code) == ("", 2)
    assert result.stderr.splitlines() == [
        "error: /proc/nowhere/data: cannot be written (No such file or directory)",
        "hint: make room there, or name another folder with BOILERBENCH_DATA; nothing was made",
    ]
