"""Pretends that one page has 60 MiB of text, a little less than an answer may have."""


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    return "x" * (60 << 20)
