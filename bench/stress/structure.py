"""Hostile inputs: depth, and elements that never end or end in the wrong place."""

# ruff: noqa: D401  a docstring says what its input is; docs/stress.md is made of them

from bench.stress.pen import DECOY, MARKER, Pen, Theme

STRUCTURE = Theme()


@STRUCTURE.input()
def deep_300(pen: Pen) -> bytes:
    """300 nested `<div>`, the article in the innermost; libxml2 stops at 256 by default."""
    return _nested(pen, 300)


@STRUCTURE.input()
def deep_10k(pen: Pen) -> bytes:
    """10,000 nested `<div>`."""
    return _nested(pen, 10_000)


@STRUCTURE.input()
def deep_100k(pen: Pen) -> bytes:
    """100,000 nested `<div>`."""
    return _nested(pen, 100_000)


@STRUCTURE.input()
def deep_inline(pen: Pen) -> bytes:
    """10,000 nested `<span>` in one paragraph."""
    inner = f"<p>{pen.repeat('<span>', 10_000)}{MARKER}{pen.repeat('</span>', 10_000)}</p>"
    return pen.page().replace(MARKER, f"</p>{inner}<p>").encode()


@STRUCTURE.input()
def deep_lists(pen: Pen) -> bytes:
    """2,000 lists in lists."""
    lists = pen.repeat("<ul><li>harbour", 2000) + pen.repeat("</li></ul>", 2000)
    return pen.page(lists).encode()


@STRUCTURE.input()
def deep_tables(pen: Pen) -> bytes:
    """1,000 tables in tables, the article in the innermost cell."""
    opened = pen.repeat("<table><tr><td>", 1000)
    closed = pen.repeat("</td></tr></table>", 1000)
    return f"<!doctype html><body>{opened}{pen.story()}{closed}".encode()


@STRUCTURE.input()
def unclosed_tags(pen: Pen) -> bytes:
    """20,000 tags of four kinds that nothing closes, before the article."""
    opened = pen.repeat("<div><section><b><i>", 5000)
    return f"<!doctype html><body>{opened}{pen.story()}".encode()


@STRUCTURE.input()
def unclosed_formats(pen: Pen) -> bytes:
    """2,000 times `<a><b></a><p>`: each asks the standard's parser to adopt anew."""
    return pen.page(pen.repeat("<a href=/><b>harbour</a><p>", 2000)).encode()


@STRUCTURE.input()
def unclosed_comment(pen: Pen) -> bytes:
    """A comment after the article that does not end."""
    return f"{_head(pen)}<!-- <p>{DECOY}</p>\n<p>{DECOY}</p>".encode()


@STRUCTURE.input()
def unclosed_title(pen: Pen) -> bytes:
    """A second title after the article that does not end."""
    return f"{_head(pen)}<title>{pen.paragraphs(100_000)}".encode()


@STRUCTURE.input()
def unclosed_textarea(pen: Pen) -> bytes:
    """A text area after the article that does not end."""
    return f"{_head(pen)}<textarea>{pen.paragraphs(100_000)}".encode()


@STRUCTURE.input()
def unclosed_table(pen: Pen) -> bytes:
    """The article in a table that does not end, between rows and cells that do not either."""
    cells = pen.repeat("<tr><td>harbour<td>island", 500)
    return f"<!doctype html><body><table>{cells}<tr><td>{pen.story()}{cells}".encode()


@STRUCTURE.input()
def unclosed_script(pen: Pen) -> bytes:
    """A script after the article that does not end."""
    return f"{_head(pen)}<script>say({DECOY!r}); // <p>{DECOY}</p>".encode()


@STRUCTURE.input()
def unclosed_attribute(pen: Pen) -> bytes:
    """An attribute after the article whose quotes do not end."""
    return f'{_head(pen)}<p class="{DECOY} <p>{DECOY}</p>'.encode()


@STRUCTURE.input()
def closed_too_often(pen: Pen) -> bytes:
    """10,000 end tags of what was never open, before the article; `</p>` alone makes an element."""
    closed = pen.repeat("</p></div></b></br></table></body></html>", 10_000 // 7)
    return f"<!doctype html><body>{closed}{pen.story()}".encode()


def _nested(pen: Pen, depth: int) -> bytes:
    opened, closed = pen.repeat("<div>", depth), pen.repeat("</div>", depth)
    return f"<!doctype html><body>{opened}{pen.story()}{closed}</body>".encode()


def _head(pen: Pen) -> str:
    return pen.page().partition("</article>")[0] + "</article>"
