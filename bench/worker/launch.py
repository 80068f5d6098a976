"""The launcher: puts a worker into its cage, then runs it. Standard library only.

Called as `launch.py MEMORY_MIB NETWORKS CORE COMMAND…`. The cage: dies with the harness, no core
dumps, RLIMIT_DATA, no network (`NETWORKS` is the order to try, such as `namespace,seccomp,open`),
one core to keep to (`CORE`, `-` for all). Where the kernel grants it: a process namespace of its
own, so that no child can outlive it, and files that are read-only but for its working directory;
else a guard above it, which ends what it leaves.
With `trap,` before the order, a call to an Internet address is no error, which a library may hide,
but ends the process with SIGSYS.
Writes one line to standard error: `boilerbench-cage: {json}`.
"""

# No module that is not needed in every start: json, signal and platform would double its time
import ctypes
import os
import resource
import struct
import sys
import time

# linux/sched.h, linux/mount.h, linux/fcntl.h, linux/prctl.h, linux/seccomp.h, linux/audit.h
_CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
_CLONE_NEWNS = 0x00020000
_MS_BIND, _MS_PRIVATE = 0x1000, 0x40000
_MOUNT_SETATTR, _RDONLY = 442, 1  # one number on every machine; Linux 5.12 and later
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_PR_SET_CHILD_SUBREAPER = 36
_SECCOMP_MODE_FILTER, _ALLOW, _ERRNO_EACCES, _KILL = 2, 0x7FFF0000, 0x0005000D, 0x80000000
# machine → AUDIT_ARCH, and the numbers of socket(2), connect(2) and sendto(2)
_ARCH = {"x86_64": (0xC000003E, 41, 42, 44), "aarch64": (0xC00000B7, 198, 203, 206)}
_AUDIT, _SOCKET, _CONNECT, _SENDTO = _ARCH.get(os.uname().machine, (0, 0, 0, 0))
_IO_URING, _AF_UNIX, _X32_BIT = 425, 1, 0x40000000  # the number of io_uring_setup(2)
# sizeof of sockaddr_in, sockaddr_in6 and sockaddr_storage; that of a netlink address is 12
_IPV4, _IPV6, _EITHER = 16, 28, 128
_LOAD, _IF, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # linux/bpf_common.h
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, range(16, 64, 8)  # offsets in struct seccomp_data
_SIGKILL = 9
_SIGNALLED = 128  # the shell's rule for the exit code of a process that a signal ended
# signal(7), Term and Core; a larger exit code is a program's own
_ENDING = frozenset({*range(1, 17), *range(24, 28), *range(29, 32)})

_libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    """Set the limits, find the strictest network cut that works, run the command."""
    memory_mib, networks, core, *command = sys.argv[1:]
    _die_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limit = int(memory_mib) << 20
    cage = {"memory": f"RLIMIT_DATA {memory_mib} MiB", "processes": "group", "files": "open"}
    cage["network"] = _cut_network(networks.split(","), cage)
    if core != "-" and _pin(int(core)):
        cage["core"] = core
    # Plain words without quotes, so Python's own form is JSON but for the kind of quote
    sys.stderr.write("boilerbench-cage: " + repr(cage).replace("'", '"') + "\n")
    sys.stderr.flush()
    if cage["processes"] == "namespace":
        _go_on_as_child()  # process 1 of the namespace
        _go_on_as_child()  # the worker, whose signals are its own
    else:
        _go_on_under_guard()
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


def _pin(core: int) -> bool:
    try:
        os.sched_setaffinity(0, {core})
    except OSError:  # taken offline, or out of a container's set
        return False
    return True


def _cut_network(networks: list[str], cage: dict[str, str]) -> str:
    for network in networks:
        if network == "trap" and _trap_calls():
            cage["trap"] = "seccomp"
        if network == "namespace" and (granted := _unshare()):
            cage["processes"] = "namespace"
            cage["files"] = "read-only" if granted > 1 else "open"
            return "none (namespace)"
        if network == "seccomp" and _filter_sockets():
            return "none (seccomp)"
    return "open"


def _unshare() -> int:
    """Enter empty network and process namespaces; as an ordinary user by way of a user one.

    Return 0 where that is not granted, 2 where files are read-only as well, else 1. A child tries
    first: where the kernel grants half of it (Ubuntu 24.04 gives a user namespace without rights
    in it, a container may forbid mounts), the half could not be left again.
    """
    child = os.fork()
    if child == 0:
        os._exit(1 + _protect_files() if _enter_namespaces() else 0)
    granted = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if granted not in (1, 2) or not _enter_namespaces():
        return 0
    return 2 if granted > 1 and _protect_files() else 1


def _enter_namespaces() -> bool:
    uid, gid, wanted = os.getuid(), os.getgid(), _CLONE_NEWNET | _CLONE_NEWPID | _CLONE_NEWNS
    if _libc.unshare(wanted) == 0:
        return True
    if _libc.unshare(_CLONE_NEWUSER | wanted) != 0:
        return False
    maps = {"setgroups": "deny", "uid_map": f"{uid} {uid} 1", "gid_map": f"{gid} {gid} 1"}
    try:
        for name, text in maps.items():
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(text)
    except OSError:
        return False
    return True


def _protect_files() -> bool:
    """Make all files read-only but those of the working directory, in this mount namespace."""
    scratch = os.fsencode(os.getcwd())
    done = (
        # Not even the mount of scratch may show outside
        _set_mounts(b"/", _AT_RECURSIVE, propagation=_MS_PRIVATE)
        and _libc.mount(scratch, scratch, None, _MS_BIND, None) == 0
        and _set_mounts(b"/", _AT_RECURSIVE, on=_RDONLY)
        and _set_mounts(scratch, 0, off=_RDONLY)
    )
    if done:
        os.chdir(scratch)  # what was the working directory lies under the mount
    return done


def _set_mounts(
    path: bytes, flags: int, *, on: int = 0, off: int = 0, propagation: int = 0
) -> bool:
    attributes = struct.pack("QQQQ", on, off, propagation, 0)
    call = (_MOUNT_SETATTR, _AT_FDCWD, path, flags, attributes, ctypes.c_size_t(len(attributes)))
    return bool(_libc.syscall(*call) == 0)


def _filter_sockets() -> bool:
    """Let socket(2) make nothing but Unix sockets."""
    return _filter(
        (_IF, 0, 3, _SOCKET),
        (_LOAD, 0, 0, _ARGUMENTS[0]),  # the address family
        (_IF, 1, 0, _AF_UNIX),
        (_RETURN, 0, 0, _ERRNO_EACCES),
    )


def _trap_calls() -> bool:
    """Kill whoever calls an Internet address; a filter sees no address, but its length.

    Not whoever opens a socket: urllib3 does at its import, to learn whether IPv6 is there.
    """
    rows = (
        (
            (_IF, 0, 6, call),
            (_LOAD, 0, 0, _ARGUMENTS[length]),
            (_IF, 2, 0, _IPV4),
            (_IF, 1, 0, _IPV6),
            (_IF, 0, 1, _EITHER),
            (_RETURN, 0, 0, _KILL),
            (_RETURN, 0, 0, _ALLOW),
        )
        for call, length in ((_CONNECT, 2), (_SENDTO, 5))
    )
    return _filter(*(row for block in rows for row in block))


def _filter(*rows: tuple[int, int, int, int]) -> bool:
    """Put a seccomp filter in force: rows (code, jump if true, jump if false, operand) of BPF.

    They find the number of the call loaded. io_uring, which could go round them, is refused.
    """
    program = b"".join(
        struct.pack("HBBI", *row)
        for row in (
            (_LOAD, 0, 0, _MACHINE),
            (_IF, 1, 0, _AUDIT),  # another one (32-bit calls): refuse
            (_RETURN, 0, 0, _ERRNO_EACCES),
            (_LOAD, 0, 0, _NUMBER),
            (_IF_AT_LEAST, 1, 0, _X32_BIT),
            (_IF, 0, 1, _IO_URING),
            (_RETURN, 0, 0, _ERRNO_EACCES),
            *rows,
            (_RETURN, 0, 0, _ALLOW),
        )
    )
    buffer = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(
        struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer)), 16
    )
    if not _AUDIT:
        return False
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return bool(_libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0) == 0)


def _go_on_under_guard() -> None:
    """Go on as a child whose orphans become children of the parent, which outlives none of them.

    Nor do they outlive the harness: the parent's signal for that is one that it can act upon.
    """
    import signal

    def end(number: int, _: object) -> None:
        _end_children()
        os._exit(number + _SIGNALLED)

    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, end)
    _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
    _go_on_as_child()


def _end_children() -> None:
    """Kill all children; theirs become children in turn, where this process takes orphans.

    The kernel's list of them may lack one while others end, so it is read until none is left.
    """
    while True:
        try:
            with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
                children = file.read().split()
        except OSError:  # of process 1 in its namespace, whose children the kernel ends with it
            return
        for child in children:
            _kill(int(child))
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.001)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, _SIGKILL)
    except ProcessLookupError:
        return


def _go_on_as_child() -> None:
    """Fork and return in the child; the parent waits, and ends as the child ends, with the rest."""
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
    _end_children()
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
