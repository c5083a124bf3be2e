"""What all engines share: lines in batches through one net, the detector's map to boxes, one call at a time."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shenbao.models.document import Engine
from shenbao.models.stages import Box, Image, Reading
from shenbao.ocr.alphabet import check_classes
from shenbao.ocr.detect import line_boxes, net_picture
from shenbao.ocr.lines import LineBatch, batches
from shenbao.ocr.recognise import TopClasses, readings
from shenbao.ocr.weights import Role
from shenbao.settings import EngineSettings

Results = Iterator[tuple[LineBatch, TopClasses]]

_BLANK = np.full((64, 256), 255, np.uint8)

ROLES: tuple[Role, ...] = ("recognition", "detection")


class NetReader(ABC):
    """A `LineReader` over two networks; an engine says how they are loaded and run.

    Networks are loaded at first use and kept. One call runs at a time; calls from other threads wait for it.
    """

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()

    def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
        """See `LineReader.read_lines`."""
        return self._read(lines, worn=False)

    def read_worn(self, lines: Sequence[Image]) -> list[Reading]:
        """See `LineReader.read_worn`."""
        return self._read(lines, worn=True)

    def _read(self, lines: Sequence[Image], *, worn: bool) -> list[Reading]:
        with self._lock:
            results = self._recognise(batches(lines, self._settings.batch), worn)
            return readings(len(lines), results, self._alphabet)

    def find_lines(self, page: Image) -> list[Box]:
        """See `LineReader.find_lines`."""
        with self._lock:
            return line_boxes(self._detect(net_picture(page)), (page.shape[0], page.shape[1]))

    def load(self) -> None:
        """See `LineReader.load`. Each reads a small picture: what a network is made of is put in order only then."""
        self.read_lines([_BLANK])
        self.read_worn([_BLANK])
        self.find_lines(_BLANK)

    def release(self) -> None:
        """See `LineReader.release`."""
        with self._lock:
            self._release()

    def describe(self) -> Engine:
        """See `LineReader.describe`."""
        name, version = self._name()
        return Engine(
            name=name, version=version, models={role: f"sha256:{self._sha256(role)}" for role in ROLES}
        )

    @cached_property
    def _alphabet(self) -> tuple[str, ...]:
        alphabet, classes = self._classes()
        check_classes(alphabet, classes)
        return alphabet

    @abstractmethod
    def _name(self) -> tuple[str, str]:
        """Name and version of the engine."""

    @abstractmethod
    def _sha256(self, role: Role) -> str:
        """Digest of a model's file."""

    @abstractmethod
    def _classes(self) -> tuple[tuple[str, ...], int]:
        """The recogniser's alphabet, and how many classes its output has."""

    @abstractmethod
    def _recognise(self, work: Iterator[LineBatch], worn: bool) -> Results:
        """Every batch with the likeliest classes of its lines, in any order; `worn` as in `read_worn`."""

    @abstractmethod
    def _detect(self, picture: Image) -> NDArray[np.float32]:
        """The detector's map (height, width) of a grey picture of that shape."""

    @abstractmethod
    def _release(self) -> None:
        """Hands back what running the recogniser took, where the engine can."""
