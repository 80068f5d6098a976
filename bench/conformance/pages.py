"""Made-up pages that every extractor must be able to take, and some that it may refuse."""

import codecs
import hashlib
from collections.abc import Iterator

from bench.lane import Task
from bench.pagetext import encoding_of

HOST = "https://tearoom.example"
DEEP = 3000  # nested elements; parsers stop between 256 (libxml2) and never, and stacks overflow
_GARBAGE = 20_000  # bytes: more than any buffer in which a charset is looked for

# Title, then paragraphs
_ENGLISH = """A tea room between two mountains

The room opens at six, long before the first bus comes up from the valley, and the stove has been
burning for an hour by then. Nobody asks for a menu, because there is only one pot.

Zoë Brändle weighs every leaf on the brass scale that her grandfather brought from Ærøskøbing. She
says that a spoon would do as well, but that guests drink more slowly when they have seen the
weights being laid on, one after the other.

In winter the road is closed for nine weeks, and the neighbours carry the water up on foot. They are
paid in tea, which they drink on the spot, and in stories, which they take home.""".split("\n\n")
_KOREAN = """두 산 사이에 있는 작은 찻집

찻집은 첫 버스가 골짜기에서 올라오기 한참 전인 여섯 시에 문을 열고,
그때쯤이면 난로는 이미 한 시간째 타고 있습니다. 주전자가 하나뿐이어서 아무도 차림표를 찾지 않습니다.

주인은 할아버지가 물려준 놋쇠 저울에 찻잎을 한 장씩 올려 무게를 잽니다.
숟가락으로 재어도 되지만, 저울추를 하나씩 올리는 모습을 본 손님은 차를 더 천천히 마신다고 말합니다.

겨울에는 아홉 주 동안 길이 막혀서 이웃들이 물을 지고 걸어서 올라옵니다.
품삯은 그 자리에서 마시는 차와 집으로 가져가는 이야기로 받습니다.""".split("\n\n")
_RUSSIAN = """Чайная между двумя горами

Чайная открывается в шесть утра, задолго до первого автобуса из долины, и печь к этому часу топится
уже давно. Меню никто не просит, потому что чайник здесь только один.

Хозяйка взвешивает каждый лист на латунных весах, которые достались ей от деда. Она говорит, что
хватило бы и ложки, но гости пьют медленнее, когда видят, как ложатся гирьки.

Зимой дорога закрыта девять недель, и соседи носят воду наверх пешком. Им платят чаем, который они
выпивают сразу, и рассказами, которые уносят домой.""".split("\n\n")
# Of each article the beginning of its third paragraph, which any reading of the page keeps
MARKERS = {
    "UTF-8": _ENGLISH[2].split(".")[0],
    "EUC-KR": _KOREAN[2].split(".")[0],
    "mislabelled": _KOREAN[2].split(".")[0],
    "windows-1251": _RUSSIAN[2].split(".")[0],
    "UTF-16": _ENGLISH[2].split(".")[0],
}

_RICH = """
<h1>How the kettle sings</h1>
<p>A kettle with a <strong>copper bottom</strong> begins to sing <em>quietly</em> about a minute
before the water boils, and whoever has a <a href="/kettles">hammered kettle</a> hears it first.
The program calls <code>pour(water)</code> as soon as it does, under the name setting_no_4.</p>
<h2>What you need</h2>
<ul><li>a kettle that holds one litre of water or a little more</li>
<li>a pot that has been warmed, as the old books ask for</li></ul>
<ol><li>Fill the kettle and put it on the stove.</li><li>Wait until it sings, then count.</li></ol>
<blockquote><p>The water should have a voice before it has a temper, as the neighbours say when
they have carried it up the hill.</p></blockquote>
<pre><code># warm the pot first
pour(water, slowly=True)
</code></pre>
<table><thead><tr><th>Tea</th><th>Minutes</th></tr></thead>
<tbody><tr><td>green tea from the lower garden</td><td>2</td></tr>
<tr><td>black tea from the upper garden</td><td>4</td></tr></tbody></table>
<hr>
<h3>When it is done</h3>
<p><img src="/pot.png" alt="a pot">Pour it out at once, for tea that waits in the pot becomes
bitter, and bitter tea was never yet drunk by anybody who had the choice of another one.</p>
"""
_SHAPES = (
    "<p>{}</p>",
    "<h2>{}</h2>",
    "<ul class='{word}'><li>{}</li><li><a href='/{word}'>{word}</a></li></ul>",
    "<blockquote><p>{}</p></blockquote>",
    "<table><tr><td>{word}</td><td>{}</td></tr></table>",
    "<div class='{word}'><div><p>{}</p></div></div>",
    "<p><a href='/{word}'>{word}</a> {}</p>",
    "<div id='{word}'><span>{}</span><br><b>{word}</b></div>",
)


def sound_pages() -> list[Task]:
    """Return pages that must be answered: two alphabets, one whose declaration lies, one rich."""
    return [
        _task("UTF-8", _article("utf-8", *_ENGLISH).encode(), "; charset=utf-8"),
        _task("EUC-KR", _article("euc-kr", *_KOREAN).encode("euc-kr")),
        _task("mislabelled", _article("euc-kr", *_KOREAN).encode(), truth="utf-8"),
        _task("rich", _page("utf-8", "How the kettle sings", _RICH).encode()),
    ]


def odd_pages() -> list[Task]:
    """Return pages on which raising is legal: other encodings, nothing, noise, no HTML, depth."""
    utf_16 = codecs.BOM_UTF16_LE + _article("utf-16", *_ENGLISH).encode("utf-16-le")
    noise = hashlib.shake_128(b"noise").digest(_GARBAGE)
    nested = "<div>" * DEEP + _ENGLISH[1] + "</div>" * DEEP
    return [
        _task("windows-1251", _article("windows-1251", *_RUSSIAN).encode("windows-1251")),
        _task("UTF-16", utf_16),
        _task("empty", b""),
        _task("white space", b" \n\t\r\n \n"),
        _task("garbage", noise + bytes(500) + b"<p>\0<" + noise),
        _task("plain text", "\n\n".join(_ENGLISH).encode(), kind="text/plain"),
        _task("deep", _page("utf-8", _ENGLISH[0], nested).encode()),
    ]


def varied_pages(number: int) -> Iterator[Task]:
    """Yield pages of 8 to 75 kB, no two with the same words, classes, links or structure."""
    for index in range(number):
        dice = hashlib.shake_128(f"{index}".encode()).digest(300)
        blocks = [
            _SHAPES[die % len(_SHAPES)].format(
                f"{_ENGLISH[1 + die % 3]} Lot {index}-{place}.", word=f"w{index}-{place}-{die}"
            )
            for place, die in enumerate(dice[: 30 + dice[0]])
        ]
        title = f"Lot {index}"
        yield _task(f"varied {index}", _page("utf-8", title, "\n".join(blocks)).encode())


def _article(charset: str, title: str, *paragraphs: str) -> str:
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return _page(charset, title, f"<h1>{title}</h1>\n{text}")


def _page(charset: str, title: str, content: str) -> str:
    return (
        f'<!doctype html><html><head><meta charset="{charset}"><title>{title}</title></head>\n'
        '<body><nav><a href="/">Home</a> <a href="/tea">Tea</a></nav>\n'
        f"<main><article>{content}</article></main>\n<footer>tearoom.example</footer></body></html>"
    )


def _task(
    name: str, html: bytes, charset: str = "", *, kind: str = "text/html", truth: str = ""
) -> Task:
    content_type = kind + charset
    return Task(
        page=name,
        url=f"{HOST}/{name.replace(' ', '-').lower()}",
        content_type=content_type,
        encoding=encoding_of(html, content_type),
        true_encoding=encoding_of(html, content_type, truth or None),
        html=html,
        wanted=(),
    )
