"""A project with people, a document and items, in a database."""

from dataclasses import dataclass

from shenbao.store.database import Database
from shenbao.store.models import Item


@dataclass(frozen=True)
class Office:
    """`people` are ids of users."""

    database: Database
    project: int
    document: int
    people: tuple[int, ...]

    def add_items(self, number: int, **facts: object) -> list[int]:
        with self.database.write() as transaction:
            start = transaction.query(Item).count()
            items = [Item(**{**self._item(start + n), **facts}) for n in range(number)]
            transaction.add_all(items)
            transaction.flush()
            return [item.id for item in items]

    def _item(self, number: int) -> dict[str, object]:
        return {
            "project_id": self.project,
            "document_id": self.document,
            "place": f"t1/{number}/0",
            "origin": "doubt",
            "state": "open",
            "kind": "words",
            "label": "",
            "page": 1,
            "read": f"text {number}",
            "shown": f"text {number}",
            "confidence": 0.5,
            "body": {"reasons": [], "candidates": [], "regions": [], "doubtful": [], "facts": []},
            "rank": 1000,
            "postponed": 0,
            "needed": 1,
        }
