"""Signatures: the line under a table that says all that moved its numbers."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from bench import __version__
from bench.corpus import open_corpus, pin
from bench.process import Limits
from bench.signature import differing, parse, signature
from tests.conftest import make_corpus


@pytest.fixture
def sign(corpus: Path) -> Callable[..., str]:
    """Return a function that signs a table over the miniature corpus as it is now."""

    def signed(
        *,
        figure: str = "F1",
        view: str = "main",
        metric: str = "lcs",
        network: str = "none (namespace)",
        **changes: object,
    ) -> str:
        opened = open_corpus(corpus)
        plan = {"rounds": 1, "limits": asdict(Limits()), **changes}
        return signature(figure, plan, opened, [network], view=view, metric=metric)

    return signed


def test_the_whole_line(corpus: Path, sign: Callable[..., str]) -> None:
    """The keys stand in this order, the version last."""
    opened = open_corpus(corpus)
    assert sign() == (
        "F1|lcs|tok:1|view:main|mean:macro|miss:0|ci:boot10000/20240807"
        f"|corpus:mini@0#{opened.digest[:8]}|gold:#{opened.gold_digest[:8]}"
        f"|pages:3|rounds:1|limit:20s/2GiB|net:none|v:{__version__}"
    )


LIMITS = [
    (20, 2048, "20s/2GiB"),
    (0.5, 1536, "0.5s/1.5GiB"),
    (2.0, 300, "2s/300MiB"),
]


@pytest.mark.parametrize(("seconds", "mib", "expected"), LIMITS)
def test_limits(sign: Callable[..., str], seconds: float, mib: int, expected: str) -> None:
    """Limits are written short, without losing a digit."""
    line = sign(limits={"page_s": seconds, "memory_mib": mib})
    assert parse(line)["limit"] == expected


NETWORKS = [("none (namespace)", "none"), ("none (seccomp)", "none"), ("open", "open")]


@pytest.mark.parametrize(("network", "expected"), NETWORKS)
def test_network(sign: Callable[..., str], network: str, expected: str) -> None:
    """How the network was cut does not matter, only whether it was."""
    assert parse(sign(network=network))["net"] == expected


def test_parse_gives_back_what_was_signed(sign: Callable[..., str]) -> None:
    """The fields of a signature, joined again, are the signature."""
    line = sign(figure="leaks", metric="lcs")
    fields = parse(line)
    figure, metric = fields.pop("figure"), fields.pop("metric")
    assert (figure, metric, fields["view"]) == ("leaks", "lcs", "main")
    assert "|".join([figure, metric, *(f"{k}:{v}" for k, v in fields.items())]) == line


CHANGES: list[tuple[dict[str, object], list[str]]] = [
    ({}, []),
    ({"rounds": 3}, []),  # more rounds only make times steadier
    ({"view": "strict"}, ["view"]),
    ({"metric": "bag"}, ["metric"]),
    ({"figure": "leaks"}, ["figure"]),
    ({"network": "open"}, ["net"]),
    ({"network": "none (seccomp)"}, []),
    ({"limits": {"page_s": 20, "memory_mib": 1024}}, ["limit"]),
    ({"view": "full", "network": "open", "rounds": 9}, ["net", "view"]),
]


@pytest.mark.parametrize(("change", "keys"), CHANGES)
def test_what_forbids_comparing(
    sign: Callable[..., str], change: dict[str, object], keys: list[str]
) -> None:
    """Two tables compare if all but `v` and `rounds` agree; else the keys that differ are named."""
    assert differing(sign(), sign(**change)) == keys


def test_versions_of_boilerbench_compare(sign: Callable[..., str]) -> None:
    """A newer version alone forbids nothing, since all that moves a number has its own key."""
    line = sign()
    assert differing(line, line.replace(f"|v:{__version__}", "|v:99.0")) == []


def test_a_key_that_one_side_lacks_differs(sign: Callable[..., str]) -> None:
    """A table of a version that signed more cannot be compared with one that signed less."""
    line = sign()
    assert differing(line, line.replace("|miss:0", "")) == ["miss"]


def test_other_pages_and_other_labels(corpus: Path, sign: Callable[..., str]) -> None:
    """A changed byte and a changed label show, each under its own key."""
    before = sign()
    gold = corpus / "gold/wiki/third.jsonl"
    gold.write_text(gold.read_text().replace('"copyright-legal"', '"poll"'))
    relabelled = sign()
    assert differing(before, relabelled) == ["gold"]
    page = corpus / "corpus/wiki/third.html"
    page.write_bytes(page.read_bytes() + b"\n")
    pin(corpus)
    assert differing(relabelled, sign()) == ["corpus"]


def test_fewer_pages(corpus: Path, sign: Callable[..., str]) -> None:
    """The number of pages is a key of its own."""
    before = sign()
    make_corpus(corpus, {"board/first": [("body", "Tea")]})
    for name in ("board/second", "wiki/third"):
        (corpus / "corpus" / f"{name}.html").unlink()
        (corpus / "gold" / f"{name}.jsonl").unlink()
    assert differing(before, sign()) == ["corpus", "gold", "pages"]
