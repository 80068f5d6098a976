# /// script
# dependencies = ["breadability==0.1.21"]
# ///
"""breadability: the article that its own variant of Readability finds, as text.

The library decodes the bytes itself.
"""

from boilerbench_adapter import html_to_text
from breadability.readable import Article


def extract(html: bytes, url: str) -> str:
    return str(html_to_text(Article(html, url=url).readable))
