"""Pages whose tables are made: what stands between `<!-- name -->` and `<!-- /name -->`."""

import re
from collections.abc import Mapping
from pathlib import Path


def fill(page: Path, bodies: Mapping[str, str]) -> None:
    """Rewrite a page with each body between the marks of its name."""
    text = page.read_text(encoding="utf-8")
    for mark, body in bodies.items():
        text = filled(text, mark, body)
    page.write_text(text, encoding="utf-8")


def filled(text: str, mark: str, body: str) -> str:
    """Return a page with a body between the marks; ends the script where there are none."""
    pattern = rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)"
    new, found = re.subn(
        pattern, lambda found: f"{found[1]}{body}\n{found[2]}", text, flags=re.DOTALL
    )
    if not found:
        raise SystemExit(f"the page has no marks <!-- {mark} --> and <!-- /{mark} -->")
    return new
