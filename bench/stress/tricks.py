"""Hostile inputs: entities that grow, addresses that want a visit, characters that hide."""

# ruff: noqa: D401  a docstring says what its input is; docs/stress.md is made of them

from itertools import pairwise

from bench.stress.pen import DECOY, Pen, Theme

TRICKS = Theme()

_NOWHERE = "http://192.0.2.1/"  # TEST-NET-1, RFC 5737: nobody lives there
_INVISIBLE = "".join(map(chr, (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)))
_XML = '<?xml version="1.0" encoding="utf-8"?>\n'
_XHTML = '<html xmlns="http://www.w3.org/1999/xhtml"><body>'


@TRICKS.input(content_type="application/xhtml+xml")
def xml_declaration(pen: Pen) -> bytes:
    """XHTML with an XML declaration, which lxml refuses in front of a `str`."""
    return f"{_XML}{_XHTML}{pen.story()}</body></html>".encode()


@TRICKS.input(content_type="application/xhtml+xml")
def billion_laughs(pen: Pen) -> bytes:
    """Ten entities of a DTD, each ten of the one before: 10^9 words if they are expanded."""
    names = [f"e{i}" for i in range(10)]
    rows = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">\n' for before, name in pairwise(names))
    return _with_dtd(pen, f'<!ENTITY e0 "gremlin">\n{rows}', f"&{names[-1]};")


@TRICKS.input(content_type="application/xhtml+xml")
def quadratic_blowup(pen: Pen) -> bytes:
    """One entity of 50 kB, used 50,000 times: 2.5 GB if it is expanded."""
    text = pen.repeat("gremlin", 50_000 // 7)
    return _with_dtd(pen, f'<!ENTITY e "{text}">', pen.repeat("&e;", 50_000))


@TRICKS.input(content_type="application/xhtml+xml")
def external_entity(pen: Pen) -> bytes:
    """An entity that is a file of this machine, one that is an address, and a DTD from there."""
    rows = (
        '<!ENTITY file SYSTEM "file:///etc/passwd">\n'
        f'<!ENTITY net SYSTEM "{_NOWHERE}a">\n'
        f'<!ENTITY % dtd SYSTEM "{_NOWHERE}a.dtd"> %dtd;\n'
    )
    return _with_dtd(pen, rows, "&file; &net;")


@TRICKS.input()
def zero_width(pen: Pen) -> bytes:
    """300,000 characters without a width between words."""
    return pen.page(f"<p>{pen.repeat(f'harbour{_INVISIBLE} ', 60_000)}</p>").encode()


@TRICKS.input()
def right_to_left(pen: Pen) -> bytes:
    """Overrides of the direction of writing, none of them ended, around each paragraph."""
    marks = "".join(map(chr, (0x202E, 0x202D, 0x2067, 0x2066, 0x200F, 0x061C)))
    return (
        pen.page(pen.repeat(f"<p>{marks}harbour</p>", 1000)).replace("<p>", f"<p>{marks}").encode()
    )


@TRICKS.input()
def combining_marks(pen: Pen) -> bytes:
    """A letter with 100,000 accents."""
    return pen.page(f"<p>e{pen.repeat(chr(0x301), 100_000)}</p>").encode()


@TRICKS.input()
def javascript_links(pen: Pen) -> bytes:
    """1,000 links whose address is a script, and handlers of events."""
    link = f'<a href="javascript:say(`{DECOY}`)" onclick="say(`{DECOY}`)">harbour</a> '
    return pen.page(f"<p>{pen.repeat(link, 1000)}</p>").encode()


@TRICKS.input()
def colspan(pen: Pen) -> bytes:
    """A table cell that spans 10^16 columns and as many rows."""
    span = 10**16
    cell = f'<td colspan="{span}" rowspan="{span}">harbour</td>'
    return pen.page(f"<table><tr>{cell}</tr><tr>{cell}{cell}</tr></table>").encode()


@TRICKS.input()
def list_start(pen: Pen) -> bytes:
    """A numbered list that starts at 10^16, and one at -10^16, backwards."""
    lists = f'<ol start="{10**16}"><li>harbour</ol><ol reversed start="-{10**16}"><li>island</ol>'
    return pen.page(lists).encode()


@TRICKS.input()
def image_size(pen: Pen) -> bytes:
    """Images of 10^9 × 10^9 pixels and of -1 × nan."""
    images = (
        f'<img width={10**9} height={10**9} src="/a.png"><img width=-1 height=nan src="/b.png">'
    )
    return pen.page(images).encode()


@TRICKS.input()
def meta_refresh(pen: Pen) -> bytes:
    """A page that wants to be left at once for another."""
    refresh = f'<meta http-equiv="refresh" content="0; url={_NOWHERE}">'
    return pen.page(head=refresh).encode()


@TRICKS.input()
def base_href(pen: Pen) -> bytes:
    """Three bases, an address that is none, a script and a server, for relative links."""
    bases = f'<base href="http://[::1"><base href="javascript:0"><base href="{_NOWHERE}">'
    return pen.page(
        '<p><a href="../a">harbour</a> <a href="//[">island</a></p>', head=bases
    ).encode()


@TRICKS.input()
def remote_images(pen: Pen) -> bytes:
    """100 images, sounds, films and frames of a server that nobody may call."""
    row = (
        f'<img src="{_NOWHERE}a.png" srcset="{_NOWHERE}b.png 2x"><iframe src="{_NOWHERE}"></iframe>'
    )
    films = f'<video src="{_NOWHERE}c" poster="{_NOWHERE}d"></video><embed src="{_NOWHERE}e">'
    return pen.page(pen.repeat(row + films, 25)).encode()


@TRICKS.input()
def remote_styles(pen: Pen) -> bytes:
    """Style sheets, scripts, imports and hints of a server that nobody may call."""
    head = (
        f'<link rel="stylesheet" href="{_NOWHERE}a.css"><link rel="preload" href="{_NOWHERE}b">'
        f'<script src="{_NOWHERE}c.js"></script><style>@import url({_NOWHERE}d.css);'
        f"p {{ background: url({_NOWHERE}e.png) }} /* {DECOY} */</style>"
        f'<link rel="canonical" href="{_NOWHERE}f"><link rel="amphtml" href="{_NOWHERE}g">'
    )
    return pen.page(head=head).encode()


@TRICKS.input()
def json_in_script(pen: Pen) -> bytes:
    """Metadata in JSON-LD that does not parse, nested 100,000 deep, beside some of a wrong type."""
    deep = pen.repeat("[", 100_000)
    start = '<script type="application/ld+json">'
    head = f'{start}{deep}</script>{start}{{"articleBody": ["{DECOY}"], "@graph": 7}}</script>'
    return pen.page(head=head).encode()


@TRICKS.input()
def attributes_of_xml(pen: Pen) -> bytes:
    """Names of elements and attributes that XML forbids."""
    return pen.page(
        '<p><o:p>harbour</o:p><a:b:c d:e:f="1" 1="2" <="3" @="4">island</a:b:c></p>'
    ).encode()


def _with_dtd(pen: Pen, rows: str, used: str) -> bytes:
    story = pen.story()
    return f"{_XML}<!DOCTYPE html [\n{rows}]>\n{_XHTML}{story}<p>{used}</p></body></html>".encode()
