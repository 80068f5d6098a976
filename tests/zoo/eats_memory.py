"""Pretends to need 1 GiB of heap for one page."""


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    return "x" * len(bytearray(1 << 30))
