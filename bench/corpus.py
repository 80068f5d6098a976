"""Corpora: pages with gold. A corpus is any folder that holds `corpus/` and `gold/`."""

import hashlib
import json
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import platformdirs

from bench.errors import BenchError
from bench.gold import Header, read_header
from bench.pagetext import encoding_of

CHECKOUT = Path(__file__).resolve().parent.parent
PACKAGED = Path(__file__).resolve().parent / "data"
OWN = "boilerbench"  # the name of its own pages
HOME = CHECKOUT if (CHECKOUT / "extractors").is_dir() else PACKAGED


@dataclass(frozen=True, slots=True)
class Page:
    """One page: where its raw bytes and its gold are, and the facts of the gold's header."""

    id: str
    path: Path
    gold_path: Path
    sha256: str
    header: Header

    @property
    def content_type(self) -> str:
        """The HTTP header that the server sent."""
        return self.header.content_type

    @property
    def charset(self) -> str | None:
        """The true encoding, where the declaration is missing or lies."""
        return self.header.charset

    @property
    def size(self) -> int:
        """Bytes of the page."""
        return self.path.stat().st_size

    def html(self) -> bytes:
        """Return the raw bytes."""
        return self.path.read_bytes()

    def encoding(self, *, truth: bool) -> str:
        """Return Python's codec by the standard's rule, or by the known truth."""
        return encoding_of(self.html(), self.content_type, self.charset if truth else None)


@dataclass(frozen=True)
class Corpus:
    """Pages in the order of their ids, each pinned by the SHA-256 of its bytes."""

    root: Path
    name: str
    version: str
    pages: tuple[Page, ...]
    card: dict[str, str] = field(default_factory=dict)
    files: tuple[Path, ...] = ()  # WARC files that the pages lie in; such pages have no gold

    @property
    def has_gold(self) -> bool:
        """Whether its pages are labelled, so that anything can be scored."""
        return not self.files

    @property
    def has_snippets(self) -> bool:
        """Whether its gold says which snippets must and must not appear."""
        return bool(self.card.get("snippets"))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all that a contestant can see: bytes, addresses and HTTP headers."""
        return _digest(
            f"{page.id} {page.sha256} {page.header.url} {page.content_type}" for page in self.pages
        )

    @cached_property
    def gold_digest(self) -> str:
        """SHA-256 over all labels, "" where there are none."""
        if not self.has_gold:
            return ""
        return _digest(f"{page.id} {_sha256(page.gold_path)}" for page in self.pages)

    @cached_property
    def content_digest(self) -> str:
        """SHA-256 over bytes and labels, free of names and places: what a card pins.

        Sites are left out: which domains are registrable is a list that grows.
        """
        return _digest(f"{page.id} {page.sha256} {_labels(page.gold_path)}" for page in self.pages)

    def by_id(self) -> dict[str, Page]:
        """Return the pages by id."""
        return {page.id: page for page in self.pages}


def data_folder() -> Path:
    """Return where imported corpora live: `BOILERBENCH_DATA`, else the user's cache folder."""
    named = os.environ.get("BOILERBENCH_DATA")
    return Path(named) if named else platformdirs.user_cache_path("boilerbench")


def found(name: str | None) -> Corpus:
    """Return a corpus by the folder it is in, or by the name it was imported under."""
    return open_corpus(_root(name))


def _root(name: str | None) -> Path:
    """Return the folder of a corpus that is named by it, as it was imported, or as OWN."""
    if name is None:
        return HOME
    for root in (Path(name), data_folder() / name):
        if root.is_dir():
            return root
    if name == OWN:
        return HOME
    imported = sorted(path.name for path in data_folder().glob("*") if (path / "corpus").is_dir())
    raise BenchError(
        f"no corpus {name!r}: neither a folder nor imported ({', '.join(imported) or 'none'} is)",
        hint=f"boilerbench import {name} (see: boilerbench list corpora)",
    )


def open_corpus(root: Path | None = None) -> Corpus:
    """Return the corpus in a folder, boilerbench's own by default, verified against SHA256SUMS.

    Raises BenchError with all problems at once: pages without gold or gold without page, bytes
    that differ from their pin, unreadable headers, ids used twice, no pages at all.
    """
    root = HOME if root is None else root
    paths = {_id(path, root / "corpus"): path for path in sorted((root / "corpus").rglob("*.html"))}
    problems = list(_missing(root, paths))
    pins = _pins(root / "corpus" / "SHA256SUMS", problems)
    pages = [page for id, path in paths.items() if (page := _page(id, path, root, pins, problems))]
    pin_problems = list(_pin_problems(pages, paths, pins, root))
    card = _card(root / "corpus" / "card.toml", problems)
    if problems or pin_problems:
        hint = f"after a wanted change: boilerbench check --pin --corpus {root}"
        raise BenchError(problems + pin_problems, hint=hint if pin_problems else "")
    name = card.get("name", root.resolve().name)
    ordered = tuple(sorted(pages, key=lambda page: page.id))
    return Corpus(root, name, card.get("version", "0"), ordered, card)


def pin(root: Path | None = None) -> Path:
    """Write `corpus/SHA256SUMS` anew, in the format of `sha256sum -c`, and return its path."""
    folder = (HOME if root is None else root) / "corpus"
    if not folder.is_dir():
        raise BenchError(f"{folder}: no such folder; a corpus is a folder with corpus/ and gold/")
    lines = [
        f"{_sha256(path)}  {path.relative_to(folder).as_posix()}\n"
        for path in sorted(folder.rglob("*.html"))
    ]
    sums = folder / "SHA256SUMS"
    sums.write_text("".join(lines), encoding="utf-8")
    return sums


def write_pins(name: str | None) -> Path:
    """Write the pins of a corpus by folder or imported name, and return their file."""
    return pin(_root(name))


def _missing(root: Path, paths: dict[str, Path]) -> Iterator[str]:
    if not paths:
        yield f"{root / 'corpus'}: no pages (*.html); a corpus is a folder with corpus/ and gold/"
    golds = {_id(path, root / "gold") for path in (root / "gold").rglob("*.jsonl")}
    for id in sorted(set(paths) - golds):
        yield f"{paths[id]}: no gold; expected {root / 'gold' / id}.jsonl"
    for id in sorted(golds - set(paths)):
        yield f"{root / 'gold' / id}.jsonl: gold without a page"


def _pins(sums: Path, problems: list[str]) -> dict[str, str]:
    if not sums.exists():
        make = f"boilerbench check --pin --corpus {sums.parent.parent}"
        problems.append(f"{sums}: missing; make it with: {make}")
        return {}
    pins = {}
    for number, line in enumerate(sums.read_text(encoding="utf-8").splitlines(), 1):
        sha, _, name = line.strip().partition(" ")
        if name:
            pins[name.strip().removeprefix("*").removesuffix(".html")] = sha
        elif sha:
            problems.append(f"{sums}:{number}: not a line of `sha256sum`: {line!r}")
    return pins


def _page(
    id: str, path: Path, root: Path, pins: dict[str, str], problems: list[str]
) -> Page | None:
    gold_path = (root / "gold" / id).with_name(Path(id).name + ".jsonl")
    if not gold_path.exists():
        return None
    try:
        header = read_header(gold_path)
    except BenchError as error:
        problems.extend(error.problems)
        return None
    if header.page != id:
        problems.append(f"{gold_path}:1: page is {header.page!r}; the file's place says {id!r}")
    return Page(id, path, gold_path, pins.get(id, ""), header)


def _pin_problems(
    pages: list[Page], paths: dict[str, Path], pins: dict[str, str], root: Path
) -> Iterator[str]:
    sums = root / "corpus" / "SHA256SUMS"
    if not sums.exists():
        return
    for id in sorted(set(pins) - set(paths)):
        yield f"{sums}: names {id}.html, which does not exist"
    for page in pages:
        if not page.sha256:
            yield f"{page.path}: not in {sums}"
        elif _sha256(page.path) != page.sha256:
            yield f"{page.path}: bytes differ from the pin in {sums}"


def _card(path: Path, problems: list[str]) -> dict[str, str]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except ValueError as error:
        problems.append(f"{path}: not TOML ({error})")
        return {}


def _id(path: Path, folder: Path) -> str:
    return path.relative_to(folder).with_suffix("").as_posix()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _labels(gold: Path) -> str:
    """Return the SHA-256 of a gold file without the site that its header names."""
    head, _, rest = gold.read_bytes().partition(b"\n")
    header = {key: value for key, value in json.loads(head).items() if key != "site"}
    return hashlib.sha256(json.dumps(header).encode() + b"\n" + rest).hexdigest()


def _digest(lines: Iterator[str]) -> str:
    return hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()
