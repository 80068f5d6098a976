"""Two helpers that every Python adapter may import; standard library only.

`decode` is for libraries that take only `str`, `html_to_text` for libraries that give HTML.
"""

from html.parser import HTMLParser

# Set by the worker before each page: the codec found by the standard's rule
encoding = "utf-8"

_BLOCKS = frozenset(
    "address article aside blockquote br caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol "
    "optgroup option p pre search section select summary table tbody td tfoot th thead tr "
    "ul".split()
)
_SILENT = frozenset("script style template iframe noframes noembed head title".split())


def decode(html: bytes) -> str:
    """Return the page as text, undecodable bytes as U+FFFD, without a byte order mark."""
    return html.decode(encoding, "replace").removeprefix("\ufeff")


def html_to_text(fragment: str) -> str:
    """Return the text of an HTML fragment, a line break at each block tag, lines trimmed."""
    parser = _Text()
    parser.feed(fragment)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _BLOCKS:
            self.parts.append("\n")
        if tag in _SILENT and not self._silent:
            self._silent = tag

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")
        if tag == self._silent:
            self._silent = ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            # A line break in the source of a fragment is white space, not a block boundary
            self.parts.append(data.replace("\n", " "))
