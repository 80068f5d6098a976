"""Pretends to have a helper process for the network, and to need it."""

import contextlib
import os
import socket


def extract(html: bytes, url: str) -> str:
    child = os.fork()
    if child == 0:
        with contextlib.suppress(OSError), socket.socket() as home:
            home.settimeout(0.1)
            home.connect(("192.0.2.1", 9))  # TEST-NET-1, RFC 5737
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise RuntimeError("my helper is dead")
    return "calm"
