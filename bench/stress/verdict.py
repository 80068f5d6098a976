"""What an answer to a hostile page is worth: kept, lost, wrong, or no answer and why."""

import gzip
import re
from dataclasses import dataclass
from html import unescape
from typing import Literal

from bench.pagetext import decode
from bench.process import ANSWER_MIB
from bench.stress.pen import DECOY, MARKER, Input

Result = Literal["kept", "lost", "wrong", "error", "timeout", "killed", "memory"]
MISSES: tuple[Result, ...] = ("error", "timeout", "killed", "memory")
RESULTS: tuple[Result, ...] = ("kept", "lost", "wrong", *MISSES)

# The harness's own limit, then what Python, libxml2, C++, Rust, V8 and the JVM say of a full heap
_NO_MEMORY = re.compile(
    r"^memory: |MemoryError|[Mm]emory allocation|bad_alloc|heap out of memory|OutOfMemoryError"
)
_TOO_LONG = f"an answer of more than {ANSWER_MIB} MiB"
_GZIP = b"\x1f\x8b"  # RFC 1952
_ENDS = 100_000  # characters at each end of a text that are searched for foreign words
_TAG = re.compile(r"</?[A-Za-z!][^>]*>")
_WORD = re.compile(r"(?<![^\W_])[A-Za-z]{4,}(?![^\W_])")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one page: a text, or `status` and `why` there is none, with the log's end.

    Wall seconds as the harness sees them; peak MiB of the worker, None where it has ended.
    """

    status: Literal["ok", "error", "timeout", "killed"]
    text: str = ""
    why: str = ""
    log: str = ""
    wall_s: float = 0.0
    peak_mib: int | None = None


class Judge:
    """Knows one page, and says what an answer to it is worth."""

    def __init__(self, page: Input, html: bytes) -> None:
        """Unzip and decode the page."""
        self._marked = page.marked
        html = gzip.decompress(html) if html.startswith(_GZIP) else html
        self._source = unescape(decode(html, page.content_type, page.truth or None))

    def judge(self, answer: Answer) -> tuple[Result, str]:
        """Return the result and a sentence on it, which is empty for a text that is as it should.

        A text without a marker to keep is kept if it is empty.
        """
        if answer.status != "ok":
            return _missed(answer), answer.why
        if _found(DECOY, answer.text):
            return "wrong", "text of a script, comment or attribute came through"
        if self._marked:
            return self._compared(answer.text)
        some = answer.text.strip()[:40]
        return ("wrong", f"text where there is none: {some!r}") if some else ("kept", "")

    def _compared(self, text: str) -> tuple[Result, str]:
        if word := self._foreign(text):
            return "wrong", f"text that is not in the page: {word!r}"
        if _found(MARKER, text):
            return "kept", ""
        return "lost", "no text" if not text.strip() else "the marker is not in the text"

    def _foreign(self, text: str) -> str:
        """Return the first word that is not in the page's source, "" where all are."""
        ends = text if len(text) <= 2 * _ENDS else f"{text[:_ENDS]} {text[-_ENDS:]}"
        words = dict.fromkeys(_WORD.findall(ends))
        strange = [word for word in words if word not in self._source]
        # A word may be parted by tags, and two of neighbouring elements may run together
        joined = _TAG.sub("", self._source) if strange else ""
        return next((word for word in strange if word not in joined), "")


def _missed(answer: Answer) -> Result:
    # No page here has so much text, so most of such an answer is not in its page
    if answer.why.endswith(_TOO_LONG):
        return "wrong"
    # A timeout has its own word, whatever was in the log before
    if answer.status != "timeout" and _NO_MEMORY.search(f"{answer.why}\n{answer.log}"):
        return "memory"
    return "error" if answer.status == "ok" else answer.status


def _found(sentence: str, text: str) -> bool:
    return bool(re.search(r"\s+".join(map(re.escape, sentence.split())), text))
