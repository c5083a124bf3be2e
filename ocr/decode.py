"""Decoding of a line's lattice: the best string, and how likely any given string is.

The recogniser is trained with Connectionist Temporal Classification (CTC; Graves et al., ICML 2006):
a path over the time steps gives a string when repeated classes are merged and blanks dropped. The
probability of a string is the sum over all its paths, worked out with the forward recursion of that
paper. All functions here are pure.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import groupby
from math import prod

import numpy as np
from numpy.typing import NDArray

from shenbao.models.stages import CharReading, Lattice, Reading

BLANK = 0
ALTERNATES = 5
SURE = 1e-5
"""A blank is sure when everything else at its step is together less probable than this."""

LEAST = 1e-10
"""Lowest probability of a class at a step: of a class that the lattice does not hold nothing finer is known."""

BEAM_LEAST = 1e-4
"""Classes below this at a step are not followed by the beam search, the likeliest excepted."""

PREFIX_LEAST = 1e-5
"""Prefixes less probable than this share of the likeliest are not followed."""

TOGETHER = 8
"""Steps between which the probabilities of paths may fall: not below `LEAST` to as high a power."""

NEVER = (0.0, 0.0)

Floats = NDArray[np.float64]
Beam = dict[str, tuple[float, float]]
"""Prefix -> probability of its paths that end in a blank, and of those that end in its last character."""


def greedy(lattice: Lattice, span: tuple[float, float] = (0.0, 1.0)) -> Reading:
    """The string of the likeliest path.

    Args:
        lattice: probabilities of one line picture, as the net saw it.
        span: the part of that picture's width, as fractions, that is the line itself; the rest is
            padding. `CharReading.start` and `.end` are fractions of this part.

    Returns:
        One `CharReading` for each run of a class. Its probability is the highest of the run, its
        alternates are the other characters at that step, blank left out, likeliest first.
    """
    best = lattice.classes[:, 0].tolist()
    highest = lattice.probabilities[:, 0].tolist()
    chars = []
    for label, run in groupby(range(len(best)), key=best.__getitem__):
        if label != BLANK:
            steps = list(run)
            chars.append(_char(lattice, steps, max(steps, key=highest.__getitem__), span))
    return Reading(tuple(chars), lattice)


def _char(lattice: Lattice, run: Sequence[int], step: int, span: tuple[float, float]) -> CharReading:
    # One of these may be the blank.
    classes = lattice.classes[step, : 2 + ALTERNATES].tolist()
    probabilities = lattice.probabilities[step, : 2 + ALTERNATES].tolist()
    alternates = [
        (lattice.alphabet[c], p)
        for c, p in zip(classes[1:], probabilities[1:], strict=True)
        if c != BLANK and p > 0
    ]
    steps = len(lattice.classes)
    return CharReading(
        char=lattice.alphabet[classes[0]],
        probability=min(1.0, probabilities[0]),
        alternates=tuple(alternates[:ALTERNATES]),
        start=_within(run[0] / steps, span),
        end=_within((run[-1] + 1) / steps, span),
    )


def _within(fraction: float, span: tuple[float, float]) -> float:
    start, end = span
    return min(1.0, max(0.0, (fraction - start) / (end - start)))


def steps_of(lattice: Lattice, number: int) -> list[int]:
    """The time steps of the character of this number on the likeliest path, and the blanks beside them."""
    labels = lattice.classes[:, 0].tolist()
    runs = [(label, list(run)) for label, run in groupby(range(len(labels)), labels.__getitem__)]
    place = [i for i, (label, _) in enumerate(runs) if label != BLANK][number]
    beside = [i for i in (place - 1, place + 1) if 0 <= i < len(runs) and runs[i][0] == BLANK]
    return sorted(step for i in (place, *beside) for step in runs[i][1])


def with_step(lattice: Lattice, place: int, label: int, probability: float) -> Lattice:
    """The lattice with a step more before that at `place`, which holds a class with a probability, and else the blank."""
    held = lattice.classes.shape[1]
    classes, probabilities = np.zeros(held, np.int32), np.zeros(held, np.float32)
    classes[0], probabilities[0], probabilities[1] = label, probability, 1.0 - probability
    return replace(
        lattice,
        classes=np.insert(lattice.classes, place, classes, axis=0),
        probabilities=np.insert(lattice.probabilities, place, probabilities, axis=0),
    )


def condensed(reading: Reading) -> Reading:
    """The reading, and its looks, with every run of sure blanks in their lattices cut to one step.

    Such steps are most of a lattice and change no string's probability by more than `SURE` each, but
    every string that is scored has to pass them.
    """
    lattice = reading.lattice
    looks = tuple(condensed(look) for look in reading.looks)
    if lattice is None or not len(lattice.classes):
        return Reading(reading.chars, lattice, looks)
    sure = (lattice.classes[:, 0] == BLANK) & (lattice.probabilities[:, 0] > 1.0 - SURE)
    kept = ~sure
    kept[0] = True
    kept[1:] |= ~sure[:-1]
    short = Lattice(lattice.classes[kept], lattice.probabilities[kept], lattice.alphabet)
    return Reading(reading.chars, short, looks)


def n_best(lattice: Lattice, width: int = 10) -> list[tuple[str, float]]:
    """The likeliest strings of a lattice with their probabilities, likeliest first.

    Prefix beam search (Hannun et al., 2014): at every step the `width` likeliest prefixes are kept,
    each with the probability of its paths that end in a blank and of those that end in its last
    character. A probability can only be too low, by paths that the beam dropped.
    """
    followed = lattice.probabilities > BEAM_LEAST
    followed[:, :1] = True
    counts = followed.sum(axis=1).tolist()
    if max(counts, default=1) == 1:
        return [_only(lattice)]
    beam: Beam = {"": (1.0, 0.0)}
    for classes, probabilities, count in zip(
        lattice.classes.tolist(), lattice.probabilities.tolist(), counts, strict=True
    ):
        if count == 1 and classes[0] == BLANK:
            # All become less probable alike: none falls behind.
            beam = {text: (probabilities[0] * (a + b), 0.0) for text, (a, b) in beam.items()}
            continue
        held = [(lattice.alphabet[c], p) for c, p in zip(classes[:count], probabilities[:count], strict=True)]
        beam = _kept(_extended(beam, held), width)
    ranked = sorted(((in_blank + in_char, text) for text, (in_blank, in_char) in beam.items()), reverse=True)
    return [(text, min(1.0, p)) for p, text in ranked]


def _only(lattice: Lattice) -> tuple[str, float]:
    """The string of a lattice that has one class to be followed at every step, and its probability."""
    chars = (lattice.alphabet[c] for c in lattice.classes[:, 0].tolist())
    text = "".join(char for char, _ in groupby(chars))
    return text, min(1.0, prod(lattice.probabilities[:, 0].tolist()))


def _kept(beam: Beam, width: int) -> Beam:
    """The `width` likeliest prefixes, without those that can no longer count."""
    if len(beam) == 1:
        return beam
    totals = {text: in_blank + in_char for text, (in_blank, in_char) in beam.items()}
    least = PREFIX_LEAST * max(totals.values())
    texts = [text for text, p in totals.items() if p > least]
    if len(texts) > width:
        texts = sorted(texts, key=totals.__getitem__, reverse=True)[:width]
    return {text: beam[text] for text in texts}


def _extended(beam: Beam, held: Sequence[tuple[str, float]]) -> Beam:
    """One step of the beam search."""
    grown: Beam = {}
    for text, (in_blank, in_char) in beam.items():
        last = text[-1:]
        for char, p in held:
            if char == "":
                a, b = grown.get(text, NEVER)
                grown[text] = a + p * (in_blank + in_char), b
            elif char == last:
                a, b = grown.get(text, NEVER)
                grown[text] = a, b + p * in_char
                a, b = grown.get(text + char, NEVER)
                grown[text + char] = a, b + p * in_blank
            else:
                a, b = grown.get(text + char, NEVER)
                grown[text + char] = a, b + p * (in_blank + in_char)
    return grown


class LineScores:
    """What a lattice holds for every string: scores any number of them."""

    def __init__(self, lattice: Lattice) -> None:
        steps, kept = lattice.classes.shape
        others = max(1, len(lattice.alphabet) - kept)
        rest = 1.0 - lattice.probabilities.sum(axis=1, dtype=np.float64)
        self._floor = np.clip(rest / others, LEAST, np.maximum(lattice.probabilities[:, -1], LEAST))
        # Several classes may be one character; that of the blank is "".
        self._rows = {"": 0}
        rows = [
            self._rows.setdefault(lattice.alphabet[c], len(self._rows))
            for c in lattice.classes.ravel().tolist()
        ]
        places = np.array(rows, np.intp) * steps + np.repeat(np.arange(steps), kept)
        held = np.bincount(places, lattice.probabilities.ravel(), len(self._rows) * steps)
        self._held = np.maximum(held.reshape(len(self._rows), steps), self._floor)

    @property
    def chars(self) -> AbstractSet[str]:
        """The characters that some step holds, and "" for the blank."""
        return self._rows.keys()

    def forward(self, texts: Sequence[str]) -> list[float]:
        """Natural logarithm of the probability of each text, over all its paths.

        The forward recursion, for all texts at once. A class that a step of the lattice does not hold gets an
        equal share of the probability that the step's classes leave over, never more than the least of them
        and never less than `LEAST`. -inf where a text does not fit into the number of steps.
        """
        if not texts:
            return []
        if not len(self._floor):
            return [-np.inf if text else 0.0 for text in texts]
        table, skips = self._table(texts)
        labels = table.shape[2]
        padded = np.zeros((len(texts), 2 + labels))
        state, one_before, two_before = padded[:, 2:], padded[:, 1:-1], padded[:, :-2]
        state[:] = table[0] * (np.arange(labels) < 2)
        scores, stay, skip = np.zeros(len(texts)), np.empty_like(skips), np.empty_like(skips)
        for step, emissions in enumerate(table[1:]):
            if step % TOGETHER == 0:
                # Divided by its sum now and then, or long lines would fall below what a float can hold.
                whole = np.maximum(state.sum(axis=1), np.finfo(float).tiny)
                scores += np.log(whole)
                state /= whole[:, None]
            np.add(state, one_before, out=stay)
            np.multiply(two_before, skips, out=skip)
            stay += skip
            np.multiply(stay, emissions, out=state)
        ends = np.array([2 * len(text) for text in texts])
        rows = np.arange(len(texts))
        last = state[rows, ends] + np.where(ends > 0, state[rows, ends - 1], 0.0)
        with np.errstate(divide="ignore"):
            return [float(score) for score in scores + np.log(last)]

    def _table(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """Emissions (steps, texts, labels) of each text's labels, a blank around every character, and where
        (texts, labels) a path may leave the blank out."""
        labels = 2 * max(map(len, texts)) + 1
        table = np.zeros((len(self._floor), len(texts), labels))
        skips = np.zeros((len(texts), labels))
        for row, text in enumerate(texts):
            table[:, row, 0 : 2 * len(text) + 1 : 2] = self._held[0][:, None]
            for place, char in enumerate(text):
                held = self._rows.get(char)
                table[:, row, 2 * place + 1] = self._floor if held is None else self._held[held]
                skips[row, 2 * place + 1] = float(place > 0 and text[place - 1] != char)
        return table, skips
