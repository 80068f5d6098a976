"""The cage of a worker: what holds in a namespace, behind a filter, and with neither."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from bench import contestants, process, processes
from bench.process import TRAP, Limits, Miss, Stopped, WorkerProcess
from bench.worker import launch
from tests.running import ZOO, alive, request, wait_until

Start = Callable[[Path], AbstractContextManager[WorkerProcess]]
Writer = Callable[[str, str], Path]
# Order to try → network, processes and files of the cage
CAGES = {
    "namespace": ("none (namespace)", "namespace", "read-only"),
    "seccomp": ("none (seccomp)", "group", "open"),
    "open": ("open", "group", "open"),
}
SMALL = Limits(page_s=5, memory_mib=300)
HEAD = "def extract(html, url):\n    "


@pytest.fixture(params=CAGES)
def networks(request: pytest.FixtureRequest) -> str:
    """Return each way to cut the network."""
    return str(request.param)


@pytest.fixture
def start(networks: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Return what starts a worker for an extractor file in one sort of cage."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    @contextmanager
    def started(path: Path) -> Iterator[WorkerProcess]:
        command = contestants.read(path).command
        with closing(WorkerProcess(command, SMALL, networks)) as worker:
            if networks not in worker.cage["network"] and networks != "open":
                pytest.skip(f"this kernel grants no {networks}")
            yield worker

    return started


def text_of(worker: WorkerProcess) -> str:
    """Return what a worker gives for one page."""
    return str(worker.ask(request("p"), "p")["text"])


def test_the_cage_says_what_it_is(networks: str, start: Start) -> None:
    """What is in force is reported: network, processes, files and memory."""
    with start(ZOO / "echo.py") as worker:
        network, family, files = CAGES[networks]
        assert worker.cage == {
            "memory": "RLIMIT_DATA 300 MiB",
            "processes": family,
            "files": files,
            "network": network,
        }


@pytest.mark.parametrize("networks", ["namespace", "seccomp"], indirect=True)
@pytest.mark.parametrize("fake", ["network_python", "network_native"])
def test_a_cut_network_is_cut_for_python_and_for_c(start: Start, fake: str) -> None:
    """No datagram leaves and no name is resolved, whoever asks."""
    with start(ZOO / f"{fake}.py") as worker:
        text = text_of(worker)
        assert "no datagram" in text
        assert "resolved" not in text


@pytest.mark.parametrize("networks", ["seccomp"], indirect=True)
def test_the_filter_refuses_io_uring_and_spares_unix_sockets(
    start: Start, extractor: Writer
) -> None:
    """io_uring could make sockets unseen; Unix sockets reach no other machine."""
    source = (
        '"""Asks for both."""\nimport ctypes, errno, os, socket\n' + HEAD + "a, b = "
        "socket.socketpair(); socket.socket(socket.AF_UNIX)\n    libc = ctypes.CDLL(None, "
        "use_errno=True)\n    return f'{libc.syscall(425, 1, None)} "
        "{errno.errorcode[ctypes.get_errno()]}'\n"
    )
    with start(extractor("uring", source)) as worker:
        assert text_of(worker) == "-1 EACCES"


# Where something is written → whether that works in the best cage
PLACES = [
    ("os.getcwd() + '/new'", True),
    ("os.environ['HOME'] + '/new'", True),
    ("tempfile.mkstemp()[1]", True),
    ("'/dev/null'", True),
    ("os.getcwd() + '/../new'", False),
    ("'/dev/shm/boilerbench'", False),
    ("__file__", False),
]


@pytest.mark.parametrize("networks", ["namespace"], indirect=True)
@pytest.mark.parametrize(("place", "works"), PLACES, ids=[place for place, _ in PLACES])
def test_files_are_read_only_but_for_scratch(
    start: Start, extractor: Writer, place: str, *, works: bool
) -> None:
    """A worker writes into its scratch folder and to devices, and nowhere else."""
    source = (
        '"""Writes."""\nimport os, tempfile\n'
        f'{HEAD}open({place}, "ab").close()\n    return open("/proc/self/comm").read()\n'
    )
    with start(extractor("writes", source)) as worker:
        if worker.cage["files"] != "read-only":
            pytest.skip("this kernel grants no read-only files")
        answer = worker.ask(request("p"), "p")
    assert answer.get("error", "").partition(": ")[0] == ("" if works else "OSError")
    assert works or "Read-only file system" in answer["error"]


def test_no_mount_of_a_worker_is_seen_outside(start: Start) -> None:
    """The cage's mounts are private to it."""
    before = Path("/proc/self/mountinfo").read_text(encoding="utf-8")
    with start(ZOO / "echo.py"):
        assert Path("/proc/self/mountinfo").read_text(encoding="utf-8") == before


CALLER = "target=socket.create_connection, args=(('192.0.2.1', 9),)"
# What an extractor does → whether the trap ends it; 192.0.2.1 is TEST-NET-1 (RFC 5737)
CALLS = [
    ("socket.socket().connect(('192.0.2.1', 9))", True),
    ("socket.socket(socket.AF_INET6).connect(('2001:db8::1', 9))", True),
    ("socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 9))", True),
    ("libc.connect(libc.socket(2, 1, 0), b'\\2' + bytes(15), 16)", True),
    (f"caller = threading.Thread({CALLER}); caller.start(); caller.join()", True),
    ("socket.socket(socket.AF_INET6).close()", False),  # urllib3, at its import
    ("[one.close() for one in socket.socketpair()]", False),
    ("socket.socket(socket.AF_UNIX).connect('/no/such/socket')", False),
    ("socket.if_nameindex()", False),  # asks the kernel through a netlink socket
]


@pytest.mark.parametrize(("deed", "seen"), CALLS, ids=[deed for deed, _ in CALLS])
def test_the_trap_ends_whoever_calls_an_address(
    extractor: Writer, deed: str, *, seen: bool
) -> None:
    """An attempt to reach another machine is seen, whatever its language and however it hides."""
    source = (
        '"""Calls."""\nimport contextlib, ctypes, socket, threading\nlibc = ctypes.CDLL(None)\n'
        f"{HEAD}with contextlib.suppress(Exception):\n        {deed}\n    return 'calm'\n"
    )
    command = contestants.read(extractor("calls", source)).command
    with closing(WorkerProcess(command, SMALL, TRAP)) as worker:
        if "trap" not in worker.cage:
            pytest.skip("this machine has no such filter")
        if not seen:
            assert text_of(worker) == "calm"
            return
        with pytest.raises(Miss, match="ended by signal 31"):
            text_of(worker), text_of(worker)  # a thread may be later than its page


# What the worker's process does in the middle of a page → what the miss says
ENDS = [
    ("os._exit(0)", "exited with code 0"),
    ("os._exit(1)", "exited with code 1"),
    ("os._exit(128)", "exited with code 128"),
    ("os._exit(128 + 17)", "exited with code 145"),  # SIGCHLD ends no process
    ("os._exit(128 + 19)", "exited with code 147"),  # nor does SIGSTOP
    ("os._exit(255)", "exited with code 255"),
    ("os.abort()", "ended by signal 6"),
    ("ctypes.string_at(0)", "ended by signal 11"),
    ("os.kill(os.getpid(), 9)", "ended by signal 9"),
    ("os.kill(os.getpid(), 15)", "ended by signal 15"),
]


@pytest.mark.parametrize("networks", ["namespace", "open"], indirect=True)
@pytest.mark.parametrize(("deed", "words"), ENDS, ids=[deed for deed, _ in ENDS])
def test_an_end_is_reported_as_the_workers_own(
    start: Start, extractor: Writer, deed: str, words: str
) -> None:
    """Exit codes and signals are those of the extractor's process, not of what stands above it."""
    source = f'"""Ends."""\nimport ctypes, os\n{HEAD}{deed}\n'
    with start(extractor("ends", source)) as worker, pytest.raises(Miss) as miss:
        text_of(worker)
    assert (miss.value.status, str(miss.value)) == ("killed", words)


@pytest.mark.parametrize("fake", ["leaves_child", "daemon"])
def test_closing_a_worker_ends_all_it_started(start: Start, tmp_path: Path, fake: str) -> None:
    """Neither a deaf child nor a daemon in a session of its own outlives its worker."""
    with start(ZOO / f"{fake}.py") as worker:
        assert text_of(worker) == "calm"
        assert len(alive(tmp_path)) >= 2
    assert wait_until(lambda: not alive(tmp_path), 5), alive(tmp_path)
    assert not list(tmp_path.glob("boilerbench-*"))


def test_a_worker_dies_with_its_harness(networks: str, start: Start, tmp_path: Path) -> None:
    """A SIGKILL of the harness leaves no worker, though nobody is left to clean up."""
    with start(ZOO / "sleeps.py"):
        pass  # skips where the kernel grants no such cage
    program = (
        "import sys, time; from bench.process import *\n"
        "WorkerProcess([sys.executable, '-c', sys.argv[1]], Limits(), sys.argv[2])\n"
        "print('up', flush=True); time.sleep(600)"
    )
    sleeper = "print('{\"protocol\": 1}', flush=True); import time; time.sleep(600)"
    harness = subprocess.Popen(
        [sys.executable, "-c", program, sleeper, networks],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with harness:
        assert harness.stdout
        assert harness.stdout.readline() == b"up\n"
        assert len(alive(tmp_path)) >= 2
        harness.kill()
    assert wait_until(lambda: not alive(tmp_path)), alive(tmp_path)


def test_every_worker_sees_the_same_small_environment(
    start: Start, extractor: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No variable of the harness but PATH reaches a worker; its home is its scratch folder."""
    monkeypatch.setenv("SECRET", "of the harness")
    source = f'"""Tells."""\nimport os\n{HEAD}return " ".join(sorted(os.environ)) + os.getcwd()\n'
    with start(extractor("tells", source)) as worker:
        names, _, folder = text_of(worker).partition("/")
        assert names == "HOME LANG LC_ALL PATH PYTHONDONTWRITEBYTECODE TMPDIR TZ"
        assert Path("/", folder).parent == tmp_path


def test_a_crash_leaves_no_core_file(start: Start, extractor: Writer) -> None:
    """Core dumps are off: a run of thousands of crashes does not fill the disk."""
    source = f'"""Tells."""\nimport resource as r\n{HEAD}return str(r.getrlimit(r.RLIMIT_CORE))\n'
    with start(extractor("core", source)) as worker:
        assert text_of(worker) == "(0, 0)"


def test_what_the_kernel_grants_by_half_is_not_entered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a user namespace comes without rights, the next way to cut the network is tried."""
    entered: list[int] = []  # by this process; what its child does stays in the child
    monkeypatch.setattr(launch, "_enter_namespaces", lambda: entered.append(os.getpid()))
    monkeypatch.setattr(launch, "_filter_sockets", lambda: True)
    cage = {"processes": "group"}
    assert launch._cut_network(["namespace", "seccomp", "open"], cage) == "none (seccomp)"
    assert cage == {"processes": "group"}
    assert not entered


@pytest.mark.parametrize(("protected", "granted"), [(True, 2), (False, 1)])
def test_namespaces_without_mounts_are_entered_all_the_same(
    monkeypatch: pytest.MonkeyPatch, *, protected: bool, granted: int
) -> None:
    """Where a container forbids mounts, its files stay open, and the rest of the cage stands."""
    here = iter([protected])  # asked once at most by this process, and once by its child
    monkeypatch.setattr(launch, "_enter_namespaces", lambda: True)
    monkeypatch.setattr(launch, "_protect_files", lambda: next(here))
    assert launch._unshare() == granted
    assert list(here) == [False] * (not protected)


def test_an_interrupt_does_not_wait_for_a_slow_start() -> None:
    """A harness that is asked to stop gives up on a worker that hangs in its imports."""
    command = contestants.read(ZOO / "hangs_in_import.py").command
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    with pytest.raises(Stopped):
        WorkerProcess(command, SMALL, stop=stop)


def test_a_start_has_its_own_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that hangs in its imports is a timeout, and says that it did not start."""
    monkeypatch.setattr(process, "START_S", 0.3)
    command = contestants.read(ZOO / "hangs_in_import.py").command
    with pytest.raises(Miss, match=r"did not start: no answer within 0\.3 s") as miss:
        WorkerProcess(command, SMALL)
    assert miss.value.status == "timeout"


def test_the_tree_of_a_family_that_comes_and_goes_is_a_tree() -> None:
    """Processes that end while they are looked at are passed over."""
    spin = "import os\nwhile True:\n    os.fork() or os._exit(0)\n    os.wait()\n"
    with subprocess.Popen([sys.executable, "-c", spin]) as parent:
        trees = [processes.tree(parent.pid) for _ in range(500)]
        parent.send_signal(signal.SIGKILL)
    assert all(tree[0] == parent.pid for tree in trees)
    assert processes.tree(parent.pid) == [parent.pid]
    assert processes.use([parent.pid]) == (0, 0)
    assert processes.peak_kib(parent.pid) == 0
