"""Scanned Chinese government forms in, records with calibrated confidence out.

    import shenbao
    document = shenbao.read("form.pdf")

Everything here is loaded at first use: `import shenbao` itself costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shenbao import errors as errors
    from shenbao.errors import ShenbaoError as ShenbaoError
    from shenbao.models.document import Document as Document
    from shenbao.reader import Reader as Reader
    from shenbao.reader import read as read
    from shenbao.settings import Settings as Settings

    __version__: str

_HOMES = {
    "Document": "shenbao.models.document",
    "Reader": "shenbao.reader",
    "Settings": "shenbao.settings",
    "ShenbaoError": "shenbao.errors",
    "read": "shenbao.reader",
}

__all__ = ["Document", "Reader", "Settings", "ShenbaoError", "__version__", "errors", "read"]


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        value: object = version("shenbao")
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    elif name == "errors":
        return import_module("shenbao.errors")
    else:
        raise AttributeError(f"module 'shenbao' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
