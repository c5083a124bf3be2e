"""Fits a calibration to gathered samples, and measures it on families that it has not seen.

Cross-validation: the documents' families are dealt into folds, so that no document, and no other
document of its family, is both fitted on and reported on. What the weights are worth is told by the
folds; the weights that are delivered are fitted on everything.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from shenbao.evaluation.gather import Gathered, Sample
from shenbao.evaluation.measures import measures
from shenbao.evaluation.regression import Flags, Floats, fit_curve, fit_signed, logistic
from shenbao.ocr.calibration import Calibration, Curve, FittedOn, Model, Operating
from shenbao.ocr.signals import SIGNS

FOLDS = 5


STRENGTH = 1.0
"""L2 penalty of the weights. Measured: between 0.3 and 10 it makes little difference."""

MOST_POINTS = 200
"""Thresholds kept of the held-out curve, at most."""


@dataclass(frozen=True)
class Fit:
    """A calibration, and for each sample the probability from weights that had not seen its family."""

    calibration: Calibration
    held_out: Floats


def fit(gathered: Gathered, version: str, strength: float = STRENGTH, without: Iterable[str] = ()) -> Fit:
    """The calibration of some samples, with held-out figures and curve.

    `without` names signals that are left out, to measure what they add.

    Raises:
        ValueError: fewer than two families, or all cells right, or all wrong.
    """
    samples = gathered.samples
    families = {s.family for s in samples}
    if len(families) < 2:
        raise ValueError("documents of at least two families are needed, to keep some apart")
    if len({s.right for s in samples}) < 2:
        raise ValueError("right and wrong cells are both needed")
    dropped = frozenset(without)
    held_out = np.zeros(len(samples))
    models = []
    for empty in (False, True):
        rows = [i for i, s in enumerate(samples) if s.empty == empty]
        model, kept_apart = _fit_model([samples[i] for i in rows], strength, dropped)
        held_out[rows] = kept_apart
        models.append(model)
    calibration = Calibration(
        version=version,
        fitted_on=_fitted_on(gathered),
        filled=models[0],
        empty=models[1],
        figures=figures(held_out, gathered),
        operating=operating_points(held_out, np.array([s.right for s in samples])),
    )
    return Fit(calibration, held_out)


def apply(calibration: Calibration, samples: Sequence[Sample]) -> Floats:
    """The probabilities (n,) that a calibration gives samples."""
    return np.array([calibration.probability(s.signals, empty=s.empty) for s in samples])


def figures(probabilities: Floats, gathered: Gathered) -> dict[str, float | None]:
    """AUROC, ECE and coverage of probabilities (n,) of the samples."""
    judged = [(float(p), s.right) for p, s in zip(probabilities, gathered.samples, strict=True)]
    return measures(judged, len(judged) + gathered.lacking)


def family_folds(samples: Sequence[Sample], count: int = FOLDS) -> list[frozenset[str]]:
    """The families dealt into folds of about equally many cells, the greatest first."""
    sizes = Counter(s.family for s in samples)
    folds: list[set[str]] = [set() for _ in range(min(count, len(sizes)))]
    loads = [0] * len(folds)
    for family, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        lightest = loads.index(min(loads))
        folds[lightest].add(family)
        loads[lightest] += size
    return [frozenset(fold) for fold in folds]


def operating_points(probabilities: Floats, right: Flags) -> tuple[Operating, ...]:
    """Thresholds, falling, with what each accepts; the last accepts every sample."""
    order = np.argsort(-probabilities, kind="stable")
    p, wrong = probabilities[order], np.cumsum(~right[order])
    last = np.flatnonzero(np.append(p[1:] != p[:-1], True))
    # Finer where it matters: equal steps in the logarithm of what is left out.
    wanted = np.unique(np.round(len(p) * (1 - np.geomspace(1 / len(p), 1, MOST_POINTS))).astype(int))
    chosen = np.unique(np.append(last[np.minimum(np.searchsorted(last, wanted), len(last) - 1)], last[-1]))
    return tuple(Operating(threshold=float(p[i]), accepted=int(i) + 1, wrong=int(wrong[i])) for i in chosen)


def _fit_model(samples: Sequence[Sample], strength: float, dropped: frozenset[str]) -> tuple[Model, Floats]:
    names = sorted({name for s in samples for name in s.signals} - dropped)
    features = np.array([[s.signals.get(name, 0.0) for name in names] for s in samples])
    features = features.reshape(len(samples), len(names))
    right = np.array([s.right for s in samples], bool)
    signs = np.array([SIGNS.get(name, 0.0) for name in names])
    first = _held_out(features, right, samples, strength, signs)
    curve = fit_curve(first, right) if len(samples) else Curve()
    weights = fit_signed(features, right, strength, signs)
    held_out = _curved(first, right, samples)
    named = {name: round(float(w), 4) for name, w in zip(names, weights[1:], strict=True)}
    return Model(bias=round(float(weights[0]), 4), weights=named, curve=curve), held_out


def _held_out(
    features: Floats, right: Flags, samples: Sequence[Sample], strength: float, signs: Floats
) -> Floats:
    """Probabilities (n,) from weights that were fitted without the sample's family."""
    found = np.zeros(len(right))
    for out in _folds(samples):
        weights = fit_signed(features[~out], right[~out], strength, signs)
        found[out] = logistic(weights[0] + features[out] @ weights[1:])
    return found


def _curved(probabilities: Floats, right: Flags, samples: Sequence[Sample]) -> Floats:
    """Held-out probabilities through curves that were fitted without the family, too."""
    found = np.zeros(len(right))
    for out in _folds(samples):
        curve = fit_curve(probabilities[~out], right[~out])
        found[out] = [curve.probability(float(p)) for p in probabilities[out]]
    return found


def _folds(samples: Sequence[Sample]) -> list[Flags]:
    """For each fold which samples (n,) are in it."""
    families = np.array([s.family for s in samples])
    return [np.isin(families, list(fold)) for fold in family_folds(samples)]


def _fitted_on(gathered: Gathered) -> FittedOn:
    documents = {s.document: s for s in gathered.samples}.values()
    return FittedOn(
        documents=gathered.documents,
        cells=len(gathered.samples),
        families=dict(sorted(Counter(s.family for s in documents).items())),
        levels=dict(sorted(Counter(s.level for s in documents).items())),
    )
