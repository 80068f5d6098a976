"""Markdown as plain text: for gold that its owners keep as Markdown."""

import re

from markdown_it import MarkdownIt

from bench.pagetext import INLINE

# Tables too complex for Markdown stand in it as HTML
_HTML = re.compile(
    r"(?i)</?(table|caption|thead|tbody|tfoot|tr|th|td|div|p|br|span|b|strong|i|em|u|sub|sup)\b[^<>]*>"
)


class _Markdown(MarkdownIt):
    """CommonMark with tables; raw HTML is text, and a link is one whatever its address."""

    def __init__(self) -> None:
        super().__init__("js-default")

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802
        return True


_PARSER = _Markdown()


def to_text(markdown: str) -> str:
    """Return what a reader of the page would see: words and code, a line for each block and cell.

    No marks, addresses of links, images, numbers of lists, or rules of tables.
    """
    lines = []
    for token in _PARSER.parse(markdown):
        if token.type in ("fence", "code_block"):
            lines.append(token.content.rstrip("\n"))
        elif token.type == "inline":
            children = token.children or ()
            lines.append("".join(_piece(child.type, child.content) for child in children))
    return "\n".join(lines)


def _piece(kind: str, content: str) -> str:
    if kind == "text":
        return _HTML.sub(lambda tag: "" if tag[1].lower() in INLINE else "\n", content)
    return {"code_inline": content, "softbreak": "\n", "hardbreak": "\n"}.get(kind, "")
