"""The proof that gold spells its pages, and that it is consistent with the page's type."""

from collections.abc import Iterator

from bench.corpus import Corpus, Page
from bench.errors import BenchError
from bench.gold import BlockGold, read_blocks
from bench.pagetext import decode, page_text, squeeze

CONTEXT = 30  # characters shown on both sides of the place where page and gold part


def problems_of(corpus: Corpus) -> list[str]:
    """Return every problem of a corpus's gold, page by page; empty when it is clean."""
    return [problem for page in corpus.pages for problem in _page_problems(page)]


def _page_problems(page: Page) -> Iterator[str]:
    try:
        gold = read_blocks(page.gold_path)
    except BenchError as error:
        yield from error.problems
        return
    kinds = [block.kind for block in gold.blocks]
    if gold.header.page_type == "none" and {"title", "body"} & set(kinds):
        yield f"{page.gold_path}: a page of type 'none' has title or body blocks"
    if gold.header.page_type != "none" and "body" not in kinds:
        yield f"{page.gold_path}: no body block, but page_type is {gold.header.page_type!r}"
    if kinds.count("title") > 1:
        yield f"{page.gold_path}: {kinds.count('title')} title blocks; a page has one at most"
    yield from _spelling(page, gold)


def _spelling(page: Page, gold: BlockGold) -> Iterator[str]:
    want = squeeze(page_text(decode(page.html(), page.content_type, page.charset)))
    have = squeeze("".join(block.text for block in gold.blocks))
    if want == have:
        return
    at = next(
        (i for i, (a, b) in enumerate(zip(want, have, strict=False)) if a != b),
        min(len(want), len(have)),
    )
    yield (
        f"{page.gold_path}:{_line_of(gold, at)}: gold parts from the page text at character {at}"
        f"\n    page: …{want[max(0, at - CONTEXT) : at]}⟨{want[at : at + CONTEXT]}⟩"
        f"\n    gold: …{have[max(0, at - CONTEXT) : at]}⟨{have[at : at + CONTEXT]}⟩"
    )


def _line_of(gold: BlockGold, position: int) -> int:
    seen = 0
    for number, block in enumerate(gold.blocks, 2):
        seen += len(squeeze(block.text))
        if seen > position:
            return number
    return len(gold.blocks) + 1
