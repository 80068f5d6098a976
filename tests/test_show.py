"""Showing one extraction against its gold: the fate of each word."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from bench.corpus import open_corpus
from bench.report.layout import Subject
from bench.runs import Run
from bench.show import STYLES, shown
from tests.conftest import Blocks, make_corpus
from tests.textgold import text_corpus
from tests.written import written

Call = Callable[[str], Result]
PAGE: Blocks = [
    ("main-nav", "Home News"),
    ("title", "Green Tea"),
    ("body", "Tea leaves are picked in spring."),
    ("body", "They are dried at once."),
    ("comments", "Bring [bold] a hat!"),
    ("poll", "Yes No"),
]
EVERYTHING = "\n".join(text for _, text in PAGE)
OUTPUTS: list[tuple[str, str, str, list[tuple[str, str]]]] = [
    # view; output; the kinds shown; words by fate, in order
    (
        "main",
        "Tea leaves are picked in spring. They are dried at once.",
        "body body",
        [("tea leaves are picked in spring they are dried at once", "kept")],
    ),
    (
        "main",
        "",
        "body body",
        [("tea leaves are picked in spring they are dried at once", "missed")],
    ),
    (
        "main",
        "Green Tea\nTea leaves are picked",
        "title body body",
        [
            ("green tea", "optional"),
            ("tea leaves are picked", "kept"),
            ("in spring they are dried at once", "missed"),
        ],
    ),
    (
        "strict",
        "Green\nThey are dried at once. Bring a hat!",
        "title body body comments",
        [
            ("green", "leaked"),
            ("tea", "left out"),
            ("tea leaves are picked in spring", "missed"),
            ("they are dried at once", "kept"),
            ("bring", "leaked"),
            ("bold", "left out"),
            ("a hat", "leaked"),
        ],
    ),
    (
        "full",
        "They are dried at once. Read more: dried at once",
        "title body body comments off-page repeated",
        [
            ("green tea tea leaves are picked in spring", "missed"),
            ("they are dried at once", "kept"),
            ("bring bold a hat", "missed"),
            ("read more dried at once", "off-page"),
        ],
    ),
]


@pytest.mark.parametrize(("view", "text", "kinds", "fates"), OUTPUTS)
def test_fates(
    tmp_path: Path, view: str, text: str, kinds: str, fates: list[tuple[str, str]]
) -> None:
    """Main content is kept or missed, the rest leaked or left out; other words stand at the end."""
    found_kinds, found = _read(tmp_path, view, text)
    assert found_kinds == kinds.split()
    assert found == [(word, fate) for words, fate in fates for word in words.split()]


@pytest.mark.parametrize("view", ["main", "strict", "full"])
def test_all_that_leaked_is_shown(tmp_path: Path, view: str) -> None:
    """Of an output that is all page text, each word of each kind came, and none is missed."""
    kinds, fates = _read(tmp_path, view, EVERYTHING)
    assert kinds == [kind for kind, _ in PAGE]
    assert " ".join(word for word, _ in fates) == (
        "home news green tea tea leaves are picked in spring they are dried at once "
        "bring bold a hat yes no"
    )
    assert {fate for _, fate in fates} <= {"kept", "leaked", "optional"}


def test_boilerplate_that_was_left_out_is_not_shown(tmp_path: Path) -> None:
    """A block of which nothing came through is not worth a line."""
    assert "poll" not in _read(tmp_path, "main", "Home. Bring a hat!")[0]


def test_the_command(tmp_path: Path, call: Call) -> None:
    """In a pipe the kinds and words are plain text, and the legend stands above."""
    _run(tmp_path, "Home is where tea leaves are picked")
    lines = call("show run a/page x").stdout.rstrip().splitlines()
    assert lines[0].split() == " ".join(STYLES).split()
    assert [line.strip() for line in lines[2:]] == [
        "[main-nav] home news",
        "[body] tea leaves are picked in spring",
        "[body] they are dried at once",
        "[off-page] is where",
    ]


MISUSE = [
    # arguments; exit code; what is said
    ("run a/pge x", 2, "error: unknown page 'a/pge'; did you mean 'a/page'? (valid: a/page"),
    ("run a/page y", 2, "error: unknown extractor 'y' (valid: fails, x)"),
    ("run a/page fails", 1, "error: fails missed a/page: error: ValueError: no article"),
    ("run b/page fails", 1, "error: run: nothing of fails for b/page"),
    ("run a/page oracle", 2, "error: unknown extractor 'oracle'"),
    ("run a/page x --view maine", 2, "error: unknown view 'maine'"),
    ("no a/page x", 2, "error: no: not a run"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), MISUSE)
def test_misuse(tmp_path: Path, call: Call, arguments: str, code: int, message: str) -> None:
    """Unknown names are wrong use; a missed page is a failure, with the reason it was missed."""
    corpus = make_corpus(tmp_path / "mini", {"a/page": PAGE, "b/page": PAGE})
    written(tmp_path / "run", corpus, {"x": {"a/page": ""}, "fails": {"a/page": None}})
    result = call(f"show {arguments}")
    assert (result.stdout, result.exit_code) == ("", code)
    assert result.stderr.startswith(message)


def test_gold_without_blocks(tmp_path: Path, call: Call) -> None:
    """Where gold is one text, no word has a kind, and that is said."""
    written(tmp_path / "run", text_corpus(tmp_path / "mini", {"a/page": "Tea"}), {"x": {}})
    result = call("show run a/page x")
    assert result.exit_code == 2
    assert "gold of type 'text'; this needs labelled blocks" in result.stderr


def _run(folder: Path, text: str) -> Run:
    corpus = make_corpus(folder / "mini", {"a/page": PAGE})
    return written(folder / "run", corpus, {"x": {"a/page": text}})


def _read(folder: Path, view: str, text: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the kinds shown, and each word with its fate, read from the styles."""
    run = _run(folder, text)
    result = shown(Subject(run, open_corpus(folder / "mini"), view, "lcs"), "a/page", "x")
    fates = {style: fate for fate, style in STYLES.items()}
    parts = [(result.plain[span.start : span.end], str(span.style)) for span in result.spans]
    legend = len(STYLES)
    kinds = [part.strip("[] ") for part, style in parts[legend:] if style == "bold"]
    words = [(part, fates[style]) for part, style in parts[legend:] if style in fates]
    return kinds, [(word, fate) for part, fate in words for word in part.split()]
