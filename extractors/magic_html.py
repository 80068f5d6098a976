# /// script
# requires-python = ">=3.12"
# dependencies = ["magic-html==0.1.8"]
# ///
"""magic-html with its rules for articles, which are its default, as text.

The library takes only `str`. Its rules for forums need a caller who knows the type of the page.
"""

from boilerbench_adapter import decode, html_to_text
from magic_html import GeneralExtractor

SAME_AUTHOR = "webmainbench"

_EXTRACTOR = GeneralExtractor()


def extract(html: bytes, url: str) -> str:
    return str(html_to_text(_EXTRACTOR.extract(decode(html), base_url=url)["html"]))
