"""From signals to the probability that a cell is exactly right.

The probability that the text is right, when the place is, times the probability that the place is. The
first has two models, one for cells that were read as holding print and one for cells read as empty. Each
model is a logistic regression on signals; those of texts are followed by beta calibration (Kull, Silva
Filho and Flach, 2017): a monotone curve of three numbers, so that ranks are kept and no two cells alike.
The product is then corrected by a few small decision trees for what a sum of signals cannot say, and goes
through such a curve once more.
The weights are data (`data/calibration.json`), written by `shenbao calibrate`; `shenbao.evaluation` fits
them.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from shenbao.errors import ModelFileError
from shenbao.models.calibration import Data, FittedOn, Model, Operating, Trees, inside

EMPTY = "read_empty"
"""Name under which the trees see whether a cell was read as empty."""


class Calibration(Data):
    """Schema of the calibration file.

    `filled` and `empty` tell texts, `place` tells places, `trees` correct the product of both.

    `figures` and `operating` (thresholds falling) are of cells that the weights used for them had not seen:
    whole documents were left out, together with all documents of their family.
    """

    version: str
    fitted_on: FittedOn
    filled: Model
    empty: Model
    place: Model
    trees: Trees = Trees()
    figures: dict[str, float | None] = Field(default_factory=dict)
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
        product = text.probability(signals) * self.place.probability(signals)
        return inside(self.trees.probability(product, {**signals, EMPTY: float(empty)}))

    def place_probability(self, signals: Mapping[str, float]) -> float:
        """The probability that the cell's row, column and spans are right, whatever its text."""
        return self.place.probability(signals)


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
