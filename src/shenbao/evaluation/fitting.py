"""Fits a calibration to gathered samples, and measures it on families that it has not seen.

Cross-validation: the documents' families are dealt into folds, so that no document, and no other
document of its family, is both fitted on and reported on. What the weights are worth is told by the
folds; the weights that are delivered are fitted on everything.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from shenbao.evaluation.crossfit import STRENGTH, Labelled, fit_model, fold_rows, named
from shenbao.evaluation.gather import Gathered, Sample
from shenbao.evaluation.measures import measures
from shenbao.evaluation.regression import Flags, Floats, fit_factor
from shenbao.models.calibration import FittedOn, Model, Operating
from shenbao.ocr.calibration import Calibration
from shenbao.ocr.signals import PLACE_SIGNALS, SIGNS, TEXT_SIGNALS

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
    for out in fold_rows([s.family for s in samples]):
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
    data = labelled(samples, places)
    found = fit_factor(data.features, data.right, text, strength, data.signs)
    return _Models(filled, empty, named(places, found, len(samples)))


def _text_model(samples: Sequence[Sample], names: Sequence[str], strength: float) -> Model:
    # A signal that no sample has, as those of empty cells in filled ones, has no place in the model.
    held = [n for n in names if any(n in s.signals for s in samples)]
    return fit_model(labelled(samples, held), strength)


def labelled(samples: Sequence[Sample], names: Sequence[str]) -> Labelled:
    """Samples as rows of some of their signals, kept together by family."""
    features = np.array([[s.signals.get(n, 0.0) for n in names] for s in samples], float)
    return Labelled(
        tuple(names),
        features.reshape(len(samples), len(names)),
        np.array([s.right for s in samples], bool),
        tuple(s.family for s in samples),
        np.array([SIGNS.get(n, 0.0) for n in names]),
    )


def _fitted_on(gathered: Gathered) -> FittedOn:
    documents = {s.document: s for s in gathered.samples}.values()
    return FittedOn(
        documents=gathered.documents,
        cells=len(gathered.samples),
        families=dict(sorted(Counter(s.family for s in documents).items())),
        levels=dict(sorted(Counter(s.level for s in documents).items())),
    )
