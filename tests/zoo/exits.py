"""Pretends to lose its process in the middle of one page."""

import os


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    os._exit(3)
