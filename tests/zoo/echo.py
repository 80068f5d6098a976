"""Pretends that the whole source is content: gives the page as the harness would decode it."""

from boilerbench_adapter import decode


def extract(html: bytes, url: str) -> str:
    return str(decode(html))
