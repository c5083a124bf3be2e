"""What a batch does next, without its processes."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import pytest

from shenbao.batch.inputs import Job
from shenbao.batch.manifest import Manifest
from shenbao.batch.queue import Queue, Turn
from shenbao.batch.schedule import Schedule, Wish
from shenbao.batch.tasks import Compose, Render
from shenbao.export import Format
from shenbao.models.document import Source

FACTS = Source(name="a.tif", sha256="0" * 64, kind="image/tiff", page_count=2)
JOB = Job(Path("a.tif"), "a.json")


class FakeManifest:
    """Knows the pages of one content, or its document once somebody has noted it."""

    def __init__(self, pages: Sequence[bytes], document: bytes | None) -> None:
        self._pages, self._document = tuple(pages), document

    def key(self, sha256: str) -> str:
        return sha256

    def pages(self, key: str) -> tuple[bytes, ...]:
        return self._pages

    def document(self, key: str) -> bytes | None:
        return self._document


class FakeQueue:
    """Lends one turn: all pages of the file are read."""

    def __init__(self) -> None:
        self._turns: Iterator[Turn] = iter([Turn(JOB.output, FACTS)])

    def take(self) -> Turn | None:
        return next(self._turns, None)


@pytest.mark.parametrize("noted", [False, True])
def test_a_document_that_somebody_lost_had_noted_is_not_made_of_no_pages(noted: bool) -> None:
    """Whoever notes a document lets go of its pages, and may be lost before the queue hears of it."""
    manifest = FakeManifest([], b"whole") if noted else FakeManifest([b"one", b"two"], None)
    schedule = Schedule([JOB], cast(Manifest, manifest), cast(Queue, FakeQueue()), Wish((Format.JSON,)))
    assert schedule.has(1)
    task = schedule.next()
    if noted:
        assert task == Render(JOB, b"whole")
    else:
        assert task == Compose(JOB, FACTS, (b"one", b"two"), ())
