"""waddle: the news pages of DAnIEL, in five languages, with the tool WADDLE (1,689 pages, 2011)."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from bench.datasets import Card, Imported, page_id

CARD = Card(
    name="waddle",
    title="WADDLE / DAnIEL corpus v2.1",
    description="news pages of 2011 in five languages; gold is cleaned by hand",
    url="https://github.com/rundimeco/waddle",
    commit="be875ce12ad9e23ef68ef7f3b0605db6d06bcdb1",
    archive="https://codeload.github.com/rundimeco/waddle/tar.gz/be875ce12ad9e23ef68ef7f3b0605db6d06bcdb1",
    licence="GPL-3.0 (the repository); the pages stay under their owners' copyright",
    bibtex="""@article{waddle,
  title        = {A New Proposal for Evaluating Web Page Cleaning Tools},
  author       = {Lejeune, Ga{\\"e}l and Zhu, Lichao},
  journal      = {Computaci{\\'o}n y Sistemas},
  volume       = {22},
  number       = {4},
  pages        = {1249--1258},
  year         = {2018},
  doi          = {10.13053/CyS-22-4-3062},
  howpublished = {\\url{https://github.com/rundimeco/waddle}},
  note         = {commit be875ce}
}""",
    languages="English, Chinese, Greek, Polish, Russian",
    page_types="article",
    pages=1689,
    gold="text",
    snippets=False,
    published=(
        "Lejeune & Zhu 2018, Lejeune & Barbaresi 2020: token measures per language, in the papers",
    ),
    faults=(
        "pages were transcoded to UTF-8: the raw bytes are lost, and 73 pages hold U+FFFD",
        "only the host of an address is known: the address given is its front page",
        "431 references have no page and are left out",
        "3 of the sample's pages are one part of the article that their gold has whole",
        "few sites give most of the pages: 45 of the sample's 100 are of one",
    ),
    contents={"sample": "bef442ed6795079982af7a7a419e760d2c1c61a583f2cead6557cc01176baa69"},
)

LANGUAGES = {"Chinese": "zh", "English": "en", "Greek": "el", "Polish": "pl", "Russian": "ru"}
_NAME = re.compile(r"\d{8}_(.+)_[0-9a-f]+")
_PARAGRAPH = re.compile(r"(?i)</?p\b[^>]*>")
_TAG = re.compile(r"(?i)</?[a-z][^<>]*>")


def pages(folder: Path) -> Iterator[Imported]:
    """Yield the pages of the full corpus, else of its sample: `html/ID`, `reference/ID`."""
    full, sample = (folder / "corpora" / name for name in ("Corpus_daniel_v2.1", "corpus_sample"))
    home = full if full.is_dir() else sample
    languages = json.loads((home / "doc_lg.json").read_text(encoding="utf-8"))
    for path in sorted((home / "html").iterdir()):
        reference = home / "reference" / path.name
        if not reference.exists():
            continue
        host = _NAME.fullmatch(path.name)
        yield Imported(
            id=page_id(path.name),
            html=path.read_bytes(),
            header={
                "url": f"http://{host[1]}/" if host else "",
                "content_type": "text/html; charset=utf-8",
                "language": LANGUAGES.get(languages.get(path.name, ""), "und"),
                "page_type": "article",
            },
            gold=[("text", _plain(reference.read_text(encoding="utf-8")))],
        )


def _plain(reference: str) -> str:
    """Return one line a paragraph, without tags and entities."""
    paragraphs = (unescape(_TAG.sub("", part)) for part in _PARAGRAPH.split(reference))
    return "\n".join(" ".join(text.split()) for text in paragraphs if text.split())
