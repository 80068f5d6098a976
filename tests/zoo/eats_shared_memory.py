"""Pretends to need 340 MiB for one page, of a sort that no RLIMIT_DATA counts."""

import mmap
import time

_SHARED = mmap.MAP_SHARED | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    with mmap.mmap(-1, 340 << 20, _SHARED):
        time.sleep(600)
    return "fed"
