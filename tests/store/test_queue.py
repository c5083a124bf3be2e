from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from office import Office
from sqlalchemy import select, update

from shenbao.store import queue
from shenbao.store.columns import now
from shenbao.store.models import Audit, Decision, Document, Item, Project
from shenbao.store.queue import NotYours, Wanted

ANY = Wanted()


def lease(office: Office, who: int, count: int = 1, seconds: float = 60, wanted: Wanted = ANY) -> list[int]:
    with office.database.write() as transaction:
        person = office.people[who]
        found = queue.lease(transaction, office.project, person, count, seconds, wanted)
        return [item.id for item in found]


def decide(office: Office, item: int, who: int, action: str = "accept", text: str | None = None) -> int:
    with office.database.write() as transaction:
        return queue.decide(transaction, item, office.people[who], action, text, 1.5)[1].id  # type: ignore[arg-type]


def item_of(office: Office, item: int) -> Item:
    with office.database.read() as transaction:
        return transaction.get_one(Item, item)


def test_postponed_last_then_rank_then_age(office: Office) -> None:
    late = office.add_items(1, postponed=1, rank=0)
    old = office.add_items(2, rank=5)
    first = office.add_items(1, rank=1)
    assert lease(office, 0, 9) == [*first, *old, *late]


def test_nobody_gets_what_another_has(office: Office) -> None:
    items = office.add_items(5)
    assert lease(office, 0, 3) == items[:3]
    assert lease(office, 1, 3) == items[3:]
    assert lease(office, 0, 3) == []


def test_a_lease_ends(office: Office) -> None:
    items = office.add_items(1)
    assert lease(office, 0, seconds=-1) == items
    assert lease(office, 1) == items


def test_only_what_is_wanted(office: Office) -> None:
    office.add_items(2)
    signs = office.add_items(2, kind="operator", shown="≥")
    assert lease(office, 0, 9, wanted=Wanted(kind="operator", shown="≥")) == signs
    assert lease(office, 0, 9, wanted=Wanted(document_id=office.document + 1)) == []


def test_a_decision_closes_the_item_and_changes_the_document(office: Office) -> None:
    [item] = office.add_items(1)
    lease(office, 0)
    decision = decide(office, item, 0, "correct", "right")
    found = item_of(office, item)
    assert (found.state, found.outcome_id, found.leased_to) == ("done", decision, None)
    with office.database.read() as transaction:
        assert transaction.get_one(Document, office.document).version == 1
        row = transaction.scalars(select(Audit)).one()
    assert (row.action, row.before, row.after, row.seconds) == ("correct", "text 0", "right", 1.5)
    assert (row.user_id, row.item_id) == (office.people[0], item)


def test_the_same_decision_again_changes_nothing(office: Office) -> None:
    [item] = office.add_items(1)
    assert decide(office, item, 0) == decide(office, item, 0)
    with pytest.raises(NotYours):
        decide(office, item, 0, "correct", "other")
    with office.database.read() as transaction:
        assert len(transaction.scalars(select(Decision)).all()) == 1


def test_what_another_has_or_has_decided_cannot_be_decided(office: Office) -> None:
    [item] = office.add_items(1)
    lease(office, 0)
    with pytest.raises(NotYours):
        decide(office, item, 1)
    decide(office, item, 0)
    with pytest.raises(NotYours):
        decide(office, item, 1)


def test_a_late_decision_counts_while_nobody_else_has_the_item(office: Office) -> None:
    [item] = office.add_items(1)
    lease(office, 0, seconds=-1)
    decide(office, item, 0)
    assert item_of(office, item).state == "done"


def test_taking_back_gives_the_item_to_the_same_person(office: Office) -> None:
    [item] = office.add_items(1)
    decision = decide(office, item, 0)
    with office.database.write() as transaction:
        queue.undo(transaction, transaction.get_one(Decision, decision), office.people[0], 60)
    found = item_of(office, item)
    assert (found.state, found.outcome_id, found.leased_to) == ("open", None, office.people[0])
    assert lease(office, 1) == []
    assert decide(office, item, 0, "correct", "other") != decision


def test_skipped_items_come_last_for_everybody(office: Office) -> None:
    items = office.add_items(2)
    with office.database.write() as transaction:
        queue.skip(transaction, transaction.get_one(Item, items[0]), office.people[0])
    assert lease(office, 1, 2) == [items[1], items[0]]


def test_two_people_who_agree_close_a_double_entry(office: Office) -> None:
    [item] = office.add_items(1, needed=2)
    decide(office, item, 0, "correct", "5")
    assert item_of(office, item).state == "open"
    assert lease(office, 0) == []
    assert lease(office, 1) == [item]
    decide(office, item, 1, "correct", "5")
    assert item_of(office, item).state == "done"


def test_a_third_person_decides_where_two_differ(office: Office) -> None:
    [item] = office.add_items(1, needed=2)
    decide(office, item, 0, "correct", "5")
    decide(office, item, 1, "correct", "6")
    assert (item_of(office, item).state, item_of(office, item).needed) == ("open", 3)
    assert lease(office, 0) == lease(office, 1) == []
    assert lease(office, 2) == [item]
    last = decide(office, item, 2, "correct", "6")
    assert (item_of(office, item).state, item_of(office, item).outcome_id) == ("done", last)


def test_taking_back_one_of_two_entries(office: Office) -> None:
    with office.database.write() as transaction:
        transaction.execute(update(Project).values(double=["words"]))
    [item] = office.add_items(1, needed=2)
    decide(office, item, 0, "correct", "5")
    second = decide(office, item, 1, "correct", "6")
    with office.database.write() as transaction:
        queue.undo(transaction, transaction.get_one(Decision, second), office.people[1], 60)
    assert item_of(office, item).needed == 2
    decide(office, item, 1, "correct", "5")
    assert item_of(office, item).state == "done"


def test_a_seed_never_reaches_the_document(office: Office) -> None:
    [item] = office.add_items(1, origin="seed", read="104", shown="109")
    decide(office, item, 0)
    with office.database.read() as transaction:
        assert transaction.get_one(Document, office.document).version == 0


def test_groups_hold_what_is_alike_and_free(office: Office) -> None:
    office.add_items(3, kind="operator", shown="≥")
    office.add_items(2, kind="unit", shown="%")
    office.add_items(1, kind="unit", shown="人")
    lease(office, 0, wanted=Wanted(kind="unit", shown="%"))
    with office.database.read() as transaction:
        assert queue.groups(transaction, office.project, 10) == [("operator", "≥", 3)]


def test_many_people_at_once_decide_each_item_once(office: Office) -> None:
    items = office.add_items(120)

    def work(who: int) -> list[int]:
        done: list[int] = []
        while found := lease(office, who, 2):
            for item in found:
                decide(office, item, who)
                done.append(item)
        return done

    with ThreadPoolExecutor(4) as threads:
        parts = list(threads.map(work, range(4)))
    assert sorted(item for part in parts for item in part) == items
    with office.database.read() as transaction:
        assert len(transaction.scalars(select(Decision)).all()) == len(items)
        assert transaction.get_one(Document, office.document).version == len(items)


def test_lent_items_are_listed(office: Office) -> None:
    office.add_items(3)
    mine = lease(office, 0, 2)
    with office.database.write() as transaction:
        assert [item.id for item in queue.lent(transaction, office.people[0])] == mine
        transaction.get_one(Item, mine[0]).lease_until = now() - timedelta(seconds=1)
    with office.database.read() as transaction:
        assert [item.id for item in queue.lent(transaction, office.people[0])] == mine[1:]
