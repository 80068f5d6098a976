"""cwced: the Chinese Web Content Extraction Dataset (69 pages as raw bytes, 2022)."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from bench.datasets import Card, Imported, page_id
from bench.pagetext import encoding_of

CARD = Card(
    name="cwced",
    title="Chinese Web Content Extraction Dataset",
    description="69 Chinese pages in their own encodings; gold is the content area, copied by hand",
    url="https://github.com/immortal-autumn/Chinese-Web-Content-Extraction-Dataset",
    commit="99d0ef08419109b5489b12e38f771f25b952d774",
    archive="https://codeload.github.com/immortal-autumn/Chinese-Web-Content-Extraction-Dataset/tar.gz/99d0ef08419109b5489b12e38f771f25b952d774",
    licence="MIT (labels); the pages stay under their owners' copyright",
    bibtex="""@misc{cwced,
  title        = {Chinese Web Content Extraction Dataset},
  author       = {{immortal-autumn}},
  year         = {2022},
  howpublished = {\\url{https://github.com/immortal-autumn/Chinese-Web-Content-Extraction-Dataset}},
  note         = {commit 99d0ef0}
}""",
    languages="Chinese",
    page_types="not recorded (news, blogs, forums, book chapters)",
    pages=69,
    gold="text",
    snippets=False,
    published=(),
    faults=(
        "ten of the 47 pages in GB 18030 or an older part of it declare no charset",
        "two pages hold a few bytes that are valid in no encoding",
        "pages of 2004 and 2005 begin with a line of CleanEval's, before the page's own markup",
        "20 pages, those without that line, have no known address",
    ),
    contents={"all": "48fe96c3530b7e292f8151739a26522ecefd73dccb1f1797b711b518bb89949c"},
)

CONTENT_TYPE = "text/html"
_FIRST_LINE = re.compile(rb'<text\s+id="([^"]*)"')


def pages(folder: Path) -> Iterator[Imported]:
    """Yield the pages in the order of their ids: `original/ID.html`, `cleaned/ID.txt`."""
    for path in sorted((folder / "original").glob("*.html")):
        html = path.read_bytes()
        truth = _charset(html)
        header = {
            "url": _url(html, truth),
            "content_type": CONTENT_TYPE,
            "language": "zh",
            "page_type": "unknown",
        }
        if codecs.lookup(encoding_of(html, CONTENT_TYPE)).name != truth:
            header["charset"] = truth
        gold = (folder / "cleaned" / f"{path.stem}.txt").read_text(encoding="utf-8")
        yield Imported(page_id(path.stem), html, header, [("text", gold)])


def _charset(html: bytes) -> str:
    """Return what a page is written in: Chinese in GB 18030 is never valid UTF-8."""
    try:
        html.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _url(html: bytes, charset: str) -> str:
    first = _FIRST_LINE.match(html)
    return first[1].decode(charset, "replace") if first else ""
