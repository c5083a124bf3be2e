"""Projects: groups of documents with their members and their rules of review."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Transaction

from shenbao.errors import UsageError
from shenbao.ocr.accept import target_of
from shenbao.ocr.calibration import packaged_calibration
from shenbao.settings import ReviewSettings
from shenbao.store.audit import note
from shenbao.store.models import Document, Member, Project, User

FIRST = "默认项目"
"""The project that is there from the start."""


def first_project(transaction: Transaction, review: ReviewSettings) -> Project:
    """The oldest project; made where there is none."""
    project = transaction.scalar(select(Project).order_by(Project.id).limit(1))
    if project is None:
        accept = threshold(review.accuracy, review.accept)
        project = Project(name=FIRST, accept=accept, accuracy=review.accuracy, double=[])
        transaction.add(project)
        transaction.flush()
    return project


def threshold(accuracy: float | None, accept: float) -> float:
    """The confidence from which cells are accepted.

    Raises:
        AccuracyUnsupported: the calibration cannot show that accuracy.
    """
    found = target_of(ReviewSettings(accuracy=accuracy), packaged_calibration())
    return accept if found is None else found.threshold


def add(transaction: Transaction, name: str, rules: dict[str, Any], accept: float, by: int) -> Project:
    """A new project, with whoever makes it as its member.

    Raises:
        UsageError: the name is taken. AccuracyUnsupported: as `threshold`.
    """
    if transaction.scalar(select(Project.id).where(Project.name == name)) is not None:
        raise UsageError(f"there is a project “{name}” already")
    project = Project(name=name, accept=accept, accuracy=None, control_share=0.0, seed_share=0.0, double=[])
    transaction.add(project)
    transaction.flush()
    transaction.add(Member(project_id=project.id, user_id=by))
    change(transaction, project, rules, by)
    return project


def change(transaction: Transaction, project: Project, rules: dict[str, Any], by: int) -> bool:
    """Sets the rules that are given; whether its documents must be made anew, the threshold having changed.

    Raises:
        AccuracyUnsupported: as `threshold`.
    """
    before = project.accept
    for name in ("control_share", "seed_share", "double"):
        if rules.get(name) is not None:
            setattr(project, name, rules[name])
    if "accept" in rules and rules["accept"] is not None:
        project.accept, project.accuracy = rules["accept"], None
    if rules.get("accuracy") is not None:
        project.accept, project.accuracy = threshold(rules["accuracy"], project.accept), rules["accuracy"]
    given = {name: value for name, value in rules.items() if value is not None}
    note(transaction, by, "project.rules", project_id=project.id, after=f"{project.name} {given}")
    if project.accept == before:
        return False
    transaction.execute(
        update(Document).where(Document.project_id == project.id).values(version=Document.version + 1)
    )
    return True


def set_member(transaction: Transaction, project: Project, user: User, member: bool, by: int) -> None:
    """Lets a user see a project, or no longer."""
    known = transaction.get(Member, (project.id, user.id))
    if member and known is None:
        transaction.add(Member(project_id=project.id, user_id=user.id))
    elif not member and known is not None:
        transaction.delete(known)
    else:
        return
    action = "project.member.add" if member else "project.member.remove"
    note(transaction, by, action, project_id=project.id, after=user.name)
