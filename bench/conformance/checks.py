"""The checks: each a function from what a contestant gave to a verdict."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from bench.conformance.marks import marks
from bench.conformance.pages import MARKERS, odd_pages, sound_pages
from bench.conformance.sittings import Answer, Growth, Sitting
from bench.pagetext import decode, page_text, squeeze

Result = Literal["pass", "fail", "note", "not checked"]

# trafilatura issue 216 complains of 1 MiB a page. With a quarter of it a worker gets through the
# 7,809 pages of the largest public dataset (webmainbench) within its 2 GiB
MIB_PER_PAGE = 0.25

# What each language calls EROFS
_READ_ONLY = re.compile(r".*(?:read-only file system|\bEROFS\b).*", re.IGNORECASE)
_SIGSYS = "ended by signal 31"
_NO_TEXT = re.compile(r"returned .+, not str")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found; `detail` says it in words."""

    result: Result
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Two sittings over all pages, one over the sound pages with the trap set, and a long one."""

    first: Sitting
    second: Sitting
    trapped: Sitting
    growth: Growth


def start(evidence: Evidence) -> Verdict:
    """Require a hello."""
    failed = evidence.first.failed or evidence.second.failed
    return Verdict("fail", failed) if failed else Verdict("pass")


def sound(evidence: Evidence) -> Verdict:
    """Require a text for UTF-8, EUC-KR, a lying declaration, and a page of many elements."""
    missed = _missed(evidence.first, {task.page for task in sound_pages()})
    return Verdict("fail", _listed(missed)) if missed else Verdict("pass")


def odd(evidence: Evidence) -> Verdict:
    """Allow to raise on what is no sound page, but not to return what is no string."""
    missed = _missed(evidence.first, {task.page for task in odd_pages()})
    if strange := {page: why for page, why in missed.items() if _NO_TEXT.search(why)}:
        return Verdict("fail", _listed(strange))
    return Verdict("note", f"a miss on {_listed(missed)}") if missed else Verdict("pass")


def content(evidence: Evidence) -> Verdict:
    """Look for a sentence of each article, whatever its encoding."""
    texts = {page: answer.text for page, answer in evidence.first.answers.items()}
    lost = [page for page, marker in MARKERS.items() if squeeze(marker) not in squeeze(texts[page])]
    return Verdict("note", f"not kept on {', '.join(lost)}") if lost else Verdict("pass")


def repeats(evidence: Evidence) -> Verdict:
    """Require the same of two processes, whose hash seeds differ."""
    one, other = evidence.first.answers, evidence.second.answers
    differ = [
        page
        for page in one
        if (one[page].status, one[page].text) != (other[page].status, other[page].text)
        and "timeout" not in (one[page].status, other[page].status)  # that depends on the machine
    ]
    return Verdict("fail", f"differs on {', '.join(differ)}") if differ else Verdict("pass")


def network(evidence: Evidence) -> Verdict:
    """Forbid calls: with the trap set it lives, and answers as before."""
    sitting = evidence.trapped
    said = {page: answer.why for page, answer in sitting.answers.items()} | {"": sitting.failed}
    if calls := [page for page, why in said.items() if _SIGSYS in why]:
        return Verdict("fail", f"called an Internet address {_when(calls[0])}")
    if sitting.failed or "trap" not in sitting.cage:
        return Verdict("not checked", sitting.failed or "no seccomp here")
    before = evidence.first.answers
    lost = [page for page, why in said.items() if page and why and before[page].status == "ok"]
    # A child of its own that called, and was killed, looks like this
    return Verdict("fail", f"no answer with the trap on {lost[0]}") if lost else Verdict("pass")


def files(evidence: Evidence) -> Verdict:
    """Forbid to write anywhere but in its scratch folder."""
    if evidence.first.cage["files"] != "read-only":
        return Verdict("not checked", "the kernel grants no read-only files here")
    for page, answer in evidence.first.answers.items():
        if found := _READ_ONLY.search(answer.why) or _READ_ONLY.search(answer.log):
            return Verdict("fail", f"{page}: {found[0].strip()}")
    return Verdict("pass")


def protocol(evidence: Evidence) -> Verdict:
    """Allow nothing but answers on the protocol stream."""
    for sitting in (evidence.first, evidence.second, evidence.trapped):
        for page, answer in sitting.answers.items():
            if _breaks_protocol(answer):
                return Verdict("fail", f"{page}: {answer.why}")
    return Verdict("pass")


def markdown(evidence: Evidence) -> Verdict:
    """Forbid Markdown syntax that the page does not show."""
    rich = next(task for task in sound_pages() if task.page == "rich")
    text = evidence.first.answers["rich"].text
    if not text:
        return Verdict("not checked", "no text to look at")
    found = marks(text, page_text(decode(rich.html, rich.content_type)))
    listed = "; ".join(f"{name}: {mark}" for name, mark in found.items())
    return Verdict("fail", listed) if found else Verdict("pass")


def memory(evidence: Evidence) -> Verdict:
    """Forbid to grow from page to page."""
    growth = evidence.growth
    if growth.ended.startswith("protocol"):
        return Verdict("not checked", growth.ended)
    if growth.ended:
        return Verdict("fail", f"ended on page {len(growth.resident) + 1}: {growth.ended}")
    if starved := [why for why in growth.errors if "MemoryError" in why]:
        return Verdict("fail", f"{starved[0]} on {len(starved)} of {len(growth.resident)} pages")
    slope = growth.mib_per_page
    said = f"{round(slope, 3) + 0:.3f} MiB a page"  # + 0: there is no minus nought
    return Verdict("pass", said) if slope <= MIB_PER_PAGE else Verdict("fail", said)


CHECKS: Mapping[str, Callable[[Evidence], Verdict]] = {
    "start": start,
    "sound pages": sound,
    "odd pages": odd,
    "content kept": content,
    "repeats": repeats,
    "no network": network,
    "no files": files,
    "protocol": protocol,
    "no Markdown": markdown,
    "memory": memory,
}


def verdicts(evidence: Evidence) -> dict[str, Verdict]:
    """Return the verdict of each check; nothing more is checked of what does not start."""
    first = start(evidence)
    if first.result == "fail":
        return {"start": first} | {
            name: Verdict("not checked") for name in CHECKS if name != "start"
        }
    return {name: check(evidence) for name, check in CHECKS.items()}


def _missed(sitting: Sitting, pages: set[str]) -> dict[str, str]:
    """Return why pages have no text; what broke the protocol is that check's alone."""
    return {
        page: answer.why
        for page, answer in sitting.answers.items()
        if page in pages and answer.status != "ok" and not _breaks_protocol(answer)
    }


def _breaks_protocol(answer: Answer) -> bool:
    return answer.status == "error" and answer.why.startswith("protocol: ")


def _listed(missed: Mapping[str, str]) -> str:
    return "; ".join(f"{page}: {why.splitlines()[0]}" for page, why in missed.items())


def _when(page: str) -> str:
    return f"on the page {page}" if page else "at its start"
