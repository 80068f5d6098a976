"""trafilatura, tuned by its own switch for more text."""

import re

from trafilatura import extract as library

DISTRIBUTION = "trafilatura"
SAME_AUTHOR = "trafilatura"

# The line that it puts under a table's first row, as Markdown does
_RULE = re.compile(r"^\|[-|]+\|\n", re.MULTILINE)


def extract(html: bytes, url: str) -> str:
    return _RULE.sub("", library(html, url=url, include_comments=False, favor_recall=True) or "")
