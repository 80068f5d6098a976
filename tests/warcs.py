"""WARC files for tests, record by record."""

import gzip
from collections.abc import Callable, Iterable
from contextlib import closing
from io import BytesIO
from pathlib import Path

from bench.corpus import open_corpus

TEA = b"<!doctype html><title>-</title><p>Green tea is dry, and cheap.</p>"


def record(
    body: bytes = TEA,
    *headers: str,
    url: str = "http://tea.example/",
    status: str = "200 OK",
    content_type: str = "text/html; charset=utf-8",
    kind: str = "response",
    lacking: int = 0,
) -> bytes:
    """Return one record; `lacking` bytes of what its length promises do not come."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", *headers]
    message = "\r\n".join([*lines, "", ""]).encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
        "WARC-Date: 2026-01-01T00:00:00Z\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\n"
        f"Content-Length: {len(message) + lacking}\r\n\r\n"
    )
    return head.encode() + message + b"\r\n\r\n"


def chunked(body: bytes, size: int = 7) -> bytes:
    """Return a body in chunks, as `Transfer-Encoding: chunked` has it."""
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [*parts, b""])


def write(path: Path, records: Iterable[bytes]) -> Path:
    """Write records, each compressed by itself where the file's name ends in .gz, .zst or .lz4."""
    packers = {".gz": gzip.compress, ".zst": _packer("ZstdWriter"), ".lz4": _packer("Lz4Writer")}
    pack = packers.get(path.suffix, bytes)
    with path.open("wb") as file:
        file.writelines(map(pack, records))
    return path


def own_pages(path: Path, copies: int) -> Path:
    """Write boilerbench's own pages, all of them so many times."""
    pages = [
        record(page.html(), url=page.header.url, content_type=page.content_type)
        for page in open_corpus().pages
    ]
    return write(path, (one for _ in range(copies) for one in pages))


def _packer(writer: str) -> Callable[[bytes], bytes]:
    def pack(record: bytes) -> bytes:
        import fastwarc

        packed = BytesIO()
        with closing(getattr(fastwarc, writer)(packed)) as stream:
            stream.write(record)
        return packed.getvalue()

    return pack
