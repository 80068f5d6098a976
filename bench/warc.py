"""WARC files as a corpus without gold: each page is read from its place in the file when needed.

Pages are HTML responses with status 200, the encodings of transfer and content undone.
"""

import hashlib
import os
import re
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
_MAGIC = 2  # bytes that tell what a record is compressed with, if at all
_OK = 200
_ENCODINGS = "Content-Encoding", "Transfer-Encoding"  # in the order in which they are done
_CHUNKS = 1 << 20  # of 64 bytes on average in the largest page; a million take a second
# The size of a chunk, after the line end of the one before it
_CHUNK = re.compile(rb"(?:\r?\n)?[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\n]*)?\r?\n")


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
            with self.path.open("rb", buffering=0) as file:  # fastwarc has a buffer of its own
                file.seek(self.offset)
                body = _body(next(_records(file)))
        except (OSError, StopIteration, _PassedOver):
            body = b""
        if _sha256(body) != self.sha256:
            raise BenchError(
                f"{self.path}: the page at byte {self.offset} is no longer what it was",
                hint="put the file back to go on with the run, or run anew over what it is now",
                exit_code=1,
            )
        return body


@dataclass(slots=True)
class _Findings:
    pages: list[WarcPage] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


def open_warc(files: Sequence[Path]) -> Corpus:
    """Return the pages of WARC files, plain or with each record compressed, in their order.

    The corpus's card says what was `passed_over`, and where a file is `broken`; what stands before
    that place counts. Raises BenchError where fastwarc is missing, a file cannot be read, is no
    file on disk or was not compressed record by record, two have one name, or none has a page.
    """
    paths = [file.resolve() for file in files]
    problems = [
        f"{name}: given {number} times, so pages would share their names"
        for name, number in Counter(path.name for path in paths).items()
        if number > 1
    ]
    found = _Findings()
    for file in files:
        problems += _read(file, found)
    if not found.pages and not problems:
        names = ", ".join(path.name for path in paths)
        problems.append(f"{names}: no HTML response ({_said(found) or 'no record at all'})")
    if problems:
        raise BenchError(problems)
    name = paths[0].name + (f"+{len(paths) - 1}" if paths[1:] else "")
    card = {"passed_over": _passed_over(found), "broken": "; ".join(found.broken)}
    return Corpus(paths[0].parent, name, "0", tuple(found.pages), card, tuple(paths))


def _read(file: Path, found: _Findings) -> Iterator[str]:
    """Add what a file holds; yield what forbids using it."""
    if file.exists() and not (file.is_file() or file.is_dir()):
        yield f"{file}: a pipe or device; pages are read when their turn comes, so store it first"
        return
    path, at, magic = file.resolve(), -1, b""
    try:
        with path.open("rb", buffering=0) as opened:
            for record in _records(opened):
                before, at = at, record.stream_pos
                begins = os.pread(opened.fileno(), _MAGIC, at)
                magic = magic or begins
                # Of records that are compressed together, only the first has a place of its own
                if at <= before or begins != magic:
                    yield f"{path}: compressed as a whole, so no page has a place; unpack it first"
                    return
                page = _page(path, record, found.passed_over)
                found.pages += [page] if page else []
            if opened.tell() < path.stat().st_size:  # fastwarc ends at an empty gzip member
                raise OSError("no record follows it")
    except OSError as error:
        if error.errno:  # the system's own; the reader's have none
            yield f"{path}: cannot be read ({error.strerror})"
        else:
            found.broken.append(f"{path.name}: broken at or after byte {max(at, 0)} ({error})")


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
    url = (record.headers.get("WARC-Target-URI") or "").strip("<>")  # some writers of 1.0 add them
    content_type = record.http_headers.get("Content-Type") if record.http_headers else None
    blank = dict.fromkeys(("language", "family", "page_type", "guidelines", "notes"), "")
    blank["site"] = _site(url) or id
    header = Header(id, url, content_type or "", **blank, labelled_by=[], gold=NO_GOLD)
    return WarcPage(id, path, path, _sha256(body), header, record.stream_pos, len(body))


def _site(url: str) -> str | None:
    """Return the registrable domain, over which intervals are made."""
    from tld import get_fld  # reads its list at once

    try:
        return get_fld(url, fail_silently=True)
    except ValueError:  # such as of a bracket that is not closed
        return None


class _PassedOver(Exception):  # noqa: N818  a result, not an error
    """Raised for a record that is no page: the text says why, as it is counted."""


def _body(record: "WarcRecord") -> bytes:
    """Return the body of an HTML response, or raise _PassedOver."""
    if (kind := str(record.record_type)) != "response":
        raise _PassedOver(f"{kind} record")
    record.parse_http(auto_decode="none")
    headers = record.http_headers
    if not headers or headers.status_code != _OK:
        raise _PassedOver("status other than 200" if headers else "response without HTTP")
    if (record.http_content_type or "").lower() not in HTML:
        raise _PassedOver("not HTML")
    promised = min(record.content_length, _MOST + 1)  # a buffer is as large as what is asked for
    body = record.reader.read(promised)
    if len(body) < promised:
        raise _PassedOver("cut short")
    stated = ",".join(headers.get(name) or "" for name in _ENCODINGS).lower()
    names = [name for part in stated.split(",") if (name := part.strip()) not in ("", "identity")]
    if "chunked" in names:
        body = _joined(body)
    if packed := [name for name in names if name != "chunked"]:
        body = _unpacked(body, packed)
    if not body or len(body) > _MOST:
        raise _PassedOver(f"over {PAGE_MIB} MiB" if body else "empty body")
    return body


def _joined(body: bytes) -> bytes:
    """Return a body without its chunks; what came where it is cut, itself where it has none."""
    joined, at, whole = bytearray(), 0, memoryview(body)
    for _ in range(_CHUNKS):
        line = _CHUNK.match(body, at)
        if not line:
            return bytes(joined) if at else body
        start, size = line.end(), int(line[1], 16)
        joined += whole[start : start + size]
        at = start + size
        if not size:
            return bytes(joined)
    raise _PassedOver(f"over {_CHUNKS:,} chunks")


def _unpacked(body: bytes, names: list[str]) -> bytes:
    from urllib3.exceptions import HTTPError
    from urllib3.response import HTTPResponse

    if not {*names} <= {*HTTPResponse.CONTENT_DECODERS}:
        raise _PassedOver("content encoding unknown")
    headers = {"Content-Encoding": ", ".join(names)}
    packed = HTTPResponse(BytesIO(body), headers, preload_content=False)
    try:
        return packed.read(_MOST + 1, decode_content=True)
    except HTTPError:
        raise _PassedOver("content encoding that does not undo") from None


def _passed_over(found: _Findings) -> str:
    return ", ".join(f"{number:,} {reason}" for reason, number in found.passed_over.most_common())


def _said(found: _Findings) -> str:
    return "; ".join(filter(None, [_passed_over(found), *found.broken]))


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
