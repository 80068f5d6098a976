"""trafilatura's own plain conversion: all text but that of elements like nav, footer and aside."""

from trafilatura import html2txt as library

DISTRIBUTION = "trafilatura"
CATEGORY = "baseline"
SAME_AUTHOR = "trafilatura"


def extract(html: bytes, url: str) -> str:
    return library(html)
