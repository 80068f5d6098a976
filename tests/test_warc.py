"""WARC files: which records are pages, where they lie, and what hostile files do."""

import gzip
import os
import random
import sys
import tracemalloc
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import warc
from bench.errors import BenchError
from bench.warc import open_warc
from tests.warcs import TEA, chunked, record, write

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
        pytest.param(chunked(TEA)[:30], ["Transfer-Encoding: chunked"], TEA[:17], id="cut chunks"),
        pytest.param(
            chunked(gzip.compress(TEA)), ["Transfer-Encoding: gzip, chunked"], TEA, id="both"
        ),
        pytest.param(b"-5\r\ntea", ["Transfer-Encoding: chunked"], b"-5\r\ntea", id="below 0"),
        pytest.param(
            b"f" * 16 + b"\r\ntea",
            ["Transfer-Encoding: chunked"],
            b"f" * 16 + b"\r\ntea",
            id="huge",
        ),
        pytest.param(b"7fffffff\r\ntea", ["Transfer-Encoding: chunked"], b"tea", id="too much"),
        pytest.param(
            b"3;" + b"x" * 99_999 + b"\r\ntea\r\n0\r\nX: " + b"y" * 99_999 + b"\r\n\r\n",
            ["Transfer-Encoding: chunked"],
            b"tea",
            id="long lines",
        ),
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
        (record(b"0\r\n\r\n", "Transfer-Encoding: chunked"), "empty body"),
        (record(b"1\r\na\r\n" * 11, "Transfer-Encoding: chunked"), "over 10 chunks"),
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
    monkeypatch.setattr(warc, "_CHUNKS", 10)
    corpus = open_warc([write(tmp_path / name, [record(), other, record()])])
    assert len(corpus.pages) == 2
    assert corpus.card == {"passed_over": f"1 {reason}", "broken": ""}


@pytest.mark.parametrize(
    "page",
    [
        record(content_type="Text/HTML; charset=utf-8"),
        record().replace(b"WARC/1.0", b"WARC/1.1"),
        record(url="<http://tea.example/>"),
        record(TEA, "X-Tea: \xfc\xff"),
        b"\r\n\r\n" + record(),
    ],
    ids=["type in capitals", "WARC 1.1", "address in brackets", "header not ASCII", "blank lines"],
)
def test_what_other_crawlers_write_is_a_page(tmp_path: Path, page: bytes) -> None:
    """It is found in its place, first in the file and last."""
    first, last = open_warc([write(tmp_path / "tea.warc", [page, page])]).pages
    assert (first.html(), last.html(), first.sha256) == (TEA, TEA, last.sha256)
    assert first.header.url == last.header.url == "http://tea.example/"


@pytest.mark.parametrize("name", ["tea.warc.zst", "tea.warc.lz4"])
def test_other_compressions_are_undone(tmp_path: Path, name: str) -> None:
    """Record by record, as with gzip; together they are refused."""
    bodies = [TEA + b"1", TEA + b"2"]
    corpus = open_warc([write(tmp_path / name, map(record, bodies))])
    assert [page.html() for page in corpus.pages] == bodies
    with pytest.raises(BenchError, match="compressed as a whole"):
        open_warc([write(tmp_path / name, [record() * 2])])


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
        (gzip.compress(record(kind="warcinfo") + record()) + gzip.compress(record()), "as a whole"),
    ],
    ids=["nothing", "a picture", "no response", "half a record", "as a whole", "two by two"],
)
def test_a_file_without_pages_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    """With what it holds instead."""
    (tmp_path / "tea.warc").write_bytes(data)
    with pytest.raises(BenchError) as error:
        open_warc([tmp_path / "tea.warc"])
    assert said in error.value.problems[0]


def test_what_the_reader_skips_is_told(tmp_path: Path) -> None:
    """An empty gzip member ends fastwarc (2.0.1): the table says so, a file's own end is none."""
    page, empty = record(random.Random(7).randbytes(1 << 17)), gzip.compress(b"")
    packed, file = gzip.compress(page), tmp_path / "tea.warc.gz"
    file.write_bytes(packed + empty + packed * 2)
    assert open_warc([file]).card["broken"].startswith("tea.warc.gz: broken at or after byte 0 (")
    file.write_bytes(packed * 3 + empty)
    whole = open_warc([file])
    assert (len(whole.pages), whole.card["broken"]) == (3, "")


def test_all_problems_of_several_files_are_told(tmp_path: Path) -> None:
    """Those that are not there, and those that share a name, since pages are named after them."""
    (tmp_path / "b").mkdir()
    one, other = (write(tmp_path / part / "tea.warc", [record()]) for part in ("", "b"))
    with pytest.raises(BenchError) as error:
        open_warc([one, other, tmp_path / "gone.warc"])
    named, gone = error.value.problems
    assert named.startswith("tea.warc: given 2 times")
    assert gone == f"{tmp_path / 'gone.warc'}: cannot be read (No such file or directory)"


def test_what_cannot_be_read_twice_is_refused(tmp_path: Path) -> None:
    """A pipe would be waited for, a folder is none; each is named."""
    os.mkfifo(tmp_path / "pipe.warc")
    with pytest.raises(BenchError) as error:
        open_warc([tmp_path / "pipe.warc", tmp_path])
    pipe, folder = error.value.problems
    assert pipe.startswith(f"{tmp_path / 'pipe.warc'}: a pipe or device")
    assert folder == f"{tmp_path}: cannot be read (Is a directory)"


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
    """What now lies in a page's place is never taken for it, also where it has the same length."""
    (page,) = open_warc([write(tmp_path / "tea.warc", [record()])]).pages
    for other in (record(TEA + TEA), record(TEA.upper()), record(kind="request"), b"tea", b""):
        (tmp_path / "tea.warc").write_bytes(other)
        with pytest.raises(BenchError, match=r"tea.warc: the page at byte 0 is no longer"):
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
