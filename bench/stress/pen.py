"""The pen that hostile pages are written with: seeded prose, at any scale, and the marker."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MARKER = "The keeper of the lighthouse counted eleven white ships before his breakfast was ready."
# Stands in scripts, comments and attributes only: no reader of a page ever sees it
DECOY = "A gremlin in the gearbox wrote this line, and nobody was ever meant to read it."
HTML = "text/html"
SEED = 20240807  # as of the bootstrap: the date of the post that started the project

# Half of them are stop words of English, as in any prose, which is what jusText looks for
_WORDS = (
    "the a of and to in that was he it for on as with his they at be this from had by but not "
    "what all were when we there an your which their if will one would about out up them then she "
    "many some so these into has more her two like him see time could no make than first been "
    "harbour lantern granite meadow kettle orchard copper winter bridge letter violin market river "
    "candle garden weather morning island copper valley stone window paper silver barrel clock"
).split()
_SENTENCE = 8, 15  # words, from and to
_STOCK = 64  # sentences that a page is made of; a longer one repeats them in another order


class Pen:
    """Writes one page: the same bytes for the same seed, and smaller ones for a scale below 1."""

    def __init__(self, seed: str, scale: float = 1.0) -> None:
        """Make up the sentences."""
        self._scale = scale
        dice = iter(self.noise(_STOCK * (_SENTENCE[1] + 1), seed))
        self.sentences = [_sentence(dice) for _ in range(_STOCK)]

    @staticmethod
    def noise(size: int, seed: str = "noise") -> bytes:
        """Return as many bytes without a pattern."""
        return hashlib.shake_128(seed.encode()).digest(size)

    def count(self, number: int) -> int:
        """Return a number at the pen's scale, 1 at least."""
        return max(1, round(number * self._scale))

    def repeat(self, text: str, number: int) -> str:
        """Return a text a number of times, at the pen's scale."""
        return text * self.count(number)

    def prose(self, size: int) -> str:
        """Return sentences of `size` characters or a few more, at the pen's scale."""
        stock = " ".join(self.sentences) + " "
        return stock * (self.count(size) // len(stock) + 1)

    def paragraphs(self, size: int) -> str:
        """Return paragraphs, no two alike, of about `size` characters in all, at the scale."""
        some = self.sentences
        mean = 3 * sum(map(len, some)) // len(some) + len("<p>  12345. </p>\n")
        return "\n".join(
            f"<p>{some[i % 61]} {some[i % 59]} {i}. {some[i % 64]}</p>"
            for i in range(self.count(size) // mean + 1)
        )

    def story(self, marker: str = MARKER) -> str:
        """Return an article whose middle paragraph holds the marker."""
        some = self.sentences
        first, last = (" ".join(some[at : at + 4]) for at in (0, 8))
        middle = f"{some[4]} {some[5]} {marker} {some[6]}"
        return f"<h1>The harbour in winter</h1>\n<p>{first}</p>\n<p>{middle}</p>\n<p>{last}</p>\n"

    def page(self, body: str = "", *, head: str = "", charset: str = "utf-8") -> str:
        """Return a page whose article is the story, and then a body."""
        declared = f'<meta charset="{charset}">' if charset else ""
        return (
            f'<!doctype html>\n<html lang="en"><head>{declared}<title>Winter</title>{head}</head>\n'
            f"<body><article>{self.story()}{body}</article></body></html>\n"
        )


Make = Callable[[Pen], bytes]


@dataclass(frozen=True, slots=True)
class Input:
    """A hostile page: its name, in a sentence what it is, and how it is made.

    `marked`: it holds the marker, else no text for a reader. `truth` is its encoding where the
    declaration lies or is missing.
    """

    name: str
    what: str
    write: Make
    content_type: str = HTML
    marked: bool = True
    truth: str = ""

    def html(self, seed: int, scale: float = 1.0) -> bytes:
        """Return its bytes."""
        return self.write(Pen(f"{seed}/{self.name}", scale))


class Theme(dict[str, Input]):
    """Inputs by name, in the order in which they are written down."""

    def input(
        self, *, content_type: str = HTML, marked: bool = True, truth: str = ""
    ) -> Callable[[Make], Make]:
        """Take in a function: its name and docstring are those of the input."""

        def take(write: Make) -> Make:
            name = write.__name__.strip("_").replace("_", "-")
            what = (write.__doc__ or "").strip()
            self[name] = Input(name, what, write, content_type, marked, truth)
            return write

        return take


def _sentence(dice: Iterator[int]) -> str:
    shortest, longest = _SENTENCE
    length = shortest + next(dice) % (longest - shortest + 1)
    words = [_WORDS[next(dice) % len(_WORDS)] for _ in range(length)]
    return " ".join(words).capitalize() + "."
