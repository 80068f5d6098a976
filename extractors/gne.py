# /// script
# dependencies = ["gne==0.4.3"]
# ///
"""GNE (GeneralNewsExtractor): density of text and symbols, for Chinese news.

The library takes only `str`, and raises where it finds nothing.
"""

from boilerbench_adapter import decode
from gne import GeneralNewsExtractor

# Not safe between threads; between the pages of one worker nothing is carried over
_EXTRACTOR = GeneralNewsExtractor()


def extract(html: bytes, url: str) -> str:
    return str(_EXTRACTOR.extract(decode(html))["content"])
