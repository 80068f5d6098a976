"""Metrics, one file each: integer counts per page first, scores from counts.

A metric is a module with `NAME`, `FIELDS` (the names of its counts), `counts(reference, output)`
for one page, and `scores(counts)`, which turns an array of counts into precision, recall and F1.
"""

from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from itertools import repeat
from pkgutil import iter_modules
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from bench.errors import BenchError, unknown
from bench.text import tokens

DEFAULT_METRIC = "lcs"
Counts = NDArray[np.int64]
Scores = NDArray[np.float64]


class Reference:
    """The gold of one page under one view, tokenised once for all extractions of it."""

    def __init__(self, kept: Sequence[str], lenient: Sequence[str]) -> None:
        """Take the texts to keep, and those together with the optional ones, in page order."""
        self.kept = "\n".join(kept)
        self.lenient = "\n".join(lenient)

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
        return {token: chr(n) for n, token in enumerate(dict.fromkeys(self.lenient_tokens), 1)}

    def encode(self, tokens: Sequence[str]) -> str:
        """Return one character per token: strings compare faster than lists do.

        A token that the gold has not becomes NUL, which no token of the gold is.
        """
        return "".join(map(self._code.get, tokens, repeat("\0")))

    @cached_property
    def kept_code(self) -> str:
        """K, encoded."""
        return self.encode(self.kept_tokens)

    @cached_property
    def lenient_code(self) -> str:
        """K⁺, encoded."""
        return self.encode(self.lenient_tokens)


class Output:
    """The text of one extraction, tokenised once for all metrics."""

    def __init__(self, text: str) -> None:
        """Take the text."""
        self.text = text

    @cached_property
    def tokens(self) -> list[str]:
        """Its tokens."""
        return tokens(self.text)


class Metric(Protocol):
    """What a module of this package offers."""

    NAME: str
    FIELDS: tuple[str, ...]

    def counts(self, reference: Reference, output: Output) -> tuple[int, ...]:
        """Return the counts of one page."""

    def scores(self, counts: Counts) -> Scores:
        """Return precision, recall and F1 in the last axis, from counts in the last axis."""


def names() -> list[str]:
    """Return the names of all metrics."""
    return sorted(module.name for module in iter_modules(__path__))


def load(name: str) -> Metric:
    """Return a metric by name, or raise BenchError with the valid ones."""
    if name not in names():
        raise BenchError(unknown("metric", name, names()))
    return cast("Metric", import_module(f"{__name__}.{name}"))
