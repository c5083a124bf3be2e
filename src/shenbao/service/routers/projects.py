"""Projects, their rules of review and their members."""

from fastapi import APIRouter, Response
from sqlalchemy import select

from shenbao.service.errors import not_found
from shenbao.service.schemas import Id, NewProject, ProjectRules
from shenbao.service.security import Admin, Anyone, Running, visible_project
from shenbao.service.state import Service
from shenbao.service.views import project_view
from shenbao.store import projects
from shenbao.store.documents import unbuilt
from shenbao.store.models import Member, Project, User
from shenbao.wire import Listing, ProjectOut, UserOut

router = APIRouter(prefix="/projects", tags=["projects"])


@router.get("")
def listing(principal: Anyone, service: Running) -> Listing[ProjectOut]:
    """The projects that whoever asks may see."""
    with service.database.read() as transaction:
        found = transaction.scalars(select(Project).order_by(Project.id)).all()
        seen = [project for project in found if principal.may_see(project.id)]
        return Listing(items=[project_view(transaction, project) for project in seen])


@router.post("", status_code=201)
def add(given: NewProject, principal: Admin, service: Running) -> ProjectOut:
    """A new project."""
    rules = given.model_dump(exclude={"name"})
    with service.database.write() as transaction:
        accept = service.settings.review.accept
        project = projects.add(transaction, given.name, rules, accept, principal.id)
        return project_view(transaction, project)


@router.get("/{project_id}")
def one(project_id: Id, principal: Anyone, service: Running) -> ProjectOut:
    """One project."""
    with service.database.read() as transaction:
        return project_view(transaction, visible_project(transaction, principal, project_id))


@router.patch("/{project_id}")
def change(project_id: Id, given: ProjectRules, principal: Admin, service: Running) -> ProjectOut:
    """Other rules; a new threshold re-queues the documents of the project."""
    with service.database.write() as transaction:
        project = visible_project(transaction, principal, project_id)
        changed = projects.change(transaction, project, given.model_dump(), principal.id)
        view = project_view(transaction, project)
    if changed:
        _rebuild(service)
    return view


@router.get("/{project_id}/members")
def members(project_id: Id, principal: Admin, service: Running) -> Listing[UserOut]:
    """Who may see the project, beside the admins."""
    with service.database.read() as transaction:
        visible_project(transaction, principal, project_id)
        found = transaction.scalars(
            select(User)
            .join(Member, Member.user_id == User.id)
            .where(Member.project_id == project_id, User.password.is_not(None))
            .order_by(User.id)
        ).all()
        return Listing(items=[UserOut.model_validate(user, from_attributes=True) for user in found])


@router.put("/{project_id}/members/{user_id}", status_code=204)
def add_member(project_id: Id, user_id: Id, principal: Admin, service: Running) -> Response:
    """Lets a user see the project."""
    return _set_member(project_id, user_id, True, principal, service)


@router.delete("/{project_id}/members/{user_id}", status_code=204)
def remove_member(project_id: Id, user_id: Id, principal: Admin, service: Running) -> Response:
    """Lets a user no longer see the project."""
    return _set_member(project_id, user_id, False, principal, service)


def _set_member(project_id: int, user_id: int, member: bool, principal: Admin, service: Service) -> Response:
    with service.database.write() as transaction:
        project = visible_project(transaction, principal, project_id)
        user = transaction.get(User, user_id)
        if user is None:
            raise not_found("user")
        projects.set_member(transaction, project, user, member, principal.id)
    return Response(status_code=204)


def _rebuild(service: Service) -> None:
    with service.database.read() as transaction:
        for document_id in unbuilt(transaction):
            service.builder.want(document_id)
