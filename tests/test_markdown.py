"""Markdown as plain text: nothing but the syntax goes."""

import pytest

from bench.markdown import to_text

MARKDOWN = [
    ("# One\n\nTwo\n===\n\n* * *\n\n> three", "One\nTwo\nthree"),
    ("- a\n- 1.第1章\n\n2. b\n   - c", "a\n1.第1章\nb\nc"),
    ("*a* __b__ ~~c~~ `d*e*` \\- f\\_g &amp; h", "a b c d*e* - f_g & h"),
    ("[a](http://x.example/ 'y') ![b](z.png)[c](javascript:void\\(0\\))", "a c"),
    ("| a | b |\n|---|---|\n| `c` | 1 |", "a\nb\nc\n1"),
    ("```py\nx = '<td>'\n\n# y\n```\n\n    z<p>", "x = '<td>'\n\n# y\nz<p>"),
    ("a  \nb\nc", "a\nb\nc"),
    ("vector<int> 1 < 2 $x_1$", "vector<int> 1 < 2 $x_1$"),
]


@pytest.mark.parametrize(("markdown", "text"), MARKDOWN)
def test_markdown_becomes_text(markdown: str, text: str) -> None:
    """Syntax goes, every word stays."""
    assert to_text(markdown) == text


def test_tables_in_html_become_text() -> None:
    """Cells are parted, words with an inline tag inside are not."""
    table = '<table><tr><td colspan="2">10 m<sup>2</sup></td><td>a<br>b</td></tr></table>'
    assert to_text(table).split() == ["10", "m2", "a", "b"]
