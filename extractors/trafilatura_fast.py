"""trafilatura without the other extractors that it falls back to, for speed."""

import re

from trafilatura import extract as library

DISTRIBUTION = "trafilatura"
SAME_AUTHOR = "trafilatura"

# The line that it puts under a table's first row, as Markdown does
_RULE = re.compile(r"^\|[-|]+\|\n", re.MULTILINE)


def extract(html: bytes, url: str) -> str:
    return _RULE.sub("", library(html, url=url, include_comments=False, fast=True) or "")
