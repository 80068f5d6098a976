"""readability-lxml: the article that arc90's Readability would show, as text.

Versions before 0.9 search bytes for `str` patterns and raise, so these get decoded text.
"""

from importlib.metadata import version

from boilerbench_adapter import decode, html_to_text
from readability import Document

DISTRIBUTION = "readability-lxml"

_TAKES_BYTES = not version(DISTRIBUTION).startswith("0.8")


def extract(html: bytes, url: str) -> str:
    document = Document(html if _TAKES_BYTES else decode(html), url=url)
    return str(html_to_text(document.summary(html_partial=True)))
