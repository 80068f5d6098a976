"""Pretends to log 1 GiB on one page, without a line break, and to hang in it."""

import os
import time

_PART = b"x" * (1 << 20)


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    for _ in range(1 << 10):
        os.write(2, _PART)
    time.sleep(600)
    return "late"
