"""Pages of prose made from words alone: lines set in a column 400 pixels wide, type 20 pixels high."""

from collections.abc import Sequence

from shenbao.layout.order import reading_order
from shenbao.layout.print_lines import ems
from shenbao.models.document import Text
from shenbao.models.stages import Box, PageLines

EM, LEFT, WIDTH, PITCH, HEIGHT = 20.0, 100.0, 400.0, 30.0, 1000.0


def text(words: str) -> Text:
    return Text(text=words, confidence=0.99, polygon=((0, 0), (1, 0), (1, 1), (0, 1)))


def line(
    words: str, row: float, *, indent: float = 0.0, em: float = EM, left: float = LEFT
) -> tuple[str, Box]:
    x, y = left + indent * EM, 100 + row * PITCH
    return words, (x, y, x + ems(words) * em, y + em)


def centred(words: str, row: float, em: float = EM) -> tuple[str, Box]:
    width = ems(words) * em
    x, y = LEFT + (WIDTH - width) / 2, 100 + row * PITCH
    return words, (x, y, x + width, y + em)


def at(words: str, x: float, y: float, em: float = EM) -> tuple[str, Box]:
    return words, (x, y, x + ems(words) * em, y + em)


def page(
    lines: Sequence[tuple[str, Box]],
    *,
    number: int = 1,
    tables: Sequence[Box] = (),
    heads: Sequence[tuple[tuple[int, ...], tuple[int, ...]]] = (),
    figures: Sequence[Box] = (),
) -> PageLines:
    boxes = [box for _, box in lines]
    count = len(boxes)
    order = reading_order([*boxes, *tables], EM)
    return PageLines(
        number=number,
        height=HEIGHT,
        texts=tuple(text(words) for words, _ in lines),
        boxes=tuple(boxes),
        runs=tuple(tuple(i if i < count else count - 1 - i for i in run) for run in order),
        heads=tuple(heads) or (((), ()),) * len(tables),
        figures=tuple(figures),
    )


FULL = "预算管理规定全部收入支出反映在部门预算中"
"""A line that fills the column; with an indent of two ems, all but its last two characters do."""

assert ems(FULL) * EM == WIDTH
