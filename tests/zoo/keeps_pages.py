"""Pretends to have a cache without a bound: keeps 1 MiB for each page."""

_CACHE: list[bytes] = []


def extract(html: bytes, url: str) -> str:
    _CACHE.append(b"x" * (1 << 20))
    return "calm"
