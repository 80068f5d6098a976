"""Pretends to give an endless answer for one page."""

import gc
import io


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    answers = next(
        file
        for file in gc.get_objects()
        if isinstance(file, io.TextIOWrapper) and file.fileno() > 2
    )
    while True:
        answers.write("x" * (1 << 20))
