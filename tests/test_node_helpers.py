"""What a Node contestant is given makes the same text as what a Python contestant may import."""

import json
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from bench.pagetext import INLINE
from bench.process import WorkerProcess
from bench.worker import boilerbench_adapter as adapter
from tests.nodes import NEEDS_NODE, OBEYS, running
from tests.running import request

pytestmark = NEEDS_NODE

DECODES = "export const extract = (html, url, { decode }) => decode(html);"
# Its pages are trees of nodes in JSON: what a parser would make of a fragment
WALKS = "export const extract = (html, url, { nodeToText }) => nodeToText(JSON.parse(html));"
obedient, decoder, walker = running(OBEYS), running(DECODES), running(WALKS)


def decoded(worker: WorkerProcess, data: bytes, codec: str) -> str:
    """Return what the Node helper makes of bytes; `codec` is Python's name."""
    asked = json.loads(request("p", data)) | {"encoding": codec}
    return str(worker.ask(json.dumps(asked).encode() + b"\n", "p")["text"])


def by_python(data: bytes, codec: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what the Python helper makes of them."""
    monkeypatch.setattr(adapter, "encoding", codec)
    return adapter.decode(data)


# Bytes, codec, text: the same from both helpers
DECODED = [
    (b"", "utf-8", ""),
    (b"\xef\xbb\xbftea", "utf-8", "tea"),
    (b"\xff\xfet\0", "utf-16-le", "t"),
    (b"\xfe\xff\0t", "utf-16-be", "t"),
    ("차 한 잔".encode(), "utf8", "차 한 잔"),
    ("뷁 똠방각하 펲시".encode("cp949"), "cp949", "뷁 똠방각하 펲시"),
    ("髙橋さんの①お茶".encode("cp932"), "cp932", "髙橋さんの①お茶"),
    ("日本語".encode("euc_jp"), "euc_jp", "日本語"),
    ("日本語".encode("iso2022_jp"), "iso2022_jp", "日本語"),
    ("茶 㐀 𠀀".encode("gb18030"), "gb18030", "茶 㐀 𠀀"),
    ("綠茶".encode("big5hkscs"), "big5hkscs", "綠茶"),
    ("“Tea” – 5 €".encode("cp1252"), "cp1252", "“Tea” – 5 €"),
    (b"a\xff \xf0\x9f\x98 b", "utf-8", "a\ufffd \ufffd b"),
    (b"\xc2\x85", "utf-8", "\x85"),
    (b"\x81 tea", "cp1252", "\ufffd tea"),
    (b"\x80\xff tea", "cp949", "\ufffd\ufffd tea"),
    (b"\xb0", "cp949", "\ufffd"),
    (b"\x80 tea", "euc_jp", "\ufffd tea"),
]


@pytest.mark.parametrize(("data", "codec", "text"), DECODED, ids=[str(d[:2]) for d in DECODED])
def test_both_helpers_decode_alike(
    decoder: WorkerProcess, monkeypatch: pytest.MonkeyPatch, data: bytes, codec: str, text: str
) -> None:
    """What is undecodable becomes U+FFFD, and a byte order mark is no text."""
    assert by_python(data, codec, monkeypatch) == text
    assert decoded(decoder, data, codec) == text


WINDOWS = [f"cp125{n}" for n in range(9)]
ISO = [f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15)]
OTHERS = ["cp866", "cp874", "koi8-r", "koi8-u", "mac-cyrillic", "mac-roman"]


@pytest.mark.parametrize("codec", [*WINDOWS, *ISO, *OTHERS])
def test_single_bytes_are_those_of_python(
    decoder: WorkerProcess, monkeypatch: pytest.MonkeyPatch, codec: str
) -> None:
    """Every byte that Python knows in a codec is the same character in Node."""
    every = bytes(byte for byte in range(0x20, 0x100) if byte != 0x7F)
    both = zip(by_python(every, codec, monkeypatch), decoded(decoder, every, codec), strict=True)
    assert [pair for pair in both if pair[0] not in ("\ufffd", pair[1])] == []


def test_every_korean_syllable_is_decoded(decoder: WorkerProcess) -> None:
    """All that Microsoft's code page for Korean holds, of which the standard has a quarter."""
    pairs = [bytes([lead, trail]) for lead in range(0x81, 0xFF) for trail in range(0x41, 0xFF)]
    known = [pair for pair in pairs if "\ufffd" not in pair.decode("cp949", "replace")]
    text = b"\n".join(pair for pair in known if len(pair.decode("cp949")) == 1)
    assert decoded(decoder, text, "cp949") == text.decode("cp949")
    assert len(text) > 11_172 * 3


def test_what_node_has_no_decoder_for_is_an_error(decoder: WorkerProcess) -> None:
    """Better a miss that says so than text that was guessed."""
    asked = json.loads(request("p")) | {"encoding": "cp437"}
    answer = decoder.ask(json.dumps(asked).encode() + b"\n", "p")
    assert answer["error"] == 'RangeError: The "cp437" encoding is not supported'


# HTML fragment → its text, by html_to_text from the source and by nodeToText from the tree
TEXTS = [
    ("", ""),
    ("tea", "tea"),
    ("<p>Green <b>tea</b> is<i>dry</i>.</p><p>It rains.</p>", "Green tea isdry.\nIt rains."),
    ("one<br>two<hr>three", "one\ntwo\nthree"),
    ("<ul><li>a<li>b</ul>c", "a\nb\nc"),
    ("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb"),
    ("<p>two\nlines of\r\n\tsource</p>", "two lines of source"),
    ("<p>a&nbsp;&nbsp;b\u3000c\u2028d\x85e\ufefff</p>", "a b c d e\ufefff"),
    ("<p>&lt;b&gt; &amp;amp; &eacute; &#x1F375;</p>", "<b> &amp; é \U0001f375"),
    ("a<script>var b = '<p>';</script><style>p {}</style>c", "ac"),
    ("a<template>b</template><iframe>c</iframe><noembed>d</noembed>e", "ae"),
    ("a<!-- b -->c", "ac"),
    ("<div> <p> </p> </div>", ""),
    ("<svg><title>a</title><text>b</text></svg>", "b"),
    ("<noscript>a</noscript><textarea>b</textarea>", "ab"),
]


def text_node(data: str) -> dict[str, Any]:
    """Return a text node as a DOM shows it."""
    return {"nodeType": 3, "data": data}


def element(tag: str, *children: dict[str, Any]) -> dict[str, Any]:
    """Return an element as a DOM shows it."""
    return {"nodeType": 1, "localName": tag, "childNodes": children}


def tree(node: LexborNode) -> dict[str, Any]:
    """Return a parsed node and all below it as a DOM shows them."""
    if node.is_text_node:
        return text_node(node.text_content or "")
    if not node.is_element_node:
        return {"nodeType": 8, "data": "a comment"}
    return element(node.tag or "", *map(tree, node.iter(include_text=True)))


@pytest.mark.parametrize(("fragment", "text"), TEXTS, ids=[t[0] for t in TEXTS])
def test_both_helpers_make_the_same_text(walker: WorkerProcess, fragment: str, text: str) -> None:
    """A block parts lines, white space is one space, entities are decoded, scripts are silent."""
    assert adapter.html_to_text(fragment) == text
    body = LexborHTMLParser(fragment or "<body>").body
    assert body is not None
    assert walker.ask(request("p", json.dumps(tree(body)).encode()), "p")["text"] == text


def test_both_helpers_know_the_same_tags(walker: WorkerProcess) -> None:
    """Every tag that parts lines or is silent is one in both."""
    tags = sorted(adapter._BLOCKS | adapter._SILENT | INLINE)
    rows = [
        element("div", text_node("a"), element(tag, text_node("b")), text_node("c")) for tag in tags
    ]
    expected = adapter.html_to_text("".join(f"<div>a<{tag}>b</{tag}>c</div>" for tag in tags))
    answer = walker.ask(request("p", json.dumps(element("body", *rows)).encode()), "p")
    assert answer["text"] == expected
    assert {"a\nb\nc", "ac", "abc"} >= {adapter.html_to_text(f"a<{t}>b</{t}>c") for t in tags}


def test_a_tree_may_be_deep_and_wide(obedient: WorkerProcess) -> None:
    """No page is too deep for the stack, nor too wide for one call's arguments."""
    body = """
    let node = { nodeType: 1, childNodes: Array(50_000).fill({ nodeType: 3, data: "tea " }) };
    for (let i = 0; i < 20_000; i++) node = { nodeType: 1, localName: "div", childNodes: [node] };
    return String(nodeToText(node).length);
    """
    assert obedient.ask(request("p", body.encode()), "p")["text"] == str(50_000 * 4 - 1)
