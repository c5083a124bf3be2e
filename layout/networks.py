"""The layout's small networks: files beside their facts, checked when they are opened. OpenCV runs them."""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from threading import local
from typing import Annotated

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field


class KnownNetwork(BaseModel):
    """The file in `data` that holds a network, and its `sha256`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: Annotated[str, Field(pattern=r"^[^/\\]+\.onnx$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


_own = local()


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
