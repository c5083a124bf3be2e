"""A reader that reads nothing: the content of a file says what it does."""

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from shenbao.errors import UnreadableInput
from shenbao.loading import open_source
from shenbao.models.document import (
    Candidate,
    Cell,
    Document,
    Engine,
    Page,
    Polygon,
    Region,
    Source,
    Table,
    Text,
)
from shenbao.models.stages import ReadPage
from shenbao.settings import Settings


def box(x0: float, y0: float, x1: float, y1: float) -> Polygon:
    return (x0, y0), (x1, y0), (x1, y1), (x0, y1)


def _cell(row: int, col: int, text: str, confidence: float, cols: int = 1) -> Cell:
    polygon = box(20 + 90 * col, 40 + 30 * row, 20 + 90 * (col + cols), 70 + 30 * row)
    return Cell(
        row=row,
        col=col,
        col_span=cols,
        text=text,
        confidence=confidence,
        regions=[Region(page=1, polygon=polygon)],
        candidates=[Candidate(text=text, probability=confidence), Candidate(text="105.08", probability=0.01)],
    )


def form(name: str, sha256: str, kind: str = "image/png") -> Document:
    """A declaration form of four rows; the total is doubtful, and so is the project's name."""
    cells = [
        _cell(0, 0, "项目名称", 0.999),
        _cell(0, 1, "人民调解经费", 0.9, cols=3),
        _cell(1, 0, "年度预算资金总额：", 0.999),
        _cell(1, 1, "104.08", 0.6),
        _cell(1, 2, "其中：财政资金", 0.999),
        _cell(1, 3, "100.08", 0.995),
        _cell(2, 0, "其他资金", 0.999),
        _cell(2, 1, "4", 0.995),
        _cell(2, 2, "=1+1", 0.5),
        _cell(2, 3, "<script>alert(1)</script>", 0.5),
    ]
    table = Table(
        id="t1",
        title="县本级部门预算项目（政策）绩效目标申报表",
        captions=["（2021年度）"],
        pages=[1],
        n_rows=3,
        n_cols=4,
        header_rows=[],
        cells=cells,
    )
    text = Text(text="申报单位：朝阳县司法局", confidence=0.999, polygon=box(20, 5, 300, 30), role="caption")
    page = Page(number=1, width=400, height=240, dpi=100, rotation=0, skew=0.0, texts=[text])
    return Document(
        status="complete",
        source=Source(name=name, sha256=sha256, kind=kind, page_count=1),
        pages=[page],
        tables=[table],
        records=[],
        engine=Engine(name="stand-in", version="1", models={}),
    )


class StandIn:
    """Ends the process at DIE, once at DIE-ONCE (a file named in it tells), fails at BAD, waits at SLOW."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def load(self) -> None:
        pass

    def read(
        self,
        source: str | Path | bytes,
        *,
        password: str | None = None,
        name: str | None = None,
        keep: Callable[[ReadPage], None] | None = None,
    ) -> Document:
        assert isinstance(source, bytes)
        with open_source(source, self.settings.limits, password, name=name) as loaded:
            facts = loaded.facts
        order = source.rpartition(b"ORDER ")[2].decode() if b"ORDER " in source else ""
        if order.startswith("DIE-ONCE"):
            mark = Path(order.partition(" ")[2])
            if not mark.exists():
                mark.touch()
                os._exit(9)
        elif order.startswith("DIE"):
            os._exit(9)
        elif order.startswith("BAD"):
            raise UnreadableInput("this one is told to be bad")
        elif order.startswith("SLOW"):
            time.sleep(float(order.split()[1]))
        return form(name or "", hashlib.sha256(source).hexdigest(), facts.kind)


def stand_in(settings: Settings) -> StandIn:
    return StandIn(settings)
