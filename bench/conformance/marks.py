"""Markdown syntax in a text whose page shows none."""

import re

from bench.pagetext import squeeze

# Not counted: bullets, list numbers, bars between cells and a line of dashes, which are what text
# browsers print as well
MARKS = {
    "heading": r"^#{1,6}[ \t]+\S.*$",
    "underlined heading": r"^={3,}[ \t]*$",
    "bold": r"\*\*(?=\S)[^*\n]+(?<=\S)\*\*|\b__(?=\S)[^_\n]+(?<=\S)__\b",
    "emphasis": r"(?<![\w*])\*(?=\w)[^*\n]*(?<=\w)\*(?![\w*])|\b_(?=[^\W_])[^_\n]*(?<=[^\W_])_\b",
    "link": r"!?\[[^\]\n]*\](?:\([^)\n]*\)|\[\w+\])",
    "code": r"(?<!`)`(?=\S)[^`\n]+(?<=\S)`(?!`)",
    "fence": r"^[ \t]*(?:```|~~~).*$",
    "quote": r"^>[ \t]*\S.*$",
    "table rule": r"^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)+\|?[ \t]*$",
    "rule": r"^[ \t]*(?:\*[ \t]*){3,}$",
    "escape": r"\w\\[\\`*_{}\[\]()#+.!|-]",
}
_MARKS = {name: re.compile(pattern, re.MULTILINE) for name, pattern in MARKS.items()}


def marks(text: str, page_text: str) -> dict[str, str]:
    """Return the first mark of each kind that a text has and the text of its page has not."""
    known = squeeze(page_text)
    found: dict[str, str] = {}
    for name, pattern in _MARKS.items():
        strange = (one[0] for one in pattern.finditer(text) if squeeze(one[0]) not in known)
        if mark := next(strange, ""):
            found[name] = mark.strip()
    return found
