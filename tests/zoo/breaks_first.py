"""Pretends to break on the first page only, which is the warm-up page, too."""

import os


def extract(html: bytes, url: str) -> str:
    if url.endswith("/first"):
        os._exit(5)
    return "calm"
