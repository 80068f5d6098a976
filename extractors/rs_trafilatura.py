# /// script
# requires-python = "==3.12.*"
# dependencies = ["rs-trafilatura==0.1.1"]
# ///
"""rs-trafilatura: rules for each type of page, which a classifier tells from page and URL, in Rust.

The library decodes the bytes itself. Its author made WCXB, too, and the classifier. There is a
wheel for Python 3.12 alone; another Python would need a Rust compiler.
"""

from rs_trafilatura import extract_bytes

SAME_AUTHOR = "wcxb"


def extract(html: bytes, url: str) -> str:
    return str(extract_bytes(html, url=url).main_content)
