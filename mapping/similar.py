"""Which of many printed forms can be near a text, the likeliest first, without comparing it with all of them.

Two texts that share n characters (a character that stands twice counts twice) are at most n / (longer
length) alike by edit distance: every other character of the longer one has to be changed. An inverted
index from characters to forms gives n for all forms at once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SHORT = 512
"""Of so few forms all are compared: they are closed lists, in which rivals far behind count too."""

_FIRST = 256
_GROWTH = 4
"""Size of the first batch, and how much larger each next one is."""

_OCCURRENCES = 64
"""How often a character may stand in one form to be told apart."""


@dataclass(frozen=True)
class Batch:
    """Forms that are at most `most` alike to the text (0 to 1), and no form of a later batch is more."""

    forms: tuple[str, ...]
    most: float


class SimilarForms:
    """An index of folded forms by their characters."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._forms = tuple(forms)
        if len(self._forms) > _SHORT:
            self._lengths = np.array([len(form) for form in self._forms], np.int64)
            self._keys, self._starts, self._holders = _postings(self._forms, self._lengths)

    def batches(self, text: str) -> Iterator[Batch]:
        """All forms that share a character with the text (of a short list: all forms)."""
        if len(self._forms) <= _SHORT:
            yield Batch(self._forms, 1.0)
            return
        most = self._shared(text) / np.maximum(self._lengths, len(text))
        left = np.flatnonzero(most)
        size = _FIRST
        while len(left):
            if size < len(left):
                ranked = np.argpartition(-most[left], size - 1)
                batch, left = left[ranked[:size]], left[ranked[size:]]
            else:
                batch, left = left, left[:0]
            yield Batch(tuple(self._forms[i] for i in batch), float(most[batch].max()))
            size *= _GROWTH

    def _shared(self, text: str) -> NDArray[np.int64]:
        """For each form the number of characters it shares with the text."""
        places = np.searchsorted(self._keys, wanted := _numbered(text))
        found = [
            self._holders[self._starts[at] : self._starts[at + 1]]
            for at, key in zip(places, wanted, strict=True)
            if at < len(self._keys) and self._keys[at] == key
        ]
        together = np.concatenate(found) if found else np.empty(0, np.int64)
        return np.bincount(together, minlength=len(self._forms))


def _numbered(text: str) -> list[int]:
    """A number for each character and how often it stood before: the second 指 differs from the first."""
    seen: dict[str, int] = {}
    numbers = []
    for char in text:
        times = seen[char] = seen.get(char, -1) + 1
        numbers.append(ord(char) * _OCCURRENCES + min(times, _OCCURRENCES - 1))
    return numbers


Postings = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def _postings(forms: tuple[str, ...], lengths: NDArray[np.int64]) -> Postings:
    """The numbered characters that occur, where the forms of each begin in the last array, and those forms."""
    numbers = np.array([number for form in forms for number in _numbered(form)], np.int64)
    holders = np.repeat(np.arange(len(forms)), lengths)
    order = np.argsort(numbers, kind="stable")
    keys, starts = np.unique(numbers[order], return_index=True)
    return keys, np.append(starts, len(numbers)), holders[order]
