# /// script
# dependencies = ["html2text==2025.4.15"]
# ///
"""html2text: all text of the page, without links and images, and without the Markdown around it.

The library takes only `str`. Its default writes `e` for `&eacute;` and breaks lines at 78
characters; both are switched off. Headings, lists, quotes, code and escapes lose their marks here.
"""

import re

from boilerbench_adapter import decode
from html2text import HTML2Text

CATEGORY = "baseline"

_MARKS = re.compile(
    r"^[ \t]*(?:(?:\#{1,6}|[*>]|\d+\.)[ \t]+)+"  # its escape \. keeps a number that is text
    r"|^[-|: ]+$"
    r"|`|\\(?=[-+.])",
    re.MULTILINE,
)


def extract(html: bytes, url: str) -> str:
    converter = HTML2Text(bodywidth=0)
    converter.ignore_links = converter.ignore_images = converter.ignore_emphasis = True
    converter.unicode_snob = True
    return _MARKS.sub("", str(converter.handle(decode(html))))
