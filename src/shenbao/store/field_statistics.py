"""How well each field is read and how long it takes people, and how much they do in each hour."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from shenbao.store.models import Decision, Item


@dataclass
class FieldTally:
    """Decided items in which one field stands. `right`: what was read is what people found."""

    name: str
    group: str
    items: int = 0
    right: int = 0
    unreadable: int = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def accuracy(self) -> float:
        return self.right / self.items

    @property
    def median_seconds(self) -> float | None:
        return median(self.seconds) if self.seconds else None


@dataclass(frozen=True)
class Hour:
    """What was decided in one hour of a day: `items`, and the seconds of work that they took."""

    day: str
    hour: int
    items: int
    seconds: float


def fields_of(transaction: Transaction, project_ids: Iterable[int]) -> list[FieldTally]:
    """Each field with its decided items, most first. An item in which no field stands counts as such.

    Cells shown with a known error, and those that somebody edited unasked, say nothing of the reading.
    """
    found: dict[tuple[str, str], FieldTally] = {}
    for facts, read, decision in _decided(transaction, project_ids):
        for group, name in {(fact["group"], fact["name"]) for fact in facts} or {("", "")}:
            tally = found.setdefault((group, name), FieldTally(name, group))
            tally.items += 1
            tally.right += decision.action != "unreadable" and decision.text == read
            tally.unreadable += decision.action == "unreadable"
            if decision.seconds is not None:
                tally.seconds.append(decision.seconds)
    return sorted(found.values(), key=lambda tally: (-tally.items, tally.group, tally.name))


def hours_of(transaction: Transaction, project_ids: Iterable[int], zone: tzinfo | None = None) -> list[Hour]:
    """The hours in which somebody decided, oldest first; days and hours of a time zone, the machine's if None."""
    rows = transaction.execute(
        select(Decision.at, Decision.seconds)
        .join(Item, Item.id == Decision.item_id)
        .where(Item.project_id.in_(list(project_ids)), Decision.undone_at.is_(None))
    )
    found: dict[tuple[str, int], list[float]] = defaultdict(list)
    for at, seconds in rows:
        local: datetime = at.astimezone(zone)
        found[local.date().isoformat(), local.hour].append(seconds or 0.0)
    return [Hour(day, hour, len(times), sum(times)) for (day, hour), times in sorted(found.items())]


def _decided(
    transaction: Transaction, project_ids: Iterable[int]
) -> Iterator[tuple[list[dict[str, str]], str, Decision]]:
    rows = transaction.execute(
        select(Item.body, Item.read, Decision)
        .join(Decision, Decision.id == Item.outcome_id)
        .where(Item.project_id.in_(list(project_ids)), Item.origin.in_(("doubt", "control")))
    )
    for body, read, decision in rows:
        yield body.get("facts", []), read, decision
