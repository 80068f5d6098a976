"""WARC files: which records are pages, what hostile files do, and the table without gold."""

import gzip
import json
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from bench import warc
from bench.errors import BenchError
from bench.warc import open_warc
from tests.figures.scale import BILLION, MILLION, core_hours
from tests.running import zoo
from tests.warcs import TEA, chunked, record, write

Call = Callable[[str], Result]
PLAIN = pytest.mark.parametrize("name", ["tea.warc", "tea.warc.gz"])


@PLAIN
@pytest.mark.parametrize(
    ("body", "headers", "page"),
    [
        pytest.param(TEA, [], TEA, id="as it is"),
        pytest.param(chunked(TEA), ["Transfer-Encoding: chunked"], TEA, id="chunked"),
        pytest.param(gzip.compress(TEA), ["Content-Encoding: gzip"], TEA, id="gzip"),
        pytest.param(zlib.compress(TEA), ["content-encoding: DEFLATE"], TEA, id="deflate"),
        pytest.param(TEA, ["Content-Encoding: identity"], TEA, id="identity"),
        pytest.param(
            chunked(gzip.compress(TEA)),
            ["Transfer-Encoding: chunked", "Content-Encoding: gzip"],
            TEA,
            id="gzip in chunks",
        ),
        pytest.param(TEA, ["Transfer-Encoding: chunked"], TEA, id="not chunked, though it says so"),
        pytest.param(chunked(TEA)[:30], ["Transfer-Encoding: chunked"], TEA[:14], id="cut chunks"),
        pytest.param(TEA, ["Content-Length: 5"], TEA, id="a lying length"),
    ],
)
def test_the_encodings_of_transfer_and_content_are_undone(
    tmp_path: Path, name: str, body: bytes, headers: list[str], page: bytes
) -> None:
    """The page is what a browser would parse, wherever in the file its record stands."""
    before, after = record(TEA + b"1"), record(TEA + b"2")
    corpus = open_warc([write(tmp_path / name, [before, record(body, *headers), after])])
    assert [one.html() for one in corpus.pages] == [TEA + b"1", page, TEA + b"2"]
    assert [one.size for one in corpus.pages] == [len(one.html()) for one in corpus.pages]


@PLAIN
@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (record(kind="request"), "request record"),
        (record(kind="warcinfo"), "warcinfo record"),
        (record(kind="tea"), "unknown record"),
        (record(status="404 Not Found"), "status other than 200"),
        (record(content_type="image/png"), "not HTML"),
        (record(content_type=""), "not HTML"),
        (record(b""), "empty body"),
        (record(TEA, "Content-Encoding: gzip"), "content encoding that does not undo"),
        (record(TEA, "Content-Encoding: tea"), "content encoding unknown"),
        (record(b"x" * ((1 << 20) + 1)), "over 1 MiB"),
        (record(gzip.compress(bytes(9 << 20)), "Content-Encoding: gzip"), "over 1 MiB"),
    ],
)
def test_what_is_no_page_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, other: bytes, reason: str
) -> None:
    """Each is passed over for one reason, and the records around it are pages."""
    monkeypatch.setattr(warc, "PAGE_MIB", 1)
    monkeypatch.setattr(warc, "_MOST", 1 << 20)
    corpus = open_warc([write(tmp_path / name, [record(), other, record()])])
    assert len(corpus.pages) == 2
    assert corpus.card == {"passed_over": f"1 {reason}", "broken": ""}


def test_a_page_knows_what_was_sent(tmp_path: Path) -> None:
    """Its address, its HTTP content type, and a name of its file and place; it has no gold."""
    file = write(tmp_path / "tea.warc", [record(), record(url="http://b.example/é")])
    corpus = open_warc([file])
    second = corpus.pages[1]
    assert second.header.url == "http://b.example/é"
    assert second.content_type == "text/html; charset=utf-8"
    assert second.id == f"tea.warc/{len(record()):012d}"
    assert (corpus.name, corpus.has_gold, corpus.gold_digest) == ("tea.warc", False, "")


@PLAIN
@pytest.mark.parametrize("keep", [0.3, 0.7, 0.9])
def test_a_cut_file_gives_what_is_whole(tmp_path: Path, name: str, keep: float) -> None:
    """A page that is not whole is none, and the reader is told."""
    file = write(tmp_path / name, [record(), record(TEA * 9)])
    size = len(write(tmp_path / f"one-{name}", [record()]).read_bytes())
    data = file.read_bytes()
    file.write_bytes(data[: size + int((len(data) - size - 8) * keep)])
    corpus = open_warc([file])
    assert [page.html() for page in corpus.pages] == [TEA]
    assert "".join(corpus.card.values())


@PLAIN
def test_what_stands_before_damage_counts(tmp_path: Path, name: str) -> None:
    """The file is named with the place."""
    file = write(tmp_path / name, [record(), record()])
    at = file.stat().st_size // 2
    with file.open("ab") as more:
        more.write(b"tea\r\n" * 99 + record())
    corpus = open_warc([file])
    assert len(corpus.pages) == 2
    assert corpus.card["broken"].startswith(f"{name}: broken at or after byte {at} (")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no HTML response (no record at all)"),
        (b"\x89PNG" + bytes(99), "no HTML response (tea.warc: broken at or after byte 0"),
        (record(kind="request"), "no HTML response (1 request record)"),
        (record(lacking=9), "no HTML response (1 cut short)"),
        (gzip.compress(record() * 9), "compressed as a whole, so no page has a place"),
    ],
    ids=["nothing", "a picture", "no response", "half a record", "compressed as a whole"],
)
def test_a_file_without_pages_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    """With what it holds instead."""
    (tmp_path / "tea.warc").write_bytes(data)
    with pytest.raises(BenchError) as error:
        open_warc([tmp_path / "tea.warc"])
    assert said in error.value.problems[0]


def test_all_problems_of_several_files_are_told(tmp_path: Path) -> None:
    """Those that are not there, and those that share a name, since pages are named after them."""
    (tmp_path / "b").mkdir()
    one, other = (write(tmp_path / part / "tea.warc", [record()]) for part in ("", "b"))
    with pytest.raises(BenchError) as error:
        open_warc([one, other, tmp_path / "gone.warc"])
    named, gone = error.value.problems
    assert named.startswith("tea.warc: given 2 times")
    assert gone == f"{tmp_path / 'gone.warc'}: cannot be read (No such file or directory)"


PACKED = record(gzip.compress(TEA), "Content-Encoding: gzip")
WHOLE = gzip.compress(record()) + gzip.compress(PACKED)


@given(data=st.data())
def test_no_file_breaks_the_reader(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever bytes are changed: pages that can be read again, or an error in words."""
    source = bytearray(data.draw(st.sampled_from([WHOLE, record() * 3])))
    for _ in range(data.draw(st.integers(1, 9))):
        source[data.draw(st.integers(0, len(source) - 1))] = data.draw(st.integers(0, 255))
    file = tmp_path_factory.getbasetemp() / "hostile.warc"
    file.write_bytes(bytes(source))
    try:
        pages = open_warc([file]).pages
    except BenchError:
        return
    assert all(page.html() for page in pages)


def test_a_file_that_changed_is_named(tmp_path: Path) -> None:
    """Its pages are no longer where they were."""
    (page,) = open_warc([write(tmp_path / "tea.warc", [record()])]).pages
    write(tmp_path / "tea.warc", [record(TEA + TEA)])
    with pytest.raises(BenchError, match=r"tea.warc: changed at byte 0"):
        page.html()


def test_fastwarc_is_an_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it, the error says what to install."""
    monkeypatch.setitem(sys.modules, "fastwarc.warc", None)
    with pytest.raises(BenchError) as error:
        open_warc([write(tmp_path / "tea.warc", [record()])])
    assert error.value.hint == "pip install 'boilerbench[warc]'"


def test_pages_are_not_held(tmp_path: Path) -> None:
    """Of 9 kB each costs under 1 kB: where it lies, and what was sent with it."""
    body = TEA + b"<p>more</p>" * 800
    file = write(tmp_path / "tea.warc", (record(body) for _ in range(2000)))
    open_warc([write(tmp_path / "one.warc", [record()])])  # imports
    tracemalloc.start()
    corpus = open_warc([file])
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(corpus.pages) == 2000
    assert held < 2000 * 1000 < 2000 * len(body) / 8


@pytest.fixture
def ran(tmp_path: Path, call: Call) -> Result:
    """Run fakes over two files, one of them with what is no page."""
    write(tmp_path / "a.warc.gz", [record(kind="request"), record(TEA + b"second"), record(TEA)])
    write(tmp_path / "b.warc", [record(url="http://b.example/second")])
    names = " ".join([*zoo("echo", "always_empty", "exits"), "lxml_text"])
    return call(f"run {names} --warc a.warc.gz --warc b.warc --output run")


def test_the_table_without_gold(ran: Result, call: Call) -> None:
    """Pages, misses, lengths and speed; no score, no oracle, and a signature that says so."""
    assert ran.exit_code == 0, ran.stderr
    report = json.loads(call("report run --format json").stdout)
    rows = {row["extractor"]: row for row in report["rows"]}
    assert sorted(rows) == ["always_empty", "echo", "exits", "lxml_text"]
    figures = {
        name: (row["pages"], row["misses"], row["empty"], row["median_characters"])
        for name, row in rows.items()
    }
    tea = len("Green tea is dry, and cheap.")
    assert figures["always_empty"] == (3, 0, 1.0, 0.0)
    assert figures["lxml_text"] == (3, 0, 0.0, tea)
    assert figures["exits"] == (3, 1, 0.0, len("calm"))
    assert "f1" not in rows["echo"]
    assert rows["lxml_text"]["times_lxml"] == 1.0
    assert report["notes"][0] == "passed over: 1 request record"
    assert "corpus:a.warc.gz+1@0#" in report["signature"]
    assert "|gold:none|pages:3|" in report["signature"]


def test_what_needs_gold_says_so(ran: Result, call: Call) -> None:
    """Exit 2, and what the run does give."""
    assert ran.exit_code == 0, ran.stderr
    for verb in ("report --by kind", "report --by site", "score", "verify", "metrics"):
        result = call(f"{verb} run")
        assert result.exit_code == 2
        assert "its pages came without gold" in result.stderr
        assert "boilerbench report run" in result.stderr


def test_the_same_command_goes_on_with_the_same_run(
    ran: Result, call: Call, tmp_path: Path
) -> None:
    """A run without its end is taken up; files with other pages are another plan."""
    assert ran.exit_code == 0, ran.stderr
    (tmp_path / "run" / "run.json").unlink()
    names = " ".join([*zoo("echo", "always_empty", "exits"), "lxml_text"])
    line = f"run {names} --warc a.warc.gz --warc b.warc --output run"
    again = call(line)
    assert (again.exit_code, again.stdout) == (0, ran.stdout)
    assert "resuming: run" in again.stderr
    write(tmp_path / "b.warc", [record(TEA + TEA)])
    assert "another plan (differs in: corpus)" in call(line).stderr


def test_pages_come_from_one_place(call: Call, tmp_path: Path) -> None:
    """--warc beside --corpus is refused."""
    write(tmp_path / "tea.warc", [record()])
    result = call("run lxml_text --warc tea.warc --corpus mini")
    assert (result.exit_code, "--warc and --corpus both name pages" in result.stderr) == (2, True)


def test_core_hours() -> None:
    """3.6 million pages at 1 ms are an hour of one core."""
    assert core_hours(3_600_000, 1.0) == 1.0
    assert core_hours(BILLION, 5.0) == 1000 * core_hours(MILLION, 5.0)
