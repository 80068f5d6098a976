"""Write what can be counted into corpus/README.md and corpus/card.toml, between their marks.

Usage: python -m tests.figures.datacard. Composition, hard cases, kinds, and the agreement of the
two passes of labelling, as `boilerbench passes` prints it.
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from statistics import median

from bench.corpus import HOME, Corpus, open_corpus
from bench.gold import BlockGold, read_blocks
from bench.passes import ceiling, passes_table
from bench.report.formats import markdown
from bench.text import tokens
from bench.views import KINDS
from tests.figures.marks import fill

CARD = HOME / "corpus" / "README.md"
TOML = HOME / "corpus" / "card.toml"
CASES = HOME / "corpus" / "cases.toml"
Golds = dict[str, BlockGold]


def main() -> None:
    """Fill every mark."""
    corpus = open_corpus()
    golds = {page.id: read_blocks(page.gold_path) for page in corpus.pages}
    _fill_toml(corpus)
    fill(CARD, {mark: make(corpus, golds) for mark, make in SECTIONS.items()})


def cases() -> dict[str, list[str]]:
    """Return the pages of each hard case."""
    return dict(tomllib.loads(CASES.read_text(encoding="utf-8")))


def _fill_toml(corpus: Corpus) -> None:
    lines = TOML.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("agreement")]
    TOML.write_text("\n".join([*kept, f'agreement = "{ceiling(corpus)}"']) + "\n", encoding="utf-8")


def _composition(corpus: Corpus, golds: Golds) -> str:
    sizes = [page.path.stat().st_size for page in corpus.pages]
    bodies = [len(_body(gold)) for gold in golds.values() if _body(gold)]
    sites = Counter(page.header.site for page in corpus.pages)
    several = Counter(count for count in sites.values() if count > 1)
    facts = {
        "pages": len(corpus.pages),
        "families": len({page.header.family for page in corpus.pages}),
        "sites": f"{len(sites)}, {sum(several.values())} of them with several pages",
        "languages": len({page.header.language for page in corpus.pages}),
        "raw size": f"{sum(sizes) / 1e6:.1f} MB, median {median(sizes) / 1000:.0f} KB",
        "blocks": sum(len(gold.blocks) for gold in golds.values()),
        "tokens of body": f"median {median(bodies):.0f}, {min(bodies)} to {max(bodies)}",
    }
    return _rows(("what", "how many"), facts.items())


def _counted(key: str) -> Callable[[Corpus, Golds], str]:
    def table(corpus: Corpus, golds: Golds) -> str:
        del golds
        counts = Counter(str(getattr(page.header, key)) for page in corpus.pages)
        return _rows((key.replace("_", " "), "pages"), counts.most_common())

    return table


def _charsets(corpus: Corpus, golds: Golds) -> str:
    del golds
    counts = Counter(page.encoding(truth=True) for page in corpus.pages)
    return _rows(("Python's codec", "pages"), counts.most_common())


def _kinds(corpus: Corpus, golds: Golds) -> str:
    del corpus
    blocks: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for gold in golds.values():
        for block in gold.blocks:
            blocks[block.kind] += 1
            words[block.kind] += len(tokens(block.text))
    pages = Counter(kind for gold in golds.values() for kind in {b.kind for b in gold.blocks})
    rows = [(f"`{kind}`", blocks[kind], words[kind], pages[kind]) for kind in KINDS]
    return _rows(("kind", "blocks", "tokens", "pages"), rows)


def _cases(corpus: Corpus, golds: Golds) -> str:
    del corpus, golds
    return _rows(
        ("hard case", "pages"), ((name, ", ".join(pages)) for name, pages in cases().items())
    )


def _agreement(corpus: Corpus, golds: Golds) -> str:
    del golds
    return markdown(passes_table(corpus)).partition("\n\n")[2].strip()


def _body(gold: BlockGold) -> list[str]:
    return tokens("\n".join(block.text for block in gold.blocks if block.kind == "body"))


def _rows(columns: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    lines = [[*columns], *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


SECTIONS: dict[str, Callable[[Corpus, Golds], str]] = {
    "composition": _composition,
    "page types": _counted("page_type"),
    "languages": _counted("language"),
    "families": _counted("family"),
    "charsets": _charsets,
    "cases": _cases,
    "kinds": _kinds,
    "agreement": _agreement,
}


if __name__ == "__main__":
    main()
