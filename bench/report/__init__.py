"""Reports: one run's scores, laid out once as tables and printed in several formats."""

from collections.abc import Callable, Mapping
from functools import partial

from bench.report.layout import Subject, Table
from bench.report.leakage import kind_page_type_table, kind_table, worst_table
from bench.report.results import results_table
from bench.report.slices import SLICES, slice_table
from bench.report.unlabelled import unlabelled_table

LEAKS: Mapping[str, Callable[[Subject], Table]] = {
    "kind": kind_table,
    "kind+page_type": kind_page_type_table,
    "leak": worst_table,
}


def main_table(subject: Subject) -> Table:
    """Return the table of results; of pages without gold, what is known without."""
    return results_table(subject) if subject.corpus.has_gold else unlabelled_table(subject)


# What `report --by` offers; "" is the table of results
TABLES: Mapping[str, Callable[[Subject], Table]] = {
    "": main_table,
    **LEAKS,
    **{name: partial(slice_table, by=name) for name in SLICES},
}
