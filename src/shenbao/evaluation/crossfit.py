"""Fits a model to any labelled rows, and says what it is worth on groups of rows that it has not seen.

What is kept together is the caller's choice: whole documents, or all documents of a family. Cells and fields
are fitted through here alike.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from shenbao.evaluation.regression import Flags, Floats, fit_curve, fit_signed
from shenbao.models.calibration import Curve, Model

FOLDS = 5

STRENGTH = 1.0
"""L2 penalty of the weights. Measured: between 0.3 and 10 it makes little difference."""


@dataclass(frozen=True, eq=False)
class Labelled:
    """Rows with what is known of them.

    `names` of the k signals, `features` (n, k), `right` (n,), `groups` (n,) the id of what a row must not be
    parted from, `signs` (k,) the sign that a signal's weight may have, 0 for any.
    """

    names: tuple[str, ...]
    features: Floats
    right: Flags
    groups: tuple[str, ...]
    signs: Floats

    def rows(self, chosen: Flags) -> "Labelled":
        """The rows (n,) that are chosen."""
        groups = tuple(g for g, c in zip(self.groups, chosen, strict=True) if c)
        return replace(self, features=self.features[chosen], right=self.right[chosen], groups=groups)


def group_folds(groups: Sequence[str], count: int = FOLDS) -> list[frozenset[str]]:
    """The groups dealt into folds of about equally many rows, the greatest first."""
    sizes = Counter(groups)
    folds: list[set[str]] = [set() for _ in range(min(count, len(sizes)))]
    loads = [0] * len(folds)
    for group, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        lightest = loads.index(min(loads))
        folds[lightest].add(group)
        loads[lightest] += size
    return [frozenset(fold) for fold in folds]


def fold_rows(groups: Sequence[str], count: int = FOLDS) -> list[Flags]:
    """For each fold which rows (n,) are in it."""
    ids = np.array(groups)
    return [np.isin(ids, list(fold)) for fold in group_folds(groups, count)]


def fit_model(data: Labelled, strength: float = STRENGTH) -> Model:
    """A model with its curve, which is fitted to what the weights say of groups that they have not seen."""
    apart = _held_out_scores(data, strength)
    curve = fit_curve(apart, data.right) if len(data.right) else Curve()
    return fit_weights(data, strength).model_copy(update={"curve": curve})


def held_out(data: Labelled, strength: float = STRENGTH) -> Floats:
    """The probability (n,) of each row from a model, with its curve, that has not seen its group."""
    found = np.zeros(len(data.right))
    for out in fold_rows(data.groups):
        found[out] = probabilities(fit_model(data.rows(~out), strength), data.names, data.features[out])
    return found


def fit_weights(data: Labelled, strength: float = STRENGTH) -> Model:
    """A model without a curve."""
    return named(data.names, fit_signed(data.features, data.right, strength, data.signs), len(data.right))


def probabilities(model: Model, names: Sequence[str], features: Floats) -> Floats:
    """What a model gives rows of features (n, k)."""
    return np.array([model.probability(dict(zip(names, row, strict=True))) for row in features.tolist()])


def named(names: Sequence[str], found: Floats, count: int) -> Model:
    """The model of fitted weights (k + 1,), the bias first; `count` rows set its ceiling."""
    weights = {name: round(float(w), 4) for name, w in zip(names, found[1:], strict=True)}
    ceiling = Curve(ceiling=1.0 - 1.0 / (count + 2.0))
    return Model(bias=round(float(found[0]), 4), weights=weights, curve=ceiling)


def _held_out_scores(data: Labelled, strength: float) -> Floats:
    apart = np.zeros(len(data.right))
    for out in fold_rows(data.groups):
        model = fit_weights(data.rows(~out), strength)
        apart[out] = probabilities(model, data.names, data.features[out])
    return apart
