"""What makes a file an extractor: its docstring, its function, two constants; it is never run."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bench import contestants
from bench.errors import BenchError

Writer = Callable[[str, str], Path]
DOC = '"""Gives all of it.\n\nAt length."""\n'
EXTRACT = "def extract(html, url):\n    return ''\n"


def test_a_contestant_is_read_from_its_syntax_tree(extractor: Writer) -> None:
    """Name, description, category and distribution come from the file; nothing in it is run."""
    source = f"{DOC}import no_such_module\nCATEGORY = 'baseline'\nDISTRIBUTION = 'lxml'\n{EXTRACT}"
    found = contestants.read(extractor("all_text", source + "raise SystemExit\n"))
    assert found.name == "all_text"
    assert found.description == "Gives all of it."
    assert (found.category, found.distribution) == ("baseline", "lxml")


def test_without_constants_a_file_is_an_extractor_of_no_distribution(extractor: Writer) -> None:
    """CATEGORY and DISTRIBUTION may be left out."""
    found = contestants.read(extractor("plain", DOC + EXTRACT))
    assert (found.category, found.distribution) == ("extractor", "")


def test_the_digest_is_of_the_bytes(extractor: Writer) -> None:
    """Any change of the file is another contestant; the same bytes are the same one."""
    one = contestants.read(extractor("a", DOC + EXTRACT))
    assert contestants.read(extractor("b", DOC + EXTRACT)).digest == one.digest
    assert contestants.read(extractor("a", DOC + EXTRACT + "\n")).digest != one.digest


# Source → all that is wrong with it, in order
BAD = {
    "empty": ("", ["its description; none", "no function extract(html: bytes, url: str) -> str"]),
    "no_docstring": (EXTRACT, ["the first line of its docstring is its description; none"]),
    "blank_docstring": ('""" """\n' + EXTRACT, ["is its description; none"]),
    "no_extract": (DOC, ["no function extract(html: bytes, url: str) -> str"]),
    "extract_is_a_method": (
        DOC + "class A:\n    def extract(self, html, url):\n        return ''\n",
        ["no function extract(html: bytes, url: str) -> str"],
    ),
    "extract_is_async": (
        DOC + "async " + EXTRACT,
        ["no function extract(html: bytes, url: str) -> str"],
    ),
    "unknown_category": (
        DOC + "CATEGORY = 'basline'\n" + EXTRACT,
        ["unknown CATEGORY 'basline'; did you mean 'baseline'? (valid: baseline, control,"],
    ),
    "everything_wrong": (
        "CATEGORY = 'x'\n",
        ["is its description; none", "no function extract(html", "unknown CATEGORY 'x'"],
    ),
    "not_python": ("function extract(html) {}", ["does not parse as Python"]),
    "not_text": ("\0", ["does not parse as Python"]),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_all_that_is_wrong(extractor: Writer, name: str) -> None:
    """Each problem names the file; all of them come together."""
    source, words = BAD[name]
    path = extractor(name, source)
    with pytest.raises(BenchError) as error:
        contestants.read(path)
    assert len(error.value.problems) == len(words)
    for problem, word in zip(error.value.problems, words, strict=True):
        assert problem.startswith(f"{path}: ")
        assert word in problem


def test_a_path_is_a_name(extractor: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file outside extractors/ competes under its stem, by absolute or by relative path."""
    path = extractor("mine", DOC + EXTRACT)
    monkeypatch.chdir(path.parent)
    assert contestants.find([str(path)]) == contestants.find(["./mine.py"])
    assert contestants.find(["mine.py"])[0].name == "mine"
    assert contestants.find(["mine.py"])[0].path.is_absolute()


def test_contestants_come_in_the_order_given(extractor: Writer) -> None:
    """Names of the house and paths mix freely."""
    wanted = ["nothing", str(extractor("mine", DOC + EXTRACT)), "everything"]
    assert [found.name for found in contestants.find(wanted)] == ["nothing", "mine", "everything"]


# Wanted names → the problems, all reported together
WRONG = [
    (["justex"], ["unknown extractor 'justex'; did you mean 'justext'? (valid: "]),
    (["xyzzy"], ["unknown extractor 'xyzzy' (valid: "]),
    ([""], ["unknown extractor ''"]),
    (["no/such.py"], ["no/such.py: no such file"]),
    (["nothing", "nothing"], ["two extractors are named 'nothing'"]),
    (["nothing", "{good}", "{good}"], ["two extractors are named 'good'"]),
    (["{oracle}"], ["the name 'oracle' is the scorer's; rename the file"]),
    (
        ["justex", "{bad}", "a.py"],
        ["unknown extractor", "bad.py: no function", "a.py: no such file"],
    ),
]


@pytest.mark.parametrize(("wanted", "words"), WRONG, ids=[words[0] for _, words in WRONG])
def test_wrong_names_are_reported_together(
    extractor: Writer, wanted: list[str], words: list[str]
) -> None:
    """An unknown name comes with a guess and the list; nothing wrong is left for the next try."""
    sources = {"good": DOC + EXTRACT, "oracle": DOC + EXTRACT, "bad": DOC}
    paths = {name: str(extractor(name, source)) for name, source in sources.items()}
    with pytest.raises(BenchError) as error:
        contestants.find([name.format(**paths) for name in wanted])
    assert len(error.value.problems) == len(words)
    for problem, word in zip(error.value.problems, words, strict=True):
        assert word in problem
    assert "boilerbench list extractors" in error.value.hint


@pytest.mark.parametrize("name", contestants.names())
def test_every_file_of_the_house_is_valid(name: str) -> None:
    """Each file of extractors/ keeps the contract, and describes itself in one sentence."""
    (found,) = contestants.find([name])
    assert found.description.endswith((".", ":"))
    assert len(found.description) <= 100
