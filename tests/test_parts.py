"""What is kept of a download that ended early, and what is not."""

import errno
import fcntl
import hashlib
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from bench import parts
from bench.download import CHUNK, fetch
from bench.errors import BenchError
from tests.host import Host, gives, says

DATA = bytes(range(256)) * 40
SHA256 = hashlib.sha256(DATA).hexdigest()
OTHER = DATA[::-1]
CUT = gives(DATA, cut=1000)
REST = "bytes=1000-"


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


def test_another_address_or_changed_bytes_are_downloaded_anew(host: Host, path: Path) -> None:
    """What is kept is used for its own address alone, and only while it has its sum."""
    host.acts = [gives(OTHER), gives(DATA)]
    fetch(host.url + "/other", path)
    assert fetch(host.url, path).read_bytes() == DATA
    path.write_bytes(OTHER)
    assert fetch(host.url, path).read_bytes() == DATA
    assert len(host.asked) == 3


def test_a_killed_download_is_resumed(host: Host, path: Path) -> None:
    """After a kill only the part is there, under its own name; the next call goes on with it."""
    late = Event()
    data = bytes(2 * CHUNK) + DATA
    host.acts = [gives(data, cut=len(data) - 1, wait=late), gives(data)]
    code = (
        "import sys, pathlib, bench.download as d; d.fetch(sys.argv[1], pathlib.Path(sys.argv[2]))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, host.url, str(path)])
    part = path.with_name("set.part")
    while not (part.exists() and part.stat().st_size) and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    late.set()
    assert _listed(path) == ["set.part", "set.part.json"]
    have = part.stat().st_size
    assert fetch(host.url, path).read_bytes() == data
    assert host.ranges() == ["", f"bytes={have}-"]
    assert _listed(path) == ["set", "set.json"]


def test_an_interrupted_download_is_resumed(
    host: Host, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C says what is kept; a torn note is as good as none, and lets the part go."""
    host.acts = [gives(DATA)]
    with monkeypatch.context() as patch:
        patch.setattr(parts.Part, "add", _then(parts.Part.add, KeyboardInterrupt()))
        error = _refused(host, path)
    have = path.with_name("set.part").stat().st_size
    assert error.problems == [f"{host.url}: interrupted; {have:,} bytes are kept"]
    assert (error.hint, error.exit_code) == ("repeat the command to go on", 1)
    path.with_name("set.part.json").write_text('{"url": ')
    assert fetch(host.url, path).read_bytes() == DATA
    assert host.ranges() == ["", ""]


def test_a_part_that_is_whole_needs_no_host(host: Host, path: Path) -> None:
    """Killed between the last byte and the renaming, a call has nothing left to ask for."""
    path.parent.mkdir()
    path.with_name("set.part").write_bytes(DATA)
    note = {"url": host.url, "etag": '"v1"', "size": len(DATA), "sha256": SHA256}
    path.with_name("set.part.json").write_text(json.dumps(note))
    assert fetch(host.url, path).read_bytes() == DATA
    assert host.asked == []


def test_only_one_process_writes_a_part(host: Host, path: Path) -> None:
    """A second boilerbench is told that one is at it."""
    path.parent.mkdir()
    with path.with_name("set.part").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        error = _refused(host, path)
    assert error.problems == [f"{path}.part: another boilerbench downloads this"]
    assert host.asked == []


def test_the_wrong_sum(host: Host, path: Path) -> None:
    """Wrong bytes are not kept, of an interrupted download neither; the sum is remembered."""
    host.acts = [gives(OTHER), *[CUT, says(404)], gives(DATA[:1000] + OTHER[1000:]), gives(DATA)]
    found = hashlib.sha256(OTHER).hexdigest()
    told = f"{host.url}: SHA-256 is {found}, expected {SHA256}; dropped"
    assert _refused(host, path, sha256=SHA256).problems == [told]
    assert _listed(path) == []
    assert _refused(host, path, sha256=SHA256).problems == [f"{host.url}: HTTP 404 Not Found"]
    assert re.search(f"expected {SHA256}; dropped", _refused(host, path).problems[0])
    assert host.ranges() == ["", "", REST, REST]
    assert fetch(host.url, path, sha256=SHA256).read_bytes() == DATA


def test_a_full_disk(host: Host, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing stays on a disk that is full; on one that fails otherwise, what came does."""
    host.acts = [gives(DATA)]
    for number, left in ((errno.ENOSPC, []), (errno.EIO, ["set.part", "set.part.json"])):
        with monkeypatch.context() as patch:
            patch.setattr(parts.Part, "add", _then(parts.Part.add, OSError(number, "no")))
            with pytest.raises(OSError, match="no"):
                fetch(host.url, path)
        assert _listed(path) == left
    assert fetch(host.url, path).read_bytes() == DATA


def _then(add: Callable[[parts.Part, bytes], None], error: BaseException) -> Callable[..., None]:
    """Return a function that adds and then raises."""

    def added(part: parts.Part, chunk: bytes) -> None:
        add(part, chunk)
        raise error

    return added
