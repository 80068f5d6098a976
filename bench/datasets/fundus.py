"""fundus: the parser fixtures of the news scraper Fundus (258 articles of many countries)."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.datasets import Card, Imported, page_id

CARD = Card(
    name="fundus",
    title="Fundus parser fixtures",
    description="news articles of many countries; gold is made by a parser written for each paper",
    url="https://github.com/flairNLP/fundus",
    commit="18da6e53592f99cf0ac5770dc63d6ba99ba63ae8",
    archive="https://codeload.github.com/flairNLP/fundus/tar.gz/18da6e53592f99cf0ac5770dc63d6ba99ba63ae8",
    licence="MIT (labels); the pages stay under their owners' copyright",
    bibtex="""@inproceedings{fundus,
  title        = {Fundus: A Simple-to-Use News Scraper Optimized for High Quality Extractions},
  author       = {Dallabetta, Max and Dobberstein, Conrad and Breiding, Adrian and Akbik, Alan},
  booktitle    = {Proceedings of the 62nd Annual Meeting of the Association for Computational Linguistics (Volume 3: System Demonstrations)},
  year         = {2024},
  pages        = {305--314},
  url          = {https://aclanthology.org/2024.acl-demos.29},
  howpublished = {\\url{https://github.com/flairNLP/fundus}},
  note         = {commit 18da6e5}
}""",  # noqa: E501
    languages="many, mostly European; also Japanese, Korean, Chinese, Hindi, Arabic, Vietnamese",
    page_types="article",
    pages=258,
    gold="text",
    snippets=False,
    published=(),
    faults=(
        "gold is a parser's output, reviewed as a test: captions, credits, lists may be missing",
        "the gold of kr/HankookIlbo_2026_01_29 is not in the visible page, only in a script",
        "pages were decoded and stored as UTF-8; cn/People_2024_04_24 still declares GB2312",
        "the paper's own figures are on other articles, which are not public here",
    ),
    contents={"sample": "6b3e09c6be5f93c2d6a893d12453410df33c6c662a2efbe066d6cf4eb91abc8e"},
)

# What a country's papers write, where a page does not say. The one Israeli paper is German
LANGUAGES = {
    "cn": "zh",
    "il": "de",
    "ind": "hi",
    "jp": "ja",
    "kr": "ko",
    "lb": "ar",
    "ru": "ru",
    "tr": "tr",
    "ua": "uk",
    "vn": "vi",
}
_DECLARED = re.compile(rb"(?i)<html\s(?:[^>]*\s)?(?:xml:)?lang\s*=\s*[\"']?([a-z]{2,3})\b")


def pages(folder: Path) -> Iterator[Imported]:
    """Yield the pages by country: `PAPER_DATE.html.gz`, `PAPER.json`, addresses in `meta.info`.

    A paper's parser has versions, one for each of its pages: the older the page, the lower.
    """
    for info in sorted(folder.rglob("meta.info")):
        addresses = json.loads(info.read_text(encoding="utf-8"))
        for path in sorted(info.parent.glob("*.json")):
            versions = json.loads(path.read_text(encoding="utf-8"))
            dated = sorted(info.parent.glob(f"{path.stem}_[0-9]*.html.gz"))
            for source, name in zip(dated, sorted(versions, key=_number), strict=True):
                html = gzip.decompress(source.read_bytes())
                country = info.parent.name
                yield Imported(
                    id=f"{country}/{page_id(source.name.removesuffix('.html.gz'))}",
                    html=html,
                    header={
                        "url": addresses[source.name]["url"],
                        "content_type": "text/html; charset=utf-8",
                        "language": _language(html, country),
                        "page_type": "article",
                    },
                    gold=[("text", "\n".join(_texts(versions[name]["body"])))],
                )


def _number(version: str) -> list[int]:
    """Return what sorts V2 before V10, and V1 before V1_1."""
    return [int(part) for part in version.removeprefix("V").split("_")]


def _texts(body: dict[str, Any]) -> Iterator[str]:
    yield from body["summary"]
    for section in body["sections"]:
        yield from section["headline"]
        yield from section["paragraphs"]


def _language(html: bytes, country: str) -> str:
    """Return what the page declares: a country's papers do not all write one language."""
    declared = _DECLARED.search(html)
    return declared[1].decode().lower() if declared else LANGUAGES.get(country, "und")
