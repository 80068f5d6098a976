"""Metrics, one file each, named as in the literature; each defines one class, `Metric`."""

import re
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from bench.errors import BenchError, unknown
from bench.metrics.base import Counts, Metric, Output, Reference, Scores

__all__ = ["DEFAULT_METRIC", "Counts", "Metric", "Output", "Reference", "Scores", "load", "names"]

DEFAULT_METRIC = "lcs"
_HELPERS = {"base"}


def names() -> list[str]:
    """Return the names of all metrics; `shingle` also goes by `shingle(n)`."""
    modules = {module.name for module in iter_modules(__path__)} - _HELPERS
    return sorted(name.replace("__", "-") for name in modules)


def describe(name: str) -> str:
    """Return the first line of a metric's docstring, without its name."""
    module = import_module(f"{__name__}.{load(name).name.replace('-', '__')}")
    return (module.__doc__ or "").splitlines()[0].partition(": ")[2]


@cache
def load(name: str) -> Metric:
    """Return a metric by name, or raise BenchError with the valid ones."""
    called = re.fullmatch(r"([^()]+)(?:\((\d+)\))?", name)
    module = called[1].replace("-", "__") if called else ""
    if not called or called[1] not in names():
        raise BenchError(unknown("metric", name, names()))
    kind = import_module(f"{__name__}.{module}").Metric
    try:
        return cast("Metric", kind(*([int(called[2])] if called[2] else [])))
    except (TypeError, ValueError) as error:
        raise BenchError(f"metric {name!r}: {error}", hint="try: shingle(4)") from error
