"""Hostile inputs: the same from the same seed, each as hostile as it says, its marker in place."""

import gzip
import hashlib
import re
import zlib
from collections.abc import Callable

import pytest
from selectolax.lexbor import LexborHTMLParser

from bench.pagetext import decode, encoding_of, page_text
from bench.stress.inputs import INPUTS
from bench.stress.pen import DECOY, MARKER, Pen

SEED = 3
SCALE = 0.01  # what is 50 MB in a trial has 0.5 MB here
SMALL = 1_500_000  # bytes that an input of that scale may have


def made(name: str, scale: float = SCALE) -> bytes:
    """Return an input's bytes."""
    return INPUTS[name].html(SEED, scale)


def text_of(name: str) -> str:
    """Return the page text of an input, by the truth about its encoding, white space single."""
    page, html = INPUTS[name], made(name)
    html = gzip.decompress(html) if name == "gzip-bytes" else html
    return " ".join(page_text(decode(html, page.content_type, page.truth or None)).split())


def depth(html: bytes, tag: str) -> int:
    """Return how many elements of a tag the deepest of them stands in, itself among them."""
    tree = LexborHTMLParser(html.decode())
    node, found = tree.css(tag)[-1], 0
    while node is not None:
        found += node.tag == tag
        node = node.parent  # type: ignore[assignment]
    return found


def test_there_are_enough() -> None:
    """Forty and more, of names that a command line can hold, each said in a sentence."""
    assert len(INPUTS) >= 40
    for name, page in INPUTS.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
        assert re.fullmatch(r"[A-Z0-9].+\.", page.what, re.DOTALL)


@pytest.mark.parametrize("name", INPUTS)
def test_an_input_is_made_by_its_seed(name: str) -> None:
    """One seed and scale, one page; a smaller scale never makes a larger page."""
    assert made(name) == made(name)
    assert len(made(name, SCALE / 10)) <= len(made(name)) < SMALL


def test_the_pages_of_a_seed_do_not_change() -> None:
    """A published matrix names the digest of its inputs, so a change of one is a change of all.

    But for the packed ones, whose bytes depend on the version of zlib.
    """
    names = [name for name in INPUTS if name not in ("gzip-bytes", "pdf", "png")]
    digests = [hashlib.sha256(made(name)).hexdigest() for name in names]
    everything = hashlib.sha256("".join(digests).encode()).hexdigest()
    assert everything[:16] == "f9b36940c84dfbb1"


def test_another_seed_writes_other_prose() -> None:
    """The words change, the marker does not."""
    one, other = (INPUTS["calm"].html(seed).decode() for seed in (1, 2))
    assert one != other
    assert MARKER in one
    assert MARKER in other


@pytest.mark.parametrize("name", [name for name, page in INPUTS.items() if page.marked])
def test_the_marker_is_there(name: str) -> None:
    """A parser that follows the standard finds the marker, and never the decoy."""
    text = text_of(name)
    assert MARKER in text
    assert DECOY not in text


# Inputs without a marker, and what is in their place
UNMARKED: dict[str, Callable[[bytes], bool]] = {
    "empty": lambda html: not html,
    "whitespace": lambda html: html.isspace() and len(html) > 5000,
    "script-only": lambda html: html.startswith(b"<script>") and html.endswith(b"</script>"),
    "pdf": lambda html: html.startswith(b"%PDF-1.7\n") and html.endswith(b"%%EOF\n"),
    "png": lambda html: html.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in html,
    "noise": lambda html: len(zlib.compress(html)) >= len(html) == 1000,
}


def test_those_without_a_marker() -> None:
    """They are those, and each is what it says."""
    assert [name for name, page in INPUTS.items() if not page.marked] == [*UNMARKED]
    assert [name for name, is_so in UNMARKED.items() if not is_so(made(name))] == []


# Input, tag, how deep the last of them stands at this scale
DEPTHS = [
    ("deep-300", "div", 3),
    ("deep-10k", "div", 100),
    ("deep-100k", "div", 1000),
    ("deep-inline", "span", 100),
    ("deep-lists", "ul", 20),
    ("deep-tables", "table", 10),
    ("unclosed-tags", "section", 50),
]


@pytest.mark.parametrize(("name", "tag", "levels"), DEPTHS)
def test_depth(name: str, tag: str, levels: int) -> None:
    """A parser without a limit finds the depth that is promised."""
    assert depth(made(name), tag) == levels


# Input, what is counted in it, how often at this scale
COUNTS = [
    ("siblings", rb"<i></i>", 3000),
    ("links", rb"<a href=/\d+>", 2000),
    ("breaks", rb"<br>", 1000),
    ("attributes", rb" data-\d+=x", 10_000),
    ("entities", rb"&[#\w]+;? ?", 10_000),
    ("identical-paragraphs", rb"<p>", 3 + 500),
    ("tables", rb"<tr>", 200),
    ("angles", rb"< ", 2000),
    ("closed-too-often", rb"</[a-z]+>", 7 * 14 + 3),
    ("zero-width", rb"\xe2\x80[\x8b-\x8d]|\xe2\x81\xa0|\xef\xbb\xbf", 3000),
    ("right-to-left", rb"<p>\xe2\x80\xae", 3 + 10),
    ("combining-marks", rb"\xcc\x81", 1000),
    ("javascript-links", rb'<a href="javascript:', 10),
    ("billion-laughs", rb"<!ENTITY ", 10),
    ("quadratic-blowup", rb"&e;", 500),
    ("unclosed-formats", rb"<a href=/><b>", 20),
]


@pytest.mark.parametrize(("name", "pattern", "number"), COUNTS)
def test_number(name: str, pattern: bytes, number: int) -> None:
    """There are as many of what it has too many of."""
    assert len(re.findall(pattern, made(name))) == number


# Input, megabytes at full scale, whose share is found at this one within a tenth
SIZES = [
    ("paragraphs-50mb", 50),
    ("text-node-50mb", 50),
    ("script-20mb", 20),
    ("comment-20mb", 20),
    ("attribute-10mb", 10),
    ("one-word", 1),
    ("spaces", 1),
]


@pytest.mark.parametrize(("name", "megabytes"), SIZES)
def test_size(name: str, megabytes: int) -> None:
    """It is as large as its name says."""
    story = len(Pen(f"{SEED}/{name}").page())
    assert (len(made(name)) - story) / SCALE / 1e6 == pytest.approx(megabytes, rel=0.1)


def test_one_text_node() -> None:
    """The text of 50 MB is one node."""
    paragraph = LexborHTMLParser(made("text-node-50mb").decode()).css("p")
    assert [len([*node.iter(include_text=True)]) for node in paragraph] == [1]


# Input, whether its bytes are UTF-8, what the standard's rule says of them
DECODING = [
    ("calm", True, "utf-8"),
    ("charset-bogus", True, "utf-8"),
    ("charset-lying", True, "gb18030"),
    ("charset-missing", False, "utf-8"),
    ("charset-utf-16", True, "utf-8"),
    ("utf-16-le", False, "utf-16-le"),
    ("utf-16-be", False, "utf-16-be"),
    ("utf-16-unmarked", False, "utf-16-le"),
    ("lone-surrogates", False, "utf-8"),
    ("utf-8-invalid", False, "utf-8"),
    ("truncated", False, "utf-8"),
    ("nul", True, "utf-8"),
]


@pytest.mark.parametrize(("name", "is_utf_8", "encoding"), DECODING)
def test_decoding(name: str, *, is_utf_8: bool, encoding: str) -> None:
    """It decodes or does not, and declares what it says."""
    html = made(name)
    assert (html.decode("utf-8", "ignore").encode() == html) == is_utf_8
    assert encoding_of(html, INPUTS[name].content_type) == encoding


@pytest.mark.parametrize("tag", ["script", "title", "textarea", "table"])
def test_unclosed(tag: str) -> None:
    """After the last start tag there is no end tag."""
    html = made(f"unclosed-{tag}").rpartition(f"<{tag}>".encode())[2]
    assert len(html) > 50
    assert f"</{tag}>".encode() not in html


def test_the_entities_grow() -> None:
    """Each of ten entities is ten of the one before; one of 500 letters is used 500 times."""
    rows = re.findall(rb'<!ENTITY e\d "(.*)">', made("billion-laughs"))
    assert [row.count(b"&") for row in rows] == [0, *[10] * 9]
    assert len(re.findall(rb'<!ENTITY e "(.*)">', made("quadratic-blowup"))[0]) == pytest.approx(
        500, 0.02
    )


def test_all_addresses_are_of_nobody() -> None:
    """Whatever a page wants fetched lies in TEST-NET-1 (RFC 5737) or in a name space of XML."""
    addresses = {
        address for name in INPUTS for address in re.findall(rb"https?://([\w.]+)", made(name))
    }
    assert addresses == {b"192.0.2.1", b"www.w3.org"}
