"""WARC files as a corpus without gold: each page is read from its place in the file when needed.

Pages are HTML responses with status 200, the encodings of transfer and content undone.
"""

import hashlib
import http.client
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING

from bench.corpus import Corpus, Page
from bench.errors import BenchError
from bench.gold import Header

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

HTML = ("text/html", "application/xhtml+xml")
PAGE_MIB = 64  # the largest hostile page that boilerbench makes itself has 50
NO_GOLD = "none"  # the type of its gold
_MOST = PAGE_MIB << 20
_MAGIC = 2  # bytes that tell gzip from plain text


@dataclass(frozen=True, slots=True)
class WarcPage(Page):
    """A page that lies in a WARC file: `path` is that file, `offset` where its record begins."""

    offset: int = 0
    length: int = 0

    @property
    def size(self) -> int:
        """Bytes of the body, its encodings undone."""
        return self.length

    def html(self) -> bytes:
        """Return the body; BenchError where the file is no longer what it was."""
        try:
            with self.path.open("rb") as file:
                file.seek(self.offset)
                body = _body(next(_records(file)))
        except (OSError, StopIteration, _PassedOver):
            body = b""
        if len(body) != self.length:
            raise BenchError(f"{self.path}: changed at byte {self.offset} while it was being read")
        return body


@dataclass(slots=True)
class _Findings:
    pages: list[WarcPage] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


def open_warc(files: Sequence[Path]) -> Corpus:
    """Return the pages of WARC files, plain or with each record compressed, in their order.

    The corpus's card says what was `passed_over`, and where a file is `broken`; what stands before
    that place counts. Raises BenchError where fastwarc is missing, a file cannot be read or was
    compressed as a whole, two have one name, or none has a page.
    """
    paths = [file.resolve() for file in files]
    problems = [
        f"{name}: given {number} times, so pages would share their names"
        for name, number in Counter(path.name for path in paths).items()
        if number > 1
    ]
    found = _Findings()
    for path in paths:
        problems += _read(path, found)
    if not found.pages and not problems:
        names = ", ".join(path.name for path in paths)
        problems.append(f"{names}: no HTML response ({_said(found) or 'no record at all'})")
    if problems:
        raise BenchError(problems)
    name = paths[0].name + (f"+{len(paths) - 1}" if paths[1:] else "")
    card = {"passed_over": _passed_over(found), "broken": "; ".join(found.broken)}
    return Corpus(paths[0].parent, name, "0", tuple(found.pages), card, tuple(paths))


def _read(path: Path, found: _Findings) -> Iterator[str]:
    """Add what a file holds; yield what forbids using it."""
    at = 0
    try:
        with path.open("rb") as file, path.open("rb") as beside:
            magic = beside.read(_MAGIC)
            for record in _records(file):
                at = record.stream_pos
                page = _page(path, record, found.passed_over)
                beside.seek(at)
                if page and beside.read(_MAGIC) != magic:
                    yield f"{path}: compressed as a whole, so no page has a place; unpack it first"
                    return
                found.pages += [page] if page else []
    except OSError as error:
        if error.errno:  # the system's own; the reader's have none
            yield f"{path}: cannot be read ({error.strerror})"
        else:
            found.broken.append(f"{path.name}: broken at or after byte {at} ({error})")


def _records(file: IO[bytes]) -> Iterator["WarcRecord"]:
    """Yield records; fastwarc's own undoing of encodings loses its way where they lie (2.0.1)."""
    try:
        from fastwarc.warc import ArchiveIterator
    except ImportError:
        hint = "pip install 'boilerbench[warc]'"
        raise BenchError("--warc needs the package fastwarc", hint=hint) from None
    yield from ArchiveIterator(file, parse_http=False, auto_decode="none")


def _page(path: Path, record: "WarcRecord", passed_over: Counter[str]) -> WarcPage | None:
    try:
        body = _body(record)
    except _PassedOver as reason:
        passed_over[str(reason)] += 1
        return None
    id = f"{path.name}/{record.stream_pos:012d}"
    url = record.headers.get("WARC-Target-URI") or ""
    content_type = record.http_headers.get("Content-Type") if record.http_headers else None
    blank = dict.fromkeys(("language", "site", "family", "page_type", "guidelines", "notes"), "")
    header = Header(id, url, content_type or "", **blank, labelled_by=[], gold=NO_GOLD)
    sha256 = hashlib.sha256(body).hexdigest()
    return WarcPage(id, path, path, sha256, header, record.stream_pos, len(body))


class _PassedOver(Exception):  # noqa: N818  a result, not an error
    """Raised for a record that is no page: the text says why, as it is counted."""


def _body(record: "WarcRecord") -> bytes:
    """Return the body of an HTML response, or raise _PassedOver."""
    if (kind := str(record.record_type)) != "response":
        raise _PassedOver(f"{kind} record")
    record.parse_http(auto_decode="none")
    headers = record.http_headers
    if not headers or headers.status_code != http.client.OK:
        raise _PassedOver("status other than 200" if headers else "response without HTTP")
    if record.http_content_type not in HTML:
        raise _PassedOver("not HTML")
    body = record.reader.read(_MOST + 1)
    if len(body) < min(record.content_length, _MOST):
        raise _PassedOver("cut short")
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
        body = _joined(body)
    if encoding := (headers.get("Content-Encoding") or "").lower():
        body = _unpacked(body, encoding)
    if not body or len(body) > _MOST:
        raise _PassedOver(f"over {PAGE_MIB} MiB" if body else "empty body")
    return body


def _joined(body: bytes) -> bytes:
    """Return a body without its chunks; what came where it is cut, itself where it has none."""
    response = http.client.HTTPResponse(_Wire(body))  # type: ignore[arg-type]
    response.begin()
    try:
        return response.read()
    except http.client.IncompleteRead as cut:
        return cut.partial or body


class _Wire:
    """What http.client reads a response from: a socket that holds nothing else."""

    def __init__(self, body: bytes) -> None:
        self._message = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body

    def makefile(self, mode: str) -> IO[bytes]:
        del mode
        return BytesIO(self._message)


def _unpacked(body: bytes, encoding: str) -> bytes:
    from urllib3.exceptions import HTTPError
    from urllib3.response import HTTPResponse

    names = {name.strip() for name in encoding.split(",")} - {"identity", ""}
    if not names <= {*HTTPResponse.CONTENT_DECODERS}:
        raise _PassedOver("content encoding unknown")
    packed = HTTPResponse(BytesIO(body), {"Content-Encoding": encoding}, preload_content=False)
    try:
        return packed.read(_MOST + 1, decode_content=bool(names))
    except HTTPError:
        raise _PassedOver("content encoding that does not undo") from None


def _passed_over(found: _Findings) -> str:
    return ", ".join(f"{number:,} {reason}" for reason, number in found.passed_over.most_common())


def _said(found: _Findings) -> str:
    return "; ".join(filter(None, [_passed_over(found), *found.broken]))
