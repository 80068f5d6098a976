"""Write docs/contestants.md: each contestant against what a survey and others' tables found.

Usage: python -m tests.figures.contestants. Reads the packs' folder from BOILERBENCH_PACKS, makes
the environments that are missing, exits 1 where a figure is missed without a word about it in the
contestant's file.
"""

import ast
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import contestants, metrics, session, statistics
from bench.contestants import Contestant
from bench.importing import import_dataset
from bench.runs import Run
from bench.scoring import count_all
from tests.figures.survey import SURVEY

DOCS = Path(__file__).resolve().parents[2] / "docs" / "contestants.md"
TOLERANCE = 0.01
LAST = 0.0011  # one in the last place that is published
# Figures locked to a version: dataset, metric, contestant → F1, P, R as far as published
LOCKED: Mapping[tuple[str, str, str], tuple[float, ...]] = {
    ("zyte", "zyte", "trafilatura"): (0.960,),
    ("zyte", "zyte", "readability_lxml"): (0.954,),
    ("zyte", "zyte", "justext_zyte"): (0.804,),
    ("zyte", "zyte", "trafilatura@2.0.0"): (0.958, 0.938, 0.978),
    ("zyte", "zyte", "readability_lxml@0.8.4.1"): (0.922,),
    ("zyte", "zyte", "goose3@3.1.20,lxml<6"): (0.896,),
    ("trafilatura", "trafilatura-snippets", "trafilatura@2.2.0"): (0.924,),
}
HEAD = """# Contestants against what is known of them

Made by `BOILERBENCH_PACKS=DIR make contestants`: every contestant that this machine can run, on the
181 pages of `zyte`. Expected figures are those of a survey of November 2026 with the same versions
and metrics; a row is right within ±.01. Where it is not, its file says why.
"""
Figures = dict[str, tuple[float, float, float]]  # F1, P, R by contestant


def main() -> None:
    """Run, compare, write."""
    packs = {
        "zyte": "zyte/zyte-aeb.tar.gz",
        "trafilatura": "trafilatura-eval/trafilatura-eval.tar.gz",
    }
    with tempfile.TemporaryDirectory() as scratch:
        for name, path in packs.items():
            import_dataset(name, Path(os.environ["BOILERBENCH_PACKS"]) / path, force=True)
        names = [name for name in contestants.names() if name in SURVEY]
        run, found = _figures("zyte", [*names, *_versions("zyte")], ("wcxb", "zyte"), Path(scratch))
        others = _versions("trafilatura")
        _, more = _figures("trafilatura", others, ("trafilatura-snippets",), Path(scratch))
        parts = [HEAD, _survey(run, found), _locked({"zyte": found, "trafilatura": more})]
        DOCS.write_text("\n\n".join(part.strip() for part in parts) + "\n", encoding="utf-8")
    sys.exit(bool(missed))


missed: list[str] = []


def _versions(dataset: str) -> list[str]:
    return [name for where, _, name in LOCKED if where == dataset and "@" in name]


def _figures(
    dataset: str, names: Sequence[str], wanted: Sequence[str], scratch: Path
) -> tuple[Run, dict[str, Figures]]:
    run, corpus = session.run_session(
        [*names],
        corpus=dataset,
        output=scratch / dataset,
        fresh=False,
        workers=2,
        rounds=1,
        limit_s=20,
        memory_mib=2048,
    )
    found = {}
    for metric, table in count_all(run, corpus, "main", wanted).items():
        p, r, f1 = statistics.estimate(table, metrics.load(metric)).figures[:, :3].T.tolist()
        rows = (row.name for row in table.rows)
        found[metric] = dict(zip(rows, zip(f1, p, r, strict=True), strict=True))
    return run, found


def _survey(run: Run, found: Mapping[str, Figures]) -> str:
    lines = [
        "| contestant | version | word F1 | expected | 4-gram F1 | expected | within .01 |",
        "|---|---|---|---|---|---|---|",
    ]
    made = {one.name: one for one in contestants.find(contestants.names())}
    for name, expected in sorted(SURVEY.items()):
        here = [found[metric][name][0] for metric in ("wcxb", "zyte") if name in found[metric]]
        if here:
            version = run.provenance["contestants"].get(name, {}).get("version", "")
            pairs = list(zip(here, expected, strict=True))
            cells = [f"{value:.3f}" for pair in pairs for value in pair]
            lines.append(
                f"| {name} | {version} | {' | '.join(cells)} | {_met(made[name], pairs)} |"
            )
    lines += [f"\n{one.name}: not run here: {one.why}" for one in run.absent]
    return "\n".join(lines)


def _met(contestant: Contestant, pairs: Sequence[tuple[float, float]]) -> str:
    if all(abs(round(here, 3) - known) <= TOLERANCE + 1e-9 for here, known in pairs):
        return "yes"
    if _explained(contestant):
        return "no; see its file"
    missed.append(contestant.name)
    print(f"missed: {contestant.name}", file=sys.stderr)
    return "NO"


def _explained(contestant: Contestant) -> bool:
    """Return whether a file says in its docstring what makes its figures differ."""
    if contestant.path.is_dir():
        return False
    doc = ast.get_docstring(ast.parse(contestant.path.read_bytes())) or ""
    return "Zyte" in doc


def _locked(found: Mapping[str, Mapping[str, Figures]]) -> str:
    lines = [
        "## Figures locked to a version",
        "",
        "| dataset, metric | contestant | F1, P, R here | expected |",
        "|---|---|---|---|",
    ]
    for (dataset, metric, name), expected in LOCKED.items():
        here = [round(value, 3) for value in found[dataset][metric].get(name, ())]
        if not here or any(
            known - ours > LAST for ours, known in zip(here, expected, strict=False)
        ):
            missed.append(name)
            print(f"missed: {name}: {here}, expected {expected}", file=sys.stderr)
        shown = (", ".join(f"{value:.3f}" for value in some) for some in (here, expected))
        lines.append(f"| {dataset}, {metric} | {name} | {' | '.join(shown)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
