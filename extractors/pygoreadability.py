# /// script
# dependencies = ["pygoreadability==0.2.8"]
# ///
"""go-readability, Readability.js written again in Go, called from Python, as text.

The library takes only `str`. It raises on 2 of the 181 Zyte pages: a date that it cannot read, and
a buffer of its decoder that is too short.
"""

from boilerbench_adapter import decode, html_to_text
from pygoreadability import from_string


def extract(html: bytes, url: str) -> str:
    return str(html_to_text(from_string(decode(html), url=url).content_html))
