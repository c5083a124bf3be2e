"""The requests that there are: what is sent, and what its answer is taken for. Nothing here is sent."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar, cast
from urllib.parse import quote

from pydantic import TypeAdapter

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
File = str | Path | tuple[str, bytes]
"""A path, or a name and content."""
DocumentFormat = Literal["json", "xlsx", "csv", "md", "html", "parquet", "alto", "pdf"]
ProjectFormat = Literal["jsonl", "csv", "xlsx"]
DocumentState = Literal["waiting", "reading", "complete", "partial", "failed"]
ItemState = Literal["open", "done", "settled"]
LONGEST_WAIT = 30.0
"""Seconds that the service is asked to hold one answer back."""
PAGE = 200
"""Entries of one page of a list."""


@dataclass(frozen=True)
class Call(Generic[T]):
    """One request. `repeatable`: made twice it does the same as made once."""

    method: str
    path: str
    parse: Callable[[bytes], T]
    params: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    files: Sequence[tuple[str, bytes]] = ()
    form: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = True

    def sent(self) -> dict[str, Any]:
        """The arguments of a request of httpx."""
        wishes: dict[str, Any] = {"params": dict(self.params), "headers": dict(self.headers)}
        if self.files:
            wishes["files"] = [("files", file) for file in self.files]
            wishes["data"] = dict(self.form)
        elif self.body is not None:
            wishes["json"] = self.body
        return {"method": self.method, "url": self.path, **wishes}


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _as(kind: type[T]) -> Callable[[bytes], T]:
    def parse(content: bytes) -> T:
        found: T = _adapter(cast(Hashable, kind)).validate_json(content)
        return found

    return parse


def _nothing(_: bytes) -> None:
    return None


def _bytes(content: bytes) -> bytes:
    return content


def _given(**wishes: object) -> dict[str, str]:
    """Parameters that are wished for."""
    shown = {True: "true", False: "false"}
    return {
        name: shown[value] if isinstance(value, bool) else str(value)
        for name, value in wishes.items()
        if value is not None
    }


def _get(path: str, kind: type[T], **params: object) -> Call[T]:
    return Call("GET", path, _as(kind), _given(**params))


def me() -> Call[Me]:
    return _get("/v1/me", Me)


def projects() -> Call[Listing[ProjectOut]]:
    return _get("/v1/projects", Listing[ProjectOut])


def content_of(file: File) -> tuple[str, bytes]:
    """Name and content of a file to upload."""
    if isinstance(file, tuple):
        return file
    path = Path(file)
    return path.name, path.read_bytes()


def upload(
    files: Sequence[tuple[str, bytes]], project: int | None, password: str | None
) -> Call[Listing[UploadOut]]:
    form = _given(project=project, password=password)
    return Call("POST", "/v1/documents", _as(Listing[UploadOut]), files=files, form=form)


def job(job_id: int, wait: float | None = None) -> Call[JobOut]:
    return _get(f"/v1/jobs/{job_id}", JobOut, wait=wait)


def events_path(job_id: int) -> str:
    return f"/v1/jobs/{job_id}/events"


def documents(
    cursor: int | None,
    *,
    project: int | None,
    state: DocumentState | None,
    q: str | None,
    open_items: bool | None,
) -> Call[Listing[DocumentOut]]:
    wishes = {"project": project, "state": state, "q": q, "open_items": open_items}
    return _get("/v1/documents", Listing[DocumentOut], cursor=cursor, limit=PAGE, **wishes)


def facts(document_id: int) -> Call[DocumentOut]:
    return _get(f"/v1/documents/{document_id}", DocumentOut)


def document(document_id: int, machine: bool) -> Call[Document]:
    return _get(f"/v1/documents/{document_id}/document", Document, machine=machine)


def records(document_id: int) -> Call[Listing[Record]]:
    return _get(f"/v1/documents/{document_id}/records", Listing[Record])


def tables(document_id: int) -> Call[Listing[Table]]:
    return _get(f"/v1/documents/{document_id}/tables", Listing[Table])


def pages(document_id: int) -> Call[Listing[PageOut]]:
    return _get(f"/v1/documents/{document_id}/pages", Listing[PageOut])


def page_picture(document_id: int, number: int, width: int | None) -> Call[bytes]:
    path = f"/v1/documents/{document_id}/pages/{number}/picture"
    return Call("GET", path, _bytes, _given(width=width, format="png"))


def original(document_id: int) -> Call[bytes]:
    return Call("GET", f"/v1/documents/{document_id}/original", _bytes)


def remove(document_id: int) -> Call[None]:
    return Call("DELETE", f"/v1/documents/{document_id}", _nothing, repeatable=False)


def confirm(document_id: int) -> Call[Document]:
    return Call("POST", f"/v1/documents/{document_id}/confirm", _as(Document))


def export(document_id: int, format: DocumentFormat, password: str | None) -> Call[bytes]:
    headers = {} if password is None else {"X-Document-Password": quote(password, safe="")}
    path = f"/v1/documents/{document_id}/export"
    return Call("GET", path, _bytes, _given(format=format), headers=headers)


def export_project(project_id: int, format: ProjectFormat, reviewed: bool) -> Call[bytes]:
    return Call("GET", f"/v1/projects/{project_id}/export", _bytes, _given(format=format, reviewed=reviewed))


def truth(project_id: int) -> Call[bytes]:
    return Call("GET", f"/v1/projects/{project_id}/truth", _bytes)


def next_items(
    project: int | None, count: int, kind: str | None, text: str | None, document: int | None
) -> Call[Leased]:
    wishes = {"project": project, "count": count, "kind": kind, "text": text, "document": document}
    body = {name: value for name, value in wishes.items() if value is not None}
    return Call("POST", "/v1/queue/next", _as(Leased), body=body, repeatable=False)


def my_items() -> Call[Leased]:
    return _get("/v1/queue/mine", Leased)


def items(cursor: int | None, *, document: int | None, state: ItemState | None) -> Call[Listing[ItemOut]]:
    return _get("/v1/items", Listing[ItemOut], cursor=cursor, limit=PAGE, document=document, state=state)


def item(item_id: int) -> Call[ItemOut]:
    return _get(f"/v1/items/{item_id}", ItemOut)


def crop(item_id: int, part: int, around: float) -> Call[bytes]:
    wishes = _given(part=part, around=around, format="png")
    return Call("GET", f"/v1/items/{item_id}/crop", _bytes, wishes)


def said(action: str, text: str | None, seconds: float | None) -> dict[str, object]:
    """A decision as it is sent."""
    body: dict[str, object] = {"action": action, "seconds": seconds}
    return body if text is None else {**body, "text": text}


def decide(item_id: int, action: str, text: str | None, seconds: float | None) -> Call[DecisionOut]:
    path = f"/v1/items/{item_id}/decision"
    return Call("POST", path, _as(DecisionOut), body=said(action, text, seconds))


def accept_many(item_ids: Sequence[int]) -> Call[Listing[OneDone]]:
    body = {"decisions": [{"item": item_id, "action": "accept"} for item_id in item_ids]}
    return Call("POST", "/v1/items/decisions", _as(Listing[OneDone]), body=body)


def skip(item_id: int) -> Call[None]:
    return Call("POST", f"/v1/items/{item_id}/skip", _nothing, repeatable=False)


def release(item_id: int) -> Call[None]:
    return Call("POST", f"/v1/items/{item_id}/release", _nothing)


def comment(item_id: int, text: str) -> Call[CommentOut]:
    path = f"/v1/items/{item_id}/comments"
    return Call("POST", path, _as(CommentOut), body={"text": text}, repeatable=False)


def undo(decision_id: int) -> Call[ItemOut]:
    return Call("POST", f"/v1/decisions/{decision_id}/undo", _as(ItemOut))


def decisions(cursor: int | None, *, document: int | None, mine: bool) -> Call[Listing[DecisionOut]]:
    return _get(
        "/v1/decisions", Listing[DecisionOut], cursor=cursor, limit=PAGE, document=document, mine=mine
    )
