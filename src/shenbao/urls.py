"""Texts that name files by URL, told from paths. Light: the command line needs it to show its help."""

from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit


def is_url(source: object) -> bool:
    """Whether a text names something by URL; `C:\\x` is a path."""
    if not isinstance(source, str):
        return False
    scheme, mark, _ = source.partition("://")
    return bool(mark) and len(scheme) > 1 and scheme.replace("+", "").isalnum()


def url_name(url: str) -> str:
    """The base name of what a URL names."""
    parts = urlsplit(url)
    return PurePosixPath(unquote(parts.path)).name or parts.netloc or "file"


def path_or_url(text: str) -> Path | str:
    """What an argument of the command line names."""
    return text if is_url(text) else Path(text)


def without_password(text: str) -> str:
    """A URL without the password that may stand in it."""
    parts = urlsplit(text) if is_url(text) else None
    if parts is None or "@" not in parts.netloc:
        return text
    return text.replace(parts.netloc, parts.netloc.rpartition("@")[2])


def shown_database(url: str) -> str:
    """The URL of a database as an error may show it: without its password."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "URL"
