"""Pretends to belong to a package that is not installed."""

DISTRIBUTION = "boilerbench-no-such-package"


def extract(html: bytes, url: str) -> str:
    return "calm"
