"""A small form as a drawn PDF page, and an engine that reads what it is told."""

from collections.abc import Sequence
from typing import Any

import pytest
from bench.drawn_pdf import drawn_pdf, typeface

from shenbao.loading import open_source
from shenbao.models.document import Engine
from shenbao.models.stages import Box, CharReading, Image, PageImage, Reading

DPI = 200.0
ROWS = [
    ["项目名称", "人民调解经费", "主管部门", "司法局"],
    ["一级指标", "二级指标", "三级指标", "指标值"],
    ["产出指标", "数量指标", "调解员人数", "≥8人"],
    ["产出指标", "成本指标", "预算数", "104.08"],
    ["效益指标", "社会效益", "满意度", ""],
]


def truth(rows: Sequence[Sequence[str]] = ROWS) -> dict[str, Any]:
    """The page as the truth of a rendered document has it: 1000 x 700 pixels."""
    cells = [
        {
            "r": r,
            "c": c,
            "rs": 1,
            "cs": 1,
            "text": text,
            "box": [100 + 200 * c, 150 + 80 * r, 300 + 200 * c, 230 + 80 * r],
        }
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    ]
    return {"width": 1000, "height": 700, "title": "绩效目标表", "cells": cells}


def pdf(rows: Sequence[Sequence[str]] = ROWS, pages: int = 1, **canvas: Any) -> bytes:
    try:
        typeface()
    except FileNotFoundError:
        pytest.skip("no Chinese typeface that reportlab can embed")
    return drawn_pdf([truth(rows)] * pages, DPI, **canvas)


def page_of(data: bytes, number: int = 1) -> PageImage:
    with open_source(data) as source:
        return source.page(number)


class Agreeing:
    """An engine that reads nothing: then only the picture speaks."""

    def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
        raise AssertionError("the picture alone should have decided")

    def find_lines(self, page: Image) -> list[Box]:
        return []

    def load(self) -> None:
        pass

    def release(self) -> None:
        pass

    def describe(self) -> Engine:
        return Engine(name="none", version="0", models={})


class Telling(Agreeing):
    """An engine that reads given texts, one after another, then the last for ever."""

    def __init__(self, read: Sequence[str]) -> None:
        self.read = list(read)

    def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
        texts = [self.read[min(k, len(self.read) - 1)] for k in range(len(lines))]
        return [Reading(tuple(CharReading(c, 0.999) for c in text)) for text in texts]
