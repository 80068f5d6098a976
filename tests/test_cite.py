"""Citing: BibTeX of software and corpus, and the protocol in one paragraph."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from bench import datasets
from bench.predictions import Predictions, store
from bench.runs import Run
from tests.conftest import make_corpus
from tests.textgold import text_corpus
from tests.written import written

Call = Callable[[str], Result]
ENTRY = re.compile(r"^@(\w+)\{([A-Za-z0-9_.:-]+),\n(.*?)^\}$", re.MULTILINE | re.DOTALL)
FIELD = re.compile(r"^  (\w+) += \{(.*)\},?$", re.MULTILINE)


@pytest.fixture
def cited(tmp_path: Path, corpus: Path, call: Call) -> str:
    """Give what is printed for a run over the miniature corpus."""
    written(tmp_path / "run", corpus)
    return call("cite run").stdout


def test_software_and_corpus(tmp_path: Path, cited: str) -> None:
    """The software has its version; the corpus its name, licence and both digests."""
    entries = _parsed(cited)
    assert [*entries] == ["boilerbench", "mini_corpus"]
    assert entries["boilerbench"]["version"] == "0.1.0"
    assert re.match("commit [0-9a-f]{12}|commit of the release", entries["boilerbench"]["note"])
    pages = Run(tmp_path / "run").corpus()
    note = f"licence not stated; pages {pages.digest[:12]}, gold {pages.gold_digest[:12]}"
    assert entries["mini_corpus"]["note"] == note


def test_the_protocol(tmp_path: Path, cited: str, call: Call) -> None:
    """The last paragraph says what was done, and has the signature of the table of results."""
    protocol = cited.rstrip().rpartition("\n\n")[2]
    signature = call("report run").stdout.splitlines()[-1]
    assert protocol.startswith(
        "We scored 3 systems on the 3 pages of mini 0 with boilerbench 0.1.0 "
    )
    assert protocol.endswith(f" Signature: {signature}.")
    assert "\n" not in protocol
    for fact in (
        "(metric lcs, view main, tokeniser 1)",
        "without network, limited to 20 s a page and 2048 MiB",
        "rounds, pages interleaved, minimum CPU time per page",
        "A page without an answer scores 0",
        "10000 bootstrap resamples of sites",
        "Holm's correction",
    ):
        assert fact in protocol


def test_an_open_network_is_not_hidden(tmp_path: Path, corpus: Path, call: Call) -> None:
    """Where the kernel could not cut the network, the paper says so."""
    written(tmp_path / "run", corpus, network="open")
    assert "in a process of its own with an open network" in call("cite run").stdout


def test_view_and_metric_are_those_asked_for(tmp_path: Path, corpus: Path, call: Call) -> None:
    """The protocol is that of one table."""
    written(tmp_path / "run", corpus)
    text = call("cite run --view full --metric shingle(4)").stdout
    assert "(metric shingle(4), view full, tokeniser 1)" in text
    assert "Signature: F1|shingle(4)|tok:1|view:full|" in text


def test_texts_made_elsewhere(tmp_path: Path, corpus: Path, call: Call) -> None:
    """A run of external texts names no machine and no limits."""
    run = Run(tmp_path / "run")
    store(run, written(tmp_path / "x", corpus).corpus(), [Predictions("x", "2", {}, "")])
    text = call("cite run").stdout
    assert "The texts were made elsewhere." in text
    assert " s a page" not in text
    assert "|limit:external|" in text


@pytest.mark.parametrize("name", [name for name in datasets.names() if name != "pairs"])
def test_datasets(tmp_path: Path, name: str, call: Call) -> None:
    """An imported dataset is cited as its authors want, at the commit that was imported."""
    card = datasets.load(name).card
    root = text_corpus(tmp_path / "mini", {"a/b": "Tea"})
    toml = f"name = '{name}'\nbibtex = '''\n{card.bibtex}'''\n"
    (root / "corpus/card.toml").write_text(toml, encoding="utf-8")
    written(tmp_path / "run", root)
    entries = _parsed(call("cite run").stdout)
    assert len(entries) == 2
    (entry,) = (fields for key, fields in entries.items() if key != "boilerbench")
    assert {"title", "author", "year"} <= entry.keys()
    assert entry["howpublished"] == f"\\url{{{card.url}}}"
    assert entry["note"] == f"commit {card.commit[:7]}"


def test_pairs(tmp_path: Path, call: Call) -> None:
    """Folders of one's own, which nobody published, are cited by their name and digests."""
    root = text_corpus(tmp_path / "own", {"a/b": "Tea"})
    files = "--pages corpus/a/*.html --gold gold/a/*.jsonl"
    assert call(f"import pairs --from {root} {files} --name mine").exit_code == 0
    written(tmp_path / "run", tmp_path / "imported/mine")
    entries = _parsed(call("cite run").stdout)
    assert [*entries] == ["boilerbench", "mine_corpus"]
    assert re.search("pages [0-9a-f]{12}, gold [0-9a-f]{12}$", entries["mine_corpus"]["note"])


@pytest.mark.parametrize("name", ["my pages", "a{b", "ä, 100 % & more", "a_b#1"])
def test_odd_names(tmp_path: Path, name: str, call: Call) -> None:
    """BibTeX stays BibTeX, whatever a corpus is called."""
    written(tmp_path / "run", make_corpus(tmp_path / name))
    (_, fields) = _parsed(call("cite run").stdout).values()
    assert not re.search(r"(?<!\\)[&%$#_]", fields["title"])


def _parsed(text: str) -> dict[str, dict[str, str]]:
    """Return the fields of each entry by its key; every entry must be whole."""
    found = ENTRY.findall(text)
    assert len(found) == len(re.findall(r"^@", text, re.MULTILINE))
    for _, _, body in found:
        assert _balanced(body)
        assert len(FIELD.findall(body)) == body.count("\n")
    entries = {key: dict(FIELD.findall(body)) for _, key, body in found}
    assert len(entries) == len(found)
    return entries


def _balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0
