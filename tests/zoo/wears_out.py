"""Pretends to lose something with each page: ends with the 31st."""

import itertools
import os

_COUNT = itertools.count(1)


def extract(html: bytes, url: str) -> str:
    if next(_COUNT) > 30:
        os._exit(5)
    return "calm"
