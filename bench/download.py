"""Downloads: streamed, resumed, checked, and under their final name only when whole."""

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote
from urllib.request import getproxies, proxy_bypass

import click
import urllib3
from urllib3.exceptions import (
    HTTPError,
    LocationParseError,
    LocationValueError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    ResponseError,
    SSLError,
)

from bench import __version__
from bench.errors import BenchError
from bench.parts import Note, Part, opened, sha256_of

# The largest public set has 2 GiB unpacked
MOST_BYTES = 10 << 30
CHUNK = 1 << 18
TRIES = 5
PAUSE_S = 1.0  # before the second try; doubled before each one after it
TIMEOUT = urllib3.Timeout(connect=15, read=60)
# No retries of urllib3's own: a try goes on where the last one ended
REDIRECTS = urllib3.Retry(
    total=None, redirect=5, connect=0, read=0, status=0, other=0, respect_retry_after_header=False
)
HEADERS = {"Accept-Encoding": "identity", "User-Agent": f"boilerbench/{__version__}"}
PASSING = {408, 425, 429, 500, 502, 503, 504}
# Troubles before the first byte that another try would meet again; the first that fits
LASTING: tuple[tuple[type[HTTPError], str], ...] = (
    (NameResolutionError, "unknown host, or no network"),
    (NewConnectionError, "no connection, or no network"),
    (ProxyError, "the proxy gives no connection"),
    (SSLError, "no safe connection"),
    (ResponseError, "redirected without end"),
    (LocationValueError, "this, or where it redirects to, is no http(s) address"),
)
Show = Callable[[int, int | None], None]


class PassingTroubleError(Exception):
    """What another try may not meet."""


def fetch(url: str, path: Path, *, sha256: str = "", by_hand: str = "") -> Path:
    """Return the path, with the whole file of an http(s) address in it.

    What came in an earlier call is kept: the whole file, or a part of it to go on with. `by_hand`
    tells how to do without the network. Raises BenchError where the file is not to be had, and
    OSError where it cannot be written.
    """
    _check_url(url)
    kept = Note.beside(path)
    if kept.url == url and path.exists() and sha256_of(path) == (sha256 or kept.sha256):
        click.echo(f"downloaded before: {path}", err=True)
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with opened(path.with_name(f"{path.name}.part"), Note(url, sha256=sha256)) as part:
        click.echo(f"{'resuming' if part.have else 'downloading'}: {url}", err=True)
        with _progress() as show:
            _fill(part, show, by_hand)
        part.finish(path)
    return path


def _fill(part: Part, show: Show, by_hand: str) -> None:
    """Bring a part to its end, in a few tries, each of which goes on where the last one ended."""
    url, last = part.note.url, ""
    for number in range(TRIES):
        if number:
            pause = PAUSE_S * 2 ** (number - 1)
            click.echo(f"{last}; trying again in {pause:g} s", err=True)
            time.sleep(pause)
        try:
            if not part.whole:
                _try(part, show, by_hand)
        except PassingTroubleError as trouble:
            last = str(trouble)
        else:
            return
    raise BenchError(
        f"{url}: {last} ({TRIES} tries; {part.kept:,} bytes are kept)",
        hint="; or ".join(filter(None, ["repeat the command later", by_hand])),
    )


def _try(part: Part, show: Show, by_hand: str) -> None:
    url, extra = part.note.url, {}
    if part.kept:
        extra = {"Range": f"bytes={part.have}-", "If-Range": part.note.etag}
    try:
        with _pool(url) as pool:
            response = pool.request(
                *("GET", url),
                headers={**HEADERS, **extra},
                preload_content=False,
                retries=REDIRECTS,
                timeout=TIMEOUT,
            )
            with response:
                if _begins(response, part, by_hand):
                    _read(response, part, show)
    except HTTPError as error:
        reason = (error.reason if isinstance(error, MaxRetryError) else None) or error
        lasting = (words for kind, words in LASTING if isinstance(reason, kind))
        told = _told(reason)
        if words := next(lasting, ""):
            raise BenchError(f"{url}: {words} ({told})", hint=by_hand) from error
        raise PassingTroubleError(told) from error


def _begins(response: urllib3.BaseHTTPResponse, part: Part, by_hand: str) -> bool:
    """Make a part ready for the body of a response; False where nothing is missing."""
    status = response.status
    if status == 200:
        size = response.length_remaining
        _check_size(part, size or 0)
        part.restart(response.headers.get("ETag", ""), size)
        return True
    if status in (206, 416) and part.kept:
        return _goes_on(response, part)
    words = f"HTTP {status} {response.reason or ''}".rstrip()
    if status in PASSING:
        raise PassingTroubleError(words)
    hint = "; or ".join(filter(None, ["check the address", by_hand]))
    raise BenchError(f"{part.note.url}: {words}", hint=hint)


def _goes_on(response: urllib3.BaseHTTPResponse, part: Part) -> bool:
    """Return whether more is to come; with a host that contradicts itself, begin anew."""
    told = response.headers.get("Content-Range", "")
    found = re.fullmatch(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)", told)
    start, total = found.groups() if found else (None, None)
    size = int(total) if total and total != "*" else part.note.size
    same = response.headers.get("ETag", part.note.etag) == part.note.etag
    if same and part.note.size in (None, size):
        part.note = replace(part.note, size=size)
        if response.status == 416 and part.whole:
            return False
        if response.status == 206 and start == str(part.have):
            return True
    part.restart()
    raise PassingTroubleError(f"the host does not go on (HTTP {response.status}, {told!r})")


def _read(response: urllib3.BaseHTTPResponse, part: Part, show: Show) -> None:
    try:
        # What has come when a host falls silent is given at once, so that it can be kept
        while chunk := response.read1(CHUNK, decode_content=False):
            _check_size(part, part.have + len(chunk))
            part.add(chunk)
            show(part.have, part.note.size)
    except HTTPError as error:
        raise PassingTroubleError(f"cut after {part.have:,} bytes ({_told(error)})") from error
    come, size = part.have, part.note.size
    if size is not None and come != size:
        if come > size:
            part.restart()
        raise PassingTroubleError(f"{come:,} bytes came, {size:,} were promised")


def _told(error: Exception) -> str:
    """Return what an error of urllib3 says, without the connection's own name."""
    said = str(error.args[0] if error.args else error)
    return re.sub(r"^(?:HTTPS?Connection\w*\([^)]*\)|None): ", "", said)


def _pool(url: str) -> urllib3.PoolManager:
    """Return the way to a host, through the proxy that the environment names for it."""
    target = urllib3.util.parse_url(url)
    proxy = getproxies().get(target.scheme or "")
    if not proxy or proxy_bypass(target.netloc or ""):
        return urllib3.PoolManager()
    address = urllib3.util.parse_url(proxy if "://" in proxy else f"http://{proxy}")
    secret = urllib3.util.make_headers(proxy_basic_auth=unquote(address.auth or "") or None)
    return urllib3.ProxyManager(address.url, proxy_headers=secret)


def _check_url(url: str) -> None:
    try:
        target = urllib3.util.parse_url(url)
    except LocationParseError:
        target = urllib3.util.Url()
    if target.scheme not in ("http", "https") or not target.host:
        raise BenchError(
            f"{url}: not an http(s) address", hint="only http:// and https:// are downloaded"
        )
    if target.auth:
        raise BenchError(
            f"{target.host}: addresses with a password are not taken",
            hint="fetch the file by hand, and name it with --from FILE",
        )


def _check_size(part: Part, size: int) -> None:
    if size > MOST_BYTES:
        part.restart()
        raise BenchError(
            f"{part.note.url}: more than {MOST_BYTES:,} bytes", hint="this is no archive of pages"
        )


@contextmanager
def _progress() -> Iterator[Show]:
    """Show progress on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None  # noqa: ARG005
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("download", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
