"""zyte: the article extraction benchmark of Scrapinghub, now Zyte (181 articles, 2019)."""

import json
from collections.abc import Iterator
from pathlib import Path

from bench.archives import gunzip
from bench.datasets import Card, Imported

CARD = Card(
    name="zyte",
    title="Article extraction benchmark",
    description="181 news and blog articles; gold is the article body as one text, no headline",
    url="https://github.com/scrapinghub/article-extraction-benchmark",
    commit="4a3bc979f76c0df73cb95fe272e2fc1b96f9f010",
    archive="https://codeload.github.com/scrapinghub/article-extraction-benchmark/tar.gz/4a3bc979f76c0df73cb95fe272e2fc1b96f9f010",
    licence="MIT (labels); the pages stay under their owners' copyright",
    bibtex="""@misc{zyte_article_extraction,
  title        = {Article Extraction Benchmark: Dataset and Evaluation Scripts},
  author       = {Lopukhin, Konstantin and {Scrapinghub}},
  year         = {2019},
  howpublished = {\\url{https://github.com/scrapinghub/article-extraction-benchmark}},
  note         = {commit 4a3bc97}
}""",
    languages="English, some Russian, Korean and Japanese; not recorded per page",
    page_types="article",
    pages=181,
    gold="text",
    snippets=False,
    published=(
        "trafilatura 2.0.0: F1 .958, P .938, R .978, accuracy .293 (metric zyte)",
        "readability-lxml 0.8.4.1: F1 .922",
        "goose3 3.1.20: F1 .896",
        "jusText 3.0.2: F1 .804",
    ),
    faults=(
        "pages were fetched by a headless browser and stored as UTF-8: the raw bytes are lost",
        "articles only",
    ),
    contents={"all": "036011cbbe65a7a326e3c520e4f9a1553a11ddb3486b868b718296a295461111"},
)


def pages(folder: Path) -> Iterator[Imported]:
    """Yield the pages in the order of their ids: `html/ID.html.gz` and `ground-truth.json`."""
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    for page, gold in sorted(truth.items()):
        yield Imported(
            id=page,
            html=gunzip(folder / "html" / f"{page}.html.gz"),
            header={
                "url": gold.get("url") or "",
                "content_type": "text/html; charset=utf-8",
                "language": "und",
                "page_type": "article",
            },
            gold=[("text", gold.get("articleBody") or "")],
        )
