"""Pretends that a grandchild that lost its parent needs 340 MiB for one page."""

import mmap
import os
import time

_SHARED = mmap.MAP_SHARED | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    child = os.fork()
    if child == 0:
        os.setsid()
        if os.fork() == 0:
            with mmap.mmap(-1, 340 << 20, _SHARED):
                time.sleep(600)
        os._exit(0)
    os.waitpid(child, 0)
    time.sleep(600)
    return "fed"
