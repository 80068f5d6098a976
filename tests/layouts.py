"""Miniature copies of public datasets, in their owners' layouts; all texts are made up."""

import gzip
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HTML = b"<!doctype html><p>Green tea is dry.</p>"
# Page ids of zyte are hashes; gold is one text
ZYTE: Mapping[str, Any] = {
    "0a": {"articleBody": "Green tea is dry.\n\nIt is.", "url": "https://www.tea.example/a"},
    "0b": {"articleBody": "It rains.", "url": "https://rain.co.uk/b?c=d"},
    "0c": {"articleBody": "", "url": "http://192.0.2.7/empty"},
}
WCXB: Mapping[str, Any] = {
    "dev/0001": {
        "url": "https://blog.tea.com/a",
        "_internal": {"page_type": {"primary": "category"}},
        "ground_truth": {
            "title": "Tea",
            "main_content": "Green tea is dry.",
            "with": ["Green tea", " \n"],
            "without": ["Log in", "Home"],
        },
    },
    "dev/0002": {"ground_truth": {"main_content": None, "with": None}},
    "test/0001": {
        "url": None,
        "_internal": {"page_type": "forum"},
        "ground_truth": {"main_content": "It rains.", "without": []},
    },
}


def zyte_layout(
    folder: Path,
    truth: object = ZYTE,
    html: Mapping[str, bytes] | None = None,
) -> Path:
    """Write `ground-truth.json` and `html/ID.html.gz` into a folder and return it."""
    (folder / "html").mkdir(parents=True)
    (folder / "README.rst").write_text("A miniature.\n")
    (folder / "ground-truth.json").write_text(json.dumps(truth, ensure_ascii=False))
    for page in truth if isinstance(truth, Mapping) else ():
        write_html(folder / "html" / f"{page}.html.gz", (html or {}).get(page, HTML))
    return folder


def wcxb_layout(
    folder: Path, truth: Mapping[str, Any] = WCXB, html: Mapping[str, bytes] | None = None
) -> Path:
    """Write `SPLIT/ground-truth/ID.json` and `SPLIT/html/ID.html.gz`, and return the folder."""
    for page, gold in truth.items():
        split, _, name = page.partition("/")
        (folder / split / "ground-truth").mkdir(parents=True, exist_ok=True)
        (folder / split / "ground-truth" / f"{name}.json").write_text(json.dumps(gold))
        write_html(folder / split / "html" / f"{name}.html.gz", (html or {}).get(page, HTML))
    return folder


def write_html(path: Path, data: bytes) -> None:
    """Write a page as the datasets keep it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data, mtime=0))


PACKINGS = ("folder", "tar", "gztar", "xztar", "zip", "gztar in a folder", "zip in a folder")


def packed(folder: Path, packing: str) -> Path:
    """Return a folder as an archive beside it, as `PACKINGS` names them."""
    form, _, inside = packing.partition(" ")
    if form == "folder":
        return folder
    root, base = (folder.parent, folder.name) if inside else (folder, ".")
    return Path(shutil.make_archive(str(folder.with_name("packed")), form, root, base))
