"""Stress: what an answer is worth, the fakes of the zoo on trial, the matrix, the command."""

import json
import signal
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from bench import contestants
from bench.process import Limits, Stopped
from bench.stress import session
from bench.stress.inputs import INPUTS
from bench.stress.matrix import matrix
from bench.stress.pen import DECOY, MARKER, Input, Pen
from bench.stress.trial import Stand, Trial, asked, trials
from bench.stress.verdict import RESULTS, Answer, Judge
from tests.running import ZOO, alive, wait_until

Call = Callable[[str], Result]
Write = Callable[[str, str], Path]
LIMITS = Limits(20, 300)


def write(pen: Pen) -> bytes:
    """Write a page with a decoy in a comment."""
    return pen.page(f"<p>caf&eacute; 찻집</p><td>harbour<td>island<!-- {DECOY} -->").encode()


# The fakes misbehave on pages of this name
PAGE = Input("second", "A page.", write)
BLANK = Input("second", "Nothing.", lambda _: b"<p></p>", marked=False)

# Page, what was answered, the result, words of the reason
ANSWERS = [
    (PAGE, Answer("ok", f"Winter\n{MARKER}"), "kept", ""),
    (PAGE, Answer("ok", MARKER.replace(" ", "\n  ")), "kept", ""),
    (PAGE, Answer("ok", f"café 찻집 {MARKER}"), "kept", ""),
    (PAGE, Answer("ok", f"harbourisland {MARKER}"), "kept", ""),
    (PAGE, Answer("ok", ""), "lost", "no text"),
    (PAGE, Answer("ok", MARKER[:-20]), "lost", "the marker is not in the text"),
    (PAGE, Answer("ok", f"{MARKER} {DECOY}"), "wrong", "text of a script, comment or attribute"),
    (PAGE, Answer("ok", f"{MARKER} nonsense"), "wrong", "text that is not in the page: 'nonsense'"),
    (PAGE, Answer("ok", "harbour " * 100_000 + "gremlins"), "wrong", "'gremlins'"),
    (BLANK, Answer("ok", " \n"), "kept", ""),
    (BLANK, Answer("ok", "PK"), "wrong", "text where there is none: 'PK'"),
    (INPUTS["gzip-bytes"], Answer("ok", MARKER), "kept", ""),
    (INPUTS["gzip-bytes"], Answer("ok", "hjzq" + MARKER), "wrong", "'hjzqThe'"),
    (INPUTS["utf-16-be"], Answer("ok", f"{MARKER} Zoë"), "kept", ""),
    (INPUTS["charset-lying"], Answer("ok", f"{MARKER} Zoë"), "kept", ""),
    (PAGE, Answer("error", why="ValueError: no article"), "error", "ValueError: no article"),
    (PAGE, Answer("timeout", why="no answer within 1 s"), "timeout", "no answer within 1 s"),
    (PAGE, Answer("timeout", why="no answer", log="MemoryError"), "timeout", "no answer"),
    (PAGE, Answer("killed", why="ended by signal 11"), "killed", "ended by signal 11"),
    (PAGE, Answer("killed", why="memory: 301 MiB resident"), "memory", "memory: 301 MiB"),
    (PAGE, Answer("error", why="MemoryError: "), "memory", "MemoryError"),
    (PAGE, Answer("killed", why="signal 6", log="std::bad_alloc"), "memory", "signal 6"),
    (
        PAGE,
        Answer("killed", why="signal 6", log="memory allocation of 9 bytes"),
        "memory",
        "signal",
    ),
    (PAGE, Answer("error", why="protocol: an answer of more than 64 MiB"), "wrong", "64 MiB"),
    (PAGE, Answer("error", why="protocol: not JSON: b''"), "error", "protocol: not JSON"),
]


@pytest.mark.parametrize(("page", "answer", "result", "words"), ANSWERS)
def test_what_an_answer_is_worth(page: Input, answer: Answer, result: str, words: str) -> None:
    """A text keeps the marker, loses it or is wrong; no text has its reason."""
    found, why = Judge(page, page.html(1)).judge(answer)
    assert found == result
    assert words in why
    assert bool(why) == (result != "kept")


def test_each_result_is_had_by_some_answer() -> None:
    """There is no word in vain."""
    assert {result for *_, result, _ in ANSWERS} == {*RESULTS}


# Fake, its result on the page, words of the reason
FAKES = [
    ("sound", "kept", ""),
    ("always_empty", "lost", "no text"),
    ("echo", "wrong", "text of a script, comment or attribute"),
    ("lone_surrogates", "wrong", "'half'"),
    ("floods_pipe", "wrong", "an answer of more than 64 MiB"),
    ("raises", "error", "ValueError: no article"),
    ("returns_none", "error", "TypeError"),
    ("calls_exit", "error", "SystemExit"),
    ("dies_in_import", "killed", "did not start"),
    ("sleeps", "timeout", "no answer within 0.5 s"),
    ("segfaults", "killed", "ended by signal 11"),
    ("exits", "killed", "exited with code 3"),
    ("network_native", "killed", "ended by signal 31"),
    ("network_python", "killed", "ended by signal 31"),
    ("eats_memory", "memory", "MemoryError"),
    ("eats_shared_memory", "memory", "memory: "),
    ("orphan_eats_memory", "memory", "memory: "),
    ("leaves_child", "wrong", "'calm'"),
    ("daemon", "wrong", "'calm'"),
]


def on_trial(*fakes: str, pages: int = 1, lanes: int = 1, limits: Limits = LIMITS) -> list[Trial]:
    """Return the trials of fakes, each on the same page a number of times."""
    found = contestants.find([str(ZOO / f"{fake}.py") for fake in fakes])
    stop = threading.Event()
    return [*trials(found, [PAGE] * pages, limits, 1, lanes=lanes, stop=stop)]


@pytest.mark.parametrize(("fake", "result", "words"), FAKES, ids=[row[0] for row in FAKES])
def test_the_zoo_on_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake: str, result: str, words: str
) -> None:
    """Whatever an extractor does, it has a result, and no process and no file is left."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (trial,) = on_trial(fake, limits=Limits(0.5, 300) if result == "timeout" else LIMITS)
    if fake.startswith("network") and not words.endswith(trial.why[-2:]):
        pytest.skip("no seccomp here")
    assert (trial.result, trial.extractor, trial.input) == (result, fake, "second")
    assert words in trial.why
    assert wait_until(lambda: not alive(tmp_path))
    assert [*tmp_path.iterdir()] == []


def test_a_miss_costs_its_own_page_only() -> None:
    """After each miss there is a fresh worker, and lanes do not mix extractors up."""
    found = on_trial("exits", "sound", "raises", pages=3, lanes=2)
    assert [(trial.extractor, trial.result) for trial in found] == [
        *[("exits", "killed"), ("sound", "kept"), ("raises", "error")] * 3
    ]


@pytest.mark.parametrize(
    ("fake", "fresh"),
    [("sound", False), ("exits", True), ("raises", True), ("grows", True)],
)
def test_a_worker_is_reused_until_it_missed_or_grew(
    extractor: Write, fake: str, *, fresh: bool
) -> None:
    """A peak is that of its own page: who has grown by 64 MiB makes room for a fresh worker."""
    grows = '"""Grows."""\n\ndef extract(html, url):\n    return str(len(b"x" * (150 << 20)))\n'
    path = extractor("grows", grows) if fake == "grows" else ZOO / f"{fake}.py"
    stand = Stand(contestants.read(path), LIMITS, threading.Event())
    try:
        peak = stand.ask(asked(PAGE, PAGE.html(1))).peak_mib
        assert (stand._worker is None) == fresh
        assert (peak or 0) > 150 or fake != "grows"
    finally:
        stand.close()


def test_stopped_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once stopped, no trial is waited for, and no worker lives on."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    stop = threading.Event()
    found = trials(contestants.find([str(ZOO / "sound.py")]), [PAGE] * 9, LIMITS, 1, stop=stop)
    assert next(found).result == "kept"
    stop.set()
    with pytest.raises(Stopped):
        next(found)
    assert wait_until(lambda: not alive(tmp_path))
    assert [*tmp_path.iterdir()] == []


def test_an_ignored_interrupt_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the foreground does not end a job in the background."""
    monkeypatch.setattr(session, "_INTERRUPTS", (signal.SIGUSR1, signal.SIGUSR2))
    before = signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    try:
        with session._stop_on_signal() as stop:
            signal.raise_signal(signal.SIGUSR1)
            assert not stop.is_set()
            signal.raise_signal(signal.SIGUSR2)
            assert stop.is_set()
    finally:
        signal.signal(signal.SIGUSR1, before)


QUICK: dict[str, object] = {
    "bytes": 2_500_000,
    "version": "1",
    "network": "none (namespace)",
    "why": "",
    "wall_s": 0.1,
    "peak_mib": 20,
}


def trial(name: str, who: str, result: str, **others: object) -> Trial:
    """Return a trial that took next to nothing."""
    some = {"input": name, "digest": name, "extractor": who, "result": result, **others}
    return Trial(**{**QUICK, **some})  # type: ignore[arg-type]


def test_the_matrix() -> None:
    """Inputs down, extractors across, below them how often each result; time and peak if notable.

    A note says why somebody missed every page. Records hold every figure.
    """
    found = [
        trial("one", "fine", "kept", wall_s=2.34, peak_mib=700),
        trial("one", "slow", "timeout", wall_s=10.0, peak_mib=None),
        trial("two", "fine", "lost"),
        trial("two", "slow", "kept", wall_s=0.99, peak_mib=255),
        trial("one", "mute", "killed", why="ended by signal 11"),
        trial("two", "mute", "killed", why="exited with code 3"),
    ]
    table = matrix(found, Limits(10, 2048), 7, ["absent: why"])
    assert table.columns == ("input", "MB", "fine", "slow", "mute")
    assert table.cells == [
        ["one", "2.5", "kept 2.3s 700M", "timeout", "killed (11)"],
        ["two", "2.5", "lost", "kept", "killed"],
        ["= kept", "", "1", "1", "-"],
        ["= lost", "", "1", "-", "-"],
        ["= wrong", "", "-", "-", "-"],
        ["= error", "", "-", "-", "-"],
        ["= timeout", "", "-", "1", "-"],
        ["= killed", "", "-", "-", "2"],
        ["= memory", "", "-", "-", "-"],
    ]
    assert table.signature.startswith("stress|-|inputs:2#")
    assert "|seed:7|limit:10s/2048MiB|net:none|v:" in table.signature
    assert table.notes[1:] == [
        "versions: fine 1, slow 1, mute 1",
        "mute: missed every page: ended by signal 11",
        "absent: why",
    ]
    assert [record["peak_mib"] for record in table.records] == [700, None, 20, 255, 20, 20]


@pytest.mark.parametrize(
    "other",
    [
        {"digest": "changed"},
        {"network": "open"},
    ],
)
def test_the_signature_tells(other: dict[str, str]) -> None:
    """Other bytes or an open network give another line."""
    one, two = (
        matrix([trial("one", "fine", "kept", **change)], Limits(), 1).signature
        for change in ({}, other)
    )
    assert one != two


def test_the_command(call: Call) -> None:
    """The matrix is on stdout, nothing on stderr; a failed extractor does not fail the command."""
    fakes = f"{ZOO / 'always_empty.py'} {ZOO / 'wants_ascii.py'} nothing"
    line = f"stress {fakes} --with calm --with utf-16-le --limit-s 2 --seed 5 --format json"
    result = call(line)
    assert (result.stderr, result.exit_code) == ("", 0)
    data = json.loads(result.stdout)
    assert [(row["input"], row["extractor"], row["result"]) for row in data["rows"]] == [
        ("calm", "always_empty", "lost"),
        ("calm", "wants_ascii", "kept"),
        ("calm", "nothing", "lost"),
        ("utf-16-le", "always_empty", "lost"),
        ("utf-16-le", "wants_ascii", "error"),
        ("utf-16-le", "nothing", "lost"),
    ]
    assert "|seed:5|limit:2s/2048MiB|" in data["signature"]


def test_an_absent_extractor_is_named(call: Call, extractor: Write) -> None:
    """The others are put under stress; stderr and the table say who is missing, exit 1."""
    header = '# /// script\n# dependencies = ["no-such-thing-at-all; extra"]\n# ///\n'
    extractor("gone", f'"""Gone."""\n{header}\ndef extract(html, url):\n    return ""\n')
    result = call("stress extractors/gone.py nothing --with calm")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: gone: ")
    assert result.stdout.startswith("Stress: 1 extractors on 1 hostile pages")
