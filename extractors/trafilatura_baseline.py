"""trafilatura's own baseline: JSON-LD, else `<article>`, else long paragraphs, else all text."""

from trafilatura import baseline as library

DISTRIBUTION = "trafilatura"
CATEGORY = "baseline"
SAME_AUTHOR = "trafilatura"


def extract(html: bytes, url: str) -> str:
    return library(html)[1]
