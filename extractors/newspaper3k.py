# /// script
# dependencies = ["newspaper3k==0.2.8", "lxml_html_clean==0.4.6"]
# ///
"""newspaper3k with the stop words of the language that the page declares, English without one.

The library decodes the bytes itself. Fetching images is switched off. It imports lxml.html.clean,
which lxml has given away, without asking for it. With English for every page the Zyte figures
would be .841 / .870 (words / 4-grams).
"""

from newspaper import Article


def extract(html: bytes, url: str) -> str:
    article = Article(url, fetch_images=False)
    article.set_html(html)
    article.parse()
    return str(article.text)
