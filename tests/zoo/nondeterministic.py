"""Pretends to sample: gives another text for the same page each time."""

import os


def extract(html: bytes, url: str) -> str:
    return os.urandom(8).hex()
