"""Corpora: which pages there are, and every way in which a folder can fail to be a corpus."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.corpus import open_corpus, pin
from bench.errors import BenchError
from tests.conftest import PAGES, make_corpus

CHECK = "boilerbench check --pin --corpus"


def test_the_miniature(corpus: Path) -> None:
    """Pages come in the order of their ids, with the facts of their gold's header."""
    opened = open_corpus(corpus)
    assert [page.id for page in opened.pages] == ["board/first", "board/second", "wiki/third"]
    assert [page.header.site for page in opened.pages] == ["board", "board", "wiki"]
    assert (opened.name, opened.version) == ("mini", "0")
    assert opened.by_id()["wiki/third"].html().startswith(b"<!doctype html>")


def test_the_card_names_the_corpus(corpus: Path) -> None:
    """`card.toml` gives name and version, without it the folder's name stands."""
    (corpus / "corpus" / "card.toml").write_text('name = "tea"\nversion = "2.1"\n')
    opened = open_corpus(corpus)
    assert (opened.name, opened.version) == ("tea", "2.1")


def test_encoding_by_the_rule_and_by_the_truth(tmp_path: Path) -> None:
    """The known charset counts only where the truth is asked for."""
    headers = {"a/b": {"content_type": "text/html; charset=utf-8", "charset": "euc-kr"}}
    root = make_corpus(tmp_path, {"a/b": [("body", "x")]}, headers=headers)
    (page,) = open_corpus(root).pages
    assert (page.encoding(truth=False), page.encoding(truth=True)) == ("utf-8", "cp949")


def _drop_gold(root: Path) -> None:
    (root / "gold/board/first.jsonl").unlink()


def _drop_page(root: Path) -> None:
    (root / "corpus/board/first.html").unlink()


def _add_page(root: Path) -> None:
    for folder, suffix in (("corpus", "html"), ("gold", "jsonl")):
        shutil.copy(root / folder / f"wiki/third.{suffix}", root / folder / f"wiki/new.{suffix}")


def _change_bytes(root: Path) -> None:
    (root / "corpus/wiki/third.html").write_bytes(b"<p>A wiki grows slowly.")


def _change_newlines(root: Path) -> None:
    page = root / "corpus/wiki/third.html"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))


def _change_header(root: Path) -> None:
    gold = root / "gold/wiki/third.jsonl"
    gold.write_text(gold.read_text().replace('"page": "wiki/third"', '"page": "board/first"'))


def _drop_header(root: Path) -> None:
    gold = root / "gold/wiki/third.jsonl"
    gold.write_bytes(gold.read_bytes().split(b"\n", 1)[1])


def _relabel(root: Path) -> None:
    gold = root / "gold/wiki/third.jsonl"
    gold.write_text(gold.read_text().replace('"copyright-legal"', '"hidden-technical"'))


def _drop_sums(root: Path) -> None:
    (root / "corpus/SHA256SUMS").unlink()


def _empty_sums(root: Path) -> None:
    (root / "corpus/SHA256SUMS").write_text("")


def _tear_sums(root: Path) -> None:
    sums = root / "corpus/SHA256SUMS"
    sums.write_text(sums.read_text() + "e3b0c442\n")


def _break_card(root: Path) -> None:
    (root / "corpus/card.toml").write_text("name = tea\n")


FAULTS: list[tuple[Callable[[Path], None], list[str]]] = [
    (_drop_gold, ["corpus/board/first.html: no gold; expected {root}/gold/board/first.jsonl"]),
    (
        _drop_page,
        [
            "gold/board/first.jsonl: gold without a page",
            "corpus/SHA256SUMS: names board/first.html, which does not exist",
        ],
    ),
    (
        _add_page,
        [
            "gold/wiki/new.jsonl:1: page is 'wiki/third'; the file's place says 'wiki/new'",
            "corpus/wiki/new.html: not in {root}/corpus/SHA256SUMS",
        ],
    ),
    (_change_bytes, ["corpus/wiki/third.html: bytes differ from the pin in {root}/corpus/SHA256"]),
    (_change_newlines, ["corpus/wiki/third.html: bytes differ from the pin"]),
    (
        _change_header,
        ["gold/wiki/third.jsonl:1: page is 'board/first'; the file's place says 'wiki/third'"],
    ),
    (_drop_header, ["gold/wiki/third.jsonl:1: the header is not a JSON object"]),
    (_drop_sums, [f"corpus/SHA256SUMS: missing; make it with: {CHECK} {{root}}"]),
    (
        _empty_sums,
        [f"corpus/{id}.html: not in {{root}}/corpus/SHA256SUMS" for id in sorted(PAGES)],
    ),
    (_tear_sums, ["corpus/SHA256SUMS:4: not a line of `sha256sum`: 'e3b0c442'"]),
    (_break_card, ["corpus/card.toml: not TOML"]),
]


@pytest.mark.parametrize(("spoil", "problems"), FAULTS)
def test_faults(corpus: Path, spoil: Callable[[Path], None], problems: list[str]) -> None:
    """A folder with this fault is refused, and the message says which file and what is wrong."""
    spoil(corpus)
    _told(_problems(corpus), problems, corpus)


def test_all_faults_in_one_error(corpus: Path) -> None:
    """One look at a folder tells everything that is wrong with it, and what to do now."""
    spoilers = (_drop_gold, _add_page, _change_bytes, _break_card)
    for spoil in spoilers:
        spoil(corpus)
    expected = [line for spoil, lines in FAULTS if spoil in spoilers for line in lines]
    with pytest.raises(BenchError) as caught:
        open_corpus(corpus)
    _told(sorted(caught.value.problems), sorted(expected), corpus)
    assert caught.value.hint == f"after a wanted change: {CHECK} {corpus}"
    assert caught.value.exit_code == 2


def test_an_empty_folder_is_no_corpus(tmp_path: Path) -> None:
    """A folder without pages is refused, and so is one that does not exist."""
    for root in (tmp_path, tmp_path / "nowhere"):
        assert _problems(root)[0].startswith(f"{root}/corpus: no pages (*.html); a corpus is a")
    with pytest.raises(BenchError, match="no such folder"):
        pin(tmp_path / "nowhere")


def test_pins_are_those_of_sha256sum(corpus: Path) -> None:
    """Pinning makes a changed page the right one, in the format that `sha256sum -c` reads."""
    _change_bytes(corpus)
    sums = pin(corpus)
    checked = subprocess.run(
        ["sha256sum", "--strict", "--check", sums.name],
        cwd=sums.parent,
        check=False,
        capture_output=True,
        text=True,
    )
    assert checked.stdout.count(": OK") == 3
    assert checked.returncode == 0


# What is changed, and the digests that follow it
CHANGES: list[tuple[Callable[[Path], None], set[str]]] = [
    (lambda root: None, set()),
    (_change_bytes, {"corpus"}),
    (_change_newlines, {"corpus"}),
    (lambda root: _set(root, "url", "http://wiki.example/other"), {"corpus", "gold"}),
    (lambda root: _set(root, "content_type", "text/html"), {"corpus", "gold"}),
    (lambda root: _set(root, "charset", "euc-kr"), {"gold"}),
    (lambda root: _set(root, "notes", "seen twice"), {"gold"}),
    (_relabel, {"gold"}),
]


@pytest.mark.parametrize(("change", "digests"), CHANGES)
def test_digests(corpus: Path, change: Callable[[Path], None], digests: set[str]) -> None:
    """The corpus's digest follows what a contestant can see, the gold's what a scorer can."""
    before = _digests(corpus)
    change(corpus)
    pin(corpus)
    after = _digests(corpus)
    assert {name for name in before if before[name] != after[name]} == digests


def test_digests_do_not_depend_on_the_place(tmp_path: Path) -> None:
    """Two copies of a corpus have the same digests."""
    copies = [make_corpus(tmp_path / name) for name in ("one", "two")]
    assert _digests(copies[0]) == _digests(copies[1])


def _digests(root: Path) -> dict[str, str]:
    opened = open_corpus(root)
    return {"corpus": opened.digest, "gold": opened.gold_digest}


def _set(root: Path, key: str, value: str) -> None:
    gold = root / "gold/wiki/third.jsonl"
    header, *lines = gold.read_text().splitlines()
    gold.write_text("\n".join([json.dumps({**json.loads(header), key: value}), *lines]))


def _problems(root: Path) -> list[str]:
    with pytest.raises(BenchError) as caught:
        open_corpus(root)
    return caught.value.problems


def _told(problems: list[str], expected: list[str], root: Path) -> None:
    """Fail unless the problems begin as expected, one for one, the folder's path before each."""
    for problem, start in zip(problems, expected, strict=True):
        assert problem.startswith(f"{root}/{start.format(root=root)}")
