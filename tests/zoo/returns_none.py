"""Pretends to have found nothing on one page, and says so with None."""


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    return None  # type: ignore[return-value]
