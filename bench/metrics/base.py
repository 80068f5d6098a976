"""What a metric is, and what it is given: gold and output, each tokenised once."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from itertools import repeat
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from bench.text import tokens

Counts = NDArray[np.int64]
Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]
_SURROGATES = 0xD800  # no character of a string may be one
GoldType = Literal["blocks", "text", "snippets"]


class Reference:
    """The gold of one page under one view, tokenised once for all extractions of it.

    `blocks` is every block as (kept, text), empty for gold without blocks; `present` and `absent`
    are the snippets that must and must not appear.
    """

    def __init__(
        self,
        kept: Sequence[str],
        lenient: Sequence[str] | None = None,
        *,
        blocks: Sequence[tuple[bool, str]] = (),
        present: Sequence[str] = (),
        absent: Sequence[str] = (),
    ) -> None:
        """Take the texts to keep, and those together with the optional ones, in page order."""
        self.kept = "\n".join(kept)
        self.lenient = self.kept if lenient is None else "\n".join(lenient)
        self.blocks, self.present, self.absent = blocks, present, absent

    @cached_property
    def kept_tokens(self) -> list[str]:
        """K of the definition."""
        return tokens(self.kept)

    @cached_property
    def lenient_tokens(self) -> list[str]:
        """K⁺ of the definition."""
        return self.kept_tokens if self.lenient == self.kept else tokens(self.lenient)

    @cached_property
    def _code(self) -> dict[str, str]:
        words = dict.fromkeys(self.lenient_tokens)
        return {token: chr(n if n < _SURROGATES else n + 0x800) for n, token in enumerate(words, 1)}

    def encode(self, tokens: Sequence[str]) -> str:
        """Return one character per token: strings compare faster than lists do.

        A token that the gold has not becomes NUL, which no token of the gold is.
        """
        return "".join(map(self._code.get, tokens, repeat("\0")))

    @cached_property
    def kept_code(self) -> str:
        """K, encoded."""
        return "".join(map(self._code.__getitem__, self.kept_tokens))

    @cached_property
    def lenient_code(self) -> str:
        """K⁺, encoded."""
        return "".join(map(self._code.__getitem__, self.lenient_tokens))


class Output:
    """The text of one extraction, tokenised once for all metrics."""

    def __init__(self, text: str) -> None:
        """Take the text."""
        self.text = text

        self._encoded: tuple[Reference | None, str] = (None, "")

    @cached_property
    def tokens(self) -> list[str]:
        """Its tokens."""
        return tokens(self.text)

    def encoded(self, reference: Reference) -> str:
        """Return its tokens in the code of a page's gold, made once for all metrics."""
        if self._encoded[0] is not reference:
            self._encoded = reference, reference.encode(self.tokens)
        return self._encoded[1]


class Metric(ABC):
    """Integer counts per page first; scores, means and intervals are made from those alone.

    `gold` is what it needs of a page's gold; a corpus that has less cannot be scored with it.
    """

    name: ClassVar[str]
    gold: ClassVar[GoldType] = "text"
    #: names of the counts of one page
    fields: tuple[str, ...]
    #: names of the figures beside precision, recall and F1 that `combine` adds at its end
    extra: tuple[str, ...] = ()

    @abstractmethod
    def counts(self, reference: Reference, output: Output) -> tuple[int, ...]:
        """Return the counts of one page."""

    @abstractmethod
    def scores(self, counts: Counts) -> Scores:
        """Return precision, recall and F1 in the last axis; NaN where the metric has none."""

    def has_content(self, counts: Counts) -> Flags:
        """Return which pages stand in the mean; the rest is reported as abstention.

        Those with anything to keep; all pages for peers' metrics, whose counts lack "kept".
        """
        if "kept" in self.fields:
            return np.asarray(counts[..., self.fields.index("kept")] > 0)
        return np.ones(counts.shape[:-1], dtype=np.bool_)

    def parts(self, counts: Counts, missed: Flags) -> tuple[Scores, Scores]:
        """Return values and weights, both pages × parts, whose weighted means `combine` takes.

        A miss is 0 here; peers' metrics do with it what their owners do.
        """
        scores = np.where(missed[..., None], 0.0, self.scores(counts))
        return scores, np.ones_like(scores)

    def combine(self, means: Scores) -> Scores:
        """Return precision, recall, F1 and the extra figures from the parts' means."""
        return means


def array(code: str) -> NDArray[np.uint32]:
    """Return encoded tokens as numbers, 0 for a token unknown to gold."""
    return np.frombuffer(code.encode("utf-32-le"), dtype=np.uint32)


def divide(part: NDArray[np.float64], whole: NDArray[np.float64]) -> Scores:
    """Return part / whole, 0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros(np.broadcast(part, whole).shape), where=whole > 0)


def harmonic(precision: Scores, recall: Scores) -> Scores:
    """Return F1 of precision and recall, 0 where both are 0."""
    return divide(2 * precision * recall, precision + recall)


def overlap_scores(overlap: Scores, kept: Scores, output: Scores) -> Scores:
    """Return P, R and F1 of an overlap of two token lists: 1 if both are empty, else 0 if one is.

    The F1 is 2 × overlap / (kept + output), the harmonic mean of both.
    """
    both_empty = (kept == 0) & (output == 0)
    precision = np.where(both_empty, 1.0, divide(overlap, output))
    recall = np.where(kept == 0, 1.0, divide(overlap, kept))
    f1 = np.where(both_empty, 1.0, divide(2 * overlap, kept + output))
    return np.stack([precision, recall, f1], axis=-1)


def columns(counts: Counts) -> list[Scores]:
    """Return each count as an array of floats."""
    return list(np.moveaxis(counts, -1, 0).astype(np.float64))
