# /// script
# dependencies = ["beautifulsoup4==4.15.0", "lxml==6.1.3"]
# ///
"""Beautiful Soup: all text of the page, by the parser that its documentation recommends, lxml.

The library decodes the bytes itself; `get_text` leaves out script, style and template.
"""

from bs4 import BeautifulSoup

CATEGORY = "baseline"


def extract(html: bytes, url: str) -> str:
    return str(BeautifulSoup(html, "lxml").get_text("\n", strip=True))
