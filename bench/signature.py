"""Signatures: the one line under a table that says all that moved its numbers, version last."""

from bench import __version__, statistics
from bench.corpus import Corpus
from bench.runs import Plan
from bench.text import TOKENISER

# Two tables compare if they agree in everything else
IGNORED = frozenset({"v", "rounds"})


def signature(
    figure: str, plan: Plan, corpus: Corpus, network: list[str], *, view: str, metric: str
) -> str:
    """Return the signature of a table; `figure` is what it shows, such as "F1" or "leaks"."""
    limits = plan["limits"]
    fields: dict[str, object] = {
        "tok": TOKENISER,
        "view": view,
        "mean": "macro",
        "miss": "0",
        "ci": f"boot{statistics.RESAMPLES}/{statistics.SEED}",
        **_corpus(corpus),
        "rounds": plan["rounds"],
        "limit": f"{limits['page_s']:g}s/{_memory(limits['memory_mib'])}" if limits else "external",
        "net": _network(network),
        "v": __version__,
    }
    return _joined(figure, metric, fields)


def of_corpus(figure: str, corpus: Corpus) -> str:
    """Return the signature of a table that is made from a corpus alone, such as "audit"."""
    return _joined(figure, "-", {"tok": TOKENISER, **_corpus(corpus), "v": __version__})


def _corpus(corpus: Corpus) -> dict[str, object]:
    return {
        "corpus": f"{corpus.name}@{corpus.version}#{corpus.digest[:8]}",
        "gold": f"#{corpus.gold_digest[:8]}" if corpus.has_gold else "none",
        "pages": len(corpus.pages),
    }


def _joined(figure: str, metric: str, fields: dict[str, object]) -> str:
    pairs = "|".join(f"{key}:{value}" for key, value in fields.items())
    return f"{figure}|{metric}|{pairs}"


def parse(text: str) -> dict[str, str]:
    """Return the fields of a signature, the first two as `figure` and `metric`."""
    figure, metric, *pairs = text.split("|")
    fields = dict(pair.partition(":")[::2] for pair in pairs)
    return {"figure": figure, "metric": metric, **fields}


def differing(one: str, other: str) -> list[str]:
    """Return the keys that forbid comparing two tables; empty where they compare."""
    left, right = parse(one), parse(other)
    keys = sorted(({*left, *right}) - IGNORED)
    return [key for key in keys if left.get(key) != right.get(key)]


def _network(names: list[str]) -> str:
    if names == ["unknown"]:
        return "external"
    return "open" if any("open" in name for name in names) else "none"


def _memory(mib: int) -> str:
    return f"{mib / 1024:g}GiB" if mib % 512 == 0 else f"{mib}MiB"
