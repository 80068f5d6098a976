# /// script
# requires-python = ">=3.12"
# dependencies = ["article-extractor==0.5.9"]
# ///
"""article-extractor: Readability scores on an HTML5 tree, in pure Python, as text.

The library takes bytes for UTF-8, else for Latin-1, whatever the page declares: pages in another
encoding come out garbled. It has rules of its own for seven hosts.
"""

from article_extractor import extract_article
from boilerbench_adapter import html_to_text


def extract(html: bytes, url: str) -> str:
    return str(html_to_text(extract_article(html, url=url).content))
