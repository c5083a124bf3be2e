"""Decoding of a line's lattice: the best string, and how likely any given string is.

The recogniser is trained with Connectionist Temporal Classification (CTC; Graves et al., ICML 2006):
a path over the time steps gives a string when repeated classes are merged and blanks dropped. The
probability of a string is the sum over all its paths, worked out with the forward recursion of that
paper. All functions here are pure.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from shenbao.models.stages import CharReading, Lattice, Reading

BLANK = 0
ALTERNATES = 5
LEAST = 1e-10
"""Lowest probability of a class at a step: of a class that the lattice does not hold nothing finer is known."""

BEAM_LEAST = 1e-4
"""Classes below this at a step are not followed by the beam search, the likeliest excepted."""

Floats = NDArray[np.float64]


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
    best = lattice.classes[:, 0]
    chars = []
    for label, run in groupby(range(len(best)), key=lambda step: int(best[step])):
        if label != BLANK:
            chars.append(_char(lattice, list(run), span))
    return Reading(tuple(chars), lattice)


def _char(lattice: Lattice, run: Sequence[int], span: tuple[float, float]) -> CharReading:
    step = max(run, key=lambda s: float(lattice.probabilities[s, 0]))
    classes = lattice.classes[step]
    probabilities = lattice.probabilities[step]
    alternates = [
        (lattice.alphabet[c], float(p))
        for c, p in zip(classes[1:], probabilities[1:], strict=True)
        if c != BLANK and p > 0
    ]
    steps = len(lattice.classes)
    return CharReading(
        char=lattice.alphabet[classes[0]],
        probability=min(1.0, float(probabilities[0])),
        alternates=tuple(alternates[:ALTERNATES]),
        start=_within(run[0] / steps, span),
        end=_within((run[-1] + 1) / steps, span),
    )


def _within(fraction: float, span: tuple[float, float]) -> float:
    start, end = span
    return min(1.0, max(0.0, (fraction - start) / (end - start)))


def forward_score(lattice: Lattice, text: str) -> float:
    """Natural logarithm of the probability that the lattice gives `text`, over all paths.

    A class that a step of the lattice does not hold gets an equal share of the probability that the
    step's classes leave over, never more than the least of them and never less than `LEAST`. -inf where the text does not fit into the
    number of steps.
    """
    return _forward(_Emissions(lattice), text)


def forward_scores(lattice: Lattice, texts: Iterable[str]) -> list[float]:
    """`forward_score` of each text; quicker than one call each."""
    emissions = _Emissions(lattice)
    return [_forward(emissions, text) for text in texts]


def best_of(lattice: Lattice, candidates: Sequence[str]) -> list[tuple[str, float]]:
    """The candidates, likeliest first, with probabilities that add up to 1.

    Each probability is the candidate's share of the probability of all of them together: it says
    which of them it is, not whether it is any of them. Equal texts count once.
    """
    texts = list(dict.fromkeys(candidates))
    if not texts:
        return []
    scores = np.array(forward_scores(lattice, texts))
    if not np.isfinite(scores).any():
        return [(text, 1.0 / len(texts)) for text in texts]
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    ranked = sorted(zip(texts, shares.tolist(), strict=True), key=lambda pair: -pair[1])
    return [(text, float(share)) for text, share in ranked]


def n_best(lattice: Lattice, width: int = 16) -> list[tuple[str, float]]:
    """The likeliest strings of a lattice with their probabilities, likeliest first.

    Prefix beam search (Hannun et al., 2014): at every step the `width` likeliest prefixes are kept,
    each with the probability of its paths that end in a blank and of those that end in its last
    character. A probability can only be too low, by paths that the beam dropped.
    """
    beam: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    for classes, probabilities in zip(lattice.classes, lattice.probabilities, strict=True):
        held = [
            (lattice.alphabet[c], float(p))
            for c, p in zip(classes, probabilities, strict=True)
            if p > BEAM_LEAST or c == classes[0]
        ]
        grown = _extend(beam, held)
        kept = sorted(grown.items(), key=lambda item: -sum(item[1]))[:width]
        beam = dict(kept)
    return [(text, min(1.0, in_blank + in_char)) for text, (in_blank, in_char) in beam.items()]


def _extend(
    beam: dict[str, tuple[float, float]], held: Sequence[tuple[str, float]]
) -> dict[str, tuple[float, float]]:
    """One step of the beam search: prefix -> (probability ending in a blank, ending in a character)."""
    grown: dict[str, list[float]] = {}
    for text, (in_blank, in_char) in beam.items():
        for char, p in held:
            if char == "":
                grown.setdefault(text, [0.0, 0.0])[0] += p * (in_blank + in_char)
            elif text.endswith(char):
                grown.setdefault(text, [0.0, 0.0])[1] += p * in_char
                grown.setdefault(text + char, [0.0, 0.0])[1] += p * in_blank
            else:
                grown.setdefault(text + char, [0.0, 0.0])[1] += p * (in_blank + in_char)
    return {
        text: (in_blank, in_char) for text, (in_blank, in_char) in grown.items() if in_blank + in_char > 0
    }


class _Emissions:
    """Log probability of a character, or of the blank (""), at every step; worked out once for each."""

    def __init__(self, lattice: Lattice) -> None:
        self._lattice = lattice
        self._classes: dict[str, list[int]] = {"": [BLANK]}
        for c in np.unique(lattice.classes).tolist():
            if c != BLANK:
                self._classes.setdefault(lattice.alphabet[c], []).append(c)
        others = max(1, len(lattice.alphabet) - lattice.classes.shape[1])
        rest = 1.0 - lattice.probabilities.sum(axis=1, dtype=np.float64)
        self._floor = np.clip(rest / others, LEAST, np.maximum(lattice.probabilities[:, -1], LEAST))
        self._known: dict[str, Floats] = {}

    @property
    def steps(self) -> int:
        return len(self._floor)

    def __getitem__(self, char: str) -> Floats:
        if char not in self._known:
            held = np.isin(self._lattice.classes, self._classes.get(char, []))
            found = np.where(held, self._lattice.probabilities, 0.0).sum(axis=1)
            self._known[char] = np.log(np.maximum(found, self._floor))
        return self._known[char]


def _forward(emissions: _Emissions, text: str) -> float:
    labels = [""] + [part for char in text for part in (char, "")]
    skips = np.array([i > 1 and labels[i] != "" and labels[i] != labels[i - 2] for i in range(len(labels))])
    if emissions.steps == 0:
        return 0.0 if not text else -np.inf
    table = np.stack([emissions[label] for label in labels], axis=1)
    state = np.full(len(labels), -np.inf)
    state[:2] = table[0, :2]
    for step in range(1, emissions.steps):
        one_back = np.concatenate(([-np.inf], state[:-1]))
        two_back = np.concatenate(([-np.inf, -np.inf], state[:-2]))[: len(state)]
        two_back = np.where(skips, two_back, -np.inf)
        state = np.logaddexp(np.logaddexp(state, one_back), two_back) + table[step]
    return float(np.logaddexp.reduce(state[-2:]))
