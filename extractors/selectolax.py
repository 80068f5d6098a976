"""All text of the body by selectolax (Lexbor), without script, style and noscript."""

from selectolax.lexbor import LexborHTMLParser

DISTRIBUTION = "selectolax"
CATEGORY = "baseline"

_UNSEEN = ["script", "style", "noscript"]


def extract(html: bytes, url: str) -> str:
    # Without `encoding` it takes all bytes for UTF-8
    tree = LexborHTMLParser(html, encoding=True)
    tree.strip_tags(_UNSEEN)
    return tree.body.text(separator="\n", strip=True) if tree.body else ""
