"""pairs: any two folders, one of pages and one of their texts."""

from collections.abc import Iterator
from pathlib import Path

from bench.datasets import Card, Imported, page_id
from bench.errors import BenchError

CARD = Card(
    name="pairs",
    title="Two folders",
    description="your own pages and texts, matched by file name without suffix (--pages, --gold)",
    url="",
    commit="",
    archive="",
    licence="yours to know",
    bibtex="",
    languages="not recorded",
    page_types="not recorded",
    pages=0,
    gold="text",
    snippets=False,
    published=(),
    faults=(),
    contents={},
)
# More names than these are no help
MOST_SHOWN = 10


def pages(
    folder: Path, *, pages: str = "html/*.html", gold: str = "text/*.txt"
) -> Iterator[Imported]:
    """Yield the files that match one pattern, with the UTF-8 text of the same name in the other."""
    sources, texts = _by_stem(folder, pages), _by_stem(folder, gold)
    lone = [f"{sources[name]}: no text of that name" for name in sources.keys() - texts.keys()]
    lone += [f"{texts[name]}: no page of that name" for name in texts.keys() - sources.keys()]
    if lone:
        raise _error(folder, sorted(lone), "narrow --pages or --gold to the files that are meant")
    golds = _decoded(folder, texts)
    for name, path in sources.items():
        yield Imported(
            id=page_id(name),
            html=path.read_bytes(),
            header={
                "url": "",
                "content_type": "text/html",
                "language": "und",
                "page_type": "unknown",
            },
            gold=[("text", golds[name])],
        )


def _by_stem(folder: Path, pattern: str) -> dict[str, Path]:
    try:
        paths = sorted(path for path in folder.glob(pattern) if path.is_file())
    except (ValueError, NotImplementedError) as error:  # an empty pattern, an absolute one
        raise BenchError(f"{pattern!r}: not a pattern below {folder} ({error})") from error
    if not paths:
        raise BenchError(
            f"{folder}: no file matches {pattern!r}",
            hint="say which files are meant: --pages 'html/*.html' --gold 'text/*.txt'",
        )
    found = {path.stem: path for path in paths}
    twice = [path for path in paths if path != found[path.stem]]
    if twice:
        problems = [f"{path}: {found[path.stem]} has the same name" for path in twice]
        raise _error(folder, problems, "pages are named by their files: narrow the pattern")
    return found


def _decoded(folder: Path, texts: dict[str, Path]) -> dict[str, str]:
    golds, problems = {}, []
    for name, path in texts.items():
        try:
            golds[name] = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            problems.append(f"{path}: not UTF-8 ({error.reason} at byte {error.start})")
    if problems:
        raise _error(folder, problems, "convert them: iconv -f ENCODING -t UTF-8")
    return golds


def _error(folder: Path, problems: list[str], hint: str) -> BenchError:
    rest = len(problems) - MOST_SHOWN
    more = [f"{folder}: {rest} more such files"] if rest > 0 else []
    return BenchError(problems[:MOST_SHOWN] + more, hint=hint)
