# /// script
# dependencies = ["inscriptis==2.7.6"]
# ///
"""inscriptis: all text of the page, laid out as a browser would.

The library takes only `str`.
"""

from boilerbench_adapter import decode
from inscriptis import get_text

CATEGORY = "baseline"


def extract(html: bytes, url: str) -> str:
    return str(get_text(decode(html)))
