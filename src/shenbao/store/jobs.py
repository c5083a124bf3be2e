"""Documents that wait to be read, and how far their reading is."""

from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session as Transaction

from shenbao.store.columns import now
from shenbao.store.models import Document, Job
from shenbao.store.outbox import announce

MOST_CRASHES = 2
"""A document whose reading has ended a process that often is not tried again."""


def waiting(transaction: Transaction) -> int:
    """How many documents wait or are being read."""
    counted = transaction.scalar(select(func.count()).where(Job.state.in_(("queued", "running"))))
    return counted or 0


def any_queued(transaction: Transaction) -> bool:
    return transaction.scalar(select(Job.id).where(Job.state == "queued").limit(1)) is not None


def enqueue(transaction: Transaction, document: Document, secret: bytes | None) -> Job:
    """A job for a document; `secret` is the sealed password of its file, erased when the job has ended."""
    job = Job(document_id=document.id, state="queued", secret=secret)
    document.state = "waiting"
    transaction.add(job)
    transaction.flush()
    return job


def claim(transaction: Transaction) -> tuple[Job, Document] | None:
    """The oldest job that waits, now running; None where none waits."""
    job = transaction.scalar(
        select(Job).where(Job.state == "queued").order_by(Job.id).limit(1).with_for_update(skip_locked=True)
    )
    if job is None:
        return None
    document = transaction.get_one(Document, job.document_id)
    job.state, job.started_at, job.pages_done = "running", now(), 0
    document.state = "reading"
    return job, document


def resume(transaction: Transaction) -> int:
    """Puts jobs back that were running when the service ended; says how many."""
    found = transaction.scalars(select(Job).where(Job.state == "running")).all()
    for job in found:
        job.state, job.pages_done = "queued", 0
        transaction.get_one(Document, job.document_id).state = "waiting"
    return len(found)


def progress(transaction: Transaction, job_id: int, done: int, total: int | None) -> None:
    transaction.execute(update(Job).where(Job.id == job_id).values(pages_done=done, pages_total=total))


def crashed(transaction: Transaction, job_id: int, failure: dict[str, Any]) -> bool:
    """Notes that the reading process ended; whether the document is tried again."""
    job = transaction.get_one(Job, job_id)
    job.crashes += 1
    if job.crashes >= MOST_CRASHES:
        fail(transaction, job_id, failure)
        return False
    job.state = "queued"
    transaction.get_one(Document, job.document_id).state = "waiting"
    return True


def fail(transaction: Transaction, job_id: int, failure: dict[str, Any]) -> None:
    job = transaction.get_one(Job, job_id)
    job.state, job.failure, job.ended_at, job.secret = "failed", failure, now(), None
    document = transaction.get_one(Document, job.document_id)
    document.state, document.errors = "failed", [failure]
    announce(transaction, "document.failed", document)


def finish(transaction: Transaction, job_id: int) -> None:
    job = transaction.get_one(Job, job_id)
    job.state, job.ended_at, job.secret = "done", now(), None
    job.pages_done = job.pages_total or job.pages_done
    announce(transaction, "document.read", transaction.get_one(Document, job.document_id))
