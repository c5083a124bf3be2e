"""Documents: taken in, read, and made anew after every decision."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Transaction

from shenbao.errors import MissingInput
from shenbao.export.rows import facts
from shenbao.models.document import Document as Contract
from shenbao.models.document import Page as ContractPage
from shenbao.models.document import Record as ContractRecord
from shenbao.models.document import Table as ContractTable
from shenbao.store.columns import now
from shenbao.store.database import Database
from shenbao.store.doubts import spots_of
from shenbao.store.items import sync
from shenbao.store.models import (
    Decision,
    Document,
    DocumentTable,
    Edit,
    Field,
    Item,
    Page,
    Project,
    Reading,
    Record,
)
from shenbao.store.outbox import note_review
from shenbao.store.rebuild import (
    Confirm,
    Knowledge,
    Merge,
    Said,
    SetFamily,
    Split,
    Step,
    parse_place,
    rebuilt,
)
from shenbao.store.suggestions import suggest


def find(transaction: Transaction, project_id: int, sha256: str) -> Document | None:
    """The document with these bytes in a project, if it was uploaded before."""
    return transaction.scalar(
        select(Document).where(Document.project_id == project_id, Document.sha256 == sha256)
    )


def store_reading(
    transaction: Transaction, document_id: int, machine: Contract, pictures: dict[int, str], seconds: float
) -> None:
    """Keeps what the machine read, once; and the pictures of all pages."""
    document = transaction.get_one(Document, document_id)
    if transaction.get(Reading, document_id) is None:
        transaction.add(Reading(document_id=document_id, body=machine.model_dump_json(), seconds=seconds))
    document.page_count = machine.source.page_count
    document.kind = machine.source.kind
    for number, key in pictures.items():
        page = transaction.get(Page, (document_id, number)) or Page(document_id=document_id, number=number)
        page.picture = key
        transaction.add(page)
    document.version += 1


def build(database: Database, document_id: int, knowledge: Knowledge) -> None:
    """Makes the current state anew from the reading and all decisions, if anything has changed.

    What is decided meanwhile is taken in by another round.
    """
    while True:
        with database.read() as transaction:
            document = transaction.get(Document, document_id)
            reading = transaction.get(Reading, document_id)
            if document is None or reading is None or document.built_version == document.version:
                return
            project = transaction.get_one(Project, document.project_id)
            version, accept = document.version, project.accept
            steps = [step for _, step in sorted(_steps(transaction, document_id), key=lambda pair: pair[0])]
        current = rebuilt(Contract.model_validate_json(reading.body), steps, knowledge, accept)
        with database.write() as transaction:
            document = transaction.get_one(Document, document_id, with_for_update=True)
            if document.version != version:
                continue
            first = document.read_at is None
            _write(transaction, document, current)
            project = transaction.get_one(Project, document.project_id)
            spots = spots_of(current, accept, knowledge.vocabulary)
            sync(transaction, document, project, spots, first=first)
            suggest(transaction, document_id, current)
            document.built_version = version
            note_review(transaction, document)
            return


def current(transaction: Transaction, document: Document) -> Contract:
    """The document in its current state.

    Raises:
        MissingInput: it is not read yet.
    """
    machine = reading_of(transaction, document)
    pages = transaction.scalars(
        select(Page.body).where(Page.document_id == document.id).order_by(Page.number)
    )
    return machine.model_copy(
        update={
            "source": machine.source.model_copy(update={"name": document.name}),
            "pages": [ContractPage.model_validate_json(body) for body in pages if body],
            "tables": tables_of(transaction, document.id),
            "records": records_of(transaction, document.id),
        }
    )


def reading_of(transaction: Transaction, document: Document) -> Contract:
    """What the machine read.

    Raises:
        MissingInput: it is not read yet.
    """
    reading = transaction.get(Reading, document.id)
    if reading is None:
        raise MissingInput(f"document {document.id} is not read yet")
    return Contract.model_validate_json(reading.body)


def tables_of(transaction: Transaction, document_id: int) -> list[ContractTable]:
    bodies = transaction.scalars(
        select(DocumentTable.body)
        .where(DocumentTable.document_id == document_id)
        .order_by(DocumentTable.position)
    )
    return [ContractTable.model_validate_json(body) for body in bodies]


def records_of(transaction: Transaction, document_id: int) -> list[ContractRecord]:
    bodies = transaction.scalars(
        select(Record.body).where(Record.document_id == document_id).order_by(Record.position)
    )
    return [ContractRecord.model_validate_json(body) for body in bodies]


def unbuilt(transaction: Transaction) -> list[int]:
    """Documents whose current state is behind."""
    return list(
        transaction.scalars(
            select(Document.id)
            .join(Reading, Reading.document_id == Document.id)
            .where(Document.built_version != Document.version)
        )
    )


def _steps(transaction: Transaction, document_id: int) -> Iterator[tuple[tuple[datetime, int], Step]]:
    decided = transaction.execute(
        select(Item.place, Decision)
        .join(Decision, Decision.id == Item.outcome_id)
        .where(Item.document_id == document_id, Item.origin != "seed")
    )
    for place, decision in decided:
        text = None if decision.action == "unreadable" else decision.text
        yield (decision.at, decision.id), Said(parse_place(place), text)
    edits = transaction.scalars(select(Edit).where(Edit.document_id == document_id, Edit.undone_at.is_(None)))
    for edit in edits:
        yield (edit.at, edit.id), step_of(edit.kind, edit.body)


def step_of(kind: str, body: dict[str, object]) -> Step:
    """An edit as a step."""
    kinds: dict[str, type[Merge | Split | SetFamily | Confirm]] = {
        "merge": Merge,
        "split": Split,
        "family": SetFamily,
        "confirm": Confirm,
    }
    return kinds[kind](**body)  # type: ignore[arg-type]


def _write(transaction: Transaction, document: Document, built: Contract) -> None:
    for table in (DocumentTable, Record, Field):
        transaction.execute(delete(table).where(table.document_id == document.id))
    for page in built.pages:
        row = transaction.get(Page, (document.id, page.number))
        if row is None:
            row = Page(document_id=document.id, number=page.number, picture=None)
            transaction.add(row)
        row.body = page.model_dump_json()
    for position, found in enumerate(built.tables):
        transaction.add(
            DocumentTable(
                document_id=document.id, key=found.id, position=position, body=found.model_dump_json()
            )
        )
    for position, record in enumerate(built.records):
        transaction.add(
            Record(
                document_id=document.id,
                position=position,
                family=record.family,
                body=record.model_dump_json(),
            )
        )
        transaction.add_all(_fields(document.id, position, record))
    document.state = built.status
    document.errors = [error.model_dump() for error in built.errors]
    document.family = built.records[0].family if built.records else ""
    document.title = next((table.title for table in built.tables if table.title), "")
    document.read_at = document.read_at or now()


def _fields(document_id: int, position: int, record: ContractRecord) -> Iterator[Field]:
    for fact in facts(record):
        yield Field(
            document_id=document_id,
            place=f"{position}/{fact.group}/{fact.number}/{fact.key}",
            key=fact.key,
            name=fact.field.name,
            text=fact.field.text,
            value=fact.field.value,
            unit=fact.field.unit,
            confidence=fact.field.confidence,
            status=fact.field.status,
        )
