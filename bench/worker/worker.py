"""The worker: runs one Python extractor file and speaks protocol 1. Standard library only.

Called as `worker.py FILE NAME DISTRIBUTION` inside the extractor's interpreter. JSON lines: one
hello, then one answer for each request, until standard input ends. Prints of a library, from
Python or from C, go to standard error.
"""

import base64
import importlib.machinery
import importlib.metadata
import importlib.util
import json
import os
import platform
import re
import resource
import sys
import time
import traceback
from collections.abc import Callable
from typing import IO, Any

PROTOCOL = 1
_SURROGATE = re.compile("[\ud800-\udfff]")


def main() -> None:
    """Load the extractor, say hello, answer until the harness closes the pipe."""
    started = time.perf_counter_ns()
    requests, answers = _take_pipes()
    file, name, distribution = sys.argv[1:4]
    adapter = _load(os.path.join(os.path.dirname(__file__), "boilerbench_adapter.py"))
    # Not its own name: a file called like the library it imports must not stand in that one's place
    extract = _load(file, f"boilerbench_extractor_{name}").extract
    startup = {"startup_ns": time.perf_counter_ns() - started, "startup_cpu_ns": _cpu_ns()}
    _say(answers, {**_hello(name, distribution), **startup})
    for line in requests:
        _say(answers, _answer(json.loads(line), extract, adapter))


def _take_pipes() -> tuple[IO[bytes], IO[str]]:
    """Move the protocol to private descriptors, so that no print of a library can reach it."""
    requests = os.fdopen(os.dup(0), "rb")
    # What no encoding has goes out as JSON's own escape
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return requests, answers


def _load(path: str, name: str = "boilerbench_adapter") -> Any:  # noqa: ANN401
    loader = importlib.machinery.SourceFileLoader(name, path)
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    if spec is None:
        raise ImportError(path)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    # The bytes that the plan's digest names, never a compiled file left beside them
    exec(loader.source_to_code(loader.get_data(path), path), module.__dict__)  # noqa: S102
    return module


def _hello(name: str, distribution: str) -> dict[str, Any]:
    return {
        "protocol": PROTOCOL,
        "name": name,
        "version": importlib.metadata.version(distribution) if distribution else "",
        "runtime": f"{platform.python_implementation()} {platform.python_version()}",
        "packages": _packages(),
    }


def _packages() -> dict[str, str]:
    """Names and versions from the folders' names: reading 50 METADATA files takes 0.1 s."""
    found = (
        entry[: -len(".dist-info")].partition("-")
        for folder in sys.path
        if os.path.isdir(folder)
        for entry in os.listdir(folder)
        if entry.endswith(".dist-info")
    )
    return dict(sorted((name, version) for name, _, version in found))


def _answer(request: dict[str, Any], extract: Callable[..., Any], adapter: Any) -> dict[str, Any]:  # noqa: ANN401
    html = base64.b64decode(request["html"])
    adapter.encoding = request["encoding"]
    wall, cpu = time.perf_counter_ns(), _cpu_ns()
    outcome: dict[str, Any]
    try:
        text = extract(html, request["url"])
        if not isinstance(text, str):
            raise TypeError(f"extract() returned {type(text).__name__}, not str")
        # A lone surrogate is not text in any encoding
        outcome = {"text": _SURROGATE.sub("\ufffd", str(text))}
    except (Exception, SystemExit) as error:  # noqa: BLE001
        outcome = {"error": f"{type(error).__name__}: {error}"[:500]}
        traceback.print_exc()
    return {
        "page": request["page"],
        **outcome,
        "wall_ns": time.perf_counter_ns() - wall,
        "cpu_ns": _cpu_ns() - cpu,
    }


def _cpu_ns() -> int:
    """CPU time of all threads of this process and of its waited-for children."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time_ns() + int((children.ru_utime + children.ru_stime) * 1e9)


def _say(answers: IO[str], message: dict[str, Any]) -> None:
    answers.write(json.dumps(message, ensure_ascii=False) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
