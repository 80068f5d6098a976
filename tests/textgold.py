"""Miniature corpora whose gold is a text or snippets, and the packs of the real ones."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.conftest import Blocks, make_corpus


def text_corpus(
    folder: Path,
    golds: Mapping[str, str],
    *,
    present: Mapping[str, Sequence[str]] | None = None,
    absent: Mapping[str, Sequence[str]] | None = None,
    gold: str = "text",
) -> Path:
    """Write a corpus of these gold texts by page id, and of the snippets that some pages have.

    With `gold="snippets"` the texts are left out.
    """
    some = {id: [*(present or {}).get(id, ())] for id in golds}
    others = {id: [*(absent or {}).get(id, ())] for id in golds}
    pages: dict[str, Blocks] = {
        id: [
            *([("text", text)] if gold == "text" else []),
            *(("present", snippet) for snippet in some[id]),
            *(("absent", snippet) for snippet in others[id]),
        ]
        for id, text in golds.items()
    }
    root = make_corpus(folder, pages, headers={id: {"gold": gold} for id in golds})
    has_snippets = any([*some.values(), *others.values()])
    card = f'name = "{folder.name}"\nsnippets = "{"yes" if has_snippets else ""}"\n'
    (root / "corpus/card.toml").write_text(card)
    return root


def pack(name: str) -> Path:
    """Return the archive of a real dataset, or skip the test where the packs are not named."""
    folder = os.environ.get("BOILERBENCH_PACKS")
    if not folder:
        pytest.skip("BOILERBENCH_PACKS does not name the folder of the packs")
    return Path(folder) / name
