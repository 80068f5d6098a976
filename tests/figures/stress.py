"""Put the inputs, and the figures of a matrix, into docs/stress.md, between their marks.

Usage: boilerbench stress --limit-s 10 --format json > FILE; python -m tests.figures.stress FILE
"""

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

from bench.process import Limits
from bench.report.formats import markdown
from bench.stress.inputs import INPUTS
from bench.stress.matrix import matrix
from bench.stress.pen import SEED
from bench.stress.trial import Trial

DOCS = Path(__file__).resolve().parents[2] / "docs" / "stress.md"


def main() -> None:
    """Rewrite both tables."""
    data = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    trials = [Trial(**row) for row in data["rows"]]
    table = matrix(trials, Limits(), SEED)
    table = replace(table, notes=data["notes"], signature=data["signature"])
    text = filled(DOCS.read_text(encoding="utf-8"), "inputs", inputs_table())
    text = filled(text, "matrix", markdown(table).partition("\n\n")[2])
    DOCS.write_text(text, encoding="utf-8")


def inputs_table() -> str:
    """Return each input and what it is, as Markdown."""
    rows = [f"| `{name}` | {_md(one.what)} |" for name, one in INPUTS.items()]
    return "\n".join(["| input | what it is |", "|---|---|", *rows])


def filled(text: str, mark: str, body: str) -> str:
    """Return a page with a body between the marks."""
    pattern = rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)"
    return re.sub(pattern, lambda found: f"{found[1]}{body}\n{found[2]}", text, flags=re.DOTALL)


def _md(text: str) -> str:
    """Return a sentence for a cell: in one line, tags as code."""
    line = " ".join(text.split())
    return line if "`" in line else re.sub(r"[<|]", r"\\\g<0>", line)


if __name__ == "__main__":
    main()
