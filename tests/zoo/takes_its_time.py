"""Pretends to be slow but sound: 30 ms of sleep on every page."""

import time


def extract(html: bytes, url: str) -> str:
    time.sleep(0.03)
    return f"{len(html)} bytes"
