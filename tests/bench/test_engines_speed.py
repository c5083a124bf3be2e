"""The watched engine and the figures made from it."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from bench.engines import Speed, Watched

from shenbao.models.stages import Image, Reading


class Mute:
    def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
        return [Reading(()) for _ in lines]


def pictures(count: int) -> list[Image]:
    return [np.zeros((48, 96), np.uint8)] * count


def test_the_greatest_call_of_each_page_is_kept() -> None:
    watched = Watched(cast(Any, Mute()))
    for counts in ((4, 30, 2), (8,), ()):
        for count in counts:
            assert len(watched.read_lines(pictures(count))) == count
        watched.page_done(cast(Any, None))
    assert [len(p) for p in watched.pages] == [30, 8, 0]
    assert watched.seconds > 0
    assert watched.calls == []


def test_figures_of_a_run() -> None:
    assert Speed(pages=2, lines=100, whole=2.0, inside=1.2, alone=1.0).row() == ["100", "1.00", "60%", "2.00"]
    assert Speed(pages=1, lines=0, whole=1.0, inside=0.0, alone=0.0).row() == [None, "1.00", "0%", None]
