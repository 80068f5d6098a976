"""Pretends to find no main content on any page, which is a legal answer."""


def extract(html: bytes, url: str) -> str:
    return ""
