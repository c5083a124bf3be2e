"""Tests of a repeated header as a further look at the first one."""

from dataclasses import replace

import numpy as np
from drawn_pages import edges, page_table

from shenbao.layout.heard_again import heard_again
from shenbao.layout.join import join_tables
from shenbao.models.stages import Lattice, PageTable, ReadCell

XS = edges(120, 180, 150, 250, start=150)
HEADER = "一级指标|二级指标|三级指标|指标值"
ROWS = "产出指标|数量指标|举办培训班|12\n效益指标|社会效益|群众知晓率提升|80"
NEXT = "满意度指标|服务对象|群众满意度|90"
LATTICE = Lattice(np.zeros((1, 1), np.int32), np.ones((1, 1), np.float32), ("",))


def recognised(page: int, text: str) -> PageTable:
    """A page's table whose lines have lattices, as those have that were recognised."""
    table = page_table(page, XS, text)
    return replace(table, cells=tuple(_with_lattice(cell) for cell in table.cells))


def _with_lattice(cell: ReadCell) -> ReadCell:
    lines = [replace(line, reading=replace(line.reading, lattice=LATTICE)) for line in cell.lines]
    return replace(cell, lines=tuple(lines))


def looks_of(cell: ReadCell) -> list[str]:
    return [look.text for line in cell.lines for look in line.reading.looks]


def joined_looks(*pages: PageTable) -> dict[str, list[str]]:
    (table,) = join_tables([[page] for page in pages])
    return {c.text: looks_of(part.cell) for c in table.cells for part in c.parts if c.text}


def test_a_repeated_header_is_a_further_look() -> None:
    again = HEADER.replace("三级", "二级")
    looks = joined_looks(recognised(1, f"{again}\n{ROWS}"), recognised(2, f"{HEADER}\n{NEXT}"))
    assert looks["一级指标"] == ["一级指标"]
    assert looks["指标值"] == ["指标值"]
    assert looks["举办培训班"] == []


def test_each_page_that_repeats_it_gives_a_look() -> None:
    pages = [recognised(k, f"{HEADER}\n{ROWS}") for k in (1, 2, 3)]
    assert joined_looks(*pages)["二级指标"] == ["二级指标", "二级指标"]


def test_a_table_that_repeats_nothing_has_no_looks() -> None:
    looks = joined_looks(recognised(1, f"{HEADER}\n{ROWS}"), recognised(2, NEXT))
    assert not any(looks.values())


def test_what_was_not_recognised_or_is_divided_otherwise_says_nothing() -> None:
    first, other = recognised(1, HEADER), page_table(2, XS, HEADER)
    assert heard_again(first, [(first.cells, other.cells)]) == first
    wide = recognised(2, "一级指标|<|三级指标|指标值")
    told = heard_again(first, [(first.cells, wide.cells)])
    assert [looks_of(cell) for cell in told.cells] == [[], [], ["三级指标"], ["指标值"]]


def test_an_empty_cell_gives_no_look() -> None:
    first, gap = recognised(1, HEADER), recognised(2, "一级指标|.|三级指标|指标值")
    told = heard_again(first, [(first.cells, gap.cells)])
    assert [len(looks_of(cell)) for cell in told.cells] == [1, 0, 1, 1]
