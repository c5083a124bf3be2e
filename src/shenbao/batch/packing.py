"""Pages and documents as small byte strings, to be kept and sent between processes.

The result of a page is pickled: it is made of many nested types with arrays in them. It is read back with
nothing but these types allowed, so that a manifest from elsewhere cannot run code.
"""

import io
import pickle
import zlib
from typing import Any

from shenbao.errors import OutputError
from shenbao.models.document import Document

_LEVEL = 6
_MODULES = ("shenbao.models.document", "shenbao.models.stages")
_NUMPY = {
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "scalar"),
    ("numpy._core.numeric", "_frombuffer"),
    ("numpy.core.numeric", "_frombuffer"),
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module in _MODULES and "." not in name) or (module, name) in _NUMPY:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a page")


def pack_page(page: Any) -> bytes:
    """What `Reader.read_number` gave for a page."""
    return zlib.compress(pickle.dumps(page, 5), _LEVEL)


def unpack_page(body: bytes) -> Any:
    """The same again.

    Raises:
        OutputError: the bytes are something else.
    """
    try:
        return _Unpickler(io.BytesIO(zlib.decompress(body))).load()
    except (zlib.error, pickle.UnpicklingError, EOFError, AttributeError) as error:
        raise OutputError(f"a page in the manifest is damaged: {error}; run with --again") from error


def pack_document(document: Document) -> bytes:
    return zlib.compress(document.model_dump_json().encode(), _LEVEL)


def unpack_document(body: bytes) -> Document:
    return Document.model_validate_json(zlib.decompress(body))
