"""From line pictures to readings, for every engine that gives class probabilities."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from shenbao.models.stages import Lattice, Reading
from shenbao.ocr.decode import greedy
from shenbao.ocr.lines import LineBatch

TOP_CLASSES = 16
"""Classes kept of each time step; together they hold more than 99.9 % of the probability of print."""

TopClasses = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Classes and their probabilities, each (n, steps, k), best first."""


def top_classes(probabilities: NDArray[np.float32], k: int = TOP_CLASSES) -> TopClasses:
    """The `k` likeliest classes of every step of probabilities (n, steps, classes)."""
    top = np.argpartition(-probabilities, k, axis=-1)[..., :k]
    held = np.take_along_axis(probabilities, top, axis=-1)
    order = np.argsort(-held, axis=-1, kind="stable")
    classes = np.take_along_axis(top, order, axis=-1).astype(np.int32)
    return classes, np.take_along_axis(held, order, axis=-1)


def readings(
    count: int, results: Iterable[tuple[LineBatch, TopClasses]], alphabet: tuple[str, ...]
) -> list[Reading]:
    """One reading for each of `count` lines, in the callers' order.

    A line that is in no batch, because it has no pixel, gets a reading without characters.
    """
    found: list[Reading] = [Reading(())] * count
    for batch, (classes, probabilities) in results:
        for row, (position, used) in enumerate(zip(batch.positions, batch.used, strict=True)):
            lattice = Lattice(classes[row], probabilities[row], alphabet)
            found[position] = greedy(lattice, span=(0.0, used))
    return found
