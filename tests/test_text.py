"""Tokens: one rule for all scripts."""

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import text
from bench.text import norm, tokens

# Names of letters (Unicode) of the scripts that are written without spaces
SPACELESS = re.compile(
    r"(HALFWIDTH )?(THAI|LAO|TIBETAN|KHMER|MYANMAR|HIRAGANA|KATAKANA|HENTAIGANA|BOPOMOFO|CJK|YI|"
    r"IDEOGRAPHIC|MASU) "
)
TABLE = [
    # text, tokens
    ("", ""),
    (" \t\n\u00a0\u3000", ""),
    ("— … ! ? ·「」、。 ¶ € ฿ ・", ""),
    ("_", ""),
    ("\u0301", ""),  # a mark with nothing to stand on
    ("Mind the gap!", "mind the gap"),
    ("snake_case", "snake case"),
    ("well-known", "well known"),
    ("don't", "don t"),
    ("3.14 1,000", "3 14 1 000"),
    ("Straße STRASSE", "strasse strasse"),
    ("cafe\u0301 café", "café café"),
    ("댓글0건", "댓글0건"),
    ("메모리 가격이, 올랐다.", "메모리 가격이 올랐다"),
    ("\u1112\u1161\u11ab글", "한글"),  # conjoining jamo are the same syllable
    ("हिन्दी में लिखें।", "हिन्दी में लिखें"),  # `\w+` gives six pieces
    ("বাংলা தமிழ்", "বাংলা தமிழ்"),
    ("ไทย", "ไ ท ย"),
    ("ที่นี่", "ที่ นี่"),
    ("ปี๒๕๖๗", "ปี ๒๕๖๗"),
    ("ສະບາຍດີ", "ສ ະ ບ າ ຍ ດີ"),
    ("བོད་ཡིག", "བོ ད ཡི ག"),
    ("ភាសាខ្មែរ", "ភា សា ខ្ មែ រ"),
    ("မြန်မာ", "မြ န် မာ"),
    ("ㄅㄆ ꀀꀁ", "ㄅ ㄆ ꀀ ꀁ"),
    ("東京へ行く", "東 京 へ 行 く"),
    ("コーヒー", "コ ー ヒ ー"),
    ("ｶﾞｷﾞ", "ガ ギ"),  # half-width kana with its voicing mark is one letter
    ("か\u3099", "が"),
    ("人々〇", "人 々 〇"),
    ("中文，你好。", "中 文 你 好"),
    ("第3章iPhone版", "第 3 章 iphone 版"),
    ("مُحَمَّد، كِتَاب", "مُحَمَّد كِتَاب"),
    ("שָׁלוֹם", "שָׁלוֹם"),
    ("ex\u00adtrac\u00adtion", "extraction"),
    ("می\u200cخواهم", "میخواهم"),
    ("क्\u200dष", "क्ष"),
    ("one\u200btwo", "one two"),
    ("\ufeffstart no\u2060break", "start nobreak"),
    ("①２３ ½ ㎏ ﬁn", "123 1 2 kg fin"),
]


@pytest.mark.parametrize(("given_text", "expected"), TABLE)
def test_table(given_text: str, expected: str) -> None:
    """A text becomes these tokens, in order."""
    assert tokens(given_text) == expected.split()


def test_the_mark_constant_covers_category_m() -> None:
    """Every combining mark that the running Python knows is in the constant, and no letter is."""
    mark = re.compile(f"[{text._MARKS}]")
    assert [char for char in _chars("M") if not mark.match(char)] == []
    assert [char for char in _chars("L") if mark.match(char)] == []


def test_every_letter_alone_is_a_token() -> None:
    """No letter is lost: its tokens spell the letters and digits of its compatibility form."""
    lost = [
        char
        for char in _chars("L")
        if [*filter(str.isalnum, "".join(tokens(char)))] != [*filter(str.isalnum, norm(char))]
    ]
    assert lost == []


def test_only_scripts_without_spaces_part_two_letters() -> None:
    """A letter doubled is two tokens if its script is written without spaces, else one."""
    letters = [char for char in _chars("Lo") if norm(char) == char]
    expected = [[char, char] if _is_spaceless(char) else [char * 2] for char in letters]
    assert tokens("\n".join(char * 2 for char in letters)) == [*chain.from_iterable(expected)]


LETTERS = "aß한がｶ中ไ་ក۳٣9_ ั\u0301\u094dक\u200b\u00ad!、\U00020000𝒜\U00011038\ufe0f\n"


@given(st.text(LETTERS))
def test_tokens_follow_the_definition(given_text: str) -> None:
    """A token is one letter with its marks where words are not spaced, else a run with marks."""
    assert tokens(given_text) == list(_by_definition(norm(given_text)))


@given(st.text())
def test_norm_is_stable(given_text: str) -> None:
    """Tokens joined by spaces and tokenised again stay the same."""
    once = tokens(given_text)
    assert tokens(" ".join(once)) == once


@given(st.lists(st.text(LETTERS), max_size=4))
def test_white_space_never_joins(parts: list[str]) -> None:
    """The tokens of lines are the tokens of the lines one by one."""
    whole = tokens("\n".join(parts))
    assert whole == [token for part in parts for token in tokens(part)]


def test_unicode_version_is_the_running_one() -> None:
    """Provenance names the Unicode version that NFKC and the classes of `re` follow."""
    assert text.UNICODE.split()[0] == unicodedata.unidata_version


@cache
def _chars(category: str) -> list[str]:
    """Return all characters whose general category begins so."""
    every = map(chr, range(sys.maxunicode + 1))
    return [char for char in every if unicodedata.category(char).startswith(category)]


def _is_spaceless(char: str) -> bool:
    return SPACELESS.match(unicodedata.name(char, "")) is not None


def _by_definition(normal: str) -> Iterator[str]:
    """Cut before each character that begins a token, and drop what is in none."""
    token, alone = "", False
    for char in normal:
        is_mark = unicodedata.category(char).startswith("M")
        if token and (is_mark or (char.isalnum() and not alone and not _is_spaceless(char))):
            token += char
            continue
        if token:
            yield token
        alone = char.isalnum() and _is_spaceless(char)
        token = char if char.isalnum() else ""
    if token:
        yield token
