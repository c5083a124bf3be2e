"""How the work goes: decisions by day and person, accuracy as people found it, calibration."""

import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from shenbao.store.models import Decision, Item, User

BINS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.0)
"""Edges of the calibration's bins of confidence."""


@dataclass(frozen=True)
class Outcome:
    """An item that is decided: what was read, and whether people found it right."""

    kind: str
    origin: str
    confidence: float
    right: bool
    seconds: float | None
    day: str
    user: str


@dataclass
class Tally:
    """Items of one kind, person, day or bin; `seconds` of those that were timed."""

    items: int = 0
    right: int = 0
    seconds: list[float] = field(default_factory=list)
    confidence: float = 0.0

    def add(self, outcome: Outcome) -> None:
        self.items += 1
        self.right += outcome.right
        self.confidence += outcome.confidence
        if outcome.seconds is not None:
            self.seconds.append(outcome.seconds)

    @property
    def accuracy(self) -> float | None:
        return self.right / self.items if self.items else None

    @property
    def mean_confidence(self) -> float | None:
        return self.confidence / self.items if self.items else None

    @property
    def median_seconds(self) -> float | None:
        return median(self.seconds) if self.seconds else None


@dataclass(frozen=True)
class Seeds:
    """Known errors that one person was shown, and how many of them were found."""

    user: str
    shown: int
    found: int


@dataclass(frozen=True)
class Statistics:
    """`control` is of the accepted cells that were mixed in: their accuracy is that of what nobody looks at."""

    total: Tally
    control: Tally
    kinds: dict[str, Tally]
    days: dict[str, Tally]
    users: dict[str, Tally]
    bins: list[tuple[float, float, Tally]]
    seeds: list[Seeds]


def statistics_of(transaction: Transaction, project_ids: Iterable[int]) -> Statistics:
    """The figures of some projects, over all their decisions that stand."""
    ids = list(project_ids)
    outcomes = list(_outcomes(transaction, ids))
    total, control = Tally(), Tally()
    kinds: dict[str, Tally] = defaultdict(Tally)
    days: dict[str, Tally] = defaultdict(Tally)
    users: dict[str, Tally] = defaultdict(Tally)
    bins = [(low, high, Tally()) for low, high in itertools.pairwise(BINS)]
    for outcome in outcomes:
        for tally in (total, kinds[outcome.kind], days[outcome.day], users[outcome.user]):
            tally.add(outcome)
        if outcome.origin == "control":
            control.add(outcome)
        if outcome.origin in ("control", "doubt"):
            _bin(bins, outcome.confidence).add(outcome)
    return Statistics(
        total, control, dict(kinds), dict(sorted(days.items())), dict(users), bins, _seeds(transaction, ids)
    )


def _bin(bins: list[tuple[float, float, Tally]], confidence: float) -> Tally:
    return next(tally for low, high, tally in reversed(bins) if confidence >= low)


def _outcomes(transaction: Transaction, project_ids: list[int]) -> Iterable[Outcome]:
    rows = transaction.execute(
        select(Item.kind, Item.origin, Item.confidence, Item.read, Decision, User.name)
        .join(Decision, Decision.id == Item.outcome_id)
        .join(User, User.id == Decision.user_id)
        .where(Item.project_id.in_(project_ids), Item.origin != "seed")
    )
    for kind, origin, confidence, read, decision, name in rows:
        right = decision.action != "unreadable" and decision.text == read
        day = decision.at.date().isoformat()
        yield Outcome(kind, origin, confidence, right, decision.seconds, day, name)


def _seeds(transaction: Transaction, project_ids: list[int]) -> list[Seeds]:
    rows = transaction.execute(
        select(Item.shown, Decision.text, User.name)
        .join(Decision, Decision.item_id == Item.id)
        .join(User, User.id == Decision.user_id)
        .where(Item.project_id.in_(project_ids), Item.origin == "seed", Decision.undone_at.is_(None))
    )
    shown: dict[str, list[bool]] = defaultdict(list)
    for wrong, text, name in rows:
        shown[name].append(text != wrong)
    return [Seeds(name, len(found), sum(found)) for name, found in sorted(shown.items())]
