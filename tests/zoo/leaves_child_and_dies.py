"""Pretends to fork a helper that holds the pipe open, then dies on one page."""

import os
import time


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    if os.fork() == 0:
        time.sleep(600)
    os._exit(4)
