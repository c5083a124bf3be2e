"""Fits the calibration of fields to documents whose truth is known, and measures it on families not seen."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from shenbao.errors import ShenbaoError
from shenbao.evaluation.crossfit import Labelled, fit_model, held_out
from shenbao.evaluation.field_outcomes import field_outcomes
from shenbao.evaluation.measures import measures
from shenbao.evaluation.regression import Floats
from shenbao.mapping.calibration import FieldCalibration
from shenbao.mapping.field_signals import NAMES, SIGNS, Evidence, Signals
from shenbao.models.calibration import FittedOn
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
    return [sample for file in files for sample in _of_file(file, reader, told)]


def _of_file(file: Path, reader: DocumentReader, told: Callable[[str], None]) -> Iterator[FieldSample]:
    truth = json.loads(file.read_text("utf-8"))
    try:
        document = reader.read(file.parent / truth["files"][0])
    except ShenbaoError as error:
        told(f"{file.name}: {error}")
        return
    yield from field_samples(truth, document)


def field_samples(truth: dict[str, Any], document: Document) -> Iterator[FieldSample]:
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
    if len({s.family for s in samples}) < 2:
        raise ValueError("documents of at least two families are needed, to keep some apart")
    if len({s.right for s in samples}) < 2:
        raise ValueError("right and wrong fields are both needed")
    data = _labelled(samples)
    apart = held_out(data)
    calibration = FieldCalibration(
        version=version,
        fitted_on=_fitted_on(samples),
        model=fit_model(data),
        figures=_figures(apart, samples),
    )
    return FieldFit(calibration, apart, _figures(np.array([s.estimate for s in samples]), samples))


def _labelled(samples: Sequence[FieldSample]) -> Labelled:
    names = [name for name in NAMES if any(name in s.signals for s in samples)]
    return Labelled(
        names=tuple(names),
        features=np.array([[s.signals.get(name, 0.0) for name in names] for s in samples]),
        right=np.array([s.right for s in samples]),
        groups=tuple(s.family for s in samples),
        signs=np.array([SIGNS.get(name, 0.0) for name in names]),
    )


def _figures(probabilities: Floats, samples: Sequence[FieldSample]) -> dict[str, float | None]:
    judged = [(float(p), s.right) for p, s in zip(probabilities, samples, strict=True)]
    return measures(judged, len(judged))


def _fitted_on(samples: Sequence[FieldSample]) -> FittedOn:
    documents = {s.document: s for s in samples}.values()
    return FittedOn(
        documents=len(documents),
        cells=len(samples),
        families=dict(sorted(Counter(s.family for s in documents).items())),
        levels=dict(sorted(Counter(s.level for s in documents).items())),
    )
