"""What calibrations are made of: a logistic model on named signals, its curve, thresholds and what they did.

`shenbao.ocr.calibration` holds that of cells, `shenbao.mapping.calibration` that of fields.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, log
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

LIMIT = 1e-6
"""A probability of a cell is never nearer to 0 or 1 than this: no data can show more."""

ODDS = "log_odds"
"""Name under which trees see the probability that they start from."""

Share = Annotated[float, Field(ge=0, le=1)]


class Data(BaseModel):
    """A part of a calibration file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Curve(Data):
    """Beta calibration: odds of the result = e^offset * p^rise / (1 - p)^fall, the result times `ceiling`.

    Monotone: no slope is negative. The ceiling is Laplace's estimate for as many cells as were seen,
    had all been right: no sample shows more.
    """

    rise: Annotated[float, Field(ge=0)] = 1.0
    fall: Annotated[float, Field(ge=0)] = 1.0
    offset: float = 0.0
    ceiling: Annotated[float, Field(gt=0, le=1)] = 1.0

    def probability(self, p: float) -> float:
        p = inside(p)
        return inside(self.ceiling * _logistic(self.rise * log(p) - self.fall * log(1.0 - p) + self.offset))


class Model(Data):
    """A logistic model: bias, weight by name of signal, and the curve that its probability goes through."""

    bias: float
    weights: dict[str, float]
    curve: Curve = Curve()

    def probability(self, signals: Mapping[str, float]) -> float:
        """Probability of being right; a signal that is missing counts as 0."""
        score = self.bias + sum(w * signals.get(name, 0.0) for name, w in self.weights.items())
        return self.curve.probability(_logistic(score))


_Node = tuple[str, float, "float | _Node", "float | _Node"]


class Split(Data):
    """A node of a decision tree: `low` where the signal is at most `limit`, else `high`.

    Both are a number that is added to the logarithm of the odds, or a node.
    """

    signal: str
    limit: float
    low: "float | Split"
    high: "float | Split"

    @cached_property
    def node(self) -> "_Node":
        """Signal, limit, and both branches as such tuples again."""
        low, high = (b.node if isinstance(b, Split) else b for b in (self.low, self.high))
        return self.signal, self.limit, low, high


class Trees(Data):
    """A sum of small decision trees that corrects a probability for what its model leaves out.

    The trees see the signals and, as `ODDS`, the logarithm of the odds that they start from.
    """

    splits: tuple[Split, ...] = ()
    curve: Curve = Curve()

    def probability(self, start: float, signals: Mapping[str, float]) -> float:
        """The corrected probability, from that of the model and the signals; one that is missing counts as 0."""
        odds = log_odds(start)
        seen = {**signals, ODDS: odds}
        total = 0.0
        for node in self._nodes:  # a page asks thousands of trees
            while isinstance(node, tuple):
                signal, limit, low, high = node
                node = low if seen.get(signal, 0.0) <= limit else high
            total += node
        return self.curve.probability(_logistic(odds + total))

    @cached_property
    def _nodes(self) -> "tuple[float | _Node, ...]":
        return tuple(tree.node for tree in self.splits)


class Operating(Data):
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


class FittedOn(Data):
    """What the weights were fitted on, in counts."""

    documents: int
    cells: int
    families: dict[str, int]
    levels: dict[str, int]


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


def _logistic(score: float) -> float:
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, score))))


def log_odds(p: float, limit: float = LIMIT) -> float:
    """The natural logarithm of p / (1 - p), for p at least `limit` from 0 and from 1."""
    p = inside(p, limit)
    return log(p / (1.0 - p))


def inside(p: float, limit: float = LIMIT) -> float:
    """The probability, at least `limit` from 0 and from 1."""
    return min(1.0 - limit, max(limit, p))
