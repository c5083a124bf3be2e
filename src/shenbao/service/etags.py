"""Answers that a client has already, and changes of what has changed meanwhile."""

from fastapi import Request, Response

from shenbao.service.errors import ApiError


def matched(request: Request, tag: str) -> Response | None:
    """The answer 304 where the client's `If-None-Match` names `tag`; else None."""
    given = request.headers.get("if-none-match", "")
    if given != "*" and f'"{tag}"' not in [part.strip().removeprefix("W/") for part in given.split(",")]:
        return None
    return Response(status_code=304, headers={"ETag": f'"{tag}"'})


def check_match(request: Request, tag: str) -> None:
    """Refuses a change whose `If-Match` names another state than `tag`.

    Raises:
        ApiError: it has changed since.
    """
    given = request.headers.get("if-match")
    if given is not None and given != "*" and f'"{tag}"' not in [part.strip() for part in given.split(",")]:
        raise ApiError(412, "changed", "it has changed since", "Fetch it again and repeat the change.")
