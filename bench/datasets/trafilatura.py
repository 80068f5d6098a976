"""trafilatura: the evaluation set of Trafilatura (990 pages with snippets, 2020-2026)."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from bench.datasets import Card, Imported, page_id

CARD = Card(
    name="trafilatura",
    title="Trafilatura evaluation set",
    description="990 articles, blog posts and company pages; gold is about three snippets a page "
    "that must appear and three that must not",
    url="https://github.com/adbar/trafilatura",
    commit="e90b0ef51ab026fdb905fb6c5b3c84dd3d784fd5",
    archive="https://codeload.github.com/adbar/trafilatura/tar.gz/e90b0ef51ab026fdb905fb6c5b3c84dd3d784fd5",
    licence="Apache-2.0 (labels); the pages stay under their owners' copyright",
    bibtex="""@inproceedings{barbaresi-2021-trafilatura,
  title        = {Trafilatura: A Web Scraping Library and Command-Line Tool for Text Discovery and Extraction},
  author       = {Barbaresi, Adrien},
  booktitle    = {Proceedings of the Joint Conference of the 59th Annual Meeting of the Association for Computational Linguistics and the 11th International Joint Conference on Natural Language Processing: System Demonstrations},
  year         = {2021},
  pages        = {122--131},
  publisher    = {Association for Computational Linguistics},
  url          = {https://aclanthology.org/2021.acl-demo.15},
  howpublished = {\\url{https://github.com/adbar/trafilatura}},
  note         = {commit e90b0ef}
}""",  # noqa: E501
    languages="mostly German and English, some Spanish, French, Polish, Portuguese and Italian, "
    "10 pages in other scripts; not recorded per page",
    page_types="news, blogs, companies, governments; not recorded per page",
    pages=990,
    gold="snippets",
    snippets=True,
    published=(
        "trafilatura 2.2.0 standard: F1 .924, P .906, R .943 (metric trafilatura-snippets)",
        "trafilatura 2.2.0 fast: F1 .918",
        "magic-html 0.1.8: F1 .889",
        "justext 3.0.2 (custom): F1 .862",
        "readability-lxml 0.8.4.1: F1 .826",
        "goose3 3.1.22: F1 .810",
    ),
    faults=(
        "snippets were chosen by the author of trafilatura where extractors, his too, go wrong",
        "gold is six snippets a page: neither order nor repetition nor most of the text is scored",
        "in 4 pages most snippets that must appear are in scripts only, or parted by ruby text",
        "in 3 pages they lack the page's soft hyphens, or are in another Unicode normal form",
        "36 pages have no address",
        "HTTP headers are lost; of 27 pages that are not UTF-8 one declares it after 58 kB only",
    ),
    contents={"all": "0418974097496dd7eb962c7493d489f934520f2a0669f6ce5bf312b9020bc474"},
)

# Its declaration comes too late to count, and only so are all of its snippets in the page
CHARSETS = {"nmb-media.de.ebay.html": "windows-1252"}


def pages(folder: Path) -> Iterator[Imported]:
    """Yield what `tests/evaldata.json` names, in the order of the files in `cache` and `eval`."""
    annotated = json.loads((folder / "tests" / "evaldata.json").read_text(encoding="utf-8"))
    for key, gold in sorted(annotated.items(), key=lambda item: str(item[1]["file"])):
        file = Path(gold["file"]).name
        path = folder / "tests" / "cache" / file
        if not path.is_file():
            path = folder / "tests" / "eval" / file
        truth = {"charset": CHARSETS[file]} if file in CHARSETS else {}
        yield Imported(
            id=page_id(path.stem),
            html=path.read_bytes(),
            header={
                "url": _address(key),
                "content_type": "text/html",
                "language": "und",
                "page_type": "unknown",
                **truth,
            },
            gold=[
                *(("present", snippet) for snippet in gold.get("with") or []),
                *(("absent", snippet) for snippet in gold.get("without") or []),
            ],
        )


def _address(key: str) -> str:
    """Return the address in a key; some are `hard::FILE` and have none, one has a stray letter."""
    found = re.search(r"https?://\S+", key)
    return found[0] if found else ""
