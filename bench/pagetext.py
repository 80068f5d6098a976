"""Page text: what a parser that follows the HTML standard sees as text of `<body>`."""

import re
from functools import cache

from selectolax.lexbor import LexborHTMLParser, LexborNode
from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
    to_unicode,
)

# Never rendered as text, whatever a style sheet says (HTML standard, "rendering"; scripting off)
WITHOUT_TEXT = ["script", "style", "template", "iframe", "noframes", "noembed"]

# Phrasing elements that do not part words (HTML standard, 15.3 "flow content" defaults)
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data dfn em font i ins del kbd label mark nobr q rp rt "
    "ruby s samp small span strike strong sub sup time tt u var wbr".split()
)

_HEAD = 4096  # bytes in which w3lib looks for a declaration; the standard asks for 1024 or more
_USER_DEFINED = re.compile(b"x-user-defined", re.IGNORECASE)
_MARKUP = b"<meta charset=a>"


def encoding_of(html: bytes, content_type: str, charset: str | None = None) -> str:
    """Return the name of Python's codec for a page.

    `charset` is the known truth where the declaration is missing or lies; else the order of the
    Encoding and HTML standards decides: byte order mark, HTTP header, `<meta>`, UTF-8.
    """
    if charset:
        return resolve_encoding(charset) or charset
    return read_bom(html)[0] or _in_header(content_type) or _in_markup(html) or "utf-8"


def decode(html: bytes, content_type: str, charset: str | None = None) -> str:
    """Return the page as text; undecodable bytes become U+FFFD."""
    text = to_unicode(html, encoding_of(html, content_type, charset))
    return text.removeprefix("\ufeff")  # a byte order mark is no text


def _in_header(content_type: str) -> str | None:
    found = http_content_type_encoding(content_type)
    if found in {"utf-16", "utf-32"}:
        return f"{found}-be"  # big endian where no mark says otherwise (RFC 2781, 4.3)
    return found if found and (found.startswith("utf-") or _reads_ascii(found)) else None


def _in_markup(html: bytes) -> str | None:
    """Return what `<meta>` or the XML declaration say, as far as that can be.

    Markup that was just read as ASCII is not in UTF-16, whatever it says: the HTML standard takes
    UTF-8 then, and windows-1252 for x-user-defined ("prescan a byte stream").
    """
    head = _USER_DEFINED.sub(b"windows-1252", html[:_HEAD])
    found = html_body_declared_encoding(head)
    return found if found and _reads_ascii(found) else None


@cache
def _reads_ascii(codec: str) -> bool:
    """Tell codecs of pages from UTF-16 and from what Python alone knows: "hex", "idna", "cp037"."""
    try:
        return _MARKUP.decode(codec, "replace") == _MARKUP.decode("ascii")
    except (LookupError, UnicodeError):
        return False


def page_text(html: str) -> str:
    """Return the text nodes of `<body>` in document order, a newline at each block boundary.

    In: hidden nodes, noscript, textarea, option, svg title. Out: what `WITHOUT_TEXT` holds,
    comments, `<title>`. Empty where there is no body. White space is as in the source.
    """
    tree = LexborHTMLParser(html)
    tree.strip_tags(WITHOUT_TEXT)
    parts: list[str] = []
    block, parted = None, False
    for node in tree.body.traverse(include_text=True) if tree.body else ():
        if node.is_text_node and not _in_title(node):
            parted = parted or _block_of(node) != block
            parts.append(("\n" if parted else "") + (node.text_content or ""))
            block, parted = _block_of(node), False
        elif node.is_element_node and node.tag not in INLINE:
            parted = True
    return "".join(parts)


def _block_of(node: LexborNode) -> int:
    parent = node.parent
    while parent is not None and parent.tag in INLINE:
        parent = parent.parent
    return parent.mem_id if parent is not None else 0


def _in_title(node: LexborNode) -> bool:
    parent = node.parent
    if parent is None or parent.tag != "title":
        return False
    while parent is not None and parent.tag != "svg":
        parent = parent.parent
    return parent is None


def squeeze(text: str) -> str:
    """Return the text without any white space: the form in which gold and page are compared."""
    return "".join(text.split())
