"""Boilerpipe's worker in Java speaks protocol 1 by itself, without any of the harness's code."""

import json
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bench.contestants import EXTRACTORS
from bench.process import Limits, WorkerProcess
from tests.running import request

FOLDER = EXTRACTORS / "boilerpipe"
MANIFEST = tomllib.loads((FOLDER / "extractor.toml").read_text(encoding="utf-8"))
LACKING = [need for need in MANIFEST["needs"] if not shutil.which(need) and not Path(need).exists()]

pytestmark = pytest.mark.skipif(bool(LACKING), reason=f"needs {', '.join(LACKING)}")


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerProcess]:
    """Build the folder's copy and start its worker, as its manifest says."""
    copy = tmp_path_factory.mktemp("java") / "boilerpipe"
    shutil.copytree(FOLDER, copy)
    for command in MANIFEST["build"]:
        subprocess.run(command, cwd=copy, check=True)
    places = {"folder": copy, "name": "boilerpipe", "distribution": MANIFEST["distribution"]}
    start = [word.format(**places) for word in MANIFEST["command"]]
    with closing(WorkerProcess(start, Limits(page_s=20, memory_mib=300))) as process:
        yield process


def answered(worker: WorkerProcess, html: bytes, page: str = "p", **fields: str) -> dict[str, Any]:
    """Return the answer to a request; `fields` replace members of it."""
    line = json.dumps(json.loads(request(page, html)) | fields)
    return worker.ask(line.encode() + b"\n", page)


def test_the_hello_names_the_jars(worker: WorkerProcess) -> None:
    """Versions are those of the jars that are loaded."""
    assert worker.hello["name"] == "boilerpipe"
    assert worker.hello["version"] == worker.hello["packages"]["boilerpipe"]
    assert worker.hello["packages"].keys() == {"boilerpipe", "nekohtml", "xercesImpl"}
    assert worker.hello["runtime"].startswith("Java ")
    assert worker.hello["startup_cpu_ns"] > 0


# Python's name of a codec, a sentence that it can write
SENTENCES = [
    ("utf-8", 'He said "5 \\ 7" \U0001f375 and \x85 went. '),
    ("utf8", "차를 마신다. "),
    ("utf-16-le", "차를 마신다. "),
    ("cp949", "뷁 똠방각하 펲시를 마신다. "),
    ("cp932", "髙橋さんの①お茶です。 "),
    ("euc_jp", "日本語のお茶です。 "),
    ("iso2022_jp", "日本語のお茶です。 "),
    ("gb18030", "茶 㐀 𠀀 很好。 "),
    ("big5hkscs", "佢哋飲嘅綠茶。 "),
    ("cp1251", "Чай зелёный. "),
    ("cp1252", "“Tea” – 5 €. "),
    ("cp874", "ชาเขียว. "),
    ("koi8-r", "Чай зелёный. "),
    ("iso8859-2", "Zielona herbata łąka. "),
    ("mac-roman", "Thé “vert” – 5 €. "),
]


@pytest.mark.parametrize(("codec", "sentence"), SENTENCES, ids=[s[0] for s in SENTENCES])
def test_pages_are_decoded_by_their_codec(worker: WorkerProcess, codec: str, sentence: str) -> None:
    """The text comes back as it was written, whatever the page's encoding."""
    paragraph = sentence * 40
    html = f"<html><body><p>{paragraph}</p></body></html>".encode(codec)
    answer = answered(worker, html, encoding=codec)
    assert answer["text"].strip() == paragraph.strip()
    assert answer["cpu_ns"] > 0
    assert answer["wall_ns"] > 0


def test_what_is_undecodable_is_replaced(worker: WorkerProcess) -> None:
    """A bad byte is U+FFFD, and a byte order mark is no text."""
    html = b"\xef\xbb\xbf<p>" + b"Green tea \xff is dry. " * 40
    assert answered(worker, html)["text"].startswith("Green tea \ufffd is dry.")


@pytest.mark.parametrize("page", ["a/b", '"\\\n\t/\x01', "한글/\U0001f375", "half \ud83d"])
def test_the_page_is_named_in_the_answer(worker: WorkerProcess, page: str) -> None:
    """Whatever JSON escapes is read and written as it should."""
    sent = json.loads(request("p")) | {"page": page}
    asked = page.replace("\ud83d", "\ufffd")
    assert worker.ask(json.dumps(sent).encode() + b"\n", asked)["text"] == ""


def test_an_error_is_a_miss_of_one_page(worker: WorkerProcess) -> None:
    """The worker says what failed and goes on."""
    answer = answered(worker, b"<p>Tea.", encoding="no-such-codec")
    assert answer["error"] == "UnsupportedCharsetException: no-such-codec"
    assert "text" in answered(worker, b"")


def test_a_large_page_passes(worker: WorkerProcess) -> None:
    """A request of many pipes' length arrives whole."""
    html = b"<p>" + b"Green tea is dry. " * 20_000
    assert len(answered(worker, html)["text"].strip()) == 18 * 20_000 - 1
