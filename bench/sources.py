"""Where a dataset's archive is: a local file or folder, a mirror, or the address on its card."""

import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import download, parts
from bench.corpus import data_folder
from bench.datasets import Card
from bench.errors import BenchError

ENDING = re.compile(r"\b(tar\.\w+|tgz|tar|zip|jsonl)\b")


@contextmanager
def local(card: Card, source: str | Path | None, *, sha256: str = "") -> Iterator[Path]:
    """Give the archive or folder of a dataset, downloaded where the source is an address.

    Without a source, the card's address is it. What was downloaded is kept for another import,
    unless BenchError is raised with it. Raises BenchError where there is no such archive.
    """
    if sha256 and not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
        raise BenchError(f"--sha256 {sha256}: not 64 hexadecimal digits")
    if source is not None and "://" not in str(source):
        yield _there(Path(source), card, sha256.lower())
        return
    url = str(source or card.archive)
    path = _downloaded(url, card, sha256.lower())
    try:
        yield path
    except BenchError as error:
        parts.drop(path)
        problems = [*error.problems, f"{path.name} came from {url}; it is deleted again"]
        raise BenchError(problems, hint=error.hint, exit_code=error.exit_code) from error


def _downloaded(url: str, card: Card, sha256: str) -> Path:
    if not url:
        raise BenchError(
            f"{card.name}: not to be had as one file",
            hint=f"name what you have of {card.url or 'it'} with --from DIR",
        )
    ending = ENDING.findall(url)
    file = f"{card.name}-{card.commit[:7]}{''.join(f'.{one}' for one in ending[-1:])}"
    by_hand = (
        f"where there is a network: curl -Lo {file} {shlex.quote(url)}; "
        f"then here: boilerbench import {card.name} --from {file}"
    )
    kept_as = "-".join(filter(None, [card.name, card.commit]))
    path = data_folder() / ".downloads" / kept_as
    return download.fetch(url, path, sha256=sha256, by_hand=by_hand)


def _there(source: Path, card: Card, sha256: str) -> Path:
    if not source.exists():
        raise BenchError(f"{source}: no such file or folder", hint=f"fetch it from {card.url}")
    if sha256 and source.is_dir():
        raise BenchError(f"{source}: a folder has no SHA-256", hint="leave out --sha256")
    if sha256 and (found := parts.sha256_of(source)) != sha256:
        raise BenchError(
            f"{source}: SHA-256 is {found}, expected {sha256}", hint=f"fetch it from {card.url}"
        )
    return source
