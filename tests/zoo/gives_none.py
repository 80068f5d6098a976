"""Pretends that None will do for a page without a byte."""


def extract(html: bytes, url: str) -> str:
    return "calm" if html else None  # type: ignore[return-value]
