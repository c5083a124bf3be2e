from dataclasses import replace

import numpy as np
from drawn_pages import flat_page, page_table, reading, white

from shenbao.layout.page_lines import page_lines
from shenbao.layout.rulings import find_rulings
from shenbao.models.document import Text
from shenbao.models.stages import Box, PageImage, PageTable, ReadLine, ReadPage

HEAD: list[tuple[str, Box]] = [
    ("构成见下表。", (100.0, 20.0, 300.0, 44.0)),
    ("机构设置情况", (330.0, 60.0, 480.0, 84.0)),
    ("单位：万元", (600.0, 90.0, 700.0, 114.0)),
    ("", (0.0, 0.0, 9.0, 9.0)),
]


def read(table: PageTable) -> ReadPage:
    flat = flat_page(white(800, 700))
    lines = tuple(ReadLine(box, reading(words)) for words, box in HEAD)
    texts = tuple(Text(text=words, confidence=0.9, polygon=flat.polygon(box)) for words, box in HEAD if words)
    image = PageImage(3, np.full((700, 800, 3), 255, np.uint8), 100.0)
    return ReadPage(image, flat, find_rulings(flat), (table,), texts, lines)


def test_lines_and_tables_are_in_reading_order_and_the_head_belongs_to_its_table() -> None:
    base = page_table(3, (100, 400, 700), "a|b\nc|d", title="机构设置情况", captions=("单位：万元",))
    grid = replace(base.grid, xs=(100.0, 400.0, 700.0), ys=(130.0, 200.0, 300.0))
    table = replace(base, grid=grid)
    found = page_lines(read(table))
    assert found.number == 3
    assert [i for run in found.runs for i in run] == [0, 1, 2, -1]
    assert found.heads == (((1,), (2,)),)
    assert len(found.boxes) == len(found.texts) == 3
