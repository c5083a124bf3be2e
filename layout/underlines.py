"""Lines drawn under print inside a cell: they keep clear of the cell's sides, and print stands on them."""

from collections.abc import Sequence

from shenbao.layout.stretches import held_columns, rows_at, share_of
from shenbao.models.stages import Ruling, Rulings, Traces

CLEAR = 0.2
"""Character heights that an underline keeps from the sides of its cell, as its print does."""

STROKE = 2.0
"""Character heights up to which an upright line may be a stroke of the print that is underlined."""

BARE = 0.25
"""Share of what lies between an underline and a side that may show something of a line."""

OVER, UNDER = 0.45, 0.15
"""Character heights over an underline in which its print ends, and under it in which nothing begins."""

CARRIES, FREE = 0.5, 0.2
"""Share of an underline over which print must end so, and of that under which something may begin."""


def without_underlines(rulings: Rulings) -> tuple[Ruling, ...]:
    """The rulings that are no underlines of print."""
    upright = [x for x in rulings.lines if not x.horizontal]
    h, traces = rulings.char_height, rulings.across
    return tuple(x for x in rulings.lines if not (x.horizontal and _is_underline(x, upright, traces, h)))


def _is_underline(line: Ruling, upright: Sequence[Ruling], traces: Traces, h: float) -> bool:
    tall = [x for x in upright if x.end - x.start > STROKE * h]
    sides = sorted(x.at for x in tall if x.start - CLEAR * h < line.at < x.end + CLEAR * h)
    before = [at for at in sides if at < line.start - CLEAR * h]
    after = [at for at in sides if at > line.end + CLEAR * h]
    if not before or not after or len(before) + len(after) < len(sides):
        return False
    gaps = ((before[-1] + CLEAR * h / 2, line.start - 1), (line.end + 1, after[0] - CLEAR * h / 2))
    return _carries_print(line, traces, h) and all(_is_bare(line, *gap, traces, h) for gap in gaps)


def _carries_print(line: Ruling, traces: Traces, h: float) -> bool:
    """Whether print ends right over the line along most of it, and none begins right under it."""
    thick = max(1.0, line.thickness / 2) + 1
    along = slice(round(line.start), round(line.end) + 1)
    over = traces.ink[max(0, round(line.at - OVER * h)) : max(0, round(line.at - thick)), along]
    under = traces.ink[round(line.at + thick) + 1 : round(line.at + thick + UNDER * h) + 1, along]
    if not over.size or not under.size:
        return False
    return share_of(held_columns(over)) >= CARRIES and share_of(held_columns(under)) <= FREE


def _is_bare(line: Ruling, start: float, end: float, traces: Traces, h: float) -> bool:
    """Whether nothing of the line is seen in a gap; one too short to tell is."""
    band = traces.faint[rows_at(line.at, h), round(start) : round(end)]
    return band.shape[1] < 2 or share_of(held_columns(band)) <= BARE
