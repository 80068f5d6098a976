"""Protocol 1 from the harness's side: whatever a worker says, the harness goes on."""

import json
import sys
from contextlib import closing

import pytest

from bench.process import Limits, Miss, WorkerProcess
from tests.running import request

LIMITS = Limits(page_s=5, memory_mib=300)
HELLO = '{"protocol": 1}'
FINE = '{"page": "p", "text": "tea", "wall_ns": 1, "cpu_ns": 1}'


def worker(program: str, limits: Limits = LIMITS) -> WorkerProcess:
    """Start a program that is no extractor of ours: it speaks for itself."""
    return WorkerProcess([sys.executable, "-c", program], limits)


def says(*lines: str | bytes, then: str = "sys.stdin.read()") -> str:
    """Return a program that says hello, then one line for each request, then does the rest."""
    data = [line if isinstance(line, bytes) else line.encode() + b"\n" for line in lines]
    return (
        "import os, sys, time\n"
        f"for line in {data!r}:\n"
        "    os.write(1, line)\n"
        "    sys.stdin.readline()\n"
        f"{then}\n"
    )


# What a worker says first → how and why it did not start
GREETINGS: list[tuple[str, str, str]] = [
    (says(then=""), "killed", "exited with code 0"),
    (says(then="print('Traceback', file=sys.stderr); sys.exit(2)"), "killed", "code 2; Traceback"),
    ("print(end='no line', flush=True)", "killed", "exited with code 0"),
    (says("hello"), "error", "not JSON: b'hello'"),
    (says("[1]"), "error", "not a JSON object: b'[1]'"),
    (says("[" * 60_000), "error", "not JSON"),
    (says(b'"\xff"\n'), "error", "not JSON"),
    (says("{}"), "error", "hello says None, not 1"),
    (says('{"protocol": 2}'), "error", "hello says 2, not 1"),
    (says('{"protocol": 1, "version": "\\ud83d"}'), "error", "half a surrogate pair"),
]


@pytest.mark.parametrize(("program", "status", "words"), GREETINGS, ids=[g[2] for g in GREETINGS])
def test_a_bad_hello_is_a_miss(program: str, status: str, words: str) -> None:
    """A worker that does not greet as it should did not start, and the miss says why."""
    with pytest.raises(Miss) as miss:
        worker(program)
    assert miss.value.status == status
    assert str(miss.value).startswith("did not start: ")
    assert words in str(miss.value)


# What a worker answers to the request for page "p" → how and why that is a miss
ANSWERS = [
    (says(HELLO, "tea"), "error", "not JSON: b'tea'"),
    (says(HELLO, "[" * 60_000), "error", "not JSON"),
    (says(HELLO, '["p", "tea"]'), "error", "not a JSON object"),
    (says(HELLO, FINE.replace('"p"', '"q"')), "error", "answered for page 'q'"),
    (says(HELLO, '{"text": "tea"}'), "error", "answered for page None"),
    (says(HELLO, '{"page": "p"}'), "error", "neither text nor error"),
    (says(HELLO, FINE.replace('"tea"', "null")), "error", "neither text nor error"),
    (says(HELLO, FINE.replace('"text"', '"error"').replace('"tea"', "7")), "error", "neither text"),
    (says(HELLO, FINE.replace("1", '"1"', 1)), "error", "must be whole numbers"),
    (says(HELLO, FINE.replace("1", "-1", 1)), "error", "must be whole numbers"),
    (says(HELLO, '{"page": "p", "error": "no tea"}'), "error", "must be whole numbers"),
    (says(f"{HELLO}\n{FINE}"), "error", "spoke unasked"),
    (says(HELLO, then="os._exit(0)"), "killed", "exited with code 0"),
    (says(HELLO, then=f"print(end='{FINE[:-1]}')"), "killed", "exited with code 0"),
    (says(HELLO, then="os.close(1); time.sleep(60)"), "error", "closed its end of the pipe"),
]


@pytest.mark.parametrize(("program", "status", "words"), ANSWERS, ids=[a[2] for a in ANSWERS])
def test_a_bad_answer_is_a_miss(program: str, status: str, words: str) -> None:
    """An answer that is not one costs the page, never the run."""
    with closing(worker(program)) as bad, pytest.raises(Miss) as miss:
        bad.ask(request("p"), "p")
    assert miss.value.status == status
    assert words in str(miss.value)


def test_a_worker_may_end_right_after_its_hello() -> None:
    """What was promised by the hello is asked for with the first page."""
    with closing(worker(f"import os; os.write(1, b'{HELLO}\\n')")) as gone:
        with pytest.raises(Miss, match="exited with code 0"):
            gone.ask(request("p"), "p")
        assert gone.cost() == (0, 0, 0)


def test_an_answer_before_the_question_is_read_is_an_error() -> None:
    """Whoever answers without having read the page cannot have extracted it."""
    eager = f"import os, time; os.write(1, b'{HELLO}\\n'); time.sleep(0.3)\n"
    eager += f"os.write(1, b'{FINE}\\n'); time.sleep(60)"
    with closing(worker(eager)) as early, pytest.raises(Miss, match="answered before it had read"):
        early.ask(request("p", b"x" * (1 << 20)), "p")


def test_a_letter_now_and_then_is_no_answer() -> None:
    """The limit is for the whole answer, not for its next byte."""
    drip = says(HELLO, then="while True:\n    os.write(1, b'x')\n    time.sleep(0.05)")
    with closing(worker(drip, Limits(0.5, 300))) as slow, pytest.raises(Miss) as miss:
        slow.ask(request("p"), "p")
    assert (miss.value.status, str(miss.value)) == ("timeout", "no answer within 0.5 s")


@pytest.mark.parametrize("key", ["text", "error"])
def test_half_a_surrogate_pair_becomes_a_replacement_character(key: str) -> None:
    """What a worker gives is text that any journal can hold, whatever language it is written in."""
    answer = {"page": "p", key: "tea \ud83d", "wall_ns": 1, "cpu_ns": 1}
    with closing(worker(says(HELLO, json.dumps(answer)))) as halver:
        assert halver.ask(request("p"), "p")[key] == "tea \ufffd"


@pytest.mark.parametrize("size", [0, 1, 65_536, 4 << 20])
def test_pages_and_answers_of_any_size_pass(size: int) -> None:
    """A page larger than a pipe and an answer larger than a pipe do not block each other."""
    echo = (
        f"import json, sys\nprint('{HELLO}', flush=True)\n"
        "for line in sys.stdin:\n    asked = json.loads(line)\n"
        "    answer = dict(page=asked['page'], text=asked['html'], wall_ns=1, cpu_ns=1)\n"
        "    print(json.dumps(answer), flush=True)\n"
    )
    with closing(worker(echo)) as mirror:
        for page in ("p", "q"):
            line = request(page, b"x" * size)
            assert mirror.ask(line, page)["text"] == json.loads(line)["html"]


def test_a_missing_program_is_a_miss() -> None:
    """A command that does not exist did not start; its name is in the reason."""
    with pytest.raises(Miss, match="did not start: exited with code 1; /no/such/program: No"):
        WorkerProcess(["/no/such/program"], LIMITS)
