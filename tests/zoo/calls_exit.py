"""Pretends to be a script made into a library: calls sys.exit on one page."""

import sys


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    sys.exit("usage: calls_exit FILE")
