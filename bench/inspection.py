"""What an audit can find on a single page, with its gold beside it."""

import codecs
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding

from bench.corpus import Page
from bench.gold import BlockGold, SnippetGold, TextGold, read_gold
from bench.pagetext import decode, encoding_of, page_text
from bench.text import norm, tokens
from bench.views import BOILERPLATE_KINDS, DEFAULT_VIEW

# Below this share of its tokens gold is not in the page at all: a script would have to fetch it
ABSENT = 0.05
# Below this share part of it is not. Of WCXB's golds 99 % of the tokens are in the page at the
# tenth percentile, so a tenth that is missing is no matter of tokens glued or split
WHOLE = 0.90

# Words that only a label is made of; plain ones, such as "comments", are classes of real pages too
_LABELS = ("boilerplate", "main-content", *(kind for kind in BOILERPLATE_KINDS if "-" in kind))
_LABEL = "|".join(_LABELS)
# What annotators leave behind. WebMainBench: cc-select, mark-selected, marked-…, data-anno-uid;
# BoilerNet: __boilernet_…, __label, __prediction; L3S-GN1 (boilerpipe): classes x-nc-sel0 to 5
_ELEMENT = re.compile(r"marked-[\w-]+")
_ATTRIBUTE = re.compile(
    r"cc-select|marked-[\w-]+|data-anno-uid|__(?:boilernet_\w+|label|prediction)"
)
_CLASS = re.compile(rf"mark-selected|x-nc-sel\d|(?:gold|annotation)[-_:](?:{_LABEL})")
_LABELLING = re.compile(r"(?:data-)?(?:gold|annotation)|data-(?:kind|label)")
# A page with none of these anywhere has none of the above
_SUSPECT = (
    *("cc-select", "mark-selected", "marked-", "data-anno-uid", "__boilernet_", "__label"),
    *("__prediction", "x-nc-sel", "gold", "annotation", "data-kind", "data-label"),
)
_IN_NOSCRIPT = re.compile(r"<noscript.*?(?:</noscript|\Z)", re.DOTALL)


class Look:
    """One page and its gold, and what is made of both, each once."""

    def __init__(self, page: Page) -> None:
        """Read both; raises BenchError for gold that cannot be read."""
        self.page, self.gold = page, read_gold(page.gold_path)
        self.html = page.html()

    @cached_property
    def markup(self) -> str:
        """The page, decoded by the truth."""
        return decode(self.html, self.page.content_type, self.page.charset)

    @cached_property
    def lower(self) -> str:
        """The page in small letters, for a quick look whether a word is anywhere in it."""
        return self.markup.lower()

    @cached_property
    def codec(self) -> str:
        """Python's codec by the standard's rule, whatever the truth is."""
        return codecs.lookup(encoding_of(self.html, self.page.content_type)).name

    @cached_property
    def truth(self) -> str:
        """Python's codec by the gold's header, or by the rule where that says nothing."""
        return codecs.lookup(self.page.encoding(truth=True)).name

    @cached_property
    def tokens(self) -> list[str]:
        """The tokens of the page text."""
        return tokens(page_text(self.markup))

    @property
    def gold_text(self) -> str:
        """The text that an extractor should give, or the snippets that should be in it."""
        if isinstance(self.gold, BlockGold):
            return "\n".join(self.gold.texts(DEFAULT_VIEW, "keep"))
        return self.gold.text if isinstance(self.gold, TextGold) else "\n".join(self.gold.present)

    @property
    def snippets(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What must and what must not appear."""
        return (
            ((), ()) if isinstance(self.gold, BlockGold) else (self.gold.present, self.gold.absent)
        )

    @cached_property
    def wanted(self) -> Counter[str]:
        """The tokens of the gold text, as a multiset."""
        return Counter(tokens(self.gold_text))

    @cached_property
    def share(self) -> float:
        """The share of the gold's tokens that the page text has, in 0..1; 1 for empty gold."""
        return self.share_in(self.tokens)

    def share_in(self, text: list[str]) -> float:
        """Return the share of the gold's tokens that a text has."""
        return (self.wanted & Counter(text)).total() / self.wanted.total() if self.wanted else 1.0


def _absent(look: Look) -> str:
    return f"{look.share:.0%} of the gold is in the page" if look.share < ABSENT else ""


def _partly(look: Look) -> str:
    return f"{look.share:.0%} of the gold is in the page" if ABSENT <= look.share < WHOLE else ""


def _noscript(look: Look) -> str:
    hidden = sum(map(len, _IN_NOSCRIPT.findall(look.lower)))
    # So much markup cannot hold the gold
    if look.share < ABSENT or hidden < (1 - ABSENT) * sum(map(len, look.wanted.elements())):
        return ""
    tree = LexborHTMLParser(look.markup)
    tree.strip_tags(["noscript"])
    share = look.share_in(tokens(page_text(tree.html or "")))
    return f"{share:.0%} of the gold is outside noscript" if share < ABSENT else ""


def _empty(look: Look) -> str:
    meant = isinstance(look.gold, BlockGold) and look.page.header.page_type == "none"
    return "" if look.wanted or meant else "no token"


def _no_text(look: Look) -> str:
    return "" if look.tokens else "no text in body"


def _no_url(look: Look) -> str:
    return "" if look.page.header.url else "no url"


def _labels(look: Look) -> str:
    if not any(word in look.lower for word in _SUSPECT):
        return ""
    return ", ".join(sorted(set(_marks(LexborHTMLParser(look.markup)))))


def _marks(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.root.traverse() if tree.root else ():
        if _ELEMENT.fullmatch(node.tag or ""):
            yield f"<{node.tag}>"
        for name, value in node.attributes.items():
            if _ATTRIBUTE.fullmatch(name):
                yield name
            elif name == "class":
                yield from (f".{one}" for one in (value or "").split() if _CLASS.fullmatch(one))
            elif _LABELLING.fullmatch(name) and value in _LABELS:
                yield f"{name}={value}"


def _lies(look: Look) -> str:
    try:
        look.html.decode(look.truth)
    except UnicodeDecodeError as error:
        return str(error)
    other = look.truth != "utf-8" and not look.html.isascii() and _is_utf8(look.html)
    return f"UTF-8 bytes, read as {look.truth}" if other else ""


def _is_utf8(html: bytes) -> bool:
    try:
        return bool(html.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _two_charsets(look: Look) -> str:
    header = http_content_type_encoding(look.page.content_type)
    body = html_body_declared_encoding(look.html)
    if look.page.charset or not header or not body or header == body:
        return ""
    return f"HTTP header {header}, page {body}"


def _known_lie(look: Look) -> str:
    return f"{look.truth}, by the rule {look.codec}" if look.truth != look.codec else ""


def _forbidden(look: Look) -> str:
    # Snippets are texts of their own: what two of them would make side by side is in neither
    texts = look.gold.present if isinstance(look.gold, SnippetGold) else (look.gold_text,)
    folded = [_folded(text) for text in texts]
    return _quoted(
        snippet
        for snippet in look.snippets[1]
        if (sought := _folded(snippet)) and any(sought in text for text in folded)
    )


def _required(look: Look) -> str:
    if not isinstance(look.gold, TextGold) or not look.wanted:
        return ""
    text = _folded(look.gold_text)
    return _quoted(snippet for snippet in look.snippets[0] if _folded(snippet) not in text)


def _folded(text: str) -> str:
    return " ".join(norm(text).split())


def _quoted(snippets: Iterator[str]) -> str:
    return ", ".join(repr(" ".join(snippet.split())) for snippet in snippets)


# Each gives what it found in words, "" for nothing
PAGE_CHECKS: Mapping[str, Callable[[Look], str]] = {
    "gold not in the page": _absent,
    "gold only in noscript": _noscript,
    "gold partly not in the page": _partly,
    "empty gold": _empty,
    "page without text": _no_text,
    "no url": _no_url,
    "label marks in the page": _labels,
    "charset lies": _lies,
    "charset declared twice, unlike": _two_charsets,
    "charset lies, gold knows": _known_lie,
    "forbidden snippet in the gold": _forbidden,
    "required snippet not in the gold": _required,
}
SNIPPET_CHECKS = frozenset({"forbidden snippet in the gold", "required snippet not in the gold"})
# Told to the reader, and no fault: who keeps to the gold's header is not misled
NO_FAULTS = frozenset({"charset lies, gold knows"})
