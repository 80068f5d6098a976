"""Pretends to wait on one page for something that never comes."""

import time


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    time.sleep(600)
    return "late"
