"""wcxb: the Web Content eXtraction Benchmark (2,008 pages of seven types, 2026)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.archives import gunzip
from bench.datasets import Card, Imported

CARD = Card(
    name="wcxb",
    title="Web Content eXtraction Benchmark",
    description="pages of seven types; gold is one text, with snippets that must and must not be",
    url="https://github.com/Murrough-Foley/web-content-extraction-benchmark",
    commit="c039d5ee9f5a3a984a0e167e63aacd04e76e78a9",
    archive="https://codeload.github.com/Murrough-Foley/web-content-extraction-benchmark/tar.gz/c039d5ee9f5a3a984a0e167e63aacd04e76e78a9",
    licence="CC-BY-4.0 (labels); the pages stay under their owners' copyright",
    bibtex="""@misc{wcxb,
  title        = {{WCXB}: Web Content eXtraction Benchmark},
  author       = {Foley, Murrough},
  year         = {2026},
  howpublished = {\\url{https://github.com/Murrough-Foley/web-content-extraction-benchmark}},
  note         = {commit c039d5e}
}""",
    languages="English",
    page_types="article, service, forum, listing, documentation, collection, product",
    pages=2008,
    gold="text",
    snippets=True,
    published=(
        "rs-trafilatura: F1 .859 dev, .893 test (metric wcxb)",
        "Trafilatura: F1 .791 dev, .833 test; version and settings not published",
    ),
    faults=(
        "139 pages of the test split are byte-identical to pages of the dev split",
        "some pages have an empty gold text, or gold that is not in the visible page",
        "gold was drafted by a language model, then reviewed; its author wrote rs-trafilatura",
        "scripts were stripped and the bytes re-encoded as UTF-8",
    ),
    contents={"dev part": "6d4506f40ad5ff730190114b218ed827cebee4723d932ce83c4026db27a7b09f"},
)


def pages(folder: Path) -> Iterator[Imported]:
    """Yield the pages of all splits present: `SPLIT/html/ID.html.gz`, `SPLIT/ground-truth/`.

    The folder may be a split itself.
    """
    for path in sorted(folder.rglob("ground-truth/*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        split = path.parent.parent
        gold = data["ground_truth"]
        yield Imported(
            id=f"{split.name}/{path.stem}",
            html=gunzip(split / "html" / f"{path.stem}.html.gz"),
            header={
                "url": data.get("url") or "",
                "content_type": "text/html; charset=utf-8",
                "language": "en",
                "page_type": _page_type(data),
                "split": split.name,
            },
            gold=[
                ("text", gold.get("main_content") or ""),
                *(("present", snippet) for snippet in gold.get("with") or []),
                *(("absent", snippet) for snippet in gold.get("without") or []),
            ],
        )


def _page_type(data: dict[str, Any]) -> str:
    """Return the type in its owners' words; they call "category" pages collections."""
    given = (data.get("_internal") or {}).get("page_type") or {}
    name = given.get("primary", "article") if isinstance(given, dict) else given
    return "collection" if name == "category" else str(name)
