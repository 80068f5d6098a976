"""What there is to choose from, as tables."""

from collections.abc import Callable, Iterable, Mapping

from tabulate import tabulate

from bench import contestants, datasets, environments, metrics
from bench.contestants import Contestant
from bench.corpus import data_folder
from bench.errors import BenchError, unknown
from bench.report.formats import FORMATS
from bench.views import KINDS, VIEWS, role


def listing(what: str) -> str:
    """Return a table of what there is of one sort; BenchError names the sorts."""
    if what not in LISTINGS:
        raise BenchError(unknown("listing", what, LISTINGS))
    columns, rows = LISTINGS[what]()
    return tabulate(rows, columns, "simple", disable_numparse=True)


def _extractors() -> tuple[list[str], Iterable[list[str]]]:
    found, absent = contestants.look_up(contestants.names())
    rows = [
        [one.name, one.category, one.runtime, one.version, _installed(one), one.description]
        for one in found
    ]
    broken = [[name, "", "", "", "no", why] for name, why in contestants.reasons(absent).items()]
    oracle = [contestants.ORACLE, "control", "", "", "yes", "Control: gold, made by the scorer"]
    columns = ["name", "category", "runtime", "version", "installed", "description"]
    return columns, [*sorted([*rows, *broken]), oracle]


def _installed(contestant: Contestant) -> str:
    missing = environments.missing(contestant)
    return {"": "yes", environments.NOT_INSTALLED: "no"}.get(missing, f"no: {missing}")


def _corpora() -> tuple[list[str], Iterable[list[str]]]:
    cards = [datasets.load(name).card for name in datasets.names()]
    rows = [
        [card.name, _place(card.name), card.gold, card.languages, card.licence, card.description]
        for card in cards
    ]
    return ["name", "imported", "gold", "languages", "licence", "description"], rows


def _place(name: str) -> str:
    return "yes" if (data_folder() / name).is_dir() else "no"


def _views() -> tuple[list[str], Iterable[list[str]]]:
    return ["view", "kinds it keeps", "neither rewarded nor punished"], [
        [name, *(", ".join(k for k in KINDS if role(name, k) == r) for r in ("keep", "optional"))]
        for name in VIEWS
    ]


def _kinds() -> tuple[list[str], Iterable[list[str]]]:
    return ["kind", *VIEWS], [[kind, *(role(view, kind) for view in VIEWS)] for kind in KINDS]


def _metrics() -> tuple[list[str], Iterable[list[str]]]:
    docs = {name: metrics.describe(name) for name in metrics.names()}
    return ["metric", "description"], [[name, doc] for name, doc in docs.items()]


def _formats() -> tuple[list[str], Iterable[list[str]]]:
    return ["format"], [[name] for name in FORMATS]


LISTINGS: Mapping[str, Callable[[], tuple[list[str], Iterable[list[str]]]]] = {
    "extractors": _extractors,
    "corpora": _corpora,
    "views": _views,
    "kinds": _kinds,
    "metrics": _metrics,
    "formats": _formats,
}
