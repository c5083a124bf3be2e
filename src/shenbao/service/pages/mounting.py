"""The pages and their assets, as parts of the service's application."""

from fastapi import FastAPI, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from shenbao.service.pages import admin, desk, review, sheet
from shenbao.service.pages.rendering import STATIC, assets_version


class Assets(StaticFiles):
    """Static files below a folder that names their content: browsers keep them for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        version, _, name = path.partition("/")
        response = await super().get_response(name, scope)
        if version == assets_version():
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def install(app: FastAPI) -> None:
    """Adds all pages, and `/static`."""
    for router in (review.router, sheet.router, desk.router, admin.router, admin.actions):
        app.include_router(router)
    app.mount("/static", Assets(directory=STATIC), name="static")
