"""A queue that is built in the store, so that no reading is needed."""

import io
import random
from datetime import datetime

from PIL import Image, ImageDraw

from shenbao.models.document import Page as ContractPage
from shenbao.store import accounts
from shenbao.store.blobs import BlobStore
from shenbao.store.database import Database
from shenbao.store.models import Document, Item, Member, Page, Project

PASSWORD = "long enough 1"
SCAN = (2480, 3508)
"""Pixels of an A4 page at 300 dpi."""


def open_project(database: Database, people: str) -> int:
    """A project with these reviewers, all with `PASSWORD`."""
    with database.write() as transaction:
        project = Project(name="项目", accept=0.98, double=[])
        transaction.add(project)
        transaction.flush()
        for name in people:
            user = accounts.add_user(transaction, name, "reviewer", PASSWORD, None)
            transaction.add(Member(project_id=project.id, user_id=user.id))
        return project.id


def fill_queue(
    database: Database, project_id: int, number: int, documents: int = 1, blobs: BlobStore | None = None
) -> None:
    """Items of some documents in turn. With `blobs` each has a cell on a page as large as a scan."""
    shape = list(range(number))
    with database.write() as transaction:
        user = accounts.local_user(transaction)
        made = [_document(project_id, user.id, n) for n in range(documents)]
        transaction.add_all(made)
        transaction.flush()
        for n, document in enumerate(made):
            if blobs is not None:
                transaction.add(_page(document.id, blobs.put(_scan(n))))
        transaction.add_all(_item(project_id, made[n % documents].id, n, blobs is not None) for n in shape)


def _document(project_id: int, user_id: int, number: int) -> Document:
    return Document(
        project_id=project_id,
        uploaded_by=user_id,
        sha256=f"{number:064x}",
        name=f"{number}.png",
        kind="image/png",
        size=1,
        page_count=1,
        state="complete",
        errors=[],
        read_at=datetime.fromisoformat("2026-01-01T00:00:00+00:00"),
    )


def _page(document_id: int, picture: str) -> Page:
    facts = ContractPage(number=1, width=SCAN[0], height=SCAN[1], dpi=300, rotation=0, skew=0.0, texts=[])
    return Page(document_id=document_id, number=1, picture=picture, body=facts.model_dump_json())


def _item(project_id: int, document_id: int, number: int, pictured: bool) -> Item:
    left, top = 300 + 400 * (number % 4), 300 + 60 * (number // 4 % 50)
    corners = [(left, top), (left + 380, top), (left + 380, top + 56), (left, top + 56)]
    return Item(
        project_id=project_id,
        document_id=document_id,
        place=f"t1/{number}/0",
        origin="doubt",
        kind="words",
        label=f"第 {number} 格",
        page=1,
        read=str(number),
        shown=str(number),
        confidence=0.5,
        body={
            "reasons": ["可信度 0.500 低于接受线 0.980"],
            "candidates": [{"text": str(number), "probability": 0.5}, {"text": "0", "probability": 0.2}],
            "regions": [{"page": 1, "polygon": corners}] if pictured else [],
            "doubtful": [0],
            "facts": [],
        },
        rank=number,
    )


def _scan(seed: int) -> bytes:
    """A page of rulings and print, with the grain of a scanner."""
    chance = random.Random(seed)
    image = Image.effect_noise(SCAN, 12).convert("L").point(lambda value: min(255, value + 110))
    draw = ImageDraw.Draw(image)
    for row in range(50):
        for col in range(4):
            left, top = 300 + 400 * col, 300 + 60 * row
            draw.rectangle((left, top, left + 380, top + 56), outline=40, width=3)
            draw.text((left + 20, top + 8), str(chance.randrange(10**8)), fill=20, font_size=36)
    stream = io.BytesIO()
    image.save(stream, "WEBP", quality=80, method=0)
    return stream.getvalue()
