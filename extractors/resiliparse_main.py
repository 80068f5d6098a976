# /// script
# dependencies = ["Resiliparse==2.0.1"]
# ///
"""Resiliparse with its rules for main content and all other settings at their defaults.

By default readers' comments count as content; `resiliparse_strict` leaves them out. The library
decodes by the declared encoding, else by the one that it detects.
"""

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import detect_encoding
from resiliparse.parse.html import HTMLTree


def extract(html: bytes, url: str) -> str:
    tree = HTMLTree.parse_from_bytes(html, detect_encoding(html, from_html_meta=True))
    return str(extract_plain_text(tree, main_content=True))
