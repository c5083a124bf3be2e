"""Which of many printed forms can be near a text, the likeliest first, without comparing it with all of them.

Two texts that share n characters (a character that stands twice counts twice) are at most n / (longer
length) alike by edit distance: every other character of the longer one has to be changed. An inverted
index from characters to forms gives n for all forms at once.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

_SHORT = 512
"""Of so few forms all are compared: they are closed lists, in which rivals far behind count too."""

_RUNGS = (0.8, 0.65, 0.5, 0.4, 0.3, 0.2, 0.1)
"""Forms are compared in steps: first those that may be at least so alike, then those below."""

_OCCURRENCES = 64
"""How often a character may stand in one form to be told apart."""

Scored = tuple[str, float]
"""A form and its similarity to the text, 0 to 1."""


class SimilarForms:
    """An index of folded forms by their characters."""

    def __init__(self, forms: Iterable[str]) -> None:
        listed = list(forms)
        self._forms = np.array(listed, dtype=object)
        self._short = len(listed) <= _SHORT
        if not self._short:
            self._lengths = np.array([len(form) for form in listed], np.float32)
            self._keys, self._starts, self._holders = _postings(listed)

    def near(self, text: str, least: float) -> Iterator[tuple[float, list[Scored]]]:
        """Forms at least `least` alike, in steps: each with the similarity that no later form reaches.

        Whoever has found better ones than that need not go on.
        """
        if self._short:
            yield least, self._compared(text, self._forms, least)
            return
        most = self._most(text)
        above = np.float32(np.inf)
        for rung in (*(rung for rung in _RUNGS if rung > least), least):
            step = np.flatnonzero((most >= rung) & (most < above))
            yield rung, self._compared(text, self._forms[step], least)
            above = np.float32(rung)

    def _compared(self, text: str, forms: NDArray[np.object_], least: float) -> list[Scored]:
        if not len(forms):
            return []
        scores = cdist([text], forms.tolist(), scorer=Levenshtein.normalized_similarity, score_cutoff=least)[
            0
        ]
        found = np.flatnonzero(scores)
        return list(zip(forms[found].tolist(), scores[found].tolist(), strict=True))

    def _most(self, text: str) -> NDArray[np.float32]:
        """For each form the similarity that it cannot exceed."""
        wanted = _numbered(text)
        found = [
            self._holders[self._starts[at] : self._starts[at + 1]]
            for at, key in zip(np.searchsorted(self._keys, wanted), wanted, strict=True)
            if at < len(self._keys) and self._keys[at] == key
        ]
        together = np.concatenate(found) if found else np.empty(0, np.int32)
        shared = np.bincount(together, minlength=len(self._forms)).astype(np.float32)
        return (shared / np.maximum(self._lengths, np.float32(len(text)))).astype(np.float32)


def _numbered(text: str) -> list[int]:
    """A number for each character and how often it stood before: the second 指 differs from the first."""
    seen: dict[str, int] = {}
    numbers = []
    for char in text:
        times = seen[char] = seen.get(char, -1) + 1
        numbers.append(ord(char) * _OCCURRENCES + min(times, _OCCURRENCES - 1))
    return numbers


Postings = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]


def _postings(forms: list[str]) -> Postings:
    """The numbered characters that occur, where the forms of each begin in the last array, and those forms."""
    numbers = np.array([number for form in forms for number in _numbered(form)], np.int64)
    holders = np.repeat(np.arange(len(forms), dtype=np.int32), [len(form) for form in forms])
    order = np.argsort(numbers, kind="stable")
    keys, starts = np.unique(numbers[order], return_index=True)
    return keys, np.append(starts, len(numbers)), holders[order]
