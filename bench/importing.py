"""Importing a public dataset: unpacked, read by its reader, stored in boilerbench's own form."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tld import get_fld

from bench import archives, corpus, datasets, records
from bench.datasets import Card, Imported
from bench.errors import BenchError


def import_dataset(name: str, source: Path, *, force: bool = False) -> corpus.Corpus:
    """Return the corpus made from a local archive or folder, kept under the data folder.

    Nothing half-made is ever visible: it is made beside its place, then renamed. Raises BenchError
    for an unknown name, a source that is missing or laid out otherwise, or a corpus that exists.
    """
    dataset = datasets.load(name)
    target = corpus.data_folder() / name
    if target.exists() and not force:
        raise BenchError(f"{target}: exists already", hint="replace it with --force")
    if not source.exists():
        raise BenchError(
            f"{source}: no such file or folder", hint=f"fetch it from {dataset.card.url}"
        )
    with _beside(target) as scratch:
        draft = scratch / "draft"
        with _unpacked(source) as folder:
            try:
                pages = [_write(page, dataset.card, draft) for page in dataset.pages(folder)]
            except (AttributeError, KeyError, TypeError, ValueError, OSError) as error:
                raise _other_layout(source, name, error) from error
        if not pages:
            raise _other_layout(source, name, "no page found")
        _write_card(dataset.card, draft)
        corpus.pin(draft)
        if target.exists():
            shutil.rmtree(target)
        draft.rename(target)
    return corpus.open_corpus(target)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Yield a folder that is removed at the end, in the folder of the target."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-")
    except OSError as error:
        raise BenchError(
            f"{target.parent}: cannot be written ({error.strerror})",
            hint="name another data folder in BOILERBENCH_DATA",
        ) from error
    with scratch as folder:
        yield Path(folder)


@contextmanager
def _unpacked(source: Path) -> Iterator[Path]:
    if source.is_dir():
        yield source.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="boilerbench-") as scratch:
        yield archives.unpack(source, Path(scratch))


def _other_layout(source: Path, name: str, error: object) -> BenchError:
    card = datasets.load(name).card
    return BenchError(
        f"{source}: not laid out as {name} is at commit {card.commit[:7]} ({error})",
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
    lines = [header, *([kind, text] for kind, text in page.gold if text.split() or kind == "text")]
    gold.write_text("".join(records.to_line(line) + "\n" for line in lines), encoding="utf-8")
    return page.id


def _write_card(card: Card, draft: Path) -> None:
    fields = {
        "name": card.name,
        "version": card.commit[:7],
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
