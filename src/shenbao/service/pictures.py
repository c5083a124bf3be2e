"""Page pictures, and upright crops of them."""

import hashlib
import threading
from collections import OrderedDict
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.models.document import Polygon
from shenbao.models.stages import Image
from shenbao.store.blobs import BlobStore

PictureKind = Literal["webp", "png", "jpeg"]
"""WebP is the smallest, PNG is exact, JPEG is made fastest: 3 ms of a crop for which WebP takes 80 ms."""
KEPT_PAGES = 12
"""Decoded pages held in memory; one of A4 at 300 dpi takes 26 MB."""
LONGEST_SIDE = 4_000
"""Pixels of a crop."""


class Pictures:
    """Decodes pages, keeps the last ones, and cuts crops from them."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs
        self._pages: OrderedDict[str, Image] = OrderedDict()
        self._lock = threading.Lock()
        self._decoding: dict[str, threading.Lock] = {}

    def page(self, key: str, kind: PictureKind, width: int | None) -> bytes:
        """A page, no wider than `width` pixels."""
        if kind == "webp" and width is None:
            return self._blobs.get(key)
        image = self._decoded(key)
        if width is not None and width < image.shape[1]:
            height = max(1, round(image.shape[0] * width / image.shape[1]))
            image = np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
        return _encoded(image, kind)

    def crop(
        self,
        key: str,
        size: tuple[int, int] | None,
        polygon: Polygon,
        around: float,
        kind: PictureKind,
        beside: float | None = None,
    ) -> bytes:
        """What stands in `polygon`, upright, with `around` times its height of surroundings on each side.

        `beside`: another share for left and right.

        `size`: width and height of the page in the units of `polygon`; the picture has square pixels, a file may
        have others.
        """
        image = self._decoded(key)
        if size is not None:
            x, y = image.shape[1] / size[0], image.shape[0] / size[1]
            a, b, c, d = ((point[0] * x, point[1] * y) for point in polygon)
            polygon = (a, b, c, d)
        return _encoded(cut(image, polygon, around, beside), kind)

    def _decoded(self, key: str) -> Image:
        # A screen asks for many crops of one page at once: it is decoded for the first, the others wait.
        with self._lock:
            decoding = self._decoding.setdefault(key, threading.Lock())
        with decoding:
            image = self._known(key)
            if image is None:
                data = np.frombuffer(self._blobs.get(key), np.uint8)
                image = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
                self._keep(key, image)
        return image

    def _known(self, key: str) -> Image | None:
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def _keep(self, key: str, image: Image) -> None:
        with self._lock:
            self._pages[key] = image
            while len(self._pages) > KEPT_PAGES:
                dropped, _ = self._pages.popitem(last=False)
                self._decoding.pop(dropped, None)


def cut(image: Image, polygon: Polygon, around: float, beside: float | None = None) -> Image:
    """The quadrilateral as a rectangle, first corner top left, with a margin; beyond the page it is white."""
    corners = np.array(polygon, np.float32)
    width = max(_distance(corners, 0, 1), _distance(corners, 2, 3), 2.0)
    height = max(_distance(corners, 0, 3), _distance(corners, 1, 2), 2.0)
    above, aside = around * height, (around if beside is None else beside) * height
    scale = min(1.0, LONGEST_SIDE / max(width + 2 * aside, height + 2 * above))
    size = (max(1, round((width + 2 * aside) * scale)), max(1, round((height + 2 * above) * scale)))
    left, top = aside * scale, above * scale
    right, bottom = left + width * scale, top + height * scale
    target = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    turn = cv2.getPerspectiveTransform(corners, target)
    white = (255.0, 255.0, 255.0)
    return np.asarray(
        cv2.warpPerspective(image, turn, size, flags=cv2.INTER_AREA, borderValue=white), np.uint8
    )


def _distance(corners: NDArray[np.float32], one: int, other: int) -> float:
    return float(np.hypot(*(corners[one] - corners[other])))


def media_type(picture: bytes) -> str:
    """Of a picture that this module has made."""
    starts = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
    return next((kind for start, kind in starts.items() if picture.startswith(start)), "image/webp")


def version_of(key: str, polygon: Polygon) -> str:
    """A short name of a crop's content, for caches."""
    return hashlib.sha256(f"{key}{polygon}".encode()).hexdigest()[:16]


def _encoded(image: Image, kind: PictureKind) -> bytes:
    if kind == "png" or max(image.shape[:2]) > 16_383:
        return cv2.imencode(".png", image)[1].tobytes()
    if kind == "jpeg":
        return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()
    return cv2.imencode(".webp", image, [cv2.IMWRITE_WEBP_QUALITY, 88])[1].tobytes()
