# /// script
# dependencies = ["boilerpy3==1.0.7"]
# ///
"""boilerpy3, Boilerpipe in Python: rules learnt from the annotated pages of KrdWrd Canola.

The library takes only `str`. `raise_on_failure=False` keeps what it could read of a broken page.
"""

from boilerbench_adapter import decode
from boilerpy3.extractors import CanolaExtractor

_EXTRACTOR = CanolaExtractor(raise_on_failure=False)


def extract(html: bytes, url: str) -> str:
    return str(_EXTRACTOR.get_content(decode(html)))
