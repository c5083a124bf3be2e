"""Which characters a Chinese government form is likely to hold: a prior over the recogniser's classes.

The recogniser was trained on many languages and scripts. Forms of the mainland are printed in simplified
characters, and on poor copies it reads 項 for 项 or kana for specks. By Bayes' rule every class is weighed
by how much rarer it is on such forms than it was in training. A character that the net is sure of stays,
as one of a name that is in no common set; only its probability tells that it is unusual.

The weights are data, `data/script.json`.
"""

import unicodedata
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field


class ScriptPrior(BaseModel):
    """Schema of `data/script.json`.

    ASCII without `alien_ascii`, the Chinese characters of the codec `hanzi` and the signs of the codec `signs` have the
    weight 1. Outside these, `alien_hanzi` is the weight of a Chinese character and `alien_sign` that of a sign (a bullet,
    an emoji, $, which a 5 under a streak looks like); `alien_letter` that of a letter which is neither Chinese nor one
    of A to Z.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    hanzi: str
    signs: str
    alien_ascii: str
    alien_hanzi: float = Field(gt=0, le=1)
    alien_sign: float = Field(gt=0, le=1)
    alien_letter: float = Field(gt=0, le=1)

    def weight(self, char: str) -> float:
        """The weight (0 to 1] of a character; of "" for the blank it is 1."""
        if char.isascii():
            return self.alien_sign if char and char in self.alien_ascii else 1.0
        name = unicodedata.name(char[0], "")
        if name.startswith("CJK "):
            return 1.0 if _holds(self.hanzi, char) else self.alien_hanzi
        if char[0].isalpha() and not name.startswith("FULLWIDTH "):
            return self.alien_letter
        return 1.0 if _holds(self.signs, char) else self.alien_sign


def _holds(charset: str, char: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


@cache
def packaged_prior() -> ScriptPrior:
    """The packaged weights."""
    text = files("shenbao.ocr").joinpath("data/script.json").read_text("utf-8")
    return ScriptPrior.model_validate_json(text)


@cache
def class_weights(alphabet: tuple[str, ...]) -> NDArray[np.float32]:
    """The weight of each class of an alphabet, shape (classes,)."""
    prior = packaged_prior()
    return np.array([prior.weight(char) for char in alphabet], np.float32)


def weighed(
    classes: NDArray[np.int32], probabilities: NDArray[np.float32], weights: NDArray[np.float32]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Classes and probabilities (..., steps, k), best first, after each class is weighed.

    Each step's probabilities are divided by what they add up to after weighing, the part that its `k`
    classes do not hold included.
    """
    held = weights[classes]
    if not (held < 1.0).any():
        return classes, probabilities
    found = probabilities * held
    left = np.maximum(0.0, 1.0 - probabilities.sum(axis=-1, keepdims=True))
    found = found / (found.sum(axis=-1, keepdims=True) + left)
    order = np.argsort(-found, axis=-1, kind="stable")
    return np.take_along_axis(classes, order, axis=-1), np.take_along_axis(found, order, axis=-1)
