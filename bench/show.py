"""One extraction against its gold, in the terminal: kept, missed, and leaked by kind."""

from itertools import groupby

from rich.text import Text

from bench.alignment import OFF_PAGE
from bench.errors import BenchError, unknown
from bench.gold import read_blocks
from bench.leaks import LabelledPage
from bench.report.layout import Subject
from bench.views import role

# Told apart in grey too: underline for what leaked, strike for what was missed
STYLES = {
    "kept": "green",
    "missed": "red strike",
    "leaked": "yellow underline",
    "optional": "cyan",
    "left out": "dim",
    "off-page": "magenta reverse",
}


def shown(subject: Subject, page_id: str, extractor: str) -> Text:
    """Return the page's blocks with the fate of each token, then what is on no block.

    Kept and dropped words are printed as tokens: normalised, without punctuation. Raises
    BenchError for an unknown page or extractor, or a page that the extractor missed.
    """
    page = _page(subject, page_id)
    text = _extraction(subject, page_id, extractor)
    words, sources = page.traced(text)
    used = {source for source in sources if source >= 0}
    result = Text()
    for name, style in STYLES.items():
        result.append(f" {name} ", style)
    result.append("\n\n")
    for _, members in groupby(range(len(page.tokens)), key=page.blocks.__getitem__):
        _block(result, page, list(members), used, subject.view)
    _outside(result, words, sources)
    return result


def _block(result: Text, page: LabelledPage, members: list[int], used: set[int], view: str) -> None:
    """Add a block, unless it is boilerplate of which nothing came through."""
    kind = page.kinds[members[0]]
    wanted = role(view, kind)
    if wanted != "keep" and not used & set(members):
        return
    result.append(f"[{kind}] ", "bold")
    for member in members:
        result.append(page.tokens[member], STYLES[_fate(wanted, came=member in used)])
        result.append(" ")
    result.append("\n")


def _fate(wanted: str, *, came: bool) -> str:
    if wanted == "keep":
        return "kept" if came else "missed"
    if not came:
        return "left out"
    return "optional" if wanted == "optional" else "leaked"


def _outside(result: Text, words: list[str], sources: list[int]) -> None:
    for label, wanted in (("off-page", OFF_PAGE), ("repeated", OFF_PAGE - 1)):
        found = [words[i] for i, source in enumerate(sources) if source == wanted]
        if found:
            result.append(f"[{label}] ", "bold")
            result.append(" ".join(found) + "\n", STYLES["off-page"])


def _page(subject: Subject, page_id: str) -> LabelledPage:
    pages = subject.corpus.by_id()
    if page_id not in pages:
        raise BenchError(unknown("page", page_id, pages))
    return LabelledPage(read_blocks(pages[page_id].gold_path))


def _extraction(subject: Subject, page_id: str, extractor: str) -> str:
    names = [item["name"] for item in subject.run.plan["contestants"]]
    if gone := [one for one in subject.run.absent if one.name == extractor]:
        raise BenchError([f"{extractor}: absent: {one.why}" for one in gone], exit_code=1)
    if extractor not in names:
        raise BenchError(unknown("extractor", extractor, names))
    for extraction in subject.run.extractions():
        if extraction.key == (page_id, extractor):
            if extraction.status == "ok":
                return extraction.text
            raise BenchError(
                f"{extractor} missed {page_id}: {extraction.status}: {extraction.error}",
                exit_code=1,
            )
    raise BenchError(f"{subject.run.folder}: nothing of {extractor} for {page_id}", exit_code=1)
