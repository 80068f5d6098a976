"""The audit of a corpus: what a careful user must know of its pages and gold before using it."""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.progress import track

from bench import signature
from bench.corpus import Corpus, Page
from bench.errors import BenchError
from bench.gold import BlockGold
from bench.inspection import ABSENT, NO_FAULTS, PAGE_CHECKS, SNIPPET_CHECKS, WHOLE, Look
from bench.overlap import Shingles, longest_run, resembling, sharing, shingles
from bench.report.layout import Cell, Table, figure
from bench.text import tokens

# Pages of one text resemble each other by 1, pages of one template by less than .8 (so in WCXB and
# Zyte); the threshold of Lee et al., "Deduplicating Training Data", 2022
NEAR = 0.8
NEAR_TOKENS = 5
# Bodies that were written apart share so many tokens in a row only where they quote
RUN_TOKENS = 8
_EXAMPLES = 5
_LONGEST_NAME = 32  # characters of a page id in a table for people

SAME, SAME_ACROSS = "same bytes", "same bytes across splits"
ALIKE, ALIKE_ACROSS = "nearly the same text", "nearly the same text across splits"
HOSTS = "host in several splits"
BODIES = f"body shares {RUN_TOKENS} tokens in a row"
BETWEEN = (SAME, SAME_ACROSS, ALIKE, ALIKE_ACROSS, HOSTS, BODIES)


@dataclass(frozen=True, slots=True)
class Finding:
    """Pages that a check concerns together, one or several, and what it found in words."""

    pages: tuple[str, ...]
    detail: str


Findings = dict[str, list[Finding] | None]


@dataclass(frozen=True, slots=True)
class Seen:
    """What stays of a page after the look at it; `body` is None for gold without blocks."""

    page: Page
    findings: dict[str, str]
    snippets: bool
    text: Shingles
    body: list[str] | None

    @property
    def split(self) -> str:
        """The page's split, "" where its corpus has none."""
        return self.page.header.split

    @property
    def host(self) -> str:
        """The host of its address, without `www.`; "" where that is not known, or no address."""
        try:
            host = urlsplit(self.page.header.url).hostname or ""
        except ValueError:  # such as "http://[x"
            return ""
        return host.removeprefix("www.")


def audit(corpus: Corpus) -> Findings:
    """Return what each check found, in page order; None where a check does not apply.

    Raises BenchError with all gold that cannot be read.
    """
    pages = list(_seen(corpus))
    found: dict[str, list[Finding]] = {name: [] for name in (*BETWEEN, *PAGE_CHECKS)}
    for name, finding in _between(pages):
        found[name].append(finding)
    for one in pages:
        for name, detail in one.findings.items():
            found[name].append(Finding((one.page.id,), detail))
    useless = _useless(pages)
    return {name: None if name in useless else findings for name, findings in found.items()}


def faults(findings: Findings) -> list[str]:
    """Return a sentence for each check that found a fault."""
    return [
        f"{name}: {len(_concerned(found))} pages"
        for name, found in findings.items()
        if found and name not in NO_FAULTS
    ]


def audit_table(corpus: Corpus, findings: Findings) -> Table:
    """Return a row for each check: pages concerned, their share, examples; all in the records."""
    whole = len(corpus.pages)
    return Table(
        title=f"Audit of {corpus.name}@{corpus.version}, {whole} pages",
        columns=("check", "pages", "share", "examples"),
        cells=[_cells(name, found, whole) for name, found in findings.items()],
        records=[_record(name, found, whole) for name, found in findings.items()],
        signature=signature.of_corpus("audit", corpus),
        notes=_notes(corpus, findings),
    )


def _seen(corpus: Corpus) -> Iterator[Seen]:
    problems: list[str] = []
    silent, console = not sys.stderr.isatty(), Console(stderr=True)
    for page in track(corpus.pages, "audit", console=console, transient=True, disable=silent):
        try:
            yield _look(Look(page))
        except BenchError as error:
            problems += error.problems
    if problems:
        raise BenchError(problems)


def _look(look: Look) -> Seen:
    body = None
    if isinstance(look.gold, BlockGold):
        body = tokens("\n".join(block.text for block in look.gold.blocks if block.kind == "body"))
    found = {name: check(look) for name, check in PAGE_CHECKS.items()}
    findings = {name: detail for name, detail in found.items() if detail}
    text = shingles(look.tokens, NEAR_TOKENS)
    return Seen(look.page, findings, any(look.snippets), text, body)


def _useless(pages: list[Seen]) -> set[str]:
    """Return the checks that cannot find anything in pages like these."""
    return {
        *(SNIPPET_CHECKS if not any(one.snippets for one in pages) else ()),
        *((SAME_ACROSS, ALIKE_ACROSS, HOSTS) if not _parted(pages) else ()),
        *((BODIES,) if all(one.body is None for one in pages) else ()),
    }


def _between(pages: list[Seen]) -> Iterator[tuple[str, Finding]]:
    """Yield what pages have in common, with the name of the check that looks for it."""
    for group in _groups(pages, lambda one: one.page.sha256):
        for part in _groups(group, lambda one: f"split {one.split}"):
            yield SAME, _finding(part, "")
        if _parted(group):
            yield SAME_ACROSS, _finding(group, "")
    for left, right, resemblance in resembling([one.text for one in pages], NEAR):
        pair = [pages[left], pages[right]]
        if pair[0].page.sha256 != pair[1].page.sha256:
            name = ALIKE_ACROSS if _parted(pair) else ALIKE
            yield name, _finding(pair, f"resemblance {resemblance:.2f}")
    for group in _groups(pages, lambda one: one.host):
        if _parted(group):
            yield HOSTS, _finding(group, group[0].host)
    yield from ((BODIES, finding) for finding in _shared_runs(pages))


def _shared_runs(pages: list[Seen]) -> Iterator[Finding]:
    bodies = [one.body or [] for one in pages]
    left, right, _ = sharing([shingles(body, RUN_TOKENS) for body in bodies])
    for a, b in sorted(zip(left.tolist(), right.tolist(), strict=True)):
        run = longest_run(bodies[a], bodies[b])
        yield _finding([pages[a], pages[b]], f"{len(run)} tokens: {' '.join(run)}")


def _groups(pages: Iterable[Seen], key: Callable[[Seen], str]) -> Iterator[list[Seen]]:
    """Yield those pages that share a key which is not empty, two or more at a time."""
    groups: dict[str, list[Seen]] = defaultdict(list)
    for one in pages:
        if key(one):
            groups[key(one)].append(one)
    return (group for group in groups.values() if len(group) > 1)


def _parted(group: Iterable[Seen]) -> bool:
    """Return whether these pages lie in several splits."""
    return len({one.split for one in group}) > 1


def _finding(group: Iterable[Seen], detail: str) -> Finding:
    return Finding(tuple(one.page.id for one in group), detail)


def _concerned(found: list[Finding]) -> set[str]:
    return {page for finding in found for page in finding.pages}


def _cells(name: str, found: list[Finding] | None, whole: int) -> list[Cell]:
    if found is None:
        return [name, "-", "-", ""]
    pages = len(_concerned(found))
    return [name, pages, f"{pages / whole:.1%}", ", ".join(map(_example, found[:_EXAMPLES]))]


def _example(finding: Finding) -> str:
    """Return the first two pages of a finding; the table's examples are few, its rows narrow."""
    names = [_short(page) for page in finding.pages[:2]]
    return " = ".join(names) + (" = …" if len(finding.pages) > len(names) else "")


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _record(name: str, found: list[Finding] | None, whole: int) -> dict[str, Any]:
    pages = None if found is None else len(_concerned(found))
    return {
        "check": name,
        "pages": pages,
        "share": None if pages is None else figure(pages / whole),
        "fault": bool(found) and name not in NO_FAULTS,
        "findings": [{"pages": [*one.pages], "detail": one.detail} for one in found or ()],
    }


def _notes(corpus: Corpus, findings: Findings) -> list[str]:
    splits = Counter(page.header.split for page in corpus.pages if page.header.split)
    said = [f"splits: {', '.join(f'{name} {n}' for name, n in splits.items())}"] if splits else []
    return [
        *said,
        f"nearly the same: resemblance of {NEAR_TOKENS}-token shingles of page text >= {NEAR:g}",
        f"gold not in the page: its text has < {ABSENT:.0%} of the tokens; partly: < {WHOLE:.0%}",
        "-: no such gold or splits here; every finding is in --format json",
        *(f"{' = '.join(one.pages)} share {one.detail}" for one in findings[BODIES] or ()),
    ]
