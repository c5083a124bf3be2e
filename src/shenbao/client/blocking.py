"""The client that blocks."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

import httpx

from shenbao.client import calls
from shenbao.client.attempts import Attempts, Patience
from shenbao.client.calls import Call, DocumentFormat, DocumentState, File, ItemState, ProjectFormat
from shenbao.client.errors import failed_reading
from shenbao.client.events import EventParser
from shenbao.models.document import Document, Record, Table
from shenbao.wire import (
    CommentOut,
    DecisionOut,
    DocumentOut,
    ItemOut,
    JobOut,
    Leased,
    Listing,
    Me,
    OneDone,
    PageOut,
    ProjectOut,
    UploadOut,
)

T = TypeVar("T")


class Client:
    """A service at `url`, asked with an API token (none: a service without accounts, on this machine).

    `patience` says how often a refused or broken call is made again; `timeout` is in seconds, of one answer.
    Every method raises `ServiceError`; `ids` are those that the service gives. May be used from several threads.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        patience: Patience = Patience(),  # noqa: B008
        timeout: float = 60.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout, transport=transport)
        self._patience = patience

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def me(self) -> Me:
        """Who asks."""
        return self._run(calls.me())

    def projects(self) -> list[ProjectOut]:
        return self._run(calls.projects()).items

    def upload(
        self, *files: File, project: int | None = None, password: str | None = None
    ) -> list[UploadOut]:
        """Hands files in, to be read. The same bytes again give the document that is there already."""
        contents = [calls.content_of(file) for file in files]
        return self._run(calls.upload(contents, project, password)).items

    def job(self, job_id: int) -> JobOut:
        """How far a job is."""
        return self._run(calls.job(job_id))

    def wait(self, job_id: int, *, seconds: float | None = None) -> JobOut:
        """The job when it has ended.

        Raises:
            ReadingFailed: the document cannot be read.
            TimeoutError: it takes longer than `seconds`.
        """
        until = float("inf") if seconds is None else time.monotonic() + seconds
        while True:
            left = max(0.0, until - time.monotonic())
            found = self._run(calls.job(job_id, wait=min(left, calls.LONGEST_WAIT)))
            if found.state == "failed":
                raise failed_reading(found)
            if found.state == "done":
                return found
            if time.monotonic() >= until:
                raise TimeoutError(f"job {job_id} takes longer than {seconds:g} seconds")

    def progress(self, job_id: int) -> Iterator[JobOut]:
        """The job at each change, until it has ended (`done` or `failed`), by server-sent events."""
        attempts = Attempts(self._patience, repeatable=True)
        while True:
            try:
                with self._http.stream("GET", calls.events_path(job_id)) as response:
                    if not response.is_success:
                        response.read()
                        time.sleep(attempts.after_answer(response))
                        continue
                    parser = EventParser()
                    for line in response.iter_lines():
                        event = parser.feed(line)
                        if event is None:
                            continue
                        attempts.reset()
                        yield JobOut.model_validate_json(event.data)
                        if event.name == "end":
                            return
                raise httpx.RemoteProtocolError("the events ended before the job")
            except httpx.TransportError as error:
                time.sleep(attempts.after_break(error))

    def read(self, file: File, *, project: int | None = None, password: str | None = None) -> Document:
        """Uploads one file, waits, and fetches what was read.

        Raises:
            ReadingFailed: it cannot be read.
        """
        [taken] = self.upload(file, project=project, password=password)
        if taken.job is not None:
            self.wait(taken.job)
        return self.document(taken.document)

    def documents(
        self,
        *,
        project: int | None = None,
        state: DocumentState | None = None,
        q: str | None = None,
        open_items: bool | None = None,
    ) -> Iterator[DocumentOut]:
        """Documents with their progress, newest first. `q`: part of name or title."""
        return self._all(partial(calls.documents, project=project, state=state, q=q, open_items=open_items))

    def facts(self, document_id: int) -> DocumentOut:
        """What is known of a document beside its content."""
        return self._run(calls.facts(document_id))

    def document(self, document_id: int, *, machine: bool = False) -> Document:
        """The document after all decisions; `machine`: as it was read."""
        return self._run(calls.document(document_id, machine))

    def records(self, document_id: int) -> list[Record]:
        return self._run(calls.records(document_id)).items

    def tables(self, document_id: int) -> list[Table]:
        return self._run(calls.tables(document_id)).items

    def pages(self, document_id: int) -> list[PageOut]:
        return self._run(calls.pages(document_id)).items

    def page_picture(self, document_id: int, number: int, *, width: int | None = None) -> bytes:
        """The page as PNG, no wider than `width` pixels; pages count from 1."""
        return self._run(calls.page_picture(document_id, number, width))

    def original(self, document_id: int) -> bytes:
        """The file as it was uploaded."""
        return self._run(calls.original(document_id))

    def confirm(self, document_id: int) -> Document:
        """Says that the whole document was held beside its pages and is right as it stands; then it is truth."""
        return self._run(calls.confirm(document_id))

    def remove(self, document_id: int) -> None:
        """Removes a document with all that was decided on it; takes an admin."""
        self._run(calls.remove(document_id))

    def export(self, document_id: int, format: DocumentFormat, *, password: str | None = None) -> bytes:
        """The document in a format; `password` opens an encrypted original for `pdf`."""
        return self._run(calls.export(document_id, format, password))

    def export_project(self, project_id: int, format: ProjectFormat, *, reviewed: bool = False) -> bytes:
        """All documents of a project; `reviewed`: those without open items. `xlsx` gives a ZIP of workbooks."""
        return self._run(calls.export_project(project_id, format, reviewed))

    def truth(self, project_id: int) -> bytes:
        """The wholly reviewed documents of a project as a ZIP of truth files for `shenbao calibrate`."""
        return self._run(calls.truth(project_id))

    def next_items(
        self,
        *,
        project: int | None = None,
        count: int = 1,
        kind: str | None = None,
        text: str | None = None,
        document: int | None = None,
    ) -> Leased:
        """Lends the next items. After an `Unreachable`, `my_items` tells what was lent all the same."""
        return self._run(calls.next_items(project, count, kind, text, document))

    def my_items(self) -> Leased:
        """The items that one has at the moment."""
        return self._run(calls.my_items())

    def items(self, *, document: int | None = None, state: ItemState | None = None) -> Iterator[ItemOut]:
        """Items by id, without lending them."""
        return self._all(partial(calls.items, document=document, state=state))

    def item(self, item_id: int) -> ItemOut:
        return self._run(calls.item(item_id))

    def crop(self, item_id: int, *, part: int = 0, around: float = 0.25) -> bytes:
        """The item's picture as PNG, upright; `around`: margin in heights of the cell."""
        return self._run(calls.crop(item_id, part, around))

    def accept(self, item_id: int, *, seconds: float | None = None) -> DecisionOut:
        """What is shown is right. `seconds`: how long somebody looked at it. Sent twice it counts once."""
        return self._run(calls.decide(item_id, "accept", None, seconds))

    def correct(self, item_id: int, text: str, *, seconds: float | None = None) -> DecisionOut:
        """What stands there instead."""
        return self._run(calls.decide(item_id, "correct", text, seconds))

    def unreadable(self, item_id: int, *, seconds: float | None = None) -> DecisionOut:
        return self._run(calls.decide(item_id, "unreadable", None, seconds))

    def accept_many(self, item_ids: Sequence[int]) -> list[OneDone]:
        """Accepts up to 200 items; one that cannot be accepted says why and does not hinder the others."""
        return self._run(calls.accept_many(item_ids)).items

    def skip(self, item_id: int) -> None:
        """Puts an item behind all others."""
        self._run(calls.skip(item_id))

    def release(self, item_id: int) -> None:
        """Gives an item back to the queue."""
        self._run(calls.release(item_id))

    def comment(self, item_id: int, text: str) -> CommentOut:
        return self._run(calls.comment(item_id, text))

    def undo(self, decision_id: int) -> ItemOut:
        """Takes a decision back; its item is lent to one again."""
        return self._run(calls.undo(decision_id))

    def decisions(self, *, document: int | None = None, mine: bool = False) -> Iterator[DecisionOut]:
        """What was decided, newest first."""
        return self._all(partial(calls.decisions, document=document, mine=mine))

    def _run(self, call: Call[T]) -> T:
        attempts = Attempts(self._patience, repeatable=call.repeatable)
        while True:
            try:
                response = self._http.request(**call.sent())
            except httpx.TransportError as error:
                time.sleep(attempts.after_break(error))
                continue
            if response.is_success:
                return call.parse(response.content)
            time.sleep(attempts.after_answer(response))

    def _all(self, page: Callable[[int | None], Call[Listing[T]]]) -> Iterator[T]:
        cursor = None
        while True:
            found = self._run(page(cursor))
            yield from found.items
            cursor = found.next
            if cursor is None:
                return
