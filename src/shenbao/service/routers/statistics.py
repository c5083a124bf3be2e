"""How the review goes."""

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import select

from shenbao.service.schemas import OptionalId
from shenbao.service.security import Anyone, Running, visible_project
from shenbao.store.models import Project
from shenbao.store.statistics import Tally, statistics_of

router = APIRouter(prefix="/statistics", tags=["statistics"])


class TallyOut(BaseModel):
    """`accuracy`: share of items of which people found that what was read is right."""

    name: str
    items: int
    right: int
    accuracy: float | None
    median_seconds: float | None


class BinOut(BaseModel):
    """Items whose confidence lies from `low` to `high`: mean confidence, and accuracy as found."""

    low: float
    high: float
    items: int
    confidence: float | None
    accuracy: float | None


class SeedsOut(BaseModel):
    user: str
    shown: int
    found: int


class StatisticsOut(BaseModel):
    """`control`: of accepted cells mixed in, so the accuracy of what nobody looks at. `calibration` by confidence."""

    total: TallyOut
    control: TallyOut
    kinds: list[TallyOut]
    days: list[TallyOut]
    users: list[TallyOut]
    calibration: list[BinOut]
    seeds: list[SeedsOut]


@router.get("")
def statistics(principal: Anyone, service: Running, project: OptionalId = None) -> StatisticsOut:
    """Of one project, or of all that whoever asks may see. What persons do is shown to admins alone."""
    with service.database.read() as transaction:
        if project is not None:
            ids = [visible_project(transaction, principal, project).id]
        else:
            ids = [found for found in transaction.scalars(select(Project.id)) if principal.may_see(found)]
        found = statistics_of(transaction, ids)
    admin = principal.role == "admin"
    return StatisticsOut(
        total=_out("total", found.total),
        control=_out("control", found.control),
        kinds=[_out(name, tally) for name, tally in sorted(found.kinds.items())],
        days=[_out(name, tally) for name, tally in found.days.items()],
        users=[_out(name, tally) for name, tally in found.users.items() if admin or name == principal.name],
        calibration=[
            BinOut(
                low=low,
                high=high,
                items=tally.items,
                confidence=tally.mean_confidence,
                accuracy=tally.accuracy,
            )
            for low, high, tally in found.bins
        ],
        seeds=[
            SeedsOut(user=seeds.user, shown=seeds.shown, found=seeds.found) for seeds in found.seeds if admin
        ],
    )


def _out(name: str, tally: Tally) -> TallyOut:
    return TallyOut(
        name=name,
        items=tally.items,
        right=tally.right,
        accuracy=tally.accuracy,
        median_seconds=tally.median_seconds,
    )
