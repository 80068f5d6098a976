"""Pretends to cache: leaves files in its working, home and temporary folders."""

import tempfile
from pathlib import Path


def extract(html: bytes, url: str) -> str:
    for folder in (Path.cwd(), Path.home(), Path(tempfile.gettempdir())):
        (folder / "cache").mkdir(exist_ok=True)
        (folder / "cache" / "page").write_bytes(html)
    return "calm"
