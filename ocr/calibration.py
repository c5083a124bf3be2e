"""From signals to the probability that a cell is exactly right: a logistic model whose weights are data.

Two models, one for cells that were read as holding print and one for cells read as empty. `bench/` has
the command that fits them; the data file names the documents they were fitted on.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import exp, log
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field



@dataclass(frozen=True)
class Signals:
    """What speaks for or against a cell.

    `probability` of the whole text under the recogniser and the constraint, `weakest` character's
    probability; `support` of the weakest side of the cell; `stained` and `ink` shares of its inside.
    """

    empty: bool
    probability: float
    weakest: float
    length: int
    constrained: bool
    fits: bool
    support: float
    stained: float
    touching: bool
    ink: float
    parts: int

    def features(self) -> dict[str, float]:
        """The numbers that the models weigh; all about -1 to 1 in ordinary cells."""
        shared = {
            "bias": 1.0,
            "support": min(1.0, self.support) - 1.0,
            "stained": min(1.0, 20.0 * self.stained),
            "joined": float(self.parts > 1),
        }
        if self.empty:
            return shared | {"ink": min(1.0, 100.0 * self.ink)}
        return shared | {
            "doubt": log(1.0 - self.probability + 1e-4) / 4.0,
            "weakest_doubt": log(1.0 - self.weakest + 1e-4) / 4.0,
            "length": log(1.0 + self.length) / 4.0,
            "constrained": float(self.constrained),
            "misfit": float(not self.fits),
            "touching": float(self.touching),
        }


class Model(BaseModel):
    """Weights of a logistic model by feature name, and the highest probability that its data can show."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    weights: dict[str, float]
    ceiling: Annotated[float, Field(gt=0, le=1)]

    def probability(self, features: dict[str, float]) -> float:
        score = sum(self.weights.get(name, 0.0) * value for name, value in features.items())
        return min(self.ceiling, 1.0 / (1.0 + exp(-max(-30.0, min(30.0, score)))))


class Calibration(BaseModel):
    """The packaged models. `fitted_on` says which documents gave the weights, `cells` how many cells."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    version: str
    fitted_on: str
    cells: int
    filled: Model
    empty: Model

    def probability(self, signals: Signals) -> float:
        """The probability that the cell's text and place are exactly right."""
        return (self.empty if signals.empty else self.filled).probability(signals.features())


@cache
def packaged_calibration() -> Calibration:
    text = resources.files("shenbao.ocr").joinpath("data/calibration.json").read_text("utf-8")
    return Calibration.model_validate_json(text)
