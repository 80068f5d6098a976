"""jusText as the article extraction benchmark runs it: English stop list, looser limits.

The limits are those of `extractors/run_justext.py` in scrapinghub/article-extraction-benchmark at
commit 319422a, which trafilatura's evaluation uses too. The library decodes the bytes itself.
"""

import justext as library

DISTRIBUTION = "justext"

_ENGLISH = library.get_stoplist("English")
_LIMITS = {
    "length_low": 50,
    "length_high": 200,
    "stopwords_low": 0.1,
    "stopwords_high": 0.2,
    "max_link_density": 0.2,
    "max_heading_distance": 200,
    "no_headings": True,
}


def extract(html: bytes, url: str) -> str:
    paragraphs = library.justext(html, _ENGLISH, **_LIMITS)
    return "\n".join(part.text for part in paragraphs if not part.is_boilerplate)
