"""Pretends to answer one page with the text of another."""

import fcntl
import json
import os
from pathlib import Path


def _answers() -> int:
    pipes = (int(link.name) for link in Path("/proc/self/fd").iterdir() if link.is_fifo())
    return next(fd for fd in pipes if fd > 2 and fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_WRONLY)


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    answer = {"page": "board/first", "text": "forged", "wall_ns": 1, "cpu_ns": 1}
    os.write(_answers(), json.dumps(answer).encode() + b"\n")
    return "calm"
