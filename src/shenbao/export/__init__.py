"""Writers: one document in, bytes of a format out."""

from shenbao.export.formats import Format, render, write

__all__ = ["Format", "render", "write"]
