"""Is a sign that was read as > or < printed with a bar below it?

In many fonts the bar of ≥ lies along the lower arm, and at low resolution both run into one stroke, which the
recogniser takes for a > that it is sure of. What is left of the bar is the weight: the two arms of > are each
other's mirror image, while ≥ has more ink in its lower half. Of 41 signs with a bar that were read without it
on drawn scans every one had at least 0.18 more of its ink below the middle than above, of 19 true > none more
than 0.10; drawn in 59 fonts at 14 to 36 pixels with blur and noise, the median of > lies between -0.11 and 0.06
in each font, and a single small and noisy one reaches 0.20.

The weight decides by Bayes' rule between the two signs, by data in `data/signs.json`. How likely a bar goes unread is
told by the page: where the recogniser saw the bars of other signs it sees the next one, too; in small print of some
fonts it sees none, and then a lighter lower arm will do. A sign that was read with its bar stays: no > was ever read
as ≥.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from math import exp

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from shenbao.models.stages import CharReading, Image, Lattice, Reading
from shenbao.ocr.alphabet import class_of
from shenbao.ocr.decode import steps_of

INKED = 0.35
"""Share of the darkest pixel's darkness from which a pixel is ink."""


class Signs(BaseModel):
    """Schema of `data/signs.json`.

    `pairs` names for each sign the one with a bar. The odds that there is a bar are e^((w - `middle`) / `spread`)
    for a lower half heavier by the share w of the ink, at most `most` and at least 1 / `most`, times `commoner`, how
    much more signs have a bar than have none, and the share of bars that go unread: of so many on a page, and of
    `before` other ones, of which the share `unread` did. A lower half heavier by `clear` is a bar that went unread.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    pairs: Mapping[str, str]
    middle: float = Field(gt=0, lt=1)
    spread: float = Field(gt=0)
    commoner: float = Field(gt=0)
    unread: float = Field(gt=0, lt=1)
    before: float = Field(gt=0)
    clear: float = Field(gt=0, lt=1)
    most: float = Field(gt=1)

    def barred(self, heavier: float, share: float) -> float:
        """The probability that there is a bar, of a sign read without one, on a page where this share goes unread."""
        ratio = exp(max(-50.0, min(50.0, (heavier - self.middle) / self.spread)))
        odds = self.commoner * share * min(self.most, max(1.0 / self.most, ratio))
        return odds / (1.0 + odds)

    def share_unread(self, unread: int, read: int) -> float:
        """The share of bars that go unread on a page with so many that clearly did, and so many that were read."""
        return (unread + self.unread * self.before) / (unread + read + self.before)


@cache
def packaged_signs() -> Signs:
    """The packaged data."""
    return Signs.model_validate_json(files("shenbao.ocr").joinpath("data/signs.json").read_text("utf-8"))


def with_bars(pictures: Sequence[Image], found: Sequence[Reading]) -> list[Reading]:
    """The readings of a page's lines, of grey pictures (height, width), with > and < weighed against ≥ and ≤ by
    their ink."""
    signs = packaged_signs()
    weights = [_weights(picture, line) for picture, line in zip(pictures, found, strict=True)]
    unread = sum(weight >= signs.clear for each in weights for weight in each.values())
    read = sum(char.char in signs.pairs.values() for line in found for char in line.chars)
    share = signs.share_unread(unread, read)
    return [_with_bars(*line, share) for line in zip(pictures, found, weights, strict=True)]


def _weights(picture: Image, reading: Reading) -> dict[int, float]:
    """By its number in a line, how much heavier the lower half is of each sign without a bar."""
    pairs = packaged_signs().pairs
    weights = {k: lower_weight(picture, char) for k, char in enumerate(reading.chars) if char.char in pairs}
    return {k: weight for k, weight in weights.items() if weight is not None}


def _with_bars(picture: Image, reading: Reading, weights: Mapping[int, float], share: float) -> Reading:
    signs = packaged_signs()
    found = reading
    if reading.looks:
        looks = (_with_bars(picture, look, _weights(picture, look), share) for look in reading.looks)
        found = replace(reading, looks=tuple(looks))
    for number, heavier in weights.items():
        barred = signs.pairs[reading.chars[number].char]
        found = _weighed(found, number, barred, signs.barred(heavier, share))
    return found


def darkness_of(picture: Image, columns: slice = slice(None)) -> NDArray[np.float64]:
    """How much darker than the paper of its line (height, width) each pixel of some columns is, 0 to 255."""
    return np.clip(float(np.percentile(picture, 90)) - picture[:, columns].astype(np.float64), 0.0, None)


def lower_weight(picture: Image, char: CharReading) -> float | None:
    """By what share of its ink the lower half of a character is heavier than the upper; None without ink.

    The character is what is dark near its place in the line and no wider than a line is tall.
    """
    height, width = picture.shape
    middle, reach = width * (char.start + char.end) / 2, 0.5 * height
    left, right = max(0, round(middle - reach)), min(width, round(middle + reach) + 1)
    dark = darkness_of(picture, slice(left, right))
    if not dark.size or dark.max() <= 0:
        return None
    inked = np.asarray(dark > INKED * dark.max(), np.uint8)
    _, labels, stats, centres = cv2.connectedComponentsWithStats(inked)
    near = np.abs(centres[:, 0] - (middle - left)) < 0.32 * height
    kept = near & (stats[:, cv2.CC_STAT_WIDTH] < 0.85 * height)
    kept[0] = False
    rows = np.flatnonzero(kept[labels].any(axis=1))
    if not len(rows):
        return None
    profile = (dark * kept[labels])[rows[0] : rows[-1] + 1].sum(axis=1)
    half, odd = divmod(len(profile), 2)
    upper = profile[:half].sum() + (profile[half] / 2 if odd else 0.0)
    return float(1.0 - 2.0 * upper / profile.sum())


def _weighed(reading: Reading, number: int, barred: str, share: float) -> Reading:
    """The reading in which one sign's probability is dealt out between it and its barred form."""
    char = reading.chars[number]
    lattice = reading.lattice
    if lattice is not None:
        plain, other = (class_of(lattice.alphabet, sign) for sign in (char.char, barred))
        if plain is None or other is None:
            return reading
        lattice = _dealt_out(lattice, number, plain, other, share)
    both = char.probability + dict(char.alternates).get(barred, 0.0)
    dealt = {char.char: both * (1.0 - share), barred: both * share}
    others = [(c, p) for c, p in char.alternates if c not in dealt]
    ranked = sorted([*dealt.items(), *others], key=lambda pair: -pair[1])
    (best, probability), *alternates = ranked
    chars = list(reading.chars)
    chars[number] = replace(char, char=best, probability=probability, alternates=tuple(alternates))
    return replace(reading, chars=tuple(chars), lattice=lattice)


def _dealt_out(lattice: Lattice, number: int, plain: int, barred: int, share: float) -> Lattice:
    """The lattice with what the steps of one character give two classes dealt out between them."""
    classes, probabilities = lattice.classes.copy(), lattice.probabilities.copy()
    for step in steps_of(lattice, number):
        row, held = classes[step], probabilities[step]
        if plain in row and barred not in row:
            row[-1], held[-1] = barred, 0.0
        both = float(held[(row == plain) | (row == barred)].sum())
        held[row == plain], held[row == barred] = both * (1.0 - share), both * share
        order = np.argsort(-held, kind="stable")
        classes[step], probabilities[step] = row[order], held[order]
    return Lattice(classes, probabilities, lattice.alphabet)
