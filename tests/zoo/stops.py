"""Pretends to be suspended on one page."""

import os
import signal


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    os.kill(os.getpid(), signal.SIGSTOP)
    return "continued"
