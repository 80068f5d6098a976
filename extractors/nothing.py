"""Control: always empty, the floor of every metric."""

CATEGORY = "control"


def extract(html: bytes, url: str) -> str:
    return ""
