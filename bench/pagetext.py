"""Page text: what a parser that follows the HTML standard sees as text of `<body>`."""

from selectolax.lexbor import LexborHTMLParser, LexborNode
from w3lib.encoding import html_to_unicode, resolve_encoding

# Never rendered as text, whatever a style sheet says (HTML standard, "rendering"; scripting off)
WITHOUT_TEXT = ["script", "style", "template", "iframe", "noframes", "noembed"]

# Phrasing elements that do not part words (HTML standard, 15.3 "flow content" defaults)
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data dfn em font i ins del kbd label mark nobr q rp rt "
    "ruby s samp small span strike strong sub sup time tt u var wbr".split()
)


def encoding_of(html: bytes, content_type: str, charset: str | None = None) -> str:
    """Return the name of Python's codec for a page.

    `charset` is the known truth where the declaration is missing or lies; else the order of the
    Encoding and HTML standards decides: byte order mark, HTTP header, `<meta>`, UTF-8.
    """
    if charset:
        return resolve_encoding(charset) or charset
    return _standard(html, content_type)[0]


def decode(html: bytes, content_type: str, charset: str | None = None) -> str:
    """Return the page as text; undecodable bytes become U+FFFD."""
    if charset:
        text = html.decode(encoding_of(html, content_type, charset), "replace")
        return text.removeprefix("\ufeff")  # a byte order mark is no text
    return _standard(html, content_type)[1]


def _standard(html: bytes, content_type: str) -> tuple[str, str]:
    """Return codec and text by the standards' rule.

    A label that only Python knows as a codec, such as "undefined" or "hex", declares nothing.
    """
    try:
        return html_to_unicode(content_type, html)
    except (LookupError, UnicodeError):
        return "utf-8", html.decode("utf-8", "replace").removeprefix("\ufeff")


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
