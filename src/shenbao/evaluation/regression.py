"""Logistic regression and beta calibration, fitted by Newton's method. Pure functions on numpy arrays."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shenbao.models.calibration import LIMIT, Curve

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_STEPS = 60
_DONE = 1e-9
_ROUNDS = 20


def logistic(scores: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(scores, -30.0, 30.0))))


def fit_signed(
    features: Floats, right: Floats | Flags, strength: float, signs: Floats, prior: Floats | None = None
) -> Floats:
    """As `fit_logistic`, where a weight may not have the other sign than `signs` (k,) says; 0 leaves it free.

    Weights that come out with the wrong sign are set to 0, and the rest fitted again.
    """
    kept = np.ones(features.shape[1], bool)
    drawn_to = np.zeros(features.shape[1]) if prior is None else prior
    while True:
        found = np.zeros(features.shape[1] + 1)
        found[np.append(True, kept)] = fit_logistic(features[:, kept], right, strength, drawn_to[kept])
        against = found[1:] * signs < 0
        if not against.any():
            return found
        kept &= ~against


def fit_factor(
    features: Floats,
    right: Flags,
    other: Floats,
    strength: float,
    signs: Floats,
    prior: Floats | None = None,
) -> Floats:
    """Weights of one of two independent conditions, of which the other's probability is known.

    A row is right when both hold. Expectation maximisation: where a row is wrong, the condition is
    taken to hold with the probability that its present weights and `other` (n,) give; then the weights
    are fitted to these. `features`, `strength`, `signs` and `prior` as for `fit_signed`.
    """
    held = np.full(len(right), 0.9)
    for _ in range(_ROUNDS):
        unless = held * (1.0 - other) / np.maximum(1.0 - held * other, LIMIT)
        found = fit_signed(features, np.where(right, 1.0, unless), strength, signs, prior)
        held = logistic(found[0] + features @ found[1:])
    return found


def fit_logistic(
    features: Floats, right: Floats | Flags, strength: float, prior: Floats | None = None
) -> Floats:
    """Weights of a logistic regression with an L2 penalty.

    Args:
        features: (n, k), without a column for the bias.
        right: (n,), what is to be foretold, or its probability.
        strength: the penalty is strength / 2 times the sum of squared distances of the weights from `prior`; the
            bias goes free.
        prior: (k,), the weights as they are taken to be without any row; 0 if not given.

    Returns:
        (k + 1,): the bias, then the weights.
    """
    n, k = features.shape
    columns = np.column_stack([np.ones(n), features])
    penalty = np.array([1e-6, *[strength] * k])
    drawn_to = np.zeros(k + 1) if prior is None else np.append(0.0, prior)
    found = np.zeros(k + 1)
    share = (right.sum() + 1.0) / (n + 2.0)
    found[0] = np.log(share / (1.0 - share))
    for _ in range(_STEPS):
        p = logistic(columns @ found)
        slope = columns.T @ (p - right) + penalty * (found - drawn_to)
        bend = (columns * np.maximum(p * (1 - p), 1e-9)[:, None]).T @ columns + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        # Newton's step may overshoot far from the optimum; a bounded one always comes nearer.
        step *= min(1.0, 5.0 / max(1e-12, float(np.abs(step).max())))
        found -= step
        if np.abs(step).max() < _DONE:
            break
    return found


def fit_curve(probabilities: Floats, right: Flags, strength: float = 1.0) -> Curve:
    """Beta calibration of probabilities (n,) (Kull, Silva Filho and Flach, 2017).

    A slope that comes out negative is dropped, and the rest fitted again, as there. The penalty draws
    the curve towards the identity, so that few cells cannot bend it far.
    """
    p = np.clip(probabilities, LIMIT, 1 - LIMIT)
    both = np.column_stack([np.log(p), -np.log(1 - p)])
    kept = [0, 1]
    slopes = np.zeros(2)
    offset = 0.0
    while kept:
        offset, *found = _near_identity(both[:, kept], right, strength)
        slopes[:] = 0.0
        slopes[kept] = found
        if slopes.min() >= 0:
            break
        kept = [i for i in kept if slopes[i] >= 0]
    return Curve(
        rise=max(0.0, float(slopes[0])),
        fall=max(0.0, float(slopes[1])),
        offset=float(offset),
        ceiling=1.0 - 1.0 / (len(p) + 2.0),
    )


def _near_identity(features: Floats, right: Flags, strength: float) -> Sequence[float]:
    """Bias and weights of a logistic regression whose penalty is on the weights' distance from 1."""
    base = features.sum(axis=1)
    columns = np.column_stack([np.ones(len(features)), features])
    penalty = np.array([1e-3, *[strength] * features.shape[1]])
    found = np.zeros(columns.shape[1])
    for _ in range(_STEPS):
        p = logistic(base + columns @ found)
        slope = columns.T @ (p - right) + penalty * found
        bend = (columns * np.maximum(p * (1 - p), 1e-9)[:, None]).T @ columns + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        step *= min(1.0, 2.0 / max(1e-12, float(np.abs(step).max())))
        found -= step
        if np.abs(step).max() < _DONE:
            break
    return [float(found[0]), *(float(1.0 + w) for w in found[1:])]
