# /// script
# dependencies = ["html-text==0.7.1"]
# ///
"""html-text: all text of the page, with the white space that its layout rules guess.

The library takes only `str`.
"""

from boilerbench_adapter import decode
from html_text import extract_text

CATEGORY = "baseline"


def extract(html: bytes, url: str) -> str:
    return str(extract_text(decode(html)))
