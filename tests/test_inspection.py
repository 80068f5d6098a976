"""What an audit finds on a single page: for each check pages that trigger it, and near misses."""

import codecs
from pathlib import Path
from typing import Any

import pytest

from bench.corpus import open_corpus
from bench.inspection import PAGE_CHECKS, Look
from tests.conftest import Blocks, make_corpus

Found = dict[str, str]
TEA = "Green tea is dry."
ABSENT = "gold not in the page"
PARTLY = "gold partly not in the page"
HIDDEN = "gold only in noscript"
EMPTY = "empty gold"
MUTE = "page without text"
LABELS = "label marks in the page"
LIES = "charset lies"
TWICE = "charset declared twice, unlike"
KNOWN = "charset lies, gold knows"
FORBIDDEN = "forbidden snippet in the gold"
REQUIRED = "required snippet not in the gold"


def _found(
    folder: Path,
    gold: Blocks,
    html: str | bytes | None = None,
    *,
    type: str = "text",
    **header: Any,
) -> Found:
    """Return what all checks find on one page; without `html` it has just the texts of its gold."""
    pages = None if html is None else {"a/page": html}
    headers = {"a/page": {"gold": type, **header}}
    root = make_corpus(folder, {"a/page": gold}, html=pages, headers=headers)
    look = Look(open_corpus(root).pages[0])
    return {name: said for name, check in PAGE_CHECKS.items() if (said := check(look))}


def _words(number: int) -> str:
    return " ".join(f"tea{n}" for n in range(number))


def _in_page(share: str) -> str:
    return f"{share} of the gold is in the page"


def _outside(share: str) -> str:
    return f"{share} of the gold is outside noscript"


PLACES: list[tuple[str, str, Found]] = [
    # page; gold text; what is found
    (f"<p>{TEA}", TEA, {}),
    (f"<p>Home</p><p hidden>{TEA}</p><p>© nobody", TEA, {}),
    ("<p>GREEN <b>Tea</b> – is<br>dry", TEA, {}),
    # Where no parser without scripts finds it
    ("<p>Home", TEA, {ABSENT: _in_page("0%")}),
    (f"<title>{TEA}</title><p>Home", TEA, {ABSENT: _in_page("0%")}),
    (f"<p>Home<script>'{TEA}'</script>", TEA, {ABSENT: _in_page("0%")}),
    (f'<p title="{TEA}">Home', TEA, {ABSENT: _in_page("0%")}),
    # One token of 20 is a part, one of 21 is nothing; nine of ten are all, eight of nine a part
    (_words(1), _words(20), {PARTLY: _in_page("5%")}),
    (_words(1), _words(21), {ABSENT: _in_page("5%")}),
    (_words(9), _words(10), {}),
    (_words(8), _words(9), {PARTLY: _in_page("89%")}),
    # Tokens count as often as they are there
    ("<p>Tea", "Tea, tea, tea", {PARTLY: _in_page("33%")}),
    ("<p>Tea<p>Tea<p>Tea", "Tea, tea, tea", {}),
    # Behind noscript
    (f"<p>Home</p><noscript><p>{TEA}</noscript>", TEA, {HIDDEN: _outside("0%")}),
    (f"<p>Home<NoScript class=x>{TEA}</NOSCRIPT>", TEA, {HIDDEN: _outside("0%")}),
    (f"<p>Home<noscript>{TEA}", TEA, {HIDDEN: _outside("0%")}),
    ("<p>Home<noscript>Green</noscript><noscript>tea is dry", TEA, {HIDDEN: _outside("0%")}),
    (f"<p>{TEA}<noscript>{TEA}</noscript>", TEA, {}),
    (f"<p>{TEA}<noscript>Turn scripts on to see it all!</noscript>", TEA, {}),
    ("<p>Home<noscript>Turn scripts on to see it all!", TEA, {ABSENT: _in_page("0%")}),
    (f"{_words(1)}<noscript>{_words(20)}</noscript>", _words(20), {}),
    (f"{_words(1)}<noscript>{_words(21)}</noscript>", _words(21), {HIDDEN: _outside("5%")}),
    # Nothing on either side
    (f"<p>{TEA}", "", {EMPTY: "no token"}),
    (f"<p>{TEA}", "… – …\n", {EMPTY: "no token"}),
    ("", "", {EMPTY: "no token", MUTE: "no text in body"}),
    ("<p>…", "", {EMPTY: "no token", MUTE: "no text in body"}),
    ("<title>Tea</title><script>tea</script>", "", {EMPTY: "no token", MUTE: "no text in body"}),
    ("<frameset><frame></frameset>", TEA, {ABSENT: _in_page("0%"), MUTE: "no text in body"}),
]


@pytest.mark.parametrize(("html", "text", "expected"), PLACES)
def test_where_the_gold_is(tmp_path: Path, html: str, text: str, expected: Found) -> None:
    """Gold is in the page, partly, hidden, or not at all; and it may be that there is none."""
    assert _found(tmp_path, [("text", text)], html) == expected


BLOCKS: list[tuple[Blocks, str, str, Found]] = [
    # gold; its type; page type; what is found on a page that says TEA
    ([("body", TEA)], "blocks", "article", {}),
    ([("title", "Rain"), ("body", TEA), ("main-nav", "Home")], "blocks", "article", {}),
    ([("body", "It rains."), ("title", TEA)], "blocks", "article", {ABSENT: _in_page("0%")}),
    ([("body", "Green"), ("body", "leaf")], "blocks", "article", {PARTLY: _in_page("50%")}),
    ([("title", TEA)], "blocks", "article", {EMPTY: "no token"}),
    ([("title", TEA)], "blocks", "none", {}),
    ([], "text", "none", {EMPTY: "no token"}),
    ([("present", "Green tea")], "snippets", "", {}),
    ([("present", "It rains")], "snippets", "", {ABSENT: _in_page("0%")}),
    ([("present", "tea"), ("present", "rain")], "snippets", "", {PARTLY: _in_page("50%")}),
    ([("absent", "tea")], "snippets", "", {EMPTY: "no token"}),
]


@pytest.mark.parametrize(("gold", "type", "page_type", "expected"), BLOCKS)
def test_what_counts_as_gold(
    tmp_path: Path, gold: Blocks, type: str, page_type: str, expected: Found
) -> None:
    """Bodies, or required snippets, are looked for; only a page of type none may have no body."""
    assert _found(tmp_path, gold, f"<p>{TEA}", type=type, page_type=page_type) == expected


@pytest.mark.parametrize(
    ("url", "expected"), [("", {"no url": "no url"}), ("http://tea.example/", {})]
)
def test_addresses(tmp_path: Path, url: str, expected: Found) -> None:
    """A page whose address nobody kept is told of."""
    assert _found(tmp_path, [("text", TEA)], url=url) == expected


MARKS = [
    # what stands around the text; the marks
    ('<p cc-select="true">', "cc-select"),
    ("<p CC-SELECT>", "cc-select"),
    ("<marked-text>", "<marked-text>"),
    ("<p><marked-tail>", "<marked-tail>"),
    ('<p marked-tail="1">', "marked-tail"),
    ('<p class="lead mark-selected">', ".mark-selected"),
    ('<p data-anno-uid="anno-uid-7">', "data-anno-uid"),
    ('<span __boilernet_label="1">', "__boilernet_label"),
    ('<span __boilernet_is_content="0">', "__boilernet_is_content"),
    ('<p __label="1">', "__label"),
    ('<p __prediction="0">', "__prediction"),
    ('<p><span class="x-nc-sel2">', ".x-nc-sel2"),
    ('<p class="gold-main-content">', ".gold-main-content"),
    ('<p class="annotation_poll annotation_tag-list">', ".annotation_tag-list"),
    ('<p class="gold:boilerplate">', ".gold:boilerplate"),
    ('<p data-gold="main-content">', "data-gold=main-content"),
    ('<p annotation="boilerplate">', "annotation=boilerplate"),
    ('<p data-kind="related-links">', "data-kind=related-links"),
    ('<p data-label="main-nav">', "data-label=main-nav"),
    # Each once, in order
    ('<p cc-select><b class="x-nc-sel1"><i class="x-nc-sel1" cc-select>', ".x-nc-sel1, cc-select"),
    # Ordinary attributes, classes, elements and words that look like it
    ("<p><mark class=marked>", ""),
    ("<un-marked-text>", ""),
    ('<p class="marked-up cc-select selected">', ""),
    ('<p data-select="cc-select" id="mark-selected">', ""),
    ('<p data-cc-select="x" data-marked-text="x">', ""),
    ('<p class="pre-mark-selected x-nc-sel x-nc-selected x-nc-sel22">', ""),
    ('<p class="gold annotation gold-comments annotation-body main-content boilerplate">', ""),
    ('<td data-label="Price" data-kind="comments">', ""),
    ('<p label="main-nav" kind="boilerplate" data-gold="999">', ""),
    ('<p my-data-label="main-nav" data-label-of="main-nav">', ""),
    ("<p data-gold data-label>", ""),
    ('<p aria-label="x" __labels="1" data-anno="x" title="cc-select __label">', ""),
    ("<style>[cc-select], .mark-selected { color: red }</style><!-- <p cc-select> -->", ""),
    ("<p>cc-select, mark-selected and x-nc-sel1 are words here: ", ""),
]  # fmt: skip


@pytest.mark.parametrize(("around", "marks"), MARKS)
def test_labels(tmp_path: Path, around: str, marks: str) -> None:
    """What annotators leave behind is named; what real pages have besides is let be."""
    found = _found(tmp_path, [("text", TEA)], f"<body>{around}{TEA}")
    assert found == ({LABELS: marks} if marks else {})


LATIN, UTF_8 = "tea café.".encode("cp1252"), "tea café.".encode()
BROKEN = "'utf-8' codec can't decode byte 0xe9 in position {}: invalid continuation byte"
KOREAN = "tea 한글".encode("cp949")
CHARSETS: list[tuple[bytes, str, str | None, Found]] = [
    # bytes; charset of the HTTP header; truth in the gold's header; what is found
    (UTF_8, "utf-8", None, {}),
    (UTF_8, "", None, {}),
    (LATIN, "iso-8859-1", None, {}),
    (b"<meta charset=windows-1252>" + LATIN, "", None, {}),
    (codecs.BOM_UTF16_LE + "tea café".encode("utf-16-le"), "", None, {}),
    (b"tea", "iso-8859-1", None, {}),
    # It lies, or there is none and UTF-8 is not it
    (LATIN, "utf-8", None, {LIES: BROKEN.format(7)}),
    (LATIN, "", None, {LIES: BROKEN.format(7)}),
    (b"<meta charset=utf-8>" + LATIN, "", None, {LIES: BROKEN.format(27)}),
    (UTF_8, "iso-8859-1", None, {LIES: "UTF-8 bytes, read as cp1252"}),
    (b"<meta charset=windows-1252>" + UTF_8, "", None, {LIES: "UTF-8 bytes, read as cp1252"}),
    # The gold's header knows better, as well, or worse
    (LATIN, "utf-8", "windows-1252", {KNOWN: "cp1252, by the rule utf-8"}),
    (LATIN, "", "iso-8859-1", {KNOWN: "cp1252, by the rule utf-8"}),
    (UTF_8, "iso-8859-1", "utf-8", {KNOWN: "utf-8, by the rule cp1252"}),
    (LATIN, "windows-1252", "iso-8859-1", {}),
    (UTF_8, "", "utf-8", {}),
    (LATIN, "latin1", "utf-8", {LIES: BROKEN.format(7), KNOWN: "utf-8, by the rule cp1252"}),
    # Header and page contradict each other, unless the gold's header settles it
    (b"<meta charset=utf-8>" + KOREAN, "euc-kr", None, {TWICE: "HTTP header cp949, page utf-8"}),
    (b"<meta charset=euc-kr>" + UTF_8, "utf-8", None, {TWICE: "HTTP header utf-8, page cp949"}),
    (b"<meta charset=utf-8>" + KOREAN, "euc-kr", "euc-kr", {}),
    (b"<meta charset=ks_c_5601-1987>" + KOREAN, "euc-kr", None, {}),
    (b"<meta charset=nonsense>" + KOREAN, "euc-kr", None, {}),
]


@pytest.mark.parametrize(("html", "declared", "truth", "expected"), CHARSETS)
def test_charsets(
    tmp_path: Path, html: bytes, declared: str, truth: str | None, expected: Found
) -> None:
    """A charset lies if the bytes are not in it, or are UTF-8 and it is another."""
    content_type = f"text/html; charset={declared}" if declared else "text/html"
    found = _found(tmp_path, [("text", "tea")], html, content_type=content_type, charset=truth)
    assert found == expected


@pytest.mark.parametrize("truth", ["windows-1252", None])
def test_pages_are_read_by_the_truth(tmp_path: Path, truth: str | None) -> None:
    """Gold is looked for in the page as its gold's header says it is, not as it declares itself."""
    found = _found(tmp_path, [("text", "café")], LATIN, charset=truth)
    assert [*found] == ([KNOWN] if truth else [ABSENT, LIES])


SNIPPETS: list[tuple[str | None, list[str], list[str], Found]] = [
    # text, if the gold has one; what must appear; what must not; what is found
    (TEA, [], ["Log in"], {}),
    (TEA, [], ["green tea"], {FORBIDDEN: "'green tea'"}),
    (TEA, [], ["Green\n TEA", "Log in", "dry"], {FORBIDDEN: "'Green TEA', 'dry'"}),
    ("Green\ntea", [], ["Green tea"], {FORBIDDEN: "'Green tea'"}),
    (TEA, [], ["tea, is"], {}),
    (TEA, [], ["\u200b"], {}),  # what cannot be seen is nowhere
    (TEA, ["IS \n dry"], [], {}),
    (TEA, ["Log in"], [], {REQUIRED: "'Log in'"}),
    (TEA, ["tea  dry", "tea", "x"], [], {REQUIRED: "'tea dry', 'x'"}),
    (TEA, ["x"], ["tea"], {FORBIDDEN: "'tea'", REQUIRED: "'x'"}),
    ("", ["tea"], ["tea"], {EMPTY: "no token"}),
    # Without a text the required ones are the gold, each for itself
    (None, [TEA], ["Log in"], {}),
    (None, [TEA, "Rain"], ["tea", "rain"], {FORBIDDEN: "'tea', 'rain'"}),
    (None, ["Green tea", "is dry"], ["tea is"], {}),
]


@pytest.mark.parametrize(("text", "present", "absent", "expected"), SNIPPETS)
def test_snippets(
    tmp_path: Path, text: str | None, present: list[str], absent: list[str], expected: Found
) -> None:
    """The gold has what it requires and not what it forbids, whatever the case and white space."""
    snippets = [("present", one) for one in present] + [("absent", one) for one in absent]
    gold = [*([] if text is None else [("text", text)]), *snippets]
    assert _found(tmp_path, gold, type="snippets" if text is None else "text") == expected


def test_every_check_is_triggered_here() -> None:
    """No check of a page goes without a row above."""
    tables: list[list[Any]] = [PLACES, BLOCKS, CHARSETS, SNIPPETS]
    triggered = {name for rows in tables for *_, found in rows for name in found}
    assert triggered | {"no url", LABELS} == {*PAGE_CHECKS}
