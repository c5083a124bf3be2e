"""For whoever runs the service: is it alive, is it ready, what does it count."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

import shenbao
from shenbao.service.errors import ApiError
from shenbao.service.security import Anyone, Running
from shenbao.store import jobs
from shenbao.store.models import Item

router = APIRouter(tags=["system"])


class Alive(BaseModel):
    status: str
    version: str


class Ready(Alive):
    """`waiting`: documents that are queued or being read. `workers`: reading processes."""

    waiting: int
    workers: int


@router.get("/live")
def live() -> Alive:
    """The process answers."""
    return Alive(status="live", version=shenbao.__version__)


@router.get("/ready")
def ready(service: Running) -> Ready:
    """The database answers, and documents are read."""
    try:
        with service.database.read() as transaction:
            waiting = jobs.waiting(transaction)
    except SQLAlchemyError as error:
        raise ApiError(
            503, "not_ready", "the database does not answer", headers={"Retry-After": "5"}
        ) from error
    return Ready(status="ready", version=shenbao.__version__, waiting=waiting, workers=service.pool.alive)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(_: Anyone, service: Running) -> Response:
    """Counters in Prometheus' text format."""
    with service.database.read() as transaction:
        waiting = jobs.waiting(transaction)
        items = transaction.scalar(select(func.count()).where(Item.state == "open")) or 0
    gauges = (
        ("jobs_waiting", "Documents queued or being read", waiting),
        ("items_open", "Items that wait for a person", items),
    )
    lines = [f"# HELP shenbao_{n} {w}\n# TYPE shenbao_{n} gauge\nshenbao_{n} {v}\n" for n, w, v in gauges]
    return Response(generate_latest() + "".join(lines).encode(), media_type=CONTENT_TYPE_LATEST)
