"""Importing a public dataset: unpacked, read by its reader, stored in boilerbench's own form."""

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tld import get_fld

from bench import archives, corpus, datasets, records, sources
from bench.datasets import Card, Dataset, Imported
from bench.errors import BenchError, disk_full


def import_dataset(
    name: str,
    source: str | Path | None = None,
    *,
    sha256: str = "",
    called: str = "",
    force: bool = False,
    **options: str,
) -> corpus.Corpus:
    """Return the corpus made from an archive or folder, kept under the data folder.

    The source is a local path or an http(s) address, the card's by default; `sha256` is its sum.
    `called` names it, the dataset's name by default; `options` are the reader's. Nothing half-made
    is ever visible: it is made beside its place, then renamed. Raises BenchError for a name or
    option that cannot be, a source that is missing or laid out otherwise, or a corpus that exists.
    """
    dataset = datasets.load(name)
    called = called or name
    if problems := [*_name_problems(called, name), *_option_problems(dataset, options)]:
        raise BenchError(problems)
    target = corpus.data_folder() / called
    if target.exists() and not force:
        raise BenchError(f"{target}: exists already", hint="replace it with --force")
    with (
        _writable(target.parent),
        sources.local(dataset.card, source, sha256=sha256) as archive,
        tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{called}-") as scratch,
    ):
        draft = Path(scratch) / "draft"
        _write_pages(dataset, archive, options, draft)
        _write_card(dataset.card, called, draft)
        corpus.pin(draft)
        corpus.open_corpus(draft)
        if target.exists():
            target.rename(Path(scratch) / "before")
        draft.rename(target)
    return corpus.open_corpus(target)


def content(name: str, imported: corpus.Corpus) -> str:
    """Say which known content of a dataset was imported, or warn that it is none of them."""
    card, digest = datasets.load(name).card, imported.content_digest
    for part, known in card.contents.items():
        if digest == known:
            return f"content: {part!r} of commit {card.commit[:7]}, every page and label as known"
    if not card.commit:
        return f"content: {digest}"
    parts = ", ".join(f"{part!r} {known[:8]}" for part, known in card.contents.items())
    return (
        f"warning: content {digest[:8]} is not known ({parts or 'none is'}); another commit or "
        f"selection than {card.commit[:7]}, or a changed file: figures may not compare"
    )


def _name_problems(called: str, name: str) -> Iterator[str]:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", called):
        yield f"--name {called!r}: letters, digits, '.', '_' and '-' only"
    elif called != name and called in datasets.names():
        yield f"--name {called!r}: is the name of another dataset"


def _option_problems(dataset: Dataset, options: Mapping[str, str]) -> Iterator[str]:
    valid = ", ".join(f"--{name}" for name in dataset.options) or "none"
    for name in sorted(options.keys() - set(dataset.options)):
        yield f"--{name}: dataset {dataset.card.name!r} has no such option (valid: {valid})"


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise BenchError(
            f"{folder}: cannot be written ({error.strerror or error})",
            hint="make room there, or name another folder with BOILERBENCH_DATA; nothing was made",
        ) from error


@contextmanager
def _unpacked(source: Path, near: Path) -> Iterator[Path]:
    if source.is_dir():
        yield source.resolve()
        return
    with tempfile.TemporaryDirectory(dir=near) as scratch:
        yield archives.unpack(source, Path(scratch))


def _write_pages(dataset: Dataset, source: Path, options: Mapping[str, str], draft: Path) -> None:
    with _unpacked(source, draft.parent) as folder:
        try:
            found = dataset.pages(folder, **options)
            pages = [_write(page, dataset.card, draft) for page in found]
        except (AttributeError, KeyError, TypeError, ValueError, OSError) as error:
            if isinstance(error, OSError) and disk_full(error):
                raise
            raise _other_layout(source, dataset.card, error) from error
    if not pages:
        raise _other_layout(source, dataset.card, "no page found")


def _other_layout(source: Path, card: Card, error: object) -> BenchError:
    return BenchError(
        f"{source}: not laid out as {card.name} is at commit {card.commit[:7]} ({error})",
        hint=f"fetch that commit from {card.url}",
    )


def _write(page: Imported, card: Card, draft: Path) -> str:
    if {"", ".", ".."} & {*page.id.split("/")}:
        raise ValueError(f"page id {page.id!r} is no path inside the corpus")
    path = draft / "corpus" / f"{page.id}.html"
    gold = draft / "gold" / f"{page.id}.jsonl"
    for one in (path, gold):
        one.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(page.html)
    header = {
        "page": page.id,
        **page.header,
        "site": get_fld(page.header["url"], fail_silently=True) or page.id,
        "family": card.name,
        "guidelines": card.name,
        "labelled_by": [card.name],
        "notes": "",
        "gold": card.gold,
    }
    blocks = [[kind, text] for kind, text in page.gold if text.split() or kind == "text"]
    lines = [records.to_line(header), *map(records.to_line, blocks)]
    gold.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return page.id


def _write_card(card: Card, called: str, draft: Path) -> None:
    fields = {
        "name": called,
        "version": card.commit[:7] or "0",
        "title": card.title,
        "licence": card.licence,
        "bibtex": card.bibtex,
        "snippets": "yes" if card.snippets else "",
    }
    lines = [f"{name} = {_toml(value)}\n" for name, value in fields.items()]
    (draft / "corpus" / "card.toml").write_text("".join(lines), encoding="utf-8")


def _toml(value: str) -> str:
    """Return a basic string of TOML, which a string of JSON is too (TOML 1.0, "String")."""
    return records.to_line([value])[1:-1]
