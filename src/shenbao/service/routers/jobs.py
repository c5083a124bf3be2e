"""The reading of documents: poll, wait, or be told."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import select
from sse_starlette import EventSourceResponse, ServerSentEvent

from shenbao.service.errors import not_found
from shenbao.service.schemas import Cursor, Id, Limit
from shenbao.service.security import Anyone, Principal, Running
from shenbao.service.state import Service
from shenbao.service.views import job_view
from shenbao.store.models import Document, Job
from shenbao.wire import JobOut, Listing

router = APIRouter(prefix="/jobs", tags=["jobs"])

LOOK_SECONDS = 0.2
"""Between two looks at a job that is waited for."""

Wait = Annotated[
    float,
    Query(ge=0, le=60, description="Answer when the job has ended, after so many seconds at the latest."),
]
_ENDED = ("done", "failed")


@router.get("")
def listing(principal: Anyone, service: Running, cursor: Cursor = None, limit: Limit = 50) -> Listing[JobOut]:
    """Jobs, newest first."""
    query = select(Job).order_by(Job.id.desc()).limit(limit + 1)
    if principal.projects is not None:
        query = query.join(Document).where(Document.project_id.in_(principal.projects))
    if cursor is not None:
        query = query.where(Job.id < cursor)
    with service.database.read() as transaction:
        found = transaction.scalars(query).all()
    following = found[limit - 1].id if len(found) > limit else None
    return Listing(items=[job_view(job) for job in found[:limit]], next=following)


@router.get("/{job_id}")
async def one(job_id: Id, principal: Anyone, service: Running, wait: Wait = 0) -> JobOut:
    """How far a job is."""
    until = asyncio.get_running_loop().time() + wait
    while True:
        job = await run_in_threadpool(_look, job_id, principal, service)
        if job.state in _ENDED or asyncio.get_running_loop().time() >= until:
            return job
        await asyncio.sleep(LOOK_SECONDS)


@router.get(
    "/{job_id}/events",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {}}}},
)
async def events(job_id: Id, principal: Anyone, service: Running, request: Request) -> EventSourceResponse:
    """Server-sent events: `progress` at each change, `end` when the job has ended; each carries the job."""
    first = await run_in_threadpool(_look, job_id, principal, service)

    async def told() -> AsyncIterator[ServerSentEvent]:
        job, before = first, None
        while not await request.is_disconnected():
            ended = job.state in _ENDED
            if job != before:
                yield ServerSentEvent(data=job.model_dump_json(), event="end" if ended else "progress")
            if ended:
                return
            before = job
            await asyncio.sleep(LOOK_SECONDS)
            job = await run_in_threadpool(_look, job_id, principal, service)

    return EventSourceResponse(told())


def _look(job_id: int, principal: Principal, service: Service) -> JobOut:
    with service.database.read() as transaction:
        job = transaction.get(Job, job_id)
        document = transaction.get(Document, job.document_id) if job is not None else None
        if job is None or document is None or not principal.may_see(document.project_id):
            raise not_found("job")
        return job_view(job)
