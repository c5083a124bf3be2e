"""Fits a calibration to gathered samples, and measures it on families that it has not seen.

Cross-validation: whole documents are dealt into folds, or whole families of documents, so that none is both
fitted on and reported on. What the weights are worth is told by the folds; the weights that are delivered are
fitted on everything. Documents apart is what a user meets whose forms are of the families known here, and what
the delivered curve and thresholds are for; families apart is what forms of a kind never seen would meet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from shenbao.evaluation.boosting import Growth, boost
from shenbao.evaluation.crossfit import STRENGTH, fit_model, fold_rows, named
from shenbao.evaluation.gather import Gathered, Sample
from shenbao.evaluation.measures import measures
from shenbao.evaluation.regression import Flags, Floats, fit_curve, fit_factor
from shenbao.evaluation.sampled import check_enough, fitted_on, held_signals, labelled
from shenbao.models.calibration import ODDS, Model, Operating, Trees, log_odds
from shenbao.ocr.calibration import EMPTY, Calibration
from shenbao.ocr.signals import PLACE_SIGNALS, PRIOR, SIGNS, TEXT_SIGNALS

GROWTH = Growth()

PLACE_STRENGTH = 100.0
"""L2 penalty of the weights of places, times the strength of the others: the cells of a table are right or wrong in
place together, so that its hundred say as much as one. Measured on unseen documents: 1 ranks wrong grids worse."""

Apart = Literal["document", "family"]

MOST_POINTS = 200
"""Thresholds kept of the held-out curve, at most."""


@dataclass(frozen=True)
class Fit:
    """A calibration, and for each sample the probability from weights that had not seen its document."""

    calibration: Calibration
    held_out: Floats


def fit(
    gathered: Gathered,
    version: str,
    strength: float = STRENGTH,
    without: Iterable[str] = (),
    apart: Apart = "document",
) -> Fit:
    """The calibration of some samples, with held-out figures and curve.

    `without` names signals that are left out, to measure what they add; `apart` says what the held-out
    figures, the last curve and the thresholds keep together.

    Raises:
        ValueError: fewer than two families, or all cells right, or all wrong.
    """
    samples = gathered.samples
    check_enough(samples, "cells")
    dropped = frozenset(without)
    groups = tuple(s.family if apart == "family" else s.document for s in samples)
    right = np.array([s.right for s in samples])
    raw = np.zeros(len(samples))
    for out in fold_rows(groups):
        chosen = [s for s, o in zip(samples, out, strict=True) if not o]
        models = _models(chosen, strength, dropped)
        raw[out] = models.probabilities([s for s, o in zip(samples, out, strict=True) if o])
    held_out = _curved_apart(raw, right, groups)
    models = _models(samples, strength, dropped)
    calibration = Calibration(
        version=version,
        fitted_on=fitted_on(samples, gathered.documents),
        filled=models.filled,
        empty=models.empty,
        place=models.place,
        trees=models.trees.model_copy(update={"curve": fit_curve(raw, right)}),
        figures=figures(held_out, gathered),
        operating=operating_points(held_out, right),
    )
    return Fit(calibration, held_out)


def _curved_apart(raw: Floats, right: Flags, groups: Sequence[str]) -> Floats:
    """Held-out probabilities (n,) through a curve that was fitted to those of the other folds."""
    found = np.zeros(len(raw))
    for out in fold_rows(groups):
        curve = fit_curve(raw[~out], right[~out])
        found[out] = [curve.probability(p) for p in raw[out].tolist()]
    return found


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
    """The models of texts and places, and the trees, whose curve is not fitted yet."""

    filled: Model
    empty: Model
    place: Model
    trees: Trees = field(default_factory=Trees)

    def text(self, sample: Sample) -> float:
        """The probability that a sample's text is right, when its place is."""
        return (self.empty if sample.empty else self.filled).probability(sample.signals)

    def products(self, samples: Sequence[Sample]) -> Floats:
        """Text times place (n,), before the trees."""
        return np.array([self.text(s) * self.place.probability(s.signals) for s in samples])

    def probabilities(self, samples: Sequence[Sample]) -> Floats:
        pairs = zip(self.products(samples).tolist(), samples, strict=True)
        return np.array([self.trees.probability(p, {**s.signals, EMPTY: float(s.empty)}) for p, s in pairs])


def _models(samples: Sequence[Sample], strength: float, dropped: frozenset[str]) -> _Models:
    """Texts are fitted where the grid is right; then places on all cells, given what is known of the texts.

    The trees come last, on what both leave unexplained.
    """
    sound = [s for s in samples if s.sound] or samples
    texts = [n for n in TEXT_SIGNALS if n not in dropped]
    places = held_signals(samples, [n for n in PLACE_SIGNALS if n not in dropped])
    filled = _text_model([s for s in sound if not s.empty], texts, strength)
    empty = _text_model([s for s in sound if s.empty], texts, strength)
    text = np.array([(empty if s.empty else filled).probability(s.signals) for s in samples])
    data = labelled(samples, places, SIGNS)
    prior = np.array([PRIOR.get(n, 0.0) for n in places])
    found = fit_factor(data.features, data.right, text, PLACE_STRENGTH * strength, data.signs, prior)
    models = _Models(filled, empty, named(places, found, len(samples)))
    return replace(models, trees=_trees(samples, models, [*dict.fromkeys((*texts, *places))]))


def _trees(samples: Sequence[Sample], models: _Models, names: Sequence[str]) -> Trees:
    data = labelled(samples, held_signals(samples, names), SIGNS)
    start = np.array([log_odds(p) for p in models.products(samples).tolist()])
    empty = np.array([float(s.empty) for s in samples])
    splits = boost(
        (*data.names, EMPTY, ODDS),
        np.column_stack([data.features, empty, start]),
        data.right,
        start,
        np.append(data.signs, (0.0, 1.0)),
        GROWTH,
    )
    return Trees(splits=splits)


def _text_model(samples: Sequence[Sample], names: Sequence[str], strength: float) -> Model:
    return fit_model(labelled(samples, held_signals(samples, names), SIGNS), strength)
