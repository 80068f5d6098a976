"""webmainbench: pages annotated by elements, gold as Markdown (7,809 pages, 2025)."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.datasets import Card, Imported, page_id
from bench.markdown import to_text

CARD = Card(
    name="webmainbench",
    title="WebMainBench",
    description="pages of 46 languages; gold is Markdown, here stripped to text. The full set "
    "(webmainbench.jsonl, WebMainBench_545.jsonl) is on Hugging Face: import the folder it is in",
    url="https://github.com/opendatalab/WebMainBench",
    commit="9d991bdc00c57b57521499494d96be85c31317ba",
    archive="",
    licence="Apache-2.0 (labels); the pages stay under their owners' copyright",
    bibtex="""@misc{webmainbench,
  title         = {Dripper: Token-Efficient Main {HTML} Extraction with a Lightweight {LM}},
  author        = {Liu, Mengjie and Peng, Jiahui and Chu, Pei and Qiu, Jiantao and Ma, Ren and Zhu, He and Min, Rui and Lu, Lindong and Ning, Wenchang and Hou, Linfeng and Liu, Kaiwen and Qu, Yuan and Li, Zhenxiang and Xu, Chao and Tu, Zhongying and Zhang, Wentao and He, Conghui},
  year          = {2025},
  eprint        = {2511.23119},
  archivePrefix = {arXiv},
  howpublished  = {\\url{https://github.com/opendatalab/WebMainBench}},
  note          = {commit 9d991bd}
}""",  # noqa: E501
    languages="46: 85 % English, 9 % Chinese; Spanish, German, Japanese, Russian, Korean",
    page_types="Article, Content Listing, Forum_or_Article_with_commentsection, Other",
    pages=7809,
    gold="text",
    snippets=False,
    published=(
        "MinerU-HTML 1.1: ROUGE-5 F1 .9001 (7,809 pages, Markdown by html2text, jieba tokens)",
        "magic-html: .7138",
        "Readability: .6542",
        "Trafilatura: .6402",
        "Resiliparse: .6290",
        "html2text: .6042",
        "jusText: .4782",
        "trafilatura 2.0.0 as text: text_edit .7819 (545 pages; needs a language model's API)",
    ),
    faults=(
        "as published, the answer key is in the input: attribute `cc-select`; removed here",
        "class `mark-selected` tells the same, and nearly every empty `style`; both removed too",
        "pages are stored as text of a browser's document: raw bytes and charset are lost",
        "some gold is cut short, and layout tables and formulas are partly lost (issue 71)",
        "the owners leave pages on which an extractor fails out of its mean",
    ),
    contents={"sample": "e96514019f92f13cda827c9fe9e22ee5f53e7dbd3c494deb408ea1a2dced60dc"},
)

# A page in two files counts once: as in the first of these, where gold was revised by hand
FILES = (
    "WebMainBench_545.jsonl",
    "WebMainBench_dataset_sample2.jsonl",
    "webmainbench.jsonl",
    "sample_dataset.jsonl",
)

# What the annotation tool left: its style sheet, its elements around loose text, its attributes.
# An empty style is left where it drew an outline: 98 % of them are on labelled elements
_MARKS = re.compile(
    r'<style[^<>]*\sid="cc-extraStyle".*?</style>'
    r"|</?marked-[a-z]+\b[^<>]*>"
    r"""|\s(?:cc-select|data-anno-uid)=(?:"[^"]*"|'[^']*')"""
    r'|\sstyle=""(?=[\s/>])',
    re.DOTALL,
)
_CLASS = re.compile(r'\sclass="([^"]*\bmark-selected\b[^"]*)"')


def pages(folder: Path) -> Iterator[Imported]:
    """Yield each page once, from all files of the set below the folder, one page a line."""
    seen: set[str] = set()
    for name in FILES:
        for path in sorted(folder.rglob(name)):
            with path.open("rb") as lines:
                for page in map(json.loads, filter(bytes.strip, lines)):
                    if page["track_id"] not in seen:
                        seen.add(page["track_id"])
                        yield _imported(page)


def _imported(page: dict[str, Any]) -> Imported:
    """Return a page of the current format, where `meta` tells its facts, or of the older one."""
    meta = page.get("meta") or {}
    gold = page.get("groundtruth_content") or page.get("convert_main_content") or ""
    return Imported(
        id=page_id(page["track_id"]),
        html=_utf8(without_answers(page["html"])),
        header={
            "url": page.get("url") or "",
            "content_type": "text/html; charset=utf-8",
            "language": meta.get("language") or page.get("language") or "und",
            "page_type": meta.get("style") or page.get("layout_type") or "unknown",
        },
        gold=[("text", _utf8(to_text(gold)).decode())],
    )


def _utf8(text: str) -> bytes:
    """Return the bytes; half a surrogate pair, which JSON can hold, becomes a question mark."""
    return text.encode("utf-8", "replace")


def without_answers(html: str) -> str:
    """Return a page as it was before annotation; nothing but the tool's marks is touched."""
    return _CLASS.sub(_other_classes, _MARKS.sub("", html))


def _other_classes(match: re.Match[str]) -> str:
    names = [name for name in match[1].split() if name != "mark-selected"]
    return f' class="{" ".join(names)}"' if names else ""
