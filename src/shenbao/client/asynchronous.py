"""The client that is awaited."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
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


class AsyncClient:
    """A service at `url`, asked with an API token (none: a service without accounts, on this machine).

    `patience` says how often a refused or broken call is made again; `timeout` is in seconds, of one answer.
    Every method raises `ServiceError`; `ids` are those that the service gives. Lists are asynchronous iterators.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        patience: Patience = Patience(),  # noqa: B008
        timeout: float = 60.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._http = httpx.AsyncClient(base_url=url, headers=headers, timeout=timeout, transport=transport)
        self._patience = patience

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def me(self) -> Me:
        """Who asks."""
        return await self._run(calls.me())

    async def projects(self) -> list[ProjectOut]:
        return (await self._run(calls.projects())).items

    async def upload(
        self, *files: File, project: int | None = None, password: str | None = None
    ) -> list[UploadOut]:
        """Hands files in, to be read. The same bytes again give the document that is there already."""
        contents = await asyncio.to_thread(lambda: [calls.content_of(file) for file in files])
        return (await self._run(calls.upload(contents, project, password))).items

    async def job(self, job_id: int) -> JobOut:
        """How far a job is."""
        return await self._run(calls.job(job_id))

    async def wait(self, job_id: int, *, seconds: float | None = None) -> JobOut:
        """The job when it has ended.

        Raises:
            ReadingFailed: the document cannot be read.
            TimeoutError: it takes longer than `seconds`.
        """
        until = float("inf") if seconds is None else time.monotonic() + seconds
        while True:
            left = max(0.0, until - time.monotonic())
            found = await self._run(calls.job(job_id, wait=min(left, calls.LONGEST_WAIT)))
            if found.state == "failed":
                raise failed_reading(found)
            if found.state == "done":
                return found
            if time.monotonic() >= until:
                raise TimeoutError(f"job {job_id} takes longer than {seconds:g} seconds")

    async def progress(self, job_id: int) -> AsyncIterator[JobOut]:
        """The job at each change, until it has ended (`done` or `failed`), by server-sent events."""
        attempts = Attempts(self._patience, repeatable=True)
        while True:
            try:
                async with self._http.stream("GET", calls.events_path(job_id)) as response:
                    if not response.is_success:
                        await response.aread()
                        await asyncio.sleep(attempts.after_answer(response))
                        continue
                    parser = EventParser()
                    async for line in response.aiter_lines():
                        event = parser.feed(line)
                        if event is None:
                            continue
                        attempts.reset()
                        yield JobOut.model_validate_json(event.data)
                        if event.name == "end":
                            return
                raise httpx.RemoteProtocolError("the events ended before the job")
            except httpx.TransportError as error:
                await asyncio.sleep(attempts.after_break(error))

    async def read(self, file: File, *, project: int | None = None, password: str | None = None) -> Document:
        """Uploads one file, waits, and fetches what was read.

        Raises:
            ReadingFailed: it cannot be read.
        """
        [taken] = await self.upload(file, project=project, password=password)
        if taken.job is not None:
            await self.wait(taken.job)
        return await self.document(taken.document)

    def documents(
        self,
        *,
        project: int | None = None,
        state: DocumentState | None = None,
        q: str | None = None,
        open_items: bool | None = None,
    ) -> AsyncIterator[DocumentOut]:
        """Documents with their progress, newest first. `q`: part of name or title."""
        return self._all(partial(calls.documents, project=project, state=state, q=q, open_items=open_items))

    async def facts(self, document_id: int) -> DocumentOut:
        """What is known of a document beside its content."""
        return await self._run(calls.facts(document_id))

    async def document(self, document_id: int, *, machine: bool = False) -> Document:
        """The document after all decisions; `machine`: as it was read."""
        return await self._run(calls.document(document_id, machine))

    async def records(self, document_id: int) -> list[Record]:
        return (await self._run(calls.records(document_id))).items

    async def tables(self, document_id: int) -> list[Table]:
        return (await self._run(calls.tables(document_id))).items

    async def pages(self, document_id: int) -> list[PageOut]:
        return (await self._run(calls.pages(document_id))).items

    async def page_picture(self, document_id: int, number: int, *, width: int | None = None) -> bytes:
        """The page as PNG, no wider than `width` pixels; pages count from 1."""
        return await self._run(calls.page_picture(document_id, number, width))

    async def original(self, document_id: int) -> bytes:
        """The file as it was uploaded."""
        return await self._run(calls.original(document_id))

    async def confirm(self, document_id: int) -> Document:
        """Says that the whole document was held beside its pages and is right as it stands; then it is truth."""
        return await self._run(calls.confirm(document_id))

    async def remove(self, document_id: int) -> None:
        """Removes a document with all that was decided on it; takes an admin."""
        await self._run(calls.remove(document_id))

    async def export(self, document_id: int, format: DocumentFormat, *, password: str | None = None) -> bytes:
        """The document in a format; `password` opens an encrypted original for `pdf`."""
        return await self._run(calls.export(document_id, format, password))

    async def export_project(
        self, project_id: int, format: ProjectFormat, *, reviewed: bool = False
    ) -> bytes:
        """All documents of a project; `reviewed`: those without open items. `xlsx` gives a ZIP of workbooks."""
        return await self._run(calls.export_project(project_id, format, reviewed))

    async def truth(self, project_id: int) -> bytes:
        """The wholly reviewed documents of a project as a ZIP of truth files for `shenbao calibrate`."""
        return await self._run(calls.truth(project_id))

    async def next_items(
        self,
        *,
        project: int | None = None,
        count: int = 1,
        kind: str | None = None,
        text: str | None = None,
        document: int | None = None,
    ) -> Leased:
        """Lends the next items. After an `Unreachable`, `my_items` tells what was lent all the same."""
        return await self._run(calls.next_items(project, count, kind, text, document))

    async def my_items(self) -> Leased:
        """The items that one has at the moment."""
        return await self._run(calls.my_items())

    def items(self, *, document: int | None = None, state: ItemState | None = None) -> AsyncIterator[ItemOut]:
        """Items by id, without lending them."""
        return self._all(partial(calls.items, document=document, state=state))

    async def item(self, item_id: int) -> ItemOut:
        return await self._run(calls.item(item_id))

    async def crop(self, item_id: int, *, part: int = 0, around: float = 0.25) -> bytes:
        """The item's picture as PNG, upright; `around`: margin in heights of the cell."""
        return await self._run(calls.crop(item_id, part, around))

    async def accept(self, item_id: int, *, seconds: float | None = None) -> DecisionOut:
        """What is shown is right. `seconds`: how long somebody looked at it. Sent twice it counts once."""
        return await self._run(calls.decide(item_id, "accept", None, seconds))

    async def correct(self, item_id: int, text: str, *, seconds: float | None = None) -> DecisionOut:
        """What stands there instead."""
        return await self._run(calls.decide(item_id, "correct", text, seconds))

    async def unreadable(self, item_id: int, *, seconds: float | None = None) -> DecisionOut:
        return await self._run(calls.decide(item_id, "unreadable", None, seconds))

    async def accept_many(self, item_ids: Sequence[int]) -> list[OneDone]:
        """Accepts up to 200 items; one that cannot be accepted says why and does not hinder the others."""
        return (await self._run(calls.accept_many(item_ids))).items

    async def skip(self, item_id: int) -> None:
        """Puts an item behind all others."""
        await self._run(calls.skip(item_id))

    async def release(self, item_id: int) -> None:
        """Gives an item back to the queue."""
        await self._run(calls.release(item_id))

    async def comment(self, item_id: int, text: str) -> CommentOut:
        return await self._run(calls.comment(item_id, text))

    async def undo(self, decision_id: int) -> ItemOut:
        """Takes a decision back; its item is lent to one again."""
        return await self._run(calls.undo(decision_id))

    def decisions(self, *, document: int | None = None, mine: bool = False) -> AsyncIterator[DecisionOut]:
        """What was decided, newest first."""
        return self._all(partial(calls.decisions, document=document, mine=mine))

    async def _run(self, call: Call[T]) -> T:
        attempts = Attempts(self._patience, repeatable=call.repeatable)
        while True:
            try:
                response = await self._http.request(**call.sent())
            except httpx.TransportError as error:
                await asyncio.sleep(attempts.after_break(error))
                continue
            if response.is_success:
                return call.parse(response.content)
            await asyncio.sleep(attempts.after_answer(response))

    async def _all(self, page: Callable[[int | None], Call[Listing[T]]]) -> AsyncIterator[T]:
        cursor = None
        while True:
            found = await self._run(page(cursor))
            for one in found.items:
                yield one
            cursor = found.next
            if cursor is None:
                return
