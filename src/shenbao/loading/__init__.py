"""Files in, pages out: one page at a time, as upright RGB pixels.

The kind of a file is told by its first bytes, never by its name.
"""

from shenbao.loading.source import LoadedSource, open_source

__all__ = ["LoadedSource", "open_source"]
