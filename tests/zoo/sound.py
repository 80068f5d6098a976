"""Pretends nothing: gives all text of a page, and keeps every rule."""

from boilerbench_adapter import decode, html_to_text


def extract(html: bytes, url: str) -> str:
    try:
        return str(html_to_text(html.decode()))
    except UnicodeDecodeError:
        return str(html_to_text(decode(html)))
