"""readability-lxml: the article that arc90's Readability would show, as text."""

from boilerbench_adapter import html_to_text
from readability import Document

DISTRIBUTION = "readability-lxml"


def extract(html: bytes, url: str) -> str:
    return str(html_to_text(Document(html, url=url).summary(html_partial=True)))
