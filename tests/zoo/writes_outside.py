"""Pretends to keep a cache beside its own file; complains, and goes on, where it cannot."""

import traceback
from pathlib import Path

_CACHE = Path(__file__).with_name("cache")


def extract(html: bytes, url: str) -> str:
    try:
        _CACHE.write_bytes(html)
        _CACHE.unlink()
    except OSError:
        traceback.print_exc()
    return "calm"
