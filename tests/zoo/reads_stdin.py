"""Pretends to wait for input: reads standard input, which is empty, on every page."""

import sys


def extract(html: bytes, url: str) -> str:
    return "calm" + sys.stdin.read()
