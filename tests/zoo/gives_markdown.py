"""Pretends to be a converter for language models: gives a heading, a link and a table."""

_TEXT = "# How the kettle sings\n\nA [kettle](/kettles)\n\n| Tea | Minutes |\n|---|---|\n"


def extract(html: bytes, url: str) -> str:
    return _TEXT
