"""Write docs/datasets.md: every public dataset side by side, and what an audit finds in each.

Usage: python -m tests.figures.datasets. Imports the packs in BOILERBENCH_PACKS into a scratch
folder; datasets without a pack stand in the first table only.
"""

import os
import tempfile
import unicodedata
from collections import Counter
from pathlib import Path

from bench import datasets
from bench.audit import audit, audit_table
from bench.corpus import Corpus, open_corpus
from bench.importing import import_dataset
from bench.pagetext import decode, page_text
from bench.report.formats import markdown

DOCS = Path(__file__).resolve().parents[2] / "docs" / "datasets.md"
PACKS = {
    "zyte": "zyte/zyte-aeb.tar.gz",
    "wcxb": "wcxb-dev/wcxb-dev.tar.gz",
    "trafilatura": "trafilatura-eval/trafilatura-eval.tar.gz",
    "cleaneval": "cleaneval/cleaneval-sample.tar.gz",
    "webmainbench": "webmainbench-samples/webmainbench-samples.tar.gz",
    "cwced": "cwced/cwced.tar.gz",
    "fundus": "fundus-nonlatin/fundus-nonlatin.tar.gz",
    "waddle": "waddle-sample/waddle-sample.tar.gz",
}
HEAD = """# Public datasets

Made by `make datasets-page` from the cards in `bench/datasets/` and from what was imported.
`boilerbench import NAME` fetches one; nothing of them is kept in this project.
"""


def main() -> None:
    """Import, audit, write."""
    packs = Path(os.environ["BOILERBENCH_PACKS"])
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["BOILERBENCH_DATA"] = scratch
        found = {name: import_dataset(name, packs / path) for name, path in PACKS.items()}
        parts = [HEAD, _cards(), _faults(), _scripts({"boilerbench": open_corpus(), **found})]
        parts += [_audit(name, corpus) for name, corpus in found.items()]
    DOCS.write_text("\n\n".join(part.strip() for part in parts) + "\n", encoding="utf-8")


def _cards() -> str:
    lines = [
        "| dataset | pages | languages | page types | gold | licence |",
        "|---|---|---|---|---|---|",
    ]
    for name in datasets.names():
        card = datasets.load(name).card
        gold = card.gold + (" + snippets" if card.snippets and card.gold == "text" else "")
        title = f"[{card.title}]({card.url})" if card.url else card.title
        cells = [f"`{name}`: {title}", card.pages or "", card.languages, card.page_types, gold]
        lines.append(f"| {' | '.join(map(str, [*cells, card.licence]))} |")
    return "\n".join(lines)


def _faults() -> str:
    lines = ["## Published figures and known faults", ""]
    for name in datasets.names():
        card = datasets.load(name).card
        lines += [f"**{name}**", ""]
        lines += [f"* published: {text}" for text in card.published]
        lines += [f"* fault: {text}" for text in card.faults] or ["* none known"]
        lines.append("")
    return "\n".join(lines)


def _scripts(corpora: dict[str, Corpus]) -> str:
    lines = [
        "## What was imported here",
        "",
        "Scripts: pages whose visible letters are mostly of that script.",
        "",
        "| corpus | pages | sites | languages as recorded | scripts |",
        "|---|---|---|---|---|",
    ]
    for name, corpus in corpora.items():
        languages = Counter(page.header.language for page in corpus.pages)
        scripts = Counter(
            _script(page_text(decode(page.html(), page.content_type, page.charset)))
            for page in corpus.pages
        )
        sites = len({page.header.site for page in corpus.pages})
        cells = [name, len(corpus.pages), sites, _counted(languages), _counted(scripts)]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def _script(text: str) -> str:
    """Return the script of most letters, by the first word of their Unicode names."""
    names = Counter(unicodedata.name(c, "?").split()[0] for c in text[:20000] if c.isalpha())
    return names.most_common(1)[0][0].title() if names else "none"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {n}" for name, n in counts.most_common(8))


def _audit(name: str, corpus: Corpus) -> str:
    table = audit_table(corpus, audit(corpus))
    return f"## Audit of {name}\n\n{markdown(table).partition(chr(10))[2].strip()}"


if __name__ == "__main__":
    main()
