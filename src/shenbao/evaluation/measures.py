"""How much the confidences are worth: ranking, calibration, and what a threshold accepts."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

Judged = tuple[float, bool]
"""A confidence, and whether the text was right."""

_BINS = 15
_ERRORS = (0.005, 0.001)


def measures(judged: Sequence[Judged], total: int) -> dict[str, float | None]:
    """AUROC, ECE and coverage at two error rates.

    `total` counts all truth cells: one that the output lacks is never accepted. ECE has 15 bins of
    equal mass. Coverage is the largest share of cells that a threshold accepts at that error.
    """
    names = [f"coverage_at_{100 * e:g}%" for e in _ERRORS]
    if not judged:
        return {"auroc": None, "ece": None, **dict.fromkeys(names, 0.0)}
    confidence = np.array([c for c, _ in judged])
    right = np.array([ok for _, ok in judged])
    order = np.argsort(-confidence, kind="stable")
    confidence, right = confidence[order], right[order]
    bins = [k * len(right) // _BINS for k in range(_BINS + 1)]
    gaps = [abs(confidence[a:b].sum() - right[a:b].sum()) for a, b in pairwise(bins)]
    # A threshold takes all cells of one confidence or none: only the last of equals counts.
    last = np.append(confidence[1:] != confidence[:-1], True)
    wrong, taken = np.cumsum(~right)[last], np.flatnonzero(last) + 1
    coverage = {
        name: float(max(taken[wrong <= error * taken], default=0) / total)
        for name, error in zip(names, _ERRORS, strict=True)
    }
    return {"auroc": auroc(confidence, right), "ece": float(sum(gaps) / len(right)), **coverage}


def auroc(
    confidence: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    right: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
) -> float | None:
    """The chance that a right cell stands above a wrong one, ties counted half; None without both."""
    positive, negative = int(right.sum()), int((~right).sum())
    if not positive or not negative:
        return None
    _, group, size = np.unique(confidence, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(size) - (size - 1) / 2
    ranks = float(mean_rank[group][right].sum())
    return (ranks - positive * (positive + 1) / 2) / (positive * negative)
