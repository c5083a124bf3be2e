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
from shenbao.evaluation.regression import Flags, Floats, fit_curve, fit_factor, fit_signed
from shenbao.models.calibration import Curve, FittedOn, Model, Operating
from shenbao.ocr.calibration import Calibration
from shenbao.ocr.signals import PLACE_SIGNALS, SIGNS, TEXT_SIGNALS

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
    for out in _folds(samples):
        models = _models([s for s, o in zip(samples, out, strict=True) if not o], strength, dropped)
        held_out[out] = models.probabilities([s for s, o in zip(samples, out, strict=True) if o])
    models = _models(samples, strength, dropped)
    calibration = Calibration(
        version=version,
        fitted_on=_fitted_on(gathered),
        filled=models.filled,
        empty=models.empty,
        place=models.place,
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


@dataclass(frozen=True)
class _Models:
    filled: Model
    empty: Model
    place: Model

    def text(self, sample: Sample) -> float:
        """The probability that a sample's text is right, when its place is."""
        return (self.empty if sample.empty else self.filled).probability(sample.signals)

    def probabilities(self, samples: Sequence[Sample]) -> Floats:
        return np.array([self.text(s) * self.place.probability(s.signals) for s in samples])


def _models(samples: Sequence[Sample], strength: float, dropped: frozenset[str]) -> _Models:
    """Texts are fitted where the grid is right; then places on all cells, given what is known of the texts."""
    sound = [s for s in samples if s.sound] or samples
    texts = [n for n in TEXT_SIGNALS if n not in dropped]
    places = [n for n in PLACE_SIGNALS if n not in dropped]
    filled = _text_model([s for s in sound if not s.empty], texts, strength)
    empty = _text_model([s for s in sound if s.empty], texts, strength)
    text = np.array([(empty if s.empty else filled).probability(s.signals) for s in samples])
    features, right, signs = _arrays(samples, places)
    place = _named(places, fit_factor(features, right, text, strength, signs), len(samples))
    return _Models(filled, empty, place)


def _text_model(samples: Sequence[Sample], names: Sequence[str], strength: float) -> Model:
    """A model with its curve, which is fitted to what the weights say of families they have not seen."""
    apart = np.zeros(len(samples))
    for out in _folds(samples):
        model = _model([s for s, o in zip(samples, out, strict=True) if not o], names, strength)
        apart[out] = [model.probability(s.signals) for s, o in zip(samples, out, strict=True) if o]
    curve = fit_curve(apart, np.array([s.right for s in samples], bool)) if samples else Curve()
    return _model(samples, names, strength).model_copy(update={"curve": curve})


def _model(samples: Sequence[Sample], names: Sequence[str], strength: float) -> Model:
    # A signal that no sample has, as those of empty cells in filled ones, has no place in the model.
    held = [n for n in names if any(n in s.signals for s in samples)]
    features, right, signs = _arrays(samples, held)
    return _named(held, fit_signed(features, right, strength, signs), len(samples))


def _arrays(samples: Sequence[Sample], names: Sequence[str]) -> tuple[Floats, Flags, Floats]:
    """Signals (n, k), whether right (n,), and the signs (k,) that their weights may have."""
    features = np.array([[s.signals.get(n, 0.0) for n in names] for s in samples], float)
    right = np.array([s.right for s in samples], bool)
    return features.reshape(len(samples), len(names)), right, np.array([SIGNS.get(n, 0.0) for n in names])


def _named(names: Sequence[str], found: Floats, count: int) -> Model:
    weights = {n: round(float(w), 4) for n, w in zip(names, found[1:], strict=True)}
    curve = Curve(ceiling=1.0 - 1.0 / (count + 2.0))
    return Model(bias=round(float(found[0]), 4), weights=weights, curve=curve)


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
