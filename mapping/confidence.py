"""An estimate of the confidence of a field from what is known about it, which `calibration` makes a probability of.

The field is right where its text was read right AND it was put in the right place.
Reading: the weakest cell involved. Placing: 1 for an exact label or name; for a near one the similarity,
lessened by how close the second-best name came. The two are taken as independent and multiplied.
"""

from collections.abc import Iterable, Sequence
from math import prod

from shenbao.mapping.matching import Match

UNDECIDED = 0.5
"""Placing when only context chose between two names."""

NOT_IN_GRAMMAR = 0.8
"""Placing when the value's grammar could not take all of the text."""

NO_UNIT = 0.6
"""Placing of a blank unit beside a number in a form with a column for units: about as often the paper's own
blank (2 of 442 numbers) as a sign that was lost."""

FROM_ANOTHER_TABLE = 0.9
"""Placing of a department or year that this table does not state, but others of the document do."""

UNREAD_PRINT = 0.5
"""Reading of print that came without a confidence of its own."""

SLIP = 0.02
"""Least probability that a hard check fails though this field is right: a slip on the paper itself, or a
wrong place. (In 1,339 hard checks of the seed documents one fails on paper; the rest is caution.)"""

LUCK = 0.25
"""Probability that a check comes out though the field is wrong: the same slip twice, a wrong place."""

KNOWN = 0.25
"""How much likelier a text that is word for word a name of a closed list is right: its odds of being wrong
fall to so much, since most misreadings of a name are no name."""

_PASSES_COUNTED = 2
"""Checks that share cells are no independent witnesses: more than so many do not raise further."""


def placing(match: Match) -> float:
    """Probability that the name is the right one, from its similarity and the runner-up's."""
    if match.exact:
        return 1.0
    if not match.decided:
        return UNDECIDED * match.score
    margin = min(1.0, max(0.0, match.margin) / match.score)
    return 1.0 - (1.0 - match.score) * (1.0 - margin)


def known_name(reading: float) -> float:
    """Probability that a cell was read right whose text is a name of a closed list, word for word."""
    wrong = (1.0 - reading) * KNOWN
    return reading / (reading + wrong) if reading > 0 else 0.0


def combined(readings: Iterable[float], placings: Iterable[float] = ()) -> float:
    """Probability that the field is right; readings are probabilities of cells, placings of matches."""
    result = min(readings, default=UNREAD_PRINT)
    for factor in placings:
        result *= factor
    return max(0.0, min(1.0, result))


def after_checks(probability: float, failed: Sequence[Sequence[float]], passed: int) -> float:
    """Probability that a field is right after the hard checks that involve it.

    By odds of being wrong, `e / (1 - e)` with e = 1 - `probability`. A check that failed says: this field
    is wrong, or another is, or the paper is. It multiplies the odds by `1 / q`, q = 1 - (1 - SLIP) * the
    product of the other fields' probabilities, given in `failed` for each such check. A check that
    `passed` multiplies them by LUCK.
    """
    wrong = 1.0 - probability
    if wrong <= 0.0 and not failed:
        return probability
    odds = max(wrong, 1e-4) / max(probability, 1e-6)
    for others in failed:
        odds /= 1.0 - (1.0 - SLIP) * prod(others)
    odds *= LUCK ** min(passed, _PASSES_COUNTED)
    return 1.0 / (1.0 + odds)
