"""Forms with other words: what a recogniser is taught on must not be the words that it is tested with.

The grid, the numbers of characters and the punctuation stay, so the form is set as before.
"""

import random
import re
from bisect import bisect
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import accumulate

from bench.render.form import Form

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_FIGURES = re.compile(r"\d+")
_STOPS = re.compile("[，。；、：]")
_OTHER_STOPS = "，。；、：（）,.;:"
_LONGEST = 4
_LENGTHS = (1, 2, 2, 2, 3, 4)
_FLATTENED = 0.4
"""Power of a word's count: rare characters are to be seen, too."""

_STOPS_CHANGED = 0.15
"""Share of changed texts whose stops are changed as well."""


@dataclass(frozen=True)
class _Words:
    words: tuple[str, ...]
    reach: tuple[float, ...]

    def draw(self, rng: random.Random) -> str:
        return self.words[bisect(self.reach, rng.random() * self.reach[-1])]


@cache
def _words() -> dict[int, _Words]:
    """The Chinese words of the packaged list by their length, those of more than four characters with these."""
    lines = files("shenbao.ocr").joinpath("data/words.txt").read_text("utf-8").splitlines()
    counts = [line.split() for line in lines if not line.startswith("#")]
    groups: dict[int, list[tuple[str, float]]] = {}
    for word, count in counts:
        if _HAN.fullmatch(word):
            groups.setdefault(min(len(word), _LONGEST), []).append((word, int(count) ** _FLATTENED))
    return {
        length: _Words(tuple(word for word, _ in group), tuple(accumulate(weight for _, weight in group)))
        for length, group in groups.items()
    }


def scrambled(form: Form, rng: random.Random, share: float) -> Form:
    """The form, in about a `share` of its cells other words and figures of the same length."""
    cells = tuple(replace(cell, text=_other(cell.text, rng, share)) for cell in form.cells)
    beside = form.beside and scrambled(form.beside, rng, share)
    return replace(form, cells=cells, beside=beside)


def _other(text: str, rng: random.Random, share: float) -> str:
    if rng.random() >= share:
        return text
    made = _HAN.sub(lambda found: _run(len(found[0]), rng), text)
    made = _FIGURES.sub(lambda found: "".join(rng.choice("0123456789") for _ in found[0]), made)
    if rng.random() < _STOPS_CHANGED:
        made = _STOPS.sub(lambda _: rng.choice(_OTHER_STOPS), made)
    return made


def _run(length: int, rng: random.Random) -> str:
    """So many characters of words."""
    made = ""
    while len(made) < length:
        made += _words()[min(length - len(made), rng.choice(_LENGTHS))].draw(rng)
    return made[:length]
