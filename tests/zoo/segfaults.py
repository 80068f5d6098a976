"""Pretends to be a C library that reads address 0 on one page."""

import ctypes


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    return str(ctypes.string_at(0))
