"""trafilatura, tuned by its own switch for less noise."""

from trafilatura import extract as library

DISTRIBUTION = "trafilatura"
SAME_AUTHOR = "trafilatura"


def extract(html: bytes, url: str) -> str:
    return library(html, url=url, include_comments=False, favor_precision=True) or ""
