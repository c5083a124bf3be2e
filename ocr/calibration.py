"""From signals to the probability that a cell is exactly right.

The probability that the text is right, when the place is, times the probability that the place is. The
first has two models, one for cells that were read as holding print and one for cells read as empty. Each
model is a logistic regression on signals; those of texts are followed by beta calibration (Kull, Silva
Filho and Flach, 2017): a monotone curve of three numbers, so that ranks are kept and no two cells alike.
The weights are data (`data/calibration.json`), written by `shenbao calibrate`; `shenbao.evaluation` fits
them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import exp, log
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shenbao.errors import ModelFileError

LIMIT = 1e-6
"""A probability of a cell is never nearer to 0 or 1 than this: no data can show more."""

Share = Annotated[float, Field(ge=0, le=1)]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Curve(_Data):
    """Beta calibration: odds of the result = e^offset * p^rise / (1 - p)^fall, the result times `ceiling`.

    Monotone: no slope is negative. The ceiling is Laplace's estimate for as many cells as were seen,
    had all been right: no sample shows more.
    """

    rise: Annotated[float, Field(ge=0)] = 1.0
    fall: Annotated[float, Field(ge=0)] = 1.0
    offset: float = 0.0
    ceiling: Annotated[float, Field(gt=0, le=1)] = 1.0

    def probability(self, p: float) -> float:
        p = _inside(p)
        return _inside(self.ceiling * _logistic(self.rise * log(p) - self.fall * log(1.0 - p) + self.offset))


class Model(_Data):
    """A logistic model: bias, weight by name of signal, and the curve that its probability goes through."""

    bias: float
    weights: dict[str, float]
    curve: Curve = Curve()

    def probability(self, signals: Mapping[str, float]) -> float:
        """Probability of being right; a signal that is missing counts as 0."""
        score = self.bias + sum(w * signals.get(name, 0.0) for name, w in self.weights.items())
        return self.curve.probability(_logistic(score))


class Operating(_Data):
    """One threshold on the confidence and what it did on cells that the model had not seen.

    `accepted` is the number of cells at or above the threshold, `wrong` how many of them were wrong.
    """

    threshold: Share
    accepted: Annotated[int, Field(ge=1)]
    wrong: Annotated[int, Field(ge=0)]

    @property
    def error(self) -> float:
        """Estimated share of wrong cells among the accepted, by Laplace's rule of succession."""
        return (self.wrong + 1) / (self.accepted + 2)


class FittedOn(_Data):
    """What the weights were fitted on, in counts."""

    documents: int
    cells: int
    families: dict[str, int]
    levels: dict[str, int]


class Calibration(_Data):
    """Schema of the calibration file.

    `filled` and `empty` tell texts, `place` tells places.

    `figures` and `operating` (thresholds falling) are of cells that the weights used for them had not seen:
    whole documents were left out, together with all documents of their family.
    """

    version: str
    fitted_on: FittedOn
    filled: Model
    empty: Model
    place: Model
    figures: dict[str, float | None] = {}
    operating: tuple[Operating, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        thresholds = [o.threshold for o in self.operating]
        if thresholds != sorted(thresholds, reverse=True):
            raise ValueError("the thresholds of `operating` must fall")
        return self

    def probability(self, signals: Mapping[str, float], *, empty: bool) -> float:
        """The probability that the cell's text and place are exactly right."""
        text = self.empty if empty else self.filled
        return _inside(text.probability(signals) * self.place_probability(signals))

    def place_probability(self, signals: Mapping[str, float]) -> float:
        """The probability that the cell's row, column and spans are right."""
        return self.place.probability(signals)


@dataclass(frozen=True)
class Target:
    """A threshold for a wished accuracy: cells at or above it are accepted, the share `review` is not.

    `error` is the share of wrong cells to expect among the accepted.
    """

    threshold: float
    review: float
    error: float


def threshold_for(accuracy: float, operating: Sequence[Operating]) -> Target | None:
    """The threshold that leaves least for review while this share of accepted cells is right.

    `accuracy` as a probability, 0.999 for 99.9 %. It follows from held-out cells of the calibration and
    holds for documents like those; None where they are too few or too bad to show such an accuracy.
    """
    if not operating:
        return None
    total = operating[-1].accepted
    fit = [o for o in operating if o.error <= 1.0 - accuracy]
    if not fit:
        return None
    best = max(fit, key=lambda o: o.accepted)
    return Target(best.threshold, 1.0 - best.accepted / total, best.error)


def load_calibration(file: Path) -> Calibration:
    """A calibration that `shenbao calibrate` has written.

    Raises:
        ModelFileError: the file is missing or is no calibration.
    """
    try:
        return Calibration.model_validate_json(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelFileError(f"calibration {file}: {error}") from error


@cache
def packaged_calibration() -> Calibration:
    """The calibration that comes with the package."""
    text = resources.files("shenbao.ocr").joinpath("data/calibration.json").read_text("utf-8")
    return Calibration.model_validate_json(text)


def _logistic(score: float) -> float:
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, score))))


def _inside(p: float) -> float:
    return min(1.0 - LIMIT, max(LIMIT, p))
