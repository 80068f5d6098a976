"""Hostile inputs: nothing at all, other formats, and bytes in no or another encoding."""

# ruff: noqa: D401  a docstring says what its input is; docs/stress.md is made of them

import codecs
import gzip
import zlib

from bench.stress.pen import DECOY, MARKER, Pen, Theme

ENCODINGS = Theme()

_FOREIGN = "Zoë Brändle, Ærøskøbing — naïve café, 찻집, чайная, お茶"
_LATIN = "Zoë Brändle, Ærøskøbing, naïve café"


@ENCODINGS.input()
def calm(pen: Pen) -> bytes:
    """No hostility: the article that most other inputs hold."""
    return pen.page().encode()


@ENCODINGS.input(marked=False)
def empty(pen: Pen) -> bytes:
    """Not a byte."""
    del pen
    return b""


@ENCODINGS.input(marked=False)
def whitespace(pen: Pen) -> bytes:
    """1 MB of spaces, tabs and line breaks."""
    return pen.repeat(" \n\t\r\n\f   \n", 100_000).encode()


@ENCODINGS.input(marked=False)
def script_only(pen: Pen) -> bytes:
    """A page that is one script."""
    return f"<script>{pen.repeat(f'say({DECOY!r});', 100)}</script>".encode()


@ENCODINGS.input(content_type="text/plain")
def plain_text(pen: Pen) -> bytes:
    """Text without a tag."""
    return "\n\n".join([*pen.sentences[:8], MARKER, *pen.sentences[8:16]]).encode()


@ENCODINGS.input()
def truncated(pen: Pen) -> bytes:
    """A page that breaks off inside a tag, in the middle of a character."""
    return pen.page().encode().partition(b"</article>")[0] + b'<p class="caf\xc3'


@ENCODINGS.input()
def nul(pen: Pen) -> bytes:
    """NUL bytes before, between and inside tags and words."""
    hostile = b"\0<p\0>ship\0s</p>\0\0"
    return hostile + pen.page("<p>a\0b</p>").replace("\n", "\0\n").encode() + hostile


@ENCODINGS.input()
def control_characters(pen: Pen) -> bytes:
    """Every character from U+0001 to U+001F and from U+007F to U+009F, literally and as entity."""
    codes = [*range(1, 0x20), *range(0x7F, 0xA0)]
    entities = "".join(f"&#{code};" for code in codes)
    return pen.page(f"<p>{''.join(map(chr, codes))}</p><p>{entities}</p>").encode()


@ENCODINGS.input()
def charset_bogus(pen: Pen) -> bytes:
    """UTF-8 that declares the encoding "klingon-8"."""
    return pen.page(f"<p>{_FOREIGN}</p>", charset="klingon-8").encode()


@ENCODINGS.input(truth="utf-8")
def charset_lying(pen: Pen) -> bytes:
    """UTF-8 that declares GB 18030."""
    return pen.page(f"<p>{_FOREIGN}</p>", charset="gb18030").encode()


@ENCODINGS.input(truth="utf-8")
def charset_utf_16(pen: Pen) -> bytes:
    """UTF-8 whose meta element declares UTF-16, which the standard reads as UTF-8."""
    return pen.page(f"<p>{_FOREIGN}</p>", charset="utf-16le").encode()


@ENCODINGS.input(truth="windows-1252")
def charset_missing(pen: Pen) -> bytes:
    """Windows-1252 that declares nothing."""
    return pen.page(f"<p>{_LATIN}</p>", charset="").encode("windows-1252")


@ENCODINGS.input()
def utf_16_le(pen: Pen) -> bytes:
    """UTF-16, little endian, with its byte order mark."""
    return codecs.BOM_UTF16_LE + pen.page(f"<p>{_FOREIGN}</p>", charset="").encode("utf-16-le")


@ENCODINGS.input()
def utf_16_be(pen: Pen) -> bytes:
    """UTF-16, big endian, with its byte order mark."""
    return codecs.BOM_UTF16_BE + pen.page(f"<p>{_FOREIGN}</p>", charset="").encode("utf-16-be")


@ENCODINGS.input(content_type="text/html; charset=utf-16le")
def utf_16_unmarked(pen: Pen) -> bytes:
    """UTF-16 without a byte order mark: only the HTTP header says so."""
    return pen.page(f"<p>{_FOREIGN}</p>", charset="").encode("utf-16-le")


@ENCODINGS.input()
def lone_surrogates(pen: Pen) -> bytes:
    """Halves of surrogate pairs, as entities and as bytes."""
    halves = "".join(chr(code) for code in (0xD800, 0xDBFF, 0xDC00, 0xDFFF))
    entities = "<p>&#xD800; &#55357; &#xDFFF;</p>"
    return pen.page(f"<p>{halves}</p>{entities}").encode("utf-8", "surrogatepass")


@ENCODINGS.input()
def utf_8_invalid(pen: Pen) -> bytes:
    """Bytes that UTF-8 never has: overlong, cut, beyond U+10FFFF, between and inside elements."""
    wrong = b"\xc0\x80 \xe2\x28\xa1 \xf5\x80\x80\x80 \xff\xfe \x80"
    return pen.page("<p>@</p>@").encode().replace(b"@", wrong)


@ENCODINGS.input(content_type="application/gzip")
def gzip_bytes(pen: Pen) -> bytes:
    """A page that somebody forgot to unzip."""
    return gzip.compress(pen.page(pen.paragraphs(100_000)).encode(), mtime=0)


@ENCODINGS.input(marked=False, content_type="application/pdf")
def pdf(pen: Pen) -> bytes:
    """The beginning of a PDF with a packed page."""
    packed = zlib.compress(pen.prose(100_000).encode())
    head = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    stream = b"4 0 obj\n<</Length %d/Filter/FlateDecode>>stream\n" % len(packed)
    return head + stream + packed + b"\nendstream\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"


@ENCODINGS.input(marked=False, content_type="image/png")
def png(pen: Pen) -> bytes:
    """A PNG of 256 × 256 grey pixels of noise."""
    side = 256
    rows = b"".join(b"\0" + pen.noise(side, f"{row}") for row in range(side))
    chunks = (
        (b"IHDR", side.to_bytes(4) * 2 + b"\x08\0\0\0\0"),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)
        for kind, data in chunks
    )


@ENCODINGS.input(marked=False)
def noise(pen: Pen) -> bytes:
    """100 kB without a pattern, said to be HTML."""
    return pen.noise(pen.count(100_000))
