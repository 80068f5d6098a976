"""Real contestants on the real pages of public datasets give the figures that are locked."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bench import metrics, statistics
from bench.importing import import_dataset
from bench.runner import Settings
from bench.scoring import count
from tests.running import run_here
from tests.textgold import pack

# With the versions of requirements.lock. The zyte figures of jusText are published ones
# (tests/figures/published.py); trafilatura's on its snippets are at least its own docs' (.924)
LOCKED: list[tuple[str, str, str, Mapping[str, float]]] = [
    # dataset, its pack, metric, F1 by contestant
    (
        "zyte",
        "zyte/zyte-aeb.tar.gz",
        "zyte",
        {"trafilatura": 0.960, "readability_lxml": 0.954, "justext_zyte": 0.804},
    ),
    (
        "trafilatura",
        "trafilatura-eval/trafilatura-eval.tar.gz",
        "trafilatura-snippets",
        {"trafilatura": 0.926},
    ),
]


@pytest.mark.slow
@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize(
    ("dataset", "archive", "metric", "f1"), LOCKED, ids=["zyte", "trafilatura"]
)
def test_locked(
    tmp_path: Path, dataset: str, archive: str, metric: str, f1: Mapping[str, float]
) -> None:
    """A contestant of a locked version has the locked F1, to three decimals."""
    corpus = import_dataset(dataset, pack(archive))
    run = run_here(tmp_path / "run", corpus.root, [*f1], Settings(workers=2))
    figures = statistics.estimate(count(run, corpus, "main", metric), metrics.load(metric)).figures
    assert dict(zip(f1, figures[:, 2].round(3).tolist(), strict=False)) == dict(f1)
