# /// script
# dependencies = ["boilerpy3==1.0.7"]
# ///
"""boilerpy3, Boilerpipe in Python: word and link density of blocks, for any kind of page.

The library takes only `str`. `raise_on_failure=False` keeps what it could read of a broken page.
"""

from boilerbench_adapter import decode
from boilerpy3.extractors import DefaultExtractor

_EXTRACTOR = DefaultExtractor(raise_on_failure=False)


def extract(html: bytes, url: str) -> str:
    return str(_EXTRACTOR.get_content(decode(html)))
