"""Fits the calibration of fields to documents whose truth is known, and measures it on families not seen."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from shenbao.evaluation.crossfit import fit_model, held_out
from shenbao.evaluation.field_outcomes import field_outcomes
from shenbao.evaluation.gather import Json, read_each
from shenbao.evaluation.measures import measures
from shenbao.evaluation.regression import Floats
from shenbao.evaluation.sampled import check_enough, fitted_on, held_signals, labelled
from shenbao.mapping.calibration import FieldCalibration
from shenbao.mapping.field_signals import NAMES, SIGNS, Evidence, Signals
from shenbao.models.document import Document
from shenbao.reading import DocumentReader


@dataclass(frozen=True)
class FieldSample:
    """A field of an output record: its signals, what they are an estimate of, and whether it is right."""

    document: str
    family: str
    level: str
    signals: Signals
    estimate: float
    right: bool


@dataclass(frozen=True)
class FieldFit:
    """A calibration; for each sample the probability from weights that had not seen its family; and the
    figures of the estimates that it takes the place of."""

    calibration: FieldCalibration
    held_out: Floats
    before: dict[str, float | None]


def gather_fields(
    files: Sequence[Path], reader: DocumentReader, told: Callable[[str], None]
) -> list[FieldSample]:
    """Reads the documents of truth files and judges their fields; `told` hears of failures.

    The reader must leave the estimates of fields as they are (`MappingSettings.calibrated` false).
    """
    read = read_each(files, reader.read, told)
    return [s for truth, document in read if document for s in field_samples(truth, document)]


def field_samples(truth: Json, document: Document) -> Iterator[FieldSample]:
    """The fields of a document that its truth can judge."""
    evidence = Evidence(document.records)
    name, family, level = (str(truth.get(key, "")) for key in ("name", "family", "level"))
    for outcome in field_outcomes(truth, document):
        signals = evidence.signals(outcome.record, outcome.placed)
        yield FieldSample(name, family, level, signals, outcome.placed.field.confidence, outcome.right)


def fit_fields(samples: Sequence[FieldSample], version: str) -> FieldFit:
    """The calibration of some samples, with held-out figures.

    Raises:
        ValueError: fewer than two families, or all fields right, or all wrong.
    """
    check_enough(samples, "fields")
    data = labelled(samples, held_signals(samples, NAMES), SIGNS)
    apart = held_out(data)
    calibration = FieldCalibration(
        version=version,
        fitted_on=fitted_on(samples, len({s.document for s in samples})),
        model=fit_model(data),
        figures=_figures(apart, samples),
    )
    return FieldFit(calibration, apart, _figures(np.array([s.estimate for s in samples]), samples))


def _figures(probabilities: Floats, samples: Sequence[FieldSample]) -> dict[str, float | None]:
    judged = [(float(p), s.right) for p, s in zip(probabilities, samples, strict=True)]
    return measures(judged, len(judged))
