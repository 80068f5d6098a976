"""Pretends to log 8 MiB on one page before it raises."""

import sys


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    sys.stderr.write("chatter\n" * (1 << 20))
    raise ValueError("full")
