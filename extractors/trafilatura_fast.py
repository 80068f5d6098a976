"""trafilatura without the other extractors that it falls back to, for speed."""

from trafilatura import extract as library

DISTRIBUTION = "trafilatura"
SAME_AUTHOR = "trafilatura"


def extract(html: bytes, url: str) -> str:
    return library(html, url=url, include_comments=False, fast=True) or ""
