"""Hostile inputs: far too much of something."""

# ruff: noqa: D401  a docstring says what its input is; docs/stress.md is made of them

from bench.stress.pen import DECOY, MARKER, Pen, Theme

VOLUME = Theme()

_MB = 1_000_000


@VOLUME.input()
def paragraphs_50mb(pen: Pen) -> bytes:
    """50 MB of paragraphs, the marker in the middle."""
    half = pen.paragraphs(25 * _MB)
    return f"<!doctype html><body><article>{half}{pen.story()}{half}</article>".encode()


@VOLUME.input()
def siblings(pen: Pen) -> bytes:
    """300,000 empty elements side by side, and the article."""
    return pen.page(pen.repeat("<i></i>", 300_000)).encode()


@VOLUME.input()
def text_node_50mb(pen: Pen) -> bytes:
    """One text node of 50 MB, the marker in the middle."""
    half = pen.prose(25 * _MB)
    return f"<!doctype html><body><article><p>{half}{MARKER} {half}</p></article>".encode()


@VOLUME.input()
def links(pen: Pen) -> bytes:
    """200,000 links to different places."""
    some = "".join(f"<a href=/{i}>harbour</a> " for i in range(pen.count(200_000)))
    return pen.page(f"<nav>{some}</nav>").encode()


@VOLUME.input()
def script_20mb(pen: Pen) -> bytes:
    """A script of 20 MB in the head."""
    line = f"say({DECOY!r});\n"
    return pen.page(head=f"<script>{pen.repeat(line, 20 * _MB // len(line))}</script>").encode()


@VOLUME.input()
def breaks(pen: Pen) -> bytes:
    """100,000 `<br>` between words."""
    return pen.page(f"<p>{pen.repeat('harbour<br>', 100_000)}</p>").encode()


@VOLUME.input()
def comment_20mb(pen: Pen) -> bytes:
    """A comment of 20 MB before the article, full of dashes and tags."""
    line = f"- -- > <p>{DECOY}</p>\n"
    comment = f"<!-- {pen.repeat(line, 20 * _MB // len(line))} -->"
    return pen.page().replace("<article>", f"{comment}<article>").encode()


@VOLUME.input()
def attributes(pen: Pen) -> bytes:
    """One element with 1,000,000 attributes."""
    some = " ".join(f"data-{i}=x" for i in range(pen.count(_MB)))
    return pen.page(f'<p {some} data-note="{DECOY}">harbour</p>').encode()


@VOLUME.input()
def attribute_10mb(pen: Pen) -> bytes:
    """One attribute of 10 MB, as of an image that the page brings along."""
    data = pen.repeat("QUJD", 10 * _MB // 4)
    return pen.page(f'<img data-note="{DECOY}" src="data:image/png;base64,{data}">').encode()


@VOLUME.input()
def entities(pen: Pen) -> bytes:
    """1,000,000 entities, named, decimal, hexadecimal, and without their semicolon."""
    return pen.page(f"<p>{pen.repeat('&amp;&#38;&#x26;&amp ', _MB // 4)}</p>").encode()


@VOLUME.input()
def identical_paragraphs(pen: Pen) -> bytes:
    """The same paragraph 50,000 times after the article."""
    return pen.page(pen.repeat(f"<p>{' '.join(pen.sentences[:3])}</p>\n", 50_000)).encode()


@VOLUME.input()
def tables(pen: Pen) -> bytes:
    """One table of 20,000 rows of five cells."""
    row = f"<tr>{'<td>harbour</td>' * 5}</tr>\n"
    return pen.page(f"<table>{pen.repeat(row, 20_000)}</table>").encode()


@VOLUME.input()
def spaces(pen: Pen) -> bytes:
    r"""1 MB of spaces inside a paragraph: patterns such as `\s+$` need a square of the time."""
    return pen.page(f"<p>harbour{pen.repeat(' ', _MB)}island</p>").encode()


@VOLUME.input()
def angles(pen: Pen) -> bytes:
    """200,000 `<` that open no tag: searches for the end of each need a square of the time."""
    return pen.page(f"<p>{pen.repeat('< ', 200_000)}</p>").encode()


@VOLUME.input()
def one_word(pen: Pen) -> bytes:
    """One word of 1 MB."""
    return pen.page(f"<p>{pen.repeat('harbour', _MB // 7)}</p>").encode()
