"""Pretends to cut an emoji in half on one page."""


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    return "half \ud83d"
