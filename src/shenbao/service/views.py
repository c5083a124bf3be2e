"""Rows of the store -> what the service gives."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Transaction

from shenbao.models.document import Page as ContractPage
from shenbao.models.document import Region
from shenbao.service.pictures import version_of
from shenbao.service.security import Principal
from shenbao.store.columns import now
from shenbao.store.models import (
    Comment,
    Decision,
    Document,
    Edit,
    Item,
    Job,
    Page,
    Project,
    Suggestion,
    User,
)
from shenbao.wire import (
    CommentOut,
    DecisionOut,
    DocumentOut,
    EditOut,
    FactOut,
    ItemOut,
    JobOut,
    PageOut,
    ProjectOut,
    SuggestionOut,
)


def job_view(job: Job) -> JobOut:
    return JobOut(
        id=job.id,
        document=job.document_id,
        state=job.state,  # type: ignore[arg-type]
        pages_done=job.pages_done,
        pages_total=job.pages_total,
        crashes=job.crashes,
        failure=job.failure,
        created_at=job.created_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
    )


def project_view(transaction: Transaction, project: Project) -> ProjectOut:
    documents = select(func.count()).where(Document.project_id == project.id)
    items = select(func.count()).where(Item.project_id == project.id, Item.state == "open")
    return ProjectOut(
        id=project.id,
        name=project.name,
        accept=project.accept,
        accuracy=project.accuracy,
        control_share=project.control_share,
        seed_share=project.seed_share,
        double=list(project.double),
        documents=transaction.scalar(documents) or 0,
        open_items=transaction.scalar(items) or 0,
    )


def document_views(transaction: Transaction, documents: Sequence[Document]) -> list[DocumentOut]:
    """Documents with their progress in the queue."""
    ids = [document.id for document in documents]
    names = names_of(transaction, {document.uploaded_by for document in documents})
    counts: dict[tuple[int, str], int] = {}
    rows = transaction.execute(
        select(Item.document_id, Item.state, func.count())
        .where(Item.document_id.in_(ids))
        .group_by(Item.document_id, Item.state)
    )
    for document_id, state, number in rows:
        counts[document_id, state] = number
    views = []
    for document in documents:
        states = ("open", "done", "settled")
        views.append(
            DocumentOut(
                id=document.id,
                project=document.project_id,
                name=document.name,
                sha256=document.sha256,
                kind=document.kind,
                size=document.size,
                state=document.state,  # type: ignore[arg-type]
                page_count=document.page_count,
                family=document.family,
                title=document.title,
                errors=list(document.errors),
                version=document.version,
                uploaded_by=names.get(document.uploaded_by, ""),
                created_at=document.created_at,
                read_at=document.read_at,
                items=sum(counts.get((document.id, state), 0) for state in states),
                open_items=counts.get((document.id, "open"), 0),
            )
        )
    return views


def page_view(page: Page) -> PageOut:
    facts = ContractPage.model_validate_json(page.body) if page.body else None
    return PageOut(
        number=page.number,
        width=facts.width if facts else None,
        height=facts.height if facts else None,
        dpi=facts.dpi if facts else None,
        rotation=facts.rotation if facts else None,
        picture=f"/v1/documents/{page.document_id}/pages/{page.number}/picture?v={page.picture[:16]}"
        if page.picture
        else None,
    )


def item_views(transaction: Transaction, items: Sequence[Item], principal: Principal) -> list[ItemOut]:
    """Items as their reviewer sees them: not why they are there beyond the words, nor others' entries."""
    ids = [item.id for item in items]
    documents = {
        d.id: d
        for d in transaction.scalars(select(Document).where(Document.id.in_({i.document_id for i in items})))
    }
    pictures = _pictures(transaction, {item.document_id for item in items})
    comments: dict[int, list[Comment]] = {}
    for said in transaction.scalars(select(Comment).where(Comment.item_id.in_(ids)).order_by(Comment.id)):
        comments.setdefault(said.item_id, []).append(said)
    decisions: dict[int, list[Decision]] = {}
    for made in transaction.scalars(select(Decision).where(Decision.item_id.in_(ids)).order_by(Decision.id)):
        decisions.setdefault(made.item_id, []).append(made)
    writers = {c.user_id for group in comments.values() for c in group}
    names = names_of(transaction, writers | {d.user_id for group in decisions.values() for d in group})
    return [
        _item_view(
            item,
            documents[item.document_id],
            pictures,
            [CommentOut(user=names[c.user_id], text=c.text, at=c.at) for c in comments.get(item.id, [])],
            decisions.get(item.id, []),
            names,
            principal,
        )
        for item in items
    ]


def _item_view(
    item: Item,
    document: Document,
    pictures: dict[tuple[int, int], str | None],
    comments: list[CommentOut],
    decisions: list[Decision],
    names: dict[int, str],
    principal: Principal,
) -> ItemOut:
    body: dict[str, Any] = item.body
    regions = [Region.model_validate(region) for region in body["regions"]]
    crops = [
        f"/v1/items/{item.id}/crop?part={part}&v={version_of(key, region.polygon)}"
        for part, region in enumerate(regions)
        if (key := pictures.get((item.document_id, region.page)))
    ]
    standing = [decision for decision in decisions if decision.undone_at is None]
    seen = [d for d in decisions if item.state != "open" or d.user_id == principal.id]
    lent = item.lease_until is not None and item.lease_until > now()
    seed = item.origin == "seed"
    return ItemOut(
        id=item.id,
        project=item.project_id,
        document=item.document_id,
        document_name=document.name,
        place=item.place,
        page=item.page,
        kind=item.kind,
        label=item.label,
        text=item.shown,
        confidence=item.confidence,
        reasons=body["reasons"],
        # The candidates of a seed would tell what was read.
        candidates=[] if seed else body["candidates"],
        doubtful=[] if seed else body["doubtful"],
        regions=regions,
        facts=[FactOut(**fact) for fact in body["facts"]],
        crops=crops,
        state=item.state,  # type: ignore[arg-type]
        mine=lent and item.leased_to == principal.id,
        lease_until=item.lease_until if lent else None,
        entry=min(len(standing) + 1, item.needed),
        comments=comments,
        decisions=[decision_view(decision, names) for decision in seen],
    )


def decision_view(decision: Decision, names: dict[int, str]) -> DecisionOut:
    return DecisionOut(
        id=decision.id,
        item=decision.item_id,
        user=names.get(decision.user_id, ""),
        action=decision.action,  # type: ignore[arg-type]
        text=decision.text,
        seconds=decision.seconds,
        at=decision.at,
        undone=decision.undone_at is not None,
    )


def edit_view(edit: Edit, names: dict[int, str]) -> EditOut:
    return EditOut(
        id=edit.id,
        kind=edit.kind,  # type: ignore[arg-type]
        body=edit.body,
        user=names.get(edit.user_id, ""),
        at=edit.at,
        undone=edit.undone_at is not None,
    )


def suggestion_view(found: Suggestion) -> SuggestionOut:
    return SuggestionOut(
        id=found.id,
        group=found.group,
        below=found.below,
        form=found.form,
        nearest=found.nearest,
        score=found.score,
        document=found.document_id,
        state=found.state,  # type: ignore[arg-type]
        name=found.name,
    )


def names_of(transaction: Transaction, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = transaction.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _pictures(transaction: Transaction, documents: set[int]) -> dict[tuple[int, int], str | None]:
    rows = transaction.execute(
        select(Page.document_id, Page.number, Page.picture).where(Page.document_id.in_(documents))
    )
    return {(row.document_id, row.number): row.picture for row in rows}
