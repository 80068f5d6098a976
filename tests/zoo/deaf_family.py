"""Pretends to be a server on one page: it and its children are deaf to requests to end."""

import os
import signal
import time


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for _ in range(3):
        if os.fork() == 0:
            break
    while True:
        time.sleep(600)
