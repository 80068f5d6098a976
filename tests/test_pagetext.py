"""Page text: what counts as text of a page, and in which encoding its bytes are read."""

import codecs
from encodings.aliases import aliases

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.pagetext import decode, encoding_of, page_text, squeeze

TABLE = [
    # HTML; words of the page text
    ("", ""),
    ("<title>No</title>", ""),
    ("<p>One</p>", "One"),
    ("Bare <b>text</b>", "Bare text"),
    ("<head><title>No</title><meta name=a content=no></head><body>Yes", "Yes"),
    # In: what is text, seen or not
    ('<p hidden>In</p><div style="display:none">Also</div>', "In Also"),
    ("<noscript><p>Turn it on</p></noscript>", "Turn it on"),
    ("<textarea>Write <b>here</b></textarea>", "Write <b>here</b>"),
    ("<select><option>A<option selected>B</select>", "A B"),
    ("<button>Go</button><label>Name</label><legend>L</legend>", "Go Name L"),
    ("<svg><title>Logo</title><text>Shop</text></svg>", "Logo Shop"),
    ("<details><summary>More</summary>Inside</details>", "More Inside"),
    ("<dialog>Closed</dialog><template>x</template>", "Closed"),
    ("<frameset><frame></frameset>", ""),
    # Out: what no style sheet can show, and what is no text
    ("a<script>no()</script><style>no{}</style>b", "ab"),
    ("<svg><script>no()</script><style>no{}</style><desc>D</desc></svg>", "D"),
    ("<template><p>no</p></template>a", "a"),
    ("<iframe>no</iframe><noembed>no</noembed><noframes>no</noframes>a", "a"),
    ("a<!-- no --><![CDATA[no]]><?no?>b", "ab"),
    ('<img alt="no"><input value="no" placeholder="no"><a title="no">a</a>', "a"),
    ("<p>a</p><title>stray</title><p>b</p>", "a b"),
    ("<div><title>stray</title>a</div>", "a"),
    # Words: inline tags glue, all others part
    ("<span>댓글</span><b>0건</b>", "댓글0건"),
    ("<a>H</a><sub>2</sub><a>O</a>", "H2O"),
    ("<p>a<!-- -->b<wbr>c</p>", "abc"),
    ("<p>a</p><p>b</p>", "a b"),
    ("<div>a<div>b</div>c</div>", "a b c"),
    ("<td>a</td>", "a"),
    ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
    ("<ul><li>a<li>b</ul>", "a b"),
    ("a<br>b<hr>c", "a b c"),
    ("a<img>b", "a b"),
    ("<span>a</span><div></div><span>b</span>", "a b"),
    ("<b>a<i>b</b>c</i>", "abc"),  # misnested, as browsers repair it
    ("a&nbsp;&amp;&#54620;&shy;b", "a &한\u00adb"),
    ("<table><p>moved</p><tr><td>cell</td></tr></table>", "moved cell"),
]


@pytest.mark.parametrize(("html", "words"), TABLE)
def test_table(html: str, words: str) -> None:
    """The page text of a page has these words and no others."""
    assert page_text(html).split() == words.split()


def test_text_is_in_document_order_and_white_space_as_in_the_source() -> None:
    """Text nodes stand as they are, with one newline where a block begins or ends."""
    assert page_text("<p>a  b\n</p>\n<p>c</p>").strip("\n") == "a  b\n\n\n\nc"


def test_a_page_without_body_has_no_text() -> None:
    """A frame set has no body, hence no text."""
    assert page_text("<frameset><noframes>no</noframes></frameset>") == ""


@given(st.lists(st.sampled_from(["p", "div", "b", "span", "li", "td"]), max_size=6))
def test_tags_neither_add_nor_take_text(tags: list[str]) -> None:
    """Whatever the tags around them, the words stay, in order."""
    html = "".join(f"<{tag}>word{n}</{tag}>" for n, tag in enumerate(tags))
    assert squeeze(page_text(html)) == "".join(f"word{n}" for n in range(len(tags)))


KOREAN = "한글 뷁"  # the second is in cp949, but not in EUC-KR proper
META = '<meta charset="{}">'
XML = '<?xml version="1.0" encoding="{}"?>'
OLD_META = '<meta http-equiv="Content-Type" content="text/html; charset={}">'
ENCODINGS = [
    # bytes; HTTP header; known truth; codec
    (KOREAN.encode(), "text/html", None, "utf-8"),
    (KOREAN.encode(), "text/html; charset=utf-8", None, "utf-8"),
    (KOREAN.encode("cp949"), "text/html; charset=euc-kr", None, "cp949"),
    (KOREAN.encode("cp949"), "text/html; charset=KS_C_5601-1987", None, "cp949"),
    ((META.format("euc-kr") + KOREAN).encode("cp949"), "text/html", None, "cp949"),
    ((OLD_META.format("euc-kr") + KOREAN).encode("cp949"), "text/html", None, "cp949"),
    ((META.format("euc-kr") + KOREAN).encode(), "text/html; charset=utf-8", None, "utf-8"),
    (codecs.BOM_UTF8 + KOREAN.encode(), "text/html; charset=euc-kr", None, "utf-8"),
    (codecs.BOM_UTF8 + KOREAN.encode(), "text/html; charset=euc-kr", "utf-8", "utf-8"),
    (codecs.BOM_UTF16_LE + KOREAN.encode("utf-16-le"), "text/html", None, "utf-16-le"),
    (codecs.BOM_UTF16_LE + KOREAN.encode("utf-16-le"), "text/html", "utf-16-le", "utf-16-le"),
    ((META.format("utf-8") + KOREAN).encode("cp949"), "text/html", "euc-kr", "cp949"),
    (KOREAN.encode("cp949"), "text/html; charset=utf-8", "cp949", "cp949"),
    ("“café”".encode("cp1252"), "text/html; charset=iso-8859-1", None, "cp1252"),
    # Codecs of Python, but no labels of the Encoding standard
    ((META.format("undefined") + KOREAN).encode(), "text/html", None, "utf-8"),
    (KOREAN.encode(), "text/html; charset=hex", None, "utf-8"),
    (KOREAN.encode(), "text/html; charset=punycode", None, "utf-8"),
    ((META.format("euc-kr") + KOREAN).encode("cp949"), "text/html; charset=hex", None, "cp949"),
    ((META.format("cp037") + KOREAN).encode(), "text/html", None, "utf-8"),
    # The header may say UTF-16; markup that reads as ASCII cannot
    (KOREAN.encode("utf-16-be"), "text/html; charset=utf-16", None, "utf-16-be"),
    (KOREAN.encode("utf-16-le"), "text/html; charset=utf-16le", None, "utf-16-le"),
    ((META.format("utf-16le") + KOREAN).encode(), "text/html", None, "utf-8"),
    ((OLD_META.format("UTF-16") + KOREAN).encode(), "", None, "utf-8"),
    ((XML.format("utf-16be") + KOREAN).encode(), "", None, "utf-8"),
    ((XML.format("euc-kr") + KOREAN).encode("cp949"), "", None, "cp949"),
    ((META.format("X-User-Defined") + "“café”").encode("cp1252"), "", None, "cp1252"),
    ((f"<!--{'x' * 5000}-->" + META.format("euc-kr") + KOREAN).encode(), "", None, "utf-8"),
]


@pytest.mark.parametrize(("html", "content_type", "charset", "codec"), ENCODINGS)
def test_encodings(html: bytes, content_type: str, charset: str | None, codec: str) -> None:
    """Truth, byte order mark, HTTP header, `<meta>`, UTF-8: the first that is there decides."""
    assert codecs.lookup(encoding_of(html, content_type, charset)).name == codec
    text = page_text(decode(html, content_type, charset))
    assert squeeze(text) in {squeeze(KOREAN), "“café”"}  # and no byte order mark


def test_a_lying_declaration_spoils_the_text() -> None:
    """Without the known truth a page is read as it declares itself, right or wrong."""
    lying = (META.format("utf-8") + KOREAN).encode("cp949")
    assert "\ufffd" in decode(lying, "text/html")


def test_undecodable_bytes_are_replaced() -> None:
    """A byte that the encoding has not becomes U+FFFD, with and without known truth."""
    assert decode(b"a\xffb", "text/html; charset=utf-8") == "a\ufffdb"
    assert decode(b"a\xffb", "text/html", "utf-8") == "a\ufffdb"


def test_a_euro_sign_of_gbk() -> None:
    """Byte 0x80 of GBK is the euro sign (Encoding standard), with and without known truth."""
    assert decode(b"\x80", "text/html; charset=gbk") == decode(b"\x80", "", "gbk") == "€"


@given(st.sampled_from(sorted({*aliases, *aliases.values()})), st.binary(max_size=30))
def test_no_label_and_no_bytes_make_reading_fail(label: str, data: bytes) -> None:
    """Whatever codec of Python a page names, in header or markup, it is read as text."""
    in_markup = META.format(label).encode() + data
    for html, content_type in ((data, f"text/html; charset={label}"), (in_markup, "text/html")):
        assert codecs.lookup(encoding_of(html, content_type))
        assert isinstance(decode(html, content_type), str)
    assert META.format(label) in decode(b"<p>" + in_markup, "text/html")


def test_squeeze_drops_all_white_space() -> None:
    """Squeezed text has no white space of any script, and keeps all else."""
    assert squeeze(" a\u00a0b\u3000c\n\td\u200be ") == "abcd\u200be"
