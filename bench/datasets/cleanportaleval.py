"""cleanportaleval: pages of four portals in CleanEval's format (PPKE, 2013)."""

from collections.abc import Iterator
from pathlib import Path

from bench.datasets import Card, Imported
from bench.datasets.cleaneval import pages_of

CARD = Card(
    name="cleanportaleval",
    title="CleanPortalEval",
    description="71 news and blog articles of four portals, many of each; gold is one text, "
    "headings included",
    url="https://github.com/ppke-nlpg/CleanPortalEval",
    commit="81f03bb46d2a597907289b5275ff9b43bdbb2916",
    archive="https://codeload.github.com/ppke-nlpg/CleanPortalEval/tar.gz/81f03bb46d2a597907289b5275ff9b43bdbb2916",
    licence="none named; the pages stay under their owners' copyright",
    bibtex="""@article{endredy-novak-2013-goldminer,
  title        = {More Effective Boilerplate Removal -- the {GoldMiner} Algorithm},
  author       = {Endr{\\'e}dy, Istv{\\'a}n and Nov{\\'a}k, Attila},
  journal      = {Polibits},
  number       = {48},
  pages        = {79--83},
  year         = {2013},
  howpublished = {\\url{https://github.com/ppke-nlpg/CleanPortalEval}},
  note         = {commit 81f03bb}
}""",
    languages="English",
    page_types="article",
    pages=71,
    gold="text",
    snippets=False,
    published=(
        "outputs, not figures, of 6 systems: https://github.com/ppke-nlpg/boilerplateResults",
    ),
    faults=(
        "4 sites, 30 pages of one of them: intervals over sites mean little",
        "each page is wrapped in a <text> element, before its doctype: no page is as it was sent",
        "gold holds HTML's character references (resolved at the import)",
        "its readme counts 70 pages",
    ),
    contents={},
)


def pages(folder: Path) -> Iterator[Imported]:
    """Yield the pages that have both `input/NAME.html` and `GoldStandard/NAME.txt`."""
    return pages_of(folder / "input", folder / "GoldStandard", page_type="article", escaped=True)
