"""Control: the whole page text, decoded by the known encoding; its recall is 1."""

from boilerbench_adapter import decode

from bench.pagetext import page_text

CATEGORY = "control"


def extract(html: bytes, url: str) -> str:
    return page_text(decode(html))
