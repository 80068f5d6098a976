"""What a worker does, and whom a command takes for a scheduler: no machines are needed here."""

import os
import platform
import socket
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench import cluster, contestants, lane, machine, session
from bench.contestants import EXTRACTORS
from bench.corpus import open_corpus
from bench.errors import BenchError
from bench.lane import Chunk, Task, run_chunk
from tests.conftest import make_corpus
from tests.machines import refused
from tests.running import alive, quick, wait_until, zoo


@pytest.fixture
def chunk(tmp_path: Path) -> Chunk:
    """Return a page for one fake."""
    corpus = make_corpus(tmp_path / "pages", {"site/page": [("body", "Tea is green.")]})
    page, (echo,) = open_corpus(corpus).pages[0], contestants.find(zoo("echo"))
    task = Task(page.id, "", "", "utf-8", "utf-8", page.html(), ("echo",))
    lane.open_lanes()
    return Chunk(("run", 1, 0), (echo,), quick().limits, task, (task,))


HERE = {"Python": "3.11.7", "lxml": "6.1", "pip": "26.0"}
MANY = dict.fromkeys("abcdefgh", "1")


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        (HERE, {"lxml": "6.1", "tea": "1", "Python": "3.11.7"}, []),
        (
            HERE,
            {"lxml": "5.0", "Python": "3.12.1"},
            ["Python 3.12.1, here 3.11.7", "lxml 5.0, here 6.1"],
        ),
        (HERE, {"Python": "3.11.7"}, []),
        (HERE, {**HERE, "pip": "23.2"}, []),
        (
            MANY,
            dict.fromkeys(MANY, "0"),
            [*(f"{name} 0, here 1" for name in "abcde"), "and 3 more packages"],
        ),
        (
            HERE,
            ModuleNotFoundError("No module named 'bench'"),
            ["boilerbench is not installed there, or an older one (No module named 'bench')"],
        ),
    ],
    ids=["one more package", "other versions", "one less", "pip", "many", "no boilerbench"],
)
def test_versions_must_be_one(
    here: dict[str, str], there: dict[str, str] | Exception, said: list[str]
) -> None:
    """What both have must be of one version; packages of one of them alone do not matter."""
    assert [*machine.mismatch(here, there)] == said


def test_a_machine_that_comes_late_is_held_to_the_same(chunk: Chunk) -> None:
    """What it has and what its system refuses is told with its name, and costs no finished page."""

    def full(_: Chunk) -> None:
        raise OSError(28, "No space left on device")

    place = f"worker {platform.node()}, process {os.getpid()}: "
    for here, run, said in (
        ({"boilerbench": "9.0"}, run_chunk, "boilerbench 0.1.0, here 9.0"),
        ({}, full, "[Errno 28] No space left on device"),
    ):
        with pytest.raises(BenchError) as error:
            machine.work(here, run, chunk)
        assert (error.value.problems, error.value.exit_code) == ([place + said], 1)


def test_a_machine_starts_its_own_file() -> None:
    """Where boilerbench lies elsewhere, its extractor of that name is taken, if it is the same."""
    (known,) = contestants.find(["lxml_text"])
    elsewhere = replace(known, path=Path("/nowhere/extractors/lxml_text.py"), command=("/nowhere",))
    assert machine.at_home(elsewhere).command == known.command
    assert machine.at_home(elsewhere).path == EXTRACTORS / "lxml_text.py"
    with pytest.raises(BenchError, match="is another file here"):
        machine.at_home(replace(elsewhere, digest="another"))
    with pytest.raises(BenchError, match="unknown extractor"):
        machine.at_home(replace(elsewhere, name="unheard_of"))


def test_contestants_do_not_outlive_a_killed_harness(
    chunk: Chunk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that gets no chunk any more kills them, and starts anew with the next one."""
    monkeypatch.setattr(machine, "IDLE_S", 0.05)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for _ in range(2):
        harvest = machine.work({}, run_chunk, chunk)
        assert [life.extractor for life in harvest.lives] == ["echo"]
        assert wait_until(lambda: not alive(tmp_path))


def test_lanes_are_counted_in_one_place(tmp_path: Path) -> None:
    """With a scheduler, --workers is refused, and nothing is written."""
    limits: dict[str, Any] = {"fresh": False, "rounds": 1, "limit_s": 20, "memory_mib": 300}
    more = {**limits, "workers": 3, "scheduler": "tcp://127.0.0.1:1"}
    with pytest.raises(BenchError, match="--workers 3"):
        session.run_session(zoo("echo"), corpus=None, output=tmp_path / "run", **more)
    assert not (tmp_path / "run").exists()


def test_dask_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it, the error says what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert refused("tcp://127.0.0.1:1").hint == "pip install 'boilerbench[dask]'"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("tcp://127.0.0.1:1", ""),  # refused, or no answer: Dask asks more than once
        ("machine", "missing port number"),
        ("tcp://127.0.0.1:tea", "invalid literal"),
        ("http://machine:1", "unknown address scheme 'http'"),
        ("tls://127.0.0.1:1", "TLS"),
        ("''", "an empty address"),
    ],
)
def test_nobody_there(monkeypatch: pytest.MonkeyPatch, address: str, why: str) -> None:
    """An address without a scheduler, and what is no address, are named, with how to start one."""
    monkeypatch.setattr(cluster, "ANSWER_S", 2.0)
    error = refused(address.strip("'"))
    assert error.problems[0].startswith(f"no Dask scheduler at {address} (")
    assert why in error.problems[0]
    assert "dask scheduler" in error.hint


@pytest.mark.slow
@pytest.mark.parametrize(
    ("says", "why"),
    [
        (b"", "no answer within 2 s"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "what answers there is not Dask"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "what answers there is not Dask"),
        (bytes(4096), "what answers there is not Dask"),
    ],
    ids=["silent", "ssh", "http", "zeros"],
)
def test_strangers_are_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, says: bytes, why: str
) -> None:
    """Whatever listens at that port and is no scheduler is told from one."""
    monkeypatch.setattr(cluster, "ANSWER_S", 2.0)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with server.accept()[0] as visitor:
                visitor.sendall(says)
                while visitor.recv(1 << 16):  # until Dask leaves
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        error = refused(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        thread.join()
    assert why in error.problems[0]


@pytest.mark.slow
def test_no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler without workers would be waited for without end."""
    from distributed import LocalCluster

    monkeypatch.setattr(cluster, "ANSWER_S", 2.0)
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=0, processes=False, protocol="tcp", host="127.0.0.1", dashboard_address=":0"
    ) as empty:
        assert "has no workers" in refused(empty.scheduler_address).problems[0]
