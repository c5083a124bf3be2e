"""The layout's small networks: files beside their facts, checked when they are opened. OpenCV runs them."""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from threading import local
from typing import Annotated, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field


class KnownNetwork(BaseModel):
    """The file in `data` that holds a network, and its `sha256`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: Annotated[str, Field(pattern=r"^[^/\\]+\.onnx$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


FOLD = 8
"""Pixels that the sides of what a U-Net sees are multiples of."""

_own = local()


K = TypeVar("K", bound=KnownNetwork)


def known(schema: type[K], name: str) -> K:
    """The facts of a network, from the file in `data` of this name."""
    return schema.model_validate_json(files("shenbao.layout").joinpath("data", name).read_text("utf-8"))


def opened(known: KnownNetwork) -> cv2.dnn.Net:
    """This thread's network: OpenCV keeps in it what it works on.

    Raises:
        ValueError: the file is altered.
    """
    nets: dict[str, cv2.dnn.Net] = _own.__dict__.setdefault("nets", {})
    if known.sha256 not in nets:
        nets[known.sha256] = cv2.dnn.readNetFromONNX(_file(known))
    return nets[known.sha256]


@cache
def _file(known: KnownNetwork) -> NDArray[np.uint8]:
    data = files("shenbao.layout").joinpath("data", known.file).read_bytes()
    digest = sha256(data).hexdigest()
    if digest != known.sha256:
        raise ValueError(
            f"{known.file} is altered: SHA-256 {digest}, expected {known.sha256}; install the package again"
        )
    return np.frombuffer(data, np.uint8)


def folded(seen: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pictures (n, height, width) of even size at half of it: of the first the four pixels of each two by two as
    channels of their own, of the others every second one."""
    first = seen[0]
    parts = [first[y::2, x::2] for y in (0, 1) for x in (0, 1)]
    return np.stack([*parts, *(channel[::2, ::2] for channel in seen[1:])])


def darkness(known: KnownNetwork, seen: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How dark each pixel is by a U-Net that sees pictures (n, height, width) of bytes: 0 to 1, (height, width).

    Raises:
        ValueError: the file is altered.
    """
    height, width = seen.shape[1:]
    margin = [(0, 0), (0, -height % FOLD), (0, -width % FOLD)]
    net = opened(known)
    net.setInput(folded(np.pad(seen, margin, mode="edge")).astype(np.float32)[None] / np.float32(255.0))
    logits = np.asarray(net.forward(), np.float32)[0]
    rows, columns = logits.shape[1:]
    whole = logits.reshape(2, 2, rows, columns).transpose(2, 0, 3, 1).reshape(2 * rows, 2 * columns)
    return np.asarray(1.0 / (1.0 + np.exp(-whole[:height, :width])), np.float32)
