"""What fitting to cells and to fields has in common: samples with signals, of documents with a family and a level."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from shenbao.evaluation.crossfit import Labelled
from shenbao.models.calibration import FittedOn


class Sampled(Protocol):
    """A cell or field of a document whose truth is known: its signals, and whether it is right."""

    @property
    def document(self) -> str: ...

    @property
    def family(self) -> str: ...

    @property
    def level(self) -> str: ...

    @property
    def signals(self) -> Mapping[str, float]: ...

    @property
    def right(self) -> bool: ...


def check_enough(samples: Sequence[Sampled], what: str) -> None:
    """Refuses what cannot be fitted; `what` the samples are, in the plural.

    Raises:
        ValueError: fewer than two families, or all samples right, or all wrong.
    """
    if len({s.family for s in samples}) < 2:
        raise ValueError("documents of at least two families are needed, to keep some apart")
    if len({s.right for s in samples}) < 2:
        raise ValueError(f"right and wrong {what} are both needed")


def held_signals(samples: Sequence[Sampled], names: Sequence[str]) -> list[str]:
    """The signals that some sample has: those of empty cells have no place in a model of filled ones."""
    present = set().union(*(s.signals for s in samples))
    return [n for n in names if n in present]


def labelled(samples: Sequence[Sampled], names: Sequence[str], signs: Mapping[str, float]) -> Labelled:
    """Samples as rows of some of their signals, kept together by family; `signs` as in `Labelled`, by name."""
    features = np.array([[s.signals.get(n, 0.0) for n in names] for s in samples], float)
    return Labelled(
        tuple(names),
        features.reshape(len(samples), len(names)),
        np.array([s.right for s in samples], bool),
        tuple(s.family for s in samples),
        np.array([signs.get(n, 0.0) for n in names]),
    )


def fitted_on(samples: Sequence[Sampled], documents: int) -> FittedOn:
    """What is told of the samples of so many documents, which need not all have one."""
    each = {s.document: s for s in samples}.values()
    return FittedOn(
        documents=documents,
        cells=len(samples),
        families=dict(sorted(Counter(s.family for s in each).items())),
        levels=dict(sorted(Counter(s.level for s in each).items())),
    )
