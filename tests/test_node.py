"""The Node worker speaks protocol 1 as the Python worker does."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from bench.process import Limits, Miss, WorkerProcess
from tests.nodes import NEEDS_NODE, OBEYS, running, start
from tests.running import request

pytestmark = NEEDS_NODE

HASTY = Limits(page_s=1, memory_mib=300)
obedient = running(OBEYS)

# What an extractor does → its answer
ANSWERS = [
    ("return 'calm'", "text", "calm"),
    ("return ''", "text", ""),
    ("return html.constructor.name + ' ' + url", "text", "Buffer http://a.example/p/second"),
    ("return Promise.resolve('soon')", "text", "soon"),
    ("return new Promise((done) => setTimeout(done, 5, 'later'))", "text", "later"),
    ("return 'half \\ud83d'", "text", "half \ufffd"),
    ("return 'whole \\ud83c\\udf75'", "text", "whole \U0001f375"),
    ("console.log('{}'); return 'calm'", "text", "calm"),
    ("process.stdout.write('{}'); return 'calm'", "text", "calm"),
    ("fs.writeSync(1, '{}'); return 'calm'", "text", "calm"),
    ("children.execSync('echo {}', { stdio: 'inherit' }); return 'calm'", "text", "calm"),
    ("return 'calm' + fs.readFileSync(0)", "text", "calm"),
    ("return", "error", "TypeError: extract() returned undefined, not string"),
    ("return null", "error", "TypeError: extract() returned null, not string"),
    ("return 7", "error", "TypeError: extract() returned Number, not string"),
    ("return html", "error", "TypeError: extract() returned Buffer, not string"),
    ("return null.tea", "error", "TypeError: Cannot read properties of null (reading 'tea')"),
    ("throw new RangeError('no tea')", "error", "RangeError: no tea"),
    ("return Promise.reject(new Error('no tea'))", "error", "Error: no tea"),
    ("throw 'tea'", "error", "String: tea"),
    ("throw null", "error", "object: null"),
    ("throw new Error('\\ud83d')", "error", "Error: \ufffd"),
    ("throw new Error('\\ud83c\\udf75'.repeat(600))", "error", f"Error: {493 * chr(0x1F375)}"),
]


@pytest.mark.parametrize(("body", "key", "words"), ANSWERS, ids=[a[0] for a in ANSWERS])
def test_every_request_has_one_answer(
    obedient: WorkerProcess, body: str, key: str, words: str
) -> None:
    """Text or error, whatever the extractor does, prints, throws or promises."""
    answer = obedient.ask(request("p", body.encode()), "p")
    assert {name: answer[name] for name in answer if name not in ("wall_ns", "cpu_ns")} == {
        "page": "p",
        key: words,
    }
    assert obedient.ask(request("q", b"return 'next'"), "q")["text"] == "next"


def test_times_are_those_of_the_page(obedient: WorkerProcess) -> None:
    """CPU time is what was worked, also by what was left for later; wall time runs on in sleep."""
    work = "const before = process.cpuUsage(); while (process.cpuUsage(before).user < 30_000);"
    busy = f"{work} return ''"
    late = f"setImmediate(() => {{ {work} }}); return ''"
    sleep = "return new Promise((done) => setTimeout(done, 30, ''))"
    for body, works in ((busy, True), (late, True), (sleep, False)):
        answer = obedient.ask(request("p", body.encode()), "p")
        assert answer["wall_ns"] > 25e6
        assert (answer["cpu_ns"] > 25e6) == works


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 2 << 20])
def test_pages_of_any_size_pass(obedient: WorkerProcess, size: int) -> None:
    """A request of many pipes' length arrives whole, and so does its answer."""
    page, body = '한글 \\ "\n', "return html.toString() //" + "x" * size
    assert obedient.ask(request(page, body.encode()), page)["text"] == body


# What an extractor does → how its worker ends
ENDS = [
    ("process.exit(3)", "killed", "exited with code 3"),
    ("process.kill(process.pid, 'SIGKILL')", "killed", "signal 9"),
    ("Promise.reject(new Error('stray')); return 'calm'", "killed", "exited with code 1"),
    ("return new Promise(() => {})", "killed", "exited with code 13"),
    ("for (;;);", "timeout", "no answer within 1 s"),
]


@pytest.mark.parametrize(("body", "status", "words"), ENDS, ids=[e[0] for e in ENDS])
def test_a_worker_that_ends_is_a_miss(tmp_path: Path, body: str, status: str, words: str) -> None:
    """The page in work is the one that is missed."""
    with closing(start(tmp_path, OBEYS, limits=HASTY)) as ending, pytest.raises(Miss) as miss:
        ending.ask(request("p", body.encode()), "p")
    assert miss.value.status == status
    assert words in str(miss.value)


# Source of an extractor, its distribution, why it does not start
FAULTS = [
    ("throw new RangeError('no model')", "", "RangeError: no model"),
    ("export {", "", "SyntaxError: Unexpected end of input"),
    ("import 'tea-and-rain'", "", "Error: Cannot find package 'tea-and-rain'"),
    ("export const extrakt = 1", "", "exports no function extract"),
    (OBEYS, "tea-and-rain", "tea-and-rain/package.json"),
]


@pytest.mark.parametrize(("source", "distribution", "words"), FAULTS, ids=[f[2] for f in FAULTS])
def test_what_does_not_start_says_why(
    tmp_path: Path, source: str, distribution: str, words: str
) -> None:
    """The last line of the log is the reason."""
    with pytest.raises(Miss, match="did not start: exited with code 1; ") as miss:
        start(tmp_path, source, distribution=distribution)
    assert words in str(miss.value)


def test_the_hello_measures_what_is_installed(tmp_path: Path) -> None:
    """Versions come from the packages themselves, never from what was asked for."""
    installed = {"": {}, "node_modules/@a/tea": {"version": "1.2.3"}}
    nested = {"node_modules/@a/tea/node_modules/cup": {"version": "0.1.0"}}
    for name, content in {
        "package.json": {"dependencies": {"@a/tea": "^1.0.0"}},
        "node_modules/.package-lock.json": {"packages": installed | nested},
        "node_modules/@a/tea/package.json": {"version": "1.2.3"},
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
    with closing(start(tmp_path, OBEYS, distribution="@a/tea")) as worker:
        hello = worker.hello
    assert (hello["protocol"], hello["name"], hello["version"]) == (1, "fake", "1.2.3")
    assert hello["packages"] == {"@a/tea": "1.2.3", "@a/tea/node_modules/cup": "0.1.0"}
    assert hello["runtime"].startswith("Node ")
    assert 0 < hello["startup_ns"] < worker.startup_ns
