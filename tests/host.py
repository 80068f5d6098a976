"""A loopback web server that does as it is told: whole, cut, slow, forgetful, lying."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

Act = Callable[[BaseHTTPRequestHandler], None]


class Host:
    """Answers each request with its next act, in the end with the last one again and again."""

    def __init__(self, url: str) -> None:
        """Serve nothing yet."""
        self.url = url
        self.acts: list[Act] = []
        self.asked: list[dict[str, str]] = []

    def ranges(self) -> list[str]:
        """Return what part each request asked for, "" for the whole."""
        return [headers.get("Range", "") for headers in self.asked]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Do the next act."""
        headers = {name.title(): value for name, value in handler.headers.items()}
        self.asked.append({"path": handler.path, **headers})
        act = self.acts[min(len(self.asked), len(self.acts)) - 1]
        with suppress(ConnectionError):
            act(handler)
        handler.close_connection = True


@contextmanager
def serving() -> Iterator[Host]:
    """Serve on a free port of 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host.answer(self)

        def end_headers(self) -> None:
            self.send_header("Connection", "close")
            super().end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host = Host(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def gives(
    data: bytes,
    *,
    etag: str = '"v1"',
    cut: int | None = None,
    promised: int | None = None,
    chunked: bool = False,
    ranges: bool = True,
    wait: Event | None = None,
) -> Act:
    """Give bytes as a good host does, and as the standard wants the answer to a Range.

    `cut` closes the connection after so many bytes of the answer, once `wait` is set; `promised`
    lies about their number; `chunked` says nothing of it.
    """

    def act(handler: BaseHTTPRequestHandler) -> None:
        start = _start(handler, etag) if ranges else None
        if start is not None and start >= len(data):
            says(416, b"", {"Content-Range": f"bytes */{len(data)}", "ETag": etag})(handler)
            return
        body = data[start:]
        headers = {"ETag": etag}
        if start is not None:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        if chunked:
            headers["Transfer-Encoding"] = "chunked"
        else:
            headers["Content-Length"] = str(len(body) if promised is None else promised)
        _head(handler, 200 if start is None else 206, headers)
        handler.wfile.write(_chunk(body[:cut]) if chunked else body[:cut])
        if chunked and cut is None:
            handler.wfile.write(_chunk(b""))
        handler.wfile.flush()
        if wait:
            wait.wait(60)

    return act


def says(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Act:
    """Answer with a status and headers."""

    def act(handler: BaseHTTPRequestHandler) -> None:
        _head(handler, status, {"Content-Length": str(len(body)), **(headers or {})})
        handler.wfile.write(body)

    return act


def _start(handler: BaseHTTPRequestHandler, etag: str) -> int | None:
    """Return from which byte on a part is asked for, None where the whole is to be given."""
    found = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
    return int(found[1]) if found and handler.headers.get("If-Range", etag) == etag else None


def _head(handler: BaseHTTPRequestHandler, status: int, headers: Mapping[str, str]) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()


def _chunk(piece: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(piece), piece)


def floods(handler: BaseHTTPRequestHandler) -> None:
    """Give zeros without end."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(bytes(1 << 16))


def talks(handler: BaseHTTPRequestHandler) -> None:
    """Speak another protocol."""
    handler.wfile.write(b"220 ready\r\n")
