"""A session of stress: contestants made ready, progress shown, interrupts obeyed."""

import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import track

from bench import contestants, session
from bench.errors import BenchError, together
from bench.process import Limits, Stopped
from bench.report.formats import formatted, known_format
from bench.stress import inputs
from bench.stress.matrix import matrix
from bench.stress.trial import Trial, trials

_INTERRUPTS = (signal.SIGINT, signal.SIGTERM)


def stressed(
    wanted: Sequence[str],
    names: Sequence[str],
    form: str,
    *,
    limits: Limits,
    seed: int,
    workers: int,
) -> tuple[str, list[str]]:
    """Return the matrix of extractors on inputs, and a sentence on each that cannot compete.

    Raises BenchError for unknown names, where nobody can compete, and after an interrupt.
    """
    (chosen, pages), _ = together(
        lambda: together(lambda: contestants.look_up([*wanted]), lambda: inputs.chosen(names)),
        lambda: known_format(form),
    )
    ready, absent = session.prepared(*chosen)
    gone = [*map(session.said, absent)]
    with _stop_on_signal() as stop:
        made = trials(ready, pages, limits, seed, lanes=workers, stop=stop)
        table = matrix([*_shown(made, len(ready) * len(pages))], limits, seed, gone)
    return formatted(table, form), gone


def _shown(made: Iterable[Trial], total: int) -> Iterable[Trial]:
    """Show progress on stderr where that is a terminal."""
    silent, console = not sys.stderr.isatty(), Console(stderr=True)
    return track(made, "stress", total=total, console=console, transient=True, disable=silent)


@contextmanager
def _stop_on_signal() -> Iterator[threading.Event]:
    """Yield what Ctrl-C and SIGTERM set, so that workers are ended and nothing is left behind.

    A job in the background is started with Ctrl-C ignored, and that stays so.
    """
    stop = threading.Event()
    numbers = [one for one in _INTERRUPTS if signal.getsignal(one) is not signal.SIG_IGN]
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in numbers}
    try:
        yield stop
    except Stopped:
        raise BenchError("interrupted; no matrix", hint="repeat the command", exit_code=1) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
