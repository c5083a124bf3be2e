"""Printed words against closed lists of names: exact first, then by edit distance.

Similarity is 1 - Levenshtein distance / longer length. Names that differ by one or two characters
(数量/质量) are kept apart: similarity alone never decides between them, a character that only one
of the two has must really stand in the text.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from heapq import nlargest

from shenbao.mapping.folding import fold, label_forms
from shenbao.mapping.similar import SimilarForms

_TIE = 1e-9
_SPECKS = re.compile(r"^[^\u4e00-\u9fff(《“\"]+|[^\u4e00-\u9fff)》”\"]+$")
_SPECKED_LEAST = 3
"""Shorter names are too easily part of something else."""
_AMONG_SPECKS = 0.95
_OTHER_READING = 0.9
"""Least score of a name that another reading than the likeliest gives word for word."""
_RANKED = 64
"""Names that are compared with the best one; those behind are too unlike it to be its rivals."""
_KEPT = 1024
"""Texts of which a list remembers what they are."""


@dataclass(frozen=True)
class Match:
    """The name found for a text.

    `score` and `runner_up_score` are similarities, 0 to 1; `decided` is False where the text fits two
    names equally well, or where only a character that is missing would tell them apart. `rivals` are
    the names, best first, among which context may then choose.
    """

    name: str
    score: float
    runner_up: str = ""
    runner_up_score: float = 0.0
    decided: bool = True
    rivals: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        return self.score >= 1.0

    @property
    def margin(self) -> float:
        return self.score - self.runner_up_score


class NameList:
    """Names with their printed forms, and the pairs among all names that are easily confused."""

    def __init__(
        self, names: Mapping[str, Iterable[str]], confusable: Iterable[tuple[str, str]] = ()
    ) -> None:
        """`names`: each name (or key) with all its printed forms; of a form given twice the first counts."""
        self._forms: dict[str, str] = {}
        for name, forms in names.items():
            for form in forms:
                self._forms.setdefault(fold(form).rstrip(":"), name)
        self._names = tuple(names)
        self._pairs = frozenset(
            pair for a, b in confusable for pair in ((fold(a), fold(b)), (fold(b), fold(a)))
        )

    @property
    def names(self) -> tuple[str, ...]:
        return self._names

    def exact(self, text: str) -> Match | None:
        """The name whose printed form the text is, layout blanks, brackets and numbering aside."""
        for form in label_forms(text):
            if form in self._forms:
                return Match(self._forms[form], 1.0)
        return None

    def match(self, text: str, least: float = 0.6) -> Match | None:
        """The best name for a text, or None where nothing reaches the similarity `least`."""
        return self._remembered(text, least)

    @cached_property
    def _remembered(self) -> Callable[[str, float], Match | None]:
        """What a text was found to be: a table is looked through several times, and forms print the same words."""

        def find(text: str, least: float) -> Match | None:
            return self.exact(text) or self._specked(text) or self._fuzzy(text, least)

        return lru_cache(_KEPT)(find)

    def _specked(self, text: str) -> Match | None:
        """The name that stands in a text between specks of dirt read as figures, letters and signs."""
        bare = _SPECKS.sub("", fold(text))
        found = self.exact(bare) if bare != fold(text) and len(bare) >= _SPECKED_LEAST else None
        return replace(found, score=_AMONG_SPECKS) if found else None

    def match_readings(self, text: str, others: Iterable[str], least: float = 0.6) -> Match | None:
        """The best name for a text of which the recogniser gave `others` readings too, likeliest first.

        The text itself decides where it is a name, or is near one and to no other. Another reading that
        is a name word for word helps it where it is near that name, near several, or near none; the
        score then stays below 1, since the likelier reading is not that name.
        """
        own = self.match(text, least)
        if own is not None and own.exact:
            return own
        for other in others:
            found = self.exact(other)
            if found is not None and (own is None or found.name in (own.rivals or (own.name,))):
                score = max(own.score if own else least, _OTHER_READING)
                return Match(
                    found.name, score, own.runner_up if own else "", own.runner_up_score if own else 0.0
                )
        return own

    @cached_property
    def _similar(self) -> SimilarForms:
        return SimilarForms(self._forms)

    def _fuzzy(self, text: str, least: float) -> Match | None:
        scored: dict[str, tuple[float, str, str]] = {}
        for form in label_forms(text):
            for rest, near in self._similar.near(form, least / 2):
                for alias, score in near:
                    name = self._forms[alias]
                    if score > scored.get(name, (0.0, "", ""))[0]:
                        scored[name] = (score, alias, form)
                best, second = _two_best(scored)
                if second > rest or (best < least and rest <= least):
                    break
        ranked = nlargest(_RANKED, scored, key=lambda name: scored[name][0])
        if not ranked or scored[ranked[0]][0] < least:
            return None
        return self._judge(ranked, scored)

    def _judge(self, ranked: list[str], scored: dict[str, tuple[float, str, str]]) -> Match:
        score, alias, form = scored[ranked[0]]
        undecided = [n for n in ranked[1:] if not self._separates(form, alias, score, scored[n])]
        second = ranked[1] if len(ranked) > 1 else ""
        return Match(
            ranked[0],
            score,
            second,
            scored[second][0] if second else 0.0,
            not undecided,
            (ranked[0], *undecided),
        )

    def _separates(self, form: str, alias: str, score: float, rival: tuple[float, str, str]) -> bool:
        rival_score, rival_alias, _ = rival
        own, foreign = set(alias) - set(rival_alias), set(rival_alias) - set(alias)
        ahead = score - rival_score > _TIE
        if any(char in form for char in own):
            return ahead or not any(char in form for char in foreign)
        if (alias, rival_alias) in self._pairs:
            return not own and not any(char in form for char in foreign)
        return ahead


def _two_best(scored: Mapping[str, tuple[float, str, str]]) -> tuple[float, float]:
    """The scores of the best two names, 0 where there is none: what further forms must reach to matter."""
    best = nlargest(2, (score for score, _, _ in scored.values()))
    return (*best, 0.0, 0.0)[0], (*best, 0.0, 0.0)[1]
