"""Pretends to be a C library that writes to standard output on every page."""

import ctypes

_libc = ctypes.CDLL(None)


def extract(html: bytes, url: str) -> str:
    _libc.puts(b'{"page": "board/second", "text": "printed"}')
    _libc.fflush(None)
    return "calm"
