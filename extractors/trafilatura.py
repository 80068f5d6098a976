"""trafilatura with default settings, comments left out as for every contestant."""

from trafilatura import extract as library

DISTRIBUTION = "trafilatura"
SAME_AUTHOR = "trafilatura"


def extract(html: bytes, url: str) -> str:
    return library(html, url=url, include_comments=False) or ""
