"""Pretends to start a helper on every page that outlives it and ignores SIGTERM."""

import os
import signal
import time


def extract(html: bytes, url: str) -> str:
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(600)
        os._exit(0)
    return "calm"
