# /// script
# dependencies = ["turbohtml==1.15.4"]
# ///
"""turbohtml: the element that its Readability score, written in C, takes for the main content.

The library decodes the bytes itself, and lays the text out in lines (`main_text`).
"""

import turbohtml as library


def extract(html: bytes, url: str) -> str:
    return str(library.parse(html).main_text())
