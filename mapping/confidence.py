"""Confidence of a field from what is known about it. One module, so that a calibrated model can replace it.

First version: the field is right where its text was read right AND it was put in the right place.
Reading: the weakest cell involved. Placing: 1 for an exact label or name; for a near one the similarity,
lessened by how close the second-best name came. The two are taken as independent and multiplied.
"""

from collections.abc import Iterable

from shenbao.mapping.matching import Match

UNDECIDED = 0.5
"""Placing when only context chose between two names."""

NOT_IN_GRAMMAR = 0.8
"""Placing when the value's grammar could not take all of the text."""

UNREAD_PRINT = 0.5
"""Reading of print that came without a confidence of its own."""


def placing(match: Match) -> float:
    """Probability that the name is the right one, from its similarity and the runner-up's."""
    if match.exact:
        return 1.0
    if not match.decided:
        return UNDECIDED * match.score
    margin = min(1.0, max(0.0, match.margin) / match.score)
    return 1.0 - (1.0 - match.score) * (1.0 - margin)


def combined(readings: Iterable[float], placings: Iterable[float] = ()) -> float:
    """Probability that the field is right; readings are probabilities of cells, placings of matches."""
    result = min(readings, default=UNREAD_PRINT)
    for factor in placings:
        result *= factor
    return max(0.0, min(1.0, result))
