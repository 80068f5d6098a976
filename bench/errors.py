"""The errors a user sees: what is wrong, where, and what to do now."""

import errno
from collections.abc import Callable, Iterable
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")

WRONG_USE = 2
MEASURED_FAILURE = 1


class BenchError(Exception):
    """One or more problems of one call, reported together.

    Raised for bad input of any kind; the command line prints each problem on a line of its own,
    then the hint, and exits with `exit_code` (2 wrong use, 1 something measured failed).
    """

    def __init__(
        self, problems: str | Iterable[str], *, hint: str = "", exit_code: int = WRONG_USE
    ) -> None:
        """Keep all problems, in order."""
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        self.hint = hint
        self.exit_code = exit_code
        super().__init__("\n".join([*self.problems, *([hint] if hint else [])]))


def together(one: Callable[[], A], other: Callable[[], B]) -> tuple[A, B]:
    """Return what both calls return, or raise one BenchError with all that they say, once each."""
    try:
        first = one()
    except BenchError as error:
        try:
            other()
        except BenchError as also:
            hint = "; ".join(filter(None, dict.fromkeys([error.hint, also.hint])))
            problems = dict.fromkeys(error.problems + also.problems)
            raise BenchError(problems, hint=hint) from error
        raise
    return first, other()


def disk_full(error: OSError) -> bool:
    """Say whether an error means that there is no room, or that the user may not fill more."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def unknown(what: str, name: str, valid: Iterable[str]) -> str:
    """Return the sentence for a name that is not among the valid ones, with the nearest guess."""
    from rapidfuzz import fuzz, process

    names = sorted(valid)
    # A part of a name may be a good guess; of several, the one that is nearest as a whole
    near = [found for found, *_ in process.extract(name, names, limit=None, score_cutoff=60)]
    near *= len(name) > 1  # a single letter is a part of too many
    guess = max(near, key=lambda found: fuzz.ratio(name, found), default="")
    maybe = f"; did you mean {guess!r}?" if guess else ""
    return f"unknown {what} {name!r}{maybe} (valid: {', '.join(names) or 'none'})"
