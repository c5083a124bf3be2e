"""Blocks of print that may be tables without verticals: between level rulings, or between wide gaps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shenbao.layout.alignment import Band, Boxes, bands, phrases
from shenbao.models.stages import Grid, Ruling

TITLE = 0.35
"""Share of a table's width from which print above its headings is a title."""

HEADINGS = 6.0
"""Height, in character heights, of the headings below a ruling of their own at most."""

LEAST_RULING = 12.0
"""Length, in character heights, of the shortest ruling that spans a table."""

WITHIN = 0.25
"""How far, in character heights, from the feet of print its strokes may be taken for a ruling."""

SHORT_RULING = 3.0
"""Length, in character heights, from which a line under a heading is no stroke of print."""


@dataclass(frozen=True, eq=False)
class Block:
    """Print that may be a table: its `pieces`, edges, and the rulings that span it (`full`, their heights,
    top to bottom) or a part of it (`partial`)."""

    pieces: Boxes
    left: float
    right: float
    full: tuple[float, ...] = ()
    partial: tuple[Ruling, ...] = ()


def inside(boxes: Boxes, left: float, top: float, right: float, bottom: float) -> NDArray[np.bool_]:
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    return np.asarray((x > left) & (x < right) & (y > top) & (y < bottom))


def slab(boxes: Boxes, top: float, bottom: float) -> Boxes:
    y = (boxes[:, 1] + boxes[:, 3]) / 2
    return boxes[(y > top) & (y < bottom)]


def ruled_blocks(boxes: Boxes, rules: Sequence[Ruling], grids: Sequence[Grid], h: float) -> list[Block]:
    """Print between horizontal rulings that begin and end together, three at least."""
    level = [r for r in rules if not any(_touches(r, g, h) for g in grids)]
    groups: list[list[Ruling]] = []
    for rule in sorted(level, key=lambda r: r.start - r.end):
        if rule.end - rule.start < LEAST_RULING * h:
            break
        if _is_leader(rule, boxes, h):
            continue
        near = next((g for g in groups if any(_same_extent(r, rule, h) for r in g)), None)
        if near is None:
            groups.append([rule])
        else:
            near.append(rule)
    blocks = []
    for group in groups:
        left, right = min(r.start for r in group), max(r.end for r in group)
        full = _without_running_head(_heights(group, h), boxes, left, right, h)
        full = _with_open_top(full, [r for r in level if r not in group], boxes, (left, right), h)
        if len(full) < 3:
            continue
        own = boxes[inside(boxes, left - h, full[0], right + h, full[-1])]
        partial = tuple(
            r
            for r in level
            if r not in group
            and r.end - r.start > SHORT_RULING * h
            and left - h < r.start
            and r.end < right + h
            and full[0] < r.at < full[-1]
            and (r.at < full[1] or not _in_print(r, own, h))
        )
        blocks.append(Block(own, left, right, full, partial))
    return blocks


def _without_running_head(
    full: tuple[float, ...], boxes: Boxes, left: float, right: float, h: float
) -> tuple[float, ...]:
    """The heights of rulings without that of a page's running head, below which a table's title stands: lines of
    print one by one, one of them long."""
    if len(full) < 4:
        return full
    own = phrases(boxes[inside(boxes, left - h, full[0], right + h, full[1])], h)
    lines = bands(own, h)
    alone = len(lines) > 0 and all(len(line.pieces) == 1 for line in lines)
    long = alone and float((own[:, 2] - own[:, 0]).max()) > TITLE * (right - left)
    return full[1:] if long else full


def _with_open_top(
    full: tuple[float, ...], others: Sequence[Ruling], boxes: Boxes, sides: tuple[float, float], h: float
) -> tuple[float, ...]:
    """The heights of rulings with that of the top edge which is not drawn: above headings that stand on a ruling
    of their own, over others, above the first."""
    if len(full) < 2:
        return full
    for rule in others:
        own = (
            sides[0] - h < rule.start and rule.end < sides[1] + h and rule.end - rule.start > LEAST_RULING * h
        )
        if not own or not full[0] - HEADINGS * h < rule.at < full[0] - 1.2 * h:
            continue
        below = inside(boxes, rule.start, rule.at, rule.end, full[0])
        over = inside(boxes, rule.start, rule.at - 2.0 * h, rule.end, rule.at)
        if below.any() and over.any():
            return (float(boxes[over, 1].min()) - 0.4 * h, *full)
    return full


def _is_leader(rule: Ruling, boxes: Boxes, h: float) -> bool:
    """Whether print stands on a ruling's own line, at one of its ends: a leader, or a line to write on."""
    on_line = (boxes[:, 1] < rule.at - 0.4 * h) & (boxes[:, 3] > rule.at - 0.15 * h)
    before = (boxes[:, 2] > rule.start - 1.5 * h) & (boxes[:, 0] < rule.start - 0.3 * h)
    after = (boxes[:, 0] < rule.end + 1.5 * h) & (boxes[:, 2] > rule.end + 0.3 * h)
    return bool((on_line & (before | after)).any())


def _in_print(rule: Ruling, boxes: Boxes, h: float) -> bool:
    """Whether most of a ruling runs through print or along its feet: strokes of characters in one line."""
    through = (boxes[:, 1] < rule.at) & (boxes[:, 3] > rule.at - WITHIN * h)
    over = np.minimum(boxes[:, 2], rule.end) - np.maximum(boxes[:, 0], rule.start)
    return float(np.maximum(over, 0.0)[through].sum()) > 0.5 * (rule.end - rule.start)


def _touches(rule: Ruling, grid: Grid, h: float) -> bool:
    x0, y0, x1, y1 = grid.box
    return rule.start < x1 and rule.end > x0 and y0 - h < rule.at < y1 + h


def _same_extent(one: Ruling, other: Ruling, h: float) -> bool:
    reach = max(1.5 * h, 0.035 * (one.end - one.start))
    return abs(one.start - other.start) < reach and abs(one.end - other.end) < reach


def _heights(group: Sequence[Ruling], h: float) -> tuple[float, ...]:
    heights: list[list[float]] = []
    for at in sorted(r.at for r in group):
        if heights and at - heights[-1][-1] < 0.5 * h:
            heights[-1].append(at)
        else:
            heights.append([at])
    return tuple(float(np.mean(x)) for x in heights)


def free_blocks(boxes: Boxes, h: float) -> list[Block]:
    """Successive bands of print without a gap of several lines, from the first to the last one that holds
    more than one piece."""
    blocks: list[list[Band]] = []
    for band in bands(boxes, h):
        if blocks and band.top - blocks[-1][-1].bottom < 3.5 * h:
            blocks[-1].append(band)
        else:
            blocks.append([band])
    found = []
    for block in blocks:
        several = [i for i, band in enumerate(block) if len(band.pieces) > 1]
        if len(several) < 4:
            continue
        own = np.concatenate([b.pieces for b in block[several[0] : several[-1] + 1]])
        found.append(Block(own, float(own[:, 0].min()) - 0.5 * h, float(own[:, 2].max()) + 0.5 * h))
    return found
