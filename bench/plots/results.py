"""The figures of the table of results, as plots want them."""

from typing import Any

from bench.errors import BenchError
from bench.plots.style import contestants
from bench.report.layout import Subject
from bench.report.results import results_table

Record = dict[str, Any]


def results(look: Subject) -> tuple[list[Record], list[Record]]:
    """Return the records of contestants and of controls, best F1 first.

    Raises BenchError where there is no gold, no contestant, or no page with main content.
    """
    look.require_gold()
    contestants(look)
    records = [one for one in results_table(look).records if one["f1"] is not None]
    if not records:
        raise BenchError("the corpus has no page with main content, so there is no F1")
    return (
        [one for one in records if one["category"] != "control"],
        [one for one in records if one["category"] == "control"],
    )
