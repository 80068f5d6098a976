"""Pretends to be a library of Python 2: gives bytes for one page."""


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    return html  # type: ignore[return-value]
