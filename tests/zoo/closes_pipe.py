"""Pretends to close every descriptor it does not know, then goes on for long."""

import os
import time


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    os.closerange(3, 1024)
    time.sleep(600)
    return "late"
