"""The title and the captions of a table: the lines of print right above it."""

from collections.abc import Sequence

from shenbao.layout.numbering import numbering
from shenbao.models.stages import Grid, ReadLine

REACH = 9.0
"""Character heights above a table within which print belongs to it."""


def title_and_captions(
    grid: Grid, above: float, lines: Sequence[ReadLine], char_height: float
) -> tuple[str, tuple[str, ...]]:
    """Title and captions of a table from the lines between `above` (the y where the previous table
    ends, or 0) and its top edge.

    The title is the tallest of the lines that stand in the middle; it may be broken over two lines.
    All other lines are captions, in reading order.
    """
    left, top, right, _ = grid.box
    near = _below_prose(
        [
            x
            for x in lines
            if x.reading.chars
            and x.box[3] <= top + 0.3 * char_height
            and x.box[1] >= max(above, top - REACH * char_height)
        ],
        (left + right) / 2,
    )
    middle = (left + right) / 2
    centred = [
        x
        for x in near
        if abs((x.box[0] + x.box[2]) / 2 - middle) < 0.12 * (right - left) and len(x.reading.text) >= 4
    ]
    if not centred:
        return "", tuple(x.reading.text for x in near)
    tallest = max(_height(x) for x in centred)
    title = [x for x in centred if _height(x) > 0.8 * tallest]
    captions = tuple(x.reading.text for x in near if x not in title)
    return "".join(x.reading.text for x in title), captions


def _below_prose(near: Sequence[ReadLine], middle: float) -> list[ReadLine]:
    """The lines under the last one that is prose: the end of a sentence, or a heading 一、 or （一） that
    is not centred over the table."""
    start = 0
    for k, line in enumerate(near):
        text = line.reading.text
        number = numbering(text)
        aside = line.box[2] < middle or line.box[0] > middle
        heading = number is not None and number.level <= 3 and aside
        if text[-1] in "。；，" or heading:
            start = k + 1
    return list(near[start:])


def _height(line: ReadLine) -> float:
    return line.box[3] - line.box[1]
