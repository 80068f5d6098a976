"""Downloads from a host on the loopback that is slow, broken or lies."""

import hashlib
import json
import re
import socket
import sys
from pathlib import Path
from threading import Event

import pytest
import urllib3

from bench import download
from bench.download import fetch
from bench.errors import BenchError
from tests.host import Act, Host, floods, gives, says, talks

DATA = bytes(range(256)) * 40
SHA256 = hashlib.sha256(DATA).hexdigest()
OTHER = DATA[::-1]
CUT = gives(DATA, cut=1000)
REST, RANGE = "bytes=1000-", "bytes 1000-10239/10240"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path that is downloaded to."""
    return tmp_path / "downloads" / "set"


def _listed(path: Path) -> list[str]:
    return sorted(one.name for one in path.parent.glob("*"))


def _refused(host: Host, path: Path, sha256: str = "") -> BenchError:
    with pytest.raises(BenchError) as caught:
        fetch(host.url, path, sha256=sha256, by_hand="by hand")
    assert not path.exists()
    return caught.value


def test_a_file(host: Host, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file comes whole and once; its sum and address are remembered beside it."""
    host.acts = [gives(DATA)]
    assert fetch(host.url, path).read_bytes() == DATA
    assert _listed(path) == ["set", "set.json"]
    note = json.loads(path.with_name("set.json").read_text())
    assert note == {"url": host.url, "etag": '"v1"', "size": len(DATA), "sha256": SHA256}
    assert host.asked[0]["Accept-Encoding"] == "identity"
    fetch(host.url, path)
    assert len(host.asked) == 1
    assert capsys.readouterr() == ("", f"downloading: {host.url}\ndownloaded before: {path}\n")


WAYS: dict[str, tuple[list[Act], list[str]]] = {
    # what the host does; which parts are asked for, until the file is whole
    "cut": ([CUT, gives(DATA)], ["", REST]),
    "cut, chunked": (
        [gives(DATA, cut=1000, chunked=True), gives(DATA, chunked=True)],
        ["", REST],
    ),
    "cut again and again": (
        [CUT, gives(DATA, cut=1), gives(DATA, cut=2), gives(DATA)],
        ["", REST, "bytes=1001-", "bytes=1003-"],
    ),
    "ignores Range": ([CUT, gives(DATA, ranges=False)], ["", REST]),
    "changed meanwhile": ([gives(OTHER, etag='"v0"', cut=1000), gives(DATA)], ["", REST]),
    "changed, and gives the rest all the same": (
        [
            CUT,
            says(206, OTHER[1000:], {"ETag": '"v2"', "Content-Range": RANGE}),
            gives(DATA),
        ],
        ["", REST, ""],
    ),
    "gives another part": (
        [CUT, says(206, DATA[500:], {"Content-Range": "bytes 500-10239/10240"}), gives(DATA)],
        ["", REST, ""],
    ),
    "gives a part of something longer": (
        [CUT, says(206, DATA[1000:], {"Content-Range": "bytes 1000-10239/10241"}), gives(DATA)],
        ["", REST, ""],
    ),
    "gives less of a part than it says": (
        [CUT, says(206, DATA[1000:2000], {"Content-Range": RANGE}), gives(DATA)],
        ["", REST, "bytes=2000-"],
    ),
    "gives more of a part than it says": (
        [CUT, says(206, DATA[1000:] + b"x", {"Content-Range": RANGE}), gives(DATA)],
        ["", REST, ""],
    ),
    "does not say which part": ([CUT, says(206, DATA[1000:]), gives(DATA)], ["", REST, ""]),
    "weak ETag": (
        [gives(DATA, cut=1000, etag='W/"v1"'), gives(DATA, etag='W/"v1"')],
        ["", ""],
    ),
    "no ETag": ([gives(DATA, cut=1000, etag=""), gives(DATA, etag="")], ["", ""]),
    "whole, but not ended": (
        [gives(DATA, cut=len(DATA), chunked=True), gives(DATA)],
        ["", f"bytes={len(DATA)}-"],
    ),
    "whole, but not ended, then a bare 416": (
        [gives(DATA, cut=len(DATA), chunked=True), says(416), gives(DATA)],
        ["", f"bytes={len(DATA)}-", ""],
    ),
    "500, 503, 429": (
        [says(500), says(503), says(429, b"", {"Retry-After": "999"}), gives(DATA)],
        [""] * 4,
    ),
    "cut, then 502": ([CUT, says(502), gives(DATA)], ["", REST, REST]),
    "redirected": ([says(302, b"", {"Location": "/elsewhere"}), gives(DATA)], ["", ""]),
    "encoded all the same": ([says(200, DATA, {"Content-Encoding": "gzip"})], [""]),
    "no answer": ([lambda _: None, gives(DATA)], ["", ""]),
    "no HTTP": ([talks, gives(DATA)], ["", ""]),
}


@pytest.mark.parametrize(("acts", "asked"), WAYS.values(), ids=WAYS)
def test_the_file_comes_in_the_end(
    host: Host, path: Path, acts: list[Act], asked: list[str]
) -> None:
    """Each try goes on where the last one ended, if the host vouches for the same bytes."""
    host.acts = acts
    assert fetch(host.url, path).read_bytes() == DATA
    assert host.ranges() == asked
    assert all(("Range" in one) == ("If-Range" in one) for one in host.asked)
    assert _listed(path) == ["set", "set.json"]


GIVES_UP = r"\(5 tries; 0 bytes are kept\)"
REFUSALS: dict[str, tuple[list[Act], int, str]] = {
    # what the host does; how often it is asked; what is said after its address
    "404": ([says(404)], 1, "HTTP 404 Not Found"),
    "401": ([says(401)], 1, "HTTP 401 Unauthorized"),
    "204": ([says(204)], 1, "HTTP 204 No Content"),
    "304": ([says(304)], 1, "HTTP 304 Not Modified"),
    "206 unasked": ([says(206, DATA)], 1, "HTTP 206 Partial Content"),
    "500": ([says(500)], 5, f"HTTP 500 Internal Server Error {GIVES_UP}"),
    "promises too much": (
        [gives(DATA, promised=20_000, etag="")],
        5,
        rf"cut after 10,240 bytes .*IncompleteRead.* {GIVES_UP}",
    ),
    "promises too much, contradicts itself": (
        [gives(DATA, promised=20_000), gives(DATA)] * 3,
        5,
        r"cut after 10,240 bytes .*IncompleteRead.* \(5 tries; 10,240 bytes are kept\)",
    ),
    "two sizes": (
        [says(200, DATA, {"Content-Length": "5, 7"})],
        5,
        f"Content-Length.*{GIVES_UP}",
    ),
    "a redirect loop": (
        [says(302, b"", {"Location": "/"})],
        6,
        "redirected without end .*too many redirects",
    ),
    "redirected to a file": (
        [says(302, b"", {"Location": "file:///etc/passwd"})],
        1,
        "this, or where it redirects to, is no http",
    ),
    "endless": ([floods], 1, "more than 20,000 bytes"),
    "too large": ([gives(DATA, promised=20_001)], 1, "more than 20,000 bytes"),
    "too large to the end": (
        [CUT, says(206, bytes(20_000), {"Content-Range": RANGE})],
        2,
        "more than 20,000 bytes",
    ),
}


@pytest.fixture
def _little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "MOST_BYTES", 20_000)


@pytest.mark.usefixtures("_little")
@pytest.mark.parametrize(("acts", "asked", "told"), REFUSALS.values(), ids=REFUSALS)
def test_the_file_is_not_to_be_had(
    host: Host, path: Path, acts: list[Act], asked: int, told: str
) -> None:
    """What is wrong is said with the address; nothing is left that cannot be gone on from."""
    host.acts = acts
    error = _refused(host, path)
    assert re.match(f"{re.escape(host.url)}: {told}", error.problems[0])
    assert len(host.asked) == asked
    assert error.hint
    if "10,240 bytes are kept" not in told:
        assert _listed(path) == []


def test_a_host_that_stalls(host: Host, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence ends a try; what came before it is not lost."""
    monkeypatch.setattr(download, "TIMEOUT", urllib3.Timeout(0.2))
    late = Event()
    host.acts = [gives(DATA, cut=1000, wait=late), gives(DATA)]
    assert fetch(host.url, path).read_bytes() == DATA
    late.set()
    assert host.ranges() == ["", REST]


ADDRESSES = {
    "ftp://host.example/set": "not an http",
    "file:///etc/passwd": "not an http",
    "http:///set": "not an http",
    "http://[::1/set": "not an http",
    "host.example/set": "not an http",
    "http://user:secret@host.example/set": "host.example: addresses with a password",
    f"http://{'a' * 64}.example/set": "this, or where it redirects to, is no http",
}


@pytest.mark.parametrize(("url", "told"), ADDRESSES.items())
def test_an_address_that_is_none(path: Path, url: str, told: str) -> None:
    """Only http and https; a password is not printed."""
    with pytest.raises(BenchError) as caught:
        fetch(url, path)
    assert told in str(caught.value)
    assert "secret" not in str(caught.value)


def test_no_network(host: Host, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that nobody knows is asked for once, and the way without network is told."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(BenchError) as caught:
        fetch("https://host.example/set", path, by_hand="by hand")
    start = "https://host.example/set: unknown host, or no network (Failed to resolve"
    assert caught.value.problems[0].startswith(start)
    assert caught.value.hint == "by hand"


def test_a_port_where_nobody_listens(host: Host, path: Path) -> None:
    """A refused connection is no network either."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        host.url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        error = _refused(host, path)
    assert error.problems[0].startswith(f"{host.url}: no connection, or no network (")


def test_a_proxy(host: Host, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's proxy is asked, with its password, but not for hosts it is not for."""
    host.acts = [gives(DATA)]
    monkeypatch.setenv("http_proxy", host.url.replace("//", "//user:s%20cret@"))
    fetch("http://host.example/set", path)
    assert host.asked[0]["path"] == "http://host.example/set"
    assert host.asked[0]["Proxy-Authorization"] == "Basic dXNlcjpzIGNyZXQ="
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    fetch(f"{host.url}/set", path)
    assert host.asked[1]["path"] == "/set"


def test_progress_on_a_terminal(
    host: Host, path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The bar is on stderr."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    host.acts = [gives(DATA, chunked=True)]
    assert fetch(host.url, path).read_bytes() == DATA
    assert capsys.readouterr().out == ""
