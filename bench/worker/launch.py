"""The launcher: puts a worker into its cage, then runs it. Standard library only.

Called as `launch.py MEMORY_MIB NETWORKS COMMAND…`. The cage: dies with the harness, no core dumps,
RLIMIT_DATA, no network (`NETWORKS` is the order to try, such as `namespace,seccomp,open`), and a
process namespace of its own where the kernel grants one, so that no child can outlive it.
Writes one line to standard error: `boilerbench-cage: {json}`.
"""

# No module that is not needed in every start: json, signal and platform would double its time
import ctypes
import os
import resource
import struct
import sys

# linux/sched.h, linux/prctl.h, linux/seccomp.h, linux/audit.h
_CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_PR_SET_CHILD_SUBREAPER = 36
_SECCOMP_MODE_FILTER, _ALLOW, _ERRNO_EACCES = 2, 0x7FFF0000, 0x0005000D
# machine → (AUDIT_ARCH, number of socket(2), number of io_uring_setup(2))
_ARCH = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}
_AF_UNIX, _X32_BIT = 1, 0x40000000
_SIGKILL = 9
_SIGNALLED = 128  # the shell's rule for the exit code of a process that a signal ended
# signal(7), Term and Core; a larger exit code is a program's own
_ENDING = frozenset({*range(1, 17), *range(24, 28), *range(29, 32)})

_libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    """Set the limits, find the strictest network cut that works, run the command."""
    memory_mib, networks, *command = sys.argv[1:]
    _die_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limit = int(memory_mib) << 20
    cage = {"memory": f"RLIMIT_DATA {memory_mib} MiB", "processes": "group"}
    cage["network"] = _cut_network(networks.split(","), cage)
    # Plain words without quotes, so Python's own form is JSON but for the kind of quote
    sys.stderr.write("boilerbench-cage: " + repr(cage).replace("'", '"') + "\n")
    sys.stderr.flush()
    if cage["processes"] == "namespace":
        _go_on_as_child()  # process 1 of the namespace
        _go_on_as_child()  # the worker, whose signals are its own
    else:
        # A grandchild that lost its parent stays below the worker, where the harness sees it
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


def _die_with_parent() -> None:
    parent = os.getppid()
    _libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _cut_network(networks: list[str], cage: dict[str, str]) -> str:
    for network in networks:
        if network == "namespace" and _unshare():
            cage["processes"] = "namespace"
            return "none (namespace)"
        if network == "seccomp" and _filter_sockets():
            return "none (seccomp)"
    return "open"


def _unshare() -> bool:
    """Enter empty network and process namespaces; as an ordinary user by way of a user one.

    A child tries first: where the kernel grants half of it (Ubuntu 24.04 gives a user namespace
    without rights in it), the half could not be left again.
    """
    child = os.fork()
    if child == 0:
        os._exit(0 if _enter_namespaces() else 1)
    return os.waitpid(child, 0)[1] == 0 and _enter_namespaces()


def _enter_namespaces() -> bool:
    uid, gid = os.getuid(), os.getgid()
    if _libc.unshare(_CLONE_NEWNET | _CLONE_NEWPID) == 0:
        return True
    if _libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWPID) != 0:
        return False
    maps = {"setgroups": "deny", "uid_map": f"{uid} {uid} 1", "gid_map": f"{gid} {gid} 1"}
    try:
        for name, text in maps.items():
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(text)
    except OSError:
        return False
    return True


def _filter_sockets() -> bool:
    """Let socket(2) make nothing but Unix sockets; refuse io_uring, which could go round it."""
    machine = os.uname().machine
    if machine not in _ARCH:
        return False
    arch, socket, io_uring = _ARCH[machine]
    program = b"".join(
        struct.pack("HBBI", *row)
        for row in (
            (0x20, 0, 0, 4),  # load the architecture
            (0x15, 0, 6, arch),  # another one (32-bit calls): refuse
            (0x20, 0, 0, 0),  # load the number of the call
            (0x35, 4, 0, _X32_BIT),
            (0x15, 3, 0, io_uring),
            (0x15, 0, 3, socket),
            (0x20, 0, 0, 16),  # load its first argument, the address family
            (0x15, 1, 0, _AF_UNIX),
            (0x06, 0, 0, _ERRNO_EACCES),
            (0x06, 0, 0, _ALLOW),
        )
    )
    buffer = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(
        struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer)), 16
    )
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return bool(_libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0) == 0)


def _go_on_as_child() -> None:
    """Fork and return in the child; the parent waits and ends as the child ends."""
    child = os.fork()
    if child == 0:
        _die_with_parent()
        return
    for descriptor in (0, 1):
        os.close(descriptor)
    while True:
        pid, status = os.wait()
        if pid == child:
            break
    _end_like(status)


def _end_like(status: int) -> None:
    """End as the child did; process 1 of a namespace cannot be signalled, so it exits 128 + n."""
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status) - _SIGNALLED
    if os.getpid() == 1 or number not in _ENDING:
        os._exit(number + _SIGNALLED)
    if number != _SIGKILL:
        import signal

        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(number + _SIGNALLED)


if __name__ == "__main__":
    main()
