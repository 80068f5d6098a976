"""Pretends that a set has an order: it is another one in each process."""


def extract(html: bytes, url: str) -> str:
    return " ".join(map(str, set(html.split())))
