"""Pretends to be a library that raises on one page; its message holds half a character."""


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    raise ValueError("no article \ud83d here")
