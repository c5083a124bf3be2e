"""Pages and documents as small byte strings, to be kept and sent between processes.

The result of a page is pickled: it is made of many nested types with arrays in them. It is read back with
nothing but these types allowed, so that a manifest from elsewhere cannot run code. The recogniser's alphabet, which
every lattice names, goes as one text: as 18,710 texts it took most of the time.
"""

import io
import pickle
import zlib
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shenbao.errors import OutputError
from shenbao.models.document import Document
from shenbao.models.stages import Lattice

_LEVEL = 1
"""Of zlib: 6 takes three times as long for a fifth less."""

_BETWEEN = "\0"
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


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, 5)
        self._joined: dict[int, str] = {}

    def reducer_override(self, found: Any) -> Any:
        if not isinstance(found, Lattice):
            return NotImplemented
        joined = self._joined.get(id(found.alphabet))
        if joined is None:
            joined = self._joined[id(found.alphabet)] = _BETWEEN.join(found.alphabet)
        return _lattice, (found.classes, found.probabilities, joined)


def _lattice(classes: NDArray[np.int32], probabilities: NDArray[np.float32], alphabet: str) -> Lattice:
    return Lattice(classes, probabilities, _parted(alphabet))


@lru_cache(2)
def _parted(alphabet: str) -> tuple[str, ...]:
    return tuple(alphabet.split(_BETWEEN))


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module in _MODULES and "." not in name) or (module, name) in _NUMPY:
            return super().find_class(module, name)
        if (module, name) == (__name__, _lattice.__name__):
            return _lattice
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a page")


def pack_page(page: Any) -> bytes:
    """What `Reader.read_number` gave for a page."""
    body = io.BytesIO()
    _Pickler(body).dump(page)
    return zlib.compress(body.getvalue(), _LEVEL)


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
