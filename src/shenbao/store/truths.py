"""Documents that people have put right, as truth files: what `shenbao evaluate` and `shenbao calibrate` read.

A document is truth when all of its pages were read, none of its items is open, a person has confirmed it as a whole
(only that says that its grids are right), and every cell bears a person's word: what was edited after the
confirmation needs another one. A cell that cannot be read keeps its place and is left out of the scores.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from shenbao.errors import ShenbaoError
from shenbao.loading import open_source
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.models.document import Cell, Field, Table
from shenbao.models.document import Document as Contract
from shenbao.settings import LimitSettings
from shenbao.store.blobs import BlobStore
from shenbao.store.documents import current
from shenbao.store.doubts import spots_of
from shenbao.store.models import Document, Edit
from shenbao.store.outbox import open_items
from shenbao.store.rebuild import REVIEWED, UNREADABLE, Place

LEVEL = "reviewed"
"""Where a truth file tells the damage that a page was given: here it is as it came."""

_ROLES = {"money": "number", "operator": "op", "deadline": "date"}
_PARTS = ("level1", "level2", "level3", "description", "operator", "value", "unit", "basis", "deadline")
_CANONICAL = ("level1", "level2", "operator")


@dataclass(frozen=True)
class Truth:
    """A truth file's name (without `.truth.json`), its content, and the original with its file name."""

    name: str
    content: bytes
    original_name: str
    original: bytes


@dataclass(frozen=True)
class LeftOut:
    """A document that is no truth, and why."""

    document: int
    name: str
    reason: str


def truths(
    transaction: Transaction, project_id: int, blobs: BlobStore, vocabulary: Vocabulary
) -> Iterator[Truth | LeftOut]:
    """Every document of a project that is read: as truth, or why it is none."""
    found = transaction.scalars(
        select(Document).where(Document.project_id == project_id).order_by(Document.id)
    )
    for document in found:
        reason = _open_reason(transaction, document)
        contract = None if reason else current(transaction, document)
        reason = reason or (_cell_reason(contract) if contract else "")
        original = b"" if reason else blobs.get(document.sha256)
        reason = reason or _file_reason(original, document.name)
        if reason or contract is None:
            yield LeftOut(document.id, document.name, reason)
            continue
        stem = f"{document.id:06d}-{PurePath(document.name).stem or 'unnamed'}"
        file = f"{stem}{PurePath(document.name).suffix}"
        content = json.dumps(truth_of(contract, stem, file, vocabulary), ensure_ascii=False, indent=1)
        yield Truth(stem, content.encode(), file, original)


def truth_of(document: Contract, name: str, file: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """A document as the content of a truth file; `file` is the original that lies beside it."""
    spots = spots_of(document, 0.0, vocabulary)
    kinds: dict[Place, str] = {place: spot.kind for place, spot in spots.items()}
    page = document.pages[0] if document.pages else None
    unread = _unread(document)
    return {
        "name": name,
        "files": [file],
        "level": LEVEL,
        "dpi": page.dpi if page else None,
        "turned": page.rotation if page else 0,
        "family": document.records[0].family if document.records else "",
        "source": document.source.sha256,
        "tables": [_table(table, kinds) for table in document.tables],
        "fields": _fields(document, unread),
        "indicators": list(_indicators(document, unread)),
    }


def _open_reason(transaction: Transaction, document: Document) -> str:
    if document.state != "complete":
        return "not every page of it is read"
    if document.built_version != document.version:
        return "it is being made anew after a decision: try again"
    if waiting := open_items(transaction, document.id):
        return f"{waiting} of its items are open"
    return "" if is_confirmed(transaction, document.id) else "nobody has confirmed it as a whole"


def is_confirmed(transaction: Transaction, document_id: int) -> bool:
    """Whether a person has said that the whole document is right, and nobody took that back."""
    found = select(Edit.id).where(
        Edit.document_id == document_id, Edit.kind == "confirm", Edit.undone_at.is_(None)
    )
    return transaction.scalar(found.limit(1)) is not None


def _cell_reason(document: Contract) -> str:
    if not document.tables:
        return "it has no table"
    if any(page.text_from == "office" for page in document.pages):
        return "it has no pictures to read"
    doubtful = [c for t in document.tables for c in t.cells if not {REVIEWED, UNREADABLE} & set(c.flags)]
    return f"{len(doubtful)} cells were changed after it was confirmed" if doubtful else ""


def _file_reason(original: bytes, name: str) -> str:
    """Why `shenbao calibrate` could not open the original: its password is not kept."""
    if not original:
        return ""
    try:
        with open_source(original, LimitSettings(), name=name):
            return ""
    except ShenbaoError as error:
        return str(error)


def _table(table: Table, kinds: Mapping[Place, str]) -> dict[str, Any]:
    return {
        "title": table.title,
        "caption": list(table.captions),
        "n_rows": table.n_rows,
        "n_cols": table.n_cols,
        "header_rows": list(table.header_rows),
        "cells": [_cell(cell, table, kinds) for cell in table.cells],
    }


def _cell(cell: Cell, table: Table, kinds: Mapping[Place, str]) -> dict[str, Any]:
    kind = kinds.get((table.id, cell.row, cell.col), "words")
    role = _ROLES.get(kind, kind)
    if UNREADABLE in cell.flags:
        role = "ignore"
    elif not cell.text:
        role = "empty"
    elif cell.row in table.header_rows:
        role = "header"
    return {
        "r": cell.row,
        "c": cell.col,
        "rs": cell.row_span,
        "cs": cell.col_span,
        "text": "" if role == "ignore" else cell.text,
        "role": "text" if role == "words" else role,
    }


def _fields(document: Contract, unread: set[Place]) -> dict[str, str]:
    """Texts of the fields that stand in cells, by key; of a key in several records the first."""
    found: dict[str, str] = {}
    for record in document.records:
        for key, field in record.fields.items():
            if field.cells and not _places(field) & unread:
                found.setdefault(key, field.text)
    return found


def _indicators(document: Contract, unread: set[Place]) -> Iterator[dict[str, str]]:
    for record in document.records:
        for indicator in record.indicators:
            parts: dict[str, Field | None] = {part: getattr(indicator, part) for part in _PARTS}
            if not any(field and _places(field) & unread for field in parts.values()):
                yield {part: _said(part, field) for part, field in parts.items()}


def _said(part: str, field: Field | None) -> str:
    if field is None:
        return ""
    return str(field.value or field.text) if part in _CANONICAL else field.text


def _places(field: Field) -> set[Place]:
    return {(ref.table, ref.row, ref.col) for ref in field.cells}


def _unread(document: Contract) -> set[Place]:
    return {
        (table.id, cell.row, cell.col)
        for table in document.tables
        for cell in table.cells
        if UNREADABLE in cell.flags
    }
