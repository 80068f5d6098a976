"""cleaneval: the shared task on cleaning web pages (ACL SIGWAC, 2007), as kept with web2text."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

from w3lib.encoding import html_body_declared_encoding, resolve_encoding

from bench.datasets import Card, Imported, page_id

CARD = Card(
    name="cleaneval",
    title="CleanEval",
    description="737 English pages of all sorts; gold is a hand-cleaned text, headings included",
    url="https://github.com/Tommel71/web2text",
    commit="8b239061ceccb9ef9ad4d4e4dd7881cfc2af3706",
    archive="https://codeload.github.com/Tommel71/web2text/tar.gz/8b239061ceccb9ef9ad4d4e4dd7881cfc2af3706",
    licence="none named by its owners (published for research); the repository is MIT; the pages "
    "stay under their owners' copyright",
    bibtex="""@inproceedings{baroni-etal-2008-cleaneval,
  title        = {{CleanEval}: a Competition for Cleaning Web Pages},
  author       = {Baroni, Marco and Chantree, Francis and Kilgarriff, Adam and Sharoff, Serge},
  booktitle    = {Proceedings of the Sixth International Conference on Language Resources and Evaluation ({LREC} 2008)},
  year         = {2008},
  address      = {Marrakech, Morocco},
  publisher    = {European Language Resources Association},
  howpublished = {\\url{https://github.com/Tommel71/web2text}},
  note         = {commit 8b23906}
}""",  # noqa: E501
    languages="English",
    page_types="mixed; not recorded per page",
    pages=737,
    gold="text",
    snippets=False,
    published=("2007 (Baroni et al. 2008): edit distance, of the text alone and with its marks",),
    faults=(
        "each page is wrapped in a <text> element, before its doctype: no page is as it was sent",
        "HTTP headers are lost; of the first 100 pages 33 are not UTF-8",
        "15 of these declare nothing: what the wrapper notes, else windows-1252, is taken as true",
        "gold was edited from a text browser's output: its bullets and list numbers are in it",
        "of the first 100 pages 1 has an empty gold, 1 a gold that is not in the page",
        "some marks are torn, and in 1 of the first 100 gold texts lines break inside words",
        "annotators were uneven, as the literature reports",
    ),
    contents={"sample": "4caa74a248d70c9eaf6bc4d4be7ea58af3b8c23617963f869be7101d1eecd0a2"},
)

# In the repository; in an archive or folder of the data alone
PLACES = ("src/main/resources/cleaneval", "cleaneval", ".")


def pages(folder: Path) -> Iterator[Imported]:
    """Yield the pages that have both `orig/N.html` and `clean/N.txt`."""
    root = next((folder / place for place in PLACES if (folder / place / "orig").is_dir()), folder)
    return pages_of(root / "orig", root / "clean", page_type="unknown")


def pages_of(
    originals: Path, golds: Path, *, page_type: str, escaped: bool = False
) -> Iterator[Imported]:
    """Yield the pages of two folders in CleanEval's format, in the order of their names.

    `escaped` says that gold texts hold character references, as HTML does.
    """
    for path in sorted(originals.glob("*.html")):
        gold = golds / f"{path.stem}.txt"
        if not gold.is_file():
            continue
        page = path.read_bytes()
        address, text = _gold(gold.read_bytes())
        wrapper = page.lstrip().partition(b"\n")[0]
        yield Imported(
            id=page_id(path.stem),
            html=page,
            header={
                "url": _attribute(wrapper, "id") or address,
                "content_type": "text/html",
                "language": "en",
                "page_type": page_type,
                **_truth(page, _attribute(wrapper, "encoding")),
            },
            gold=[("text", html.unescape(text) if escaped else text)],
        )


def _attribute(wrapper: bytes, name: str) -> str:
    found = re.match(rb'<text\s(?:.*?\s)?%b="([^"]*)"' % name.encode(), wrapper)
    return found[1].decode("utf-8", "replace") if found else ""


def _truth(page: bytes, noted: str) -> dict[str, str]:
    """Return the encoding of a page that is not UTF-8 and does not say what it is."""
    try:
        page.decode("utf-8")
    except UnicodeDecodeError:
        known = resolve_encoding(noted)
        if not html_body_declared_encoding(page) and known != "utf-8":
            return {"charset": noted if known else "windows-1252"}
    return {}


def _gold(raw: bytes) -> tuple[str, str]:
    """Return the address and the text, a line for each marked or set-off paragraph."""
    decoded = raw.decode("utf-8-sig", "surrogateescape")
    # A stray byte in UTF-8, or a file in windows-1252
    text = re.sub(
        "[\udc80-\udcff]",
        lambda byte: byte[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace"),
        decoded,
    )
    head = re.match(r"\s*URL:[ \t]*(\S*)[^\n]*", text)
    paragraphs = re.split(
        r"<[phl]>|\n\s*\n", text[head.end() :] if head else text, flags=re.IGNORECASE
    )
    return head[1] if head else "", "\n".join(" ".join(p.split()) for p in paragraphs if p.split())
