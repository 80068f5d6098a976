"""Pretends to have two opinions on one page: sends both."""

import gc
import io
import json


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    answers = next(
        file
        for file in gc.get_objects()
        if isinstance(file, io.TextIOWrapper) and file.fileno() > 2
    )
    first = {"page": "board/second", "text": "calm", "wall_ns": 1, "cpu_ns": 1}
    answers.write(json.dumps(first) + "\n")
    return "second thoughts"
