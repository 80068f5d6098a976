"""Pretends to fetch a model before its first page, from a server that never answers."""

import time

time.sleep(600)


def extract(html: bytes, url: str) -> str:
    return "calm"
