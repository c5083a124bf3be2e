"""What was read for what: pieces of text that were confused, the most frequent first."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from shenbao.evaluation.scoring import Outcome, Report, Scored

LEAST_ALIKE = 0.5
"""Texts less alike than this (0 to 1) are not compared piece by piece: another cell's text stands there."""

MOST_CHARS = 4
"""Longer pieces are no confusion of characters."""

NOTHING = "∅"


@dataclass(frozen=True, eq=False)
class Case:
    """A cell in which a confusion happened."""

    document: Scored
    outcome: Outcome


@dataclass(frozen=True)
class Confusion:
    """A piece on paper, what was read for it ("" for nothing), and the cells."""

    printed: str
    read: str
    cases: tuple[Case, ...]

    @property
    def count(self) -> int:
        return len(self.cases)

    @property
    def title(self) -> str:
        return f"{self.printed or NOTHING} → {self.read or NOTHING}"


def confusions(report: Report) -> list[Confusion]:
    """The confusions of all wrong cells, the most frequent first."""
    found: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for document in report.documents:
        for outcome in document.tally.outcomes:
            if not outcome.right and outcome.have is not None:
                for pieces in _pieces(outcome.want, outcome.have):
                    found[pieces].append(Case(document, outcome))
    ranked = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return [Confusion(printed, read, tuple(cases)) for (printed, read), cases in ranked]


def _pieces(want: str, have: str) -> Iterator[tuple[str, str]]:
    if not (want and have):
        if max(len(want), len(have)) <= MOST_CHARS:
            yield want, have
        return
    matcher = SequenceMatcher(None, want, have, autojunk=False)
    if max(len(want), len(have)) > 2 and matcher.ratio() < LEAST_ALIKE:
        return
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal" and max(b - a, d - c) <= MOST_CHARS:
            yield want[a:b], have[c:d]


def examples(found: Sequence[Confusion], count: int, each: int) -> list[tuple[Confusion, list[Case]]]:
    """Of the first `count` confusions up to `each` cases, from different documents first."""
    chosen = []
    for confusion in found[:count]:
        by_document: dict[str, list[Case]] = defaultdict(list)
        for case in confusion.cases:
            by_document[case.document.name].append(case)
        order = [
            case for rank in range(each) for cases in by_document.values() for case in cases[rank : rank + 1]
        ]
        chosen.append((confusion, order[:each]))
    return chosen
