# /// script
# dependencies = ["Resiliparse==2.0.1"]
# ///
"""Resiliparse with its rules for main content, comments, post meta and alt texts switched off.

The library decodes by the declared encoding, else by the one that it detects.
"""

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import detect_encoding
from resiliparse.parse.html import HTMLTree

_SETTINGS = {"main_content": True, "comments": False, "post_meta": False, "alt_texts": False}


def extract(html: bytes, url: str) -> str:
    tree = HTMLTree.parse_from_bytes(html, detect_encoding(html, from_html_meta=True))
    return str(extract_plain_text(tree, **_SETTINGS))
