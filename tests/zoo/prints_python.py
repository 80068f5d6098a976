"""Pretends to have a print left in: writes to standard output on every page."""

import os
import sys


def extract(html: bytes, url: str) -> str:
    print('{"page": "board/second", "text": "printed"}', flush=True)
    sys.__stdout__.write("printed\n")  # type: ignore[union-attr]
    os.write(1, b'{"page": "board/second", "text": "printed"}\n')
    return "calm"
