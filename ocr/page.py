"""FlatPage and grids -> read cells and read lines: every line of a page is read in one go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.free_lines import combined, holds_prose, joined_pieces
from shenbao.layout.lines import CellInk, cut, find_free_lines, lines_of_cells
from shenbao.layout.order import reading_order
from shenbao.models.document import Polygon
from shenbao.models.stages import Box, FlatPage, Grid, GridCell, Image, ReadCell, Reading, ReadLine
from shenbao.ocr.beside import DARK, Unread, goes_on, unread_ink, wider_line
from shenbao.ocr.check_boxes import with_check_boxes
from shenbao.ocr.dashes import with_dashes, with_ranges
from shenbao.ocr.decode import condensed
from shenbao.ocr.dirt import Line, without_dirt
from shenbao.ocr.engine import LineReader
from shenbao.ocr.holes import with_left_out
from shenbao.ocr.lost_signs import with_lost_signs
from shenbao.ocr.middle_dots import with_middle_dots
from shenbao.ocr.second_look import DOUBTFUL, Others, affordable, look_again
from shenbao.ocr.signs import with_bars
from shenbao.ocr.soften import softened
from shenbao.ocr.stops import with_marks
from shenbao.ocr.stray import is_stray
from shenbao.ocr.turned import with_turned

LOST = 60
"""Grey levels by which a pixel must have become paler to count as wiped."""

TOUCHED = 0.01
"""Wiped area of a line, in squares of the character height, from which it is looked at unwiped, too."""

SURE_FAINT = 0.8
"""Probability of its weakest character from which a line that is faint all over is print, and no trace of dirt."""


def read_page(
    page: FlatPage,
    grids: Sequence[Grid],
    engine: LineReader,
    second_look: float = 0.0,
    unwiped: FlatPage | None = None,
) -> tuple[list[tuple[ReadCell, ...]], list[ReadLine]]:
    """The cells of each grid with their lines read, and the lines outside tables in reading order.

    Lines inside cells are found from ink. A page without a table may be anything, and prose needs its
    lines told apart: there the engine's detector helps. Some lines are read again, at the cost of at
    most `second_look` as a share of that of all lines. `unwiped` is the page before streaks were
    wiped off it: lines that lost ink by that are looked at there, too.
    """
    around = [nested_boxes(g, grids) for g in grids]
    bare = [_blanked(page, boxes) for boxes in around]
    inks = lines_of_cells(grids, bare)
    free = _free_lines(page, grids, engine)
    shown = softened(page)
    dark = _dark_ink(bare)
    spots = [
        _Spot(p, line, ink.inner, ink.foreign(line), d)
        for group, p, d in zip(inks, [_blanked(shown, boxes) for boxes in around], dark, strict=True)
        for ink in group
        for line in ink.lines
    ]
    height, width = page.grey.shape
    spots += [_Spot(shown, box, (0.0, 0.0, float(width), float(height))) for box in free]
    lost = _wiped(page, unwiped)
    spots, readings = _read_spots(spots, engine, second_look, unwiped, lost)
    lines = iter([ReadLine(spot.line, reading) for spot, reading in zip(spots, readings, strict=True)])
    tables = [
        [
            _read_cell(page, cell, polygon, _Inked(ink, d, lost), lines, cell_flags(g, cell, boxes))
            for cell, polygon, ink in zip(
                g.cells, page.polygons([c.box for c in g.cells]), group, strict=True
            )
        ]
        for g, group, d, boxes in zip(grids, inks, dark, around, strict=True)
    ]
    return [_condensed(with_dashes(with_turned(page, cells, engine))) for cells in tables], list(lines)


def _read_spots(
    spots: Sequence["_Spot"],
    engine: LineReader,
    second_look: float,
    unwiped: FlatPage | None,
    lost: Image | None,
) -> tuple[list["_Spot"], list[Reading]]:
    """What stands at each spot, some of which reach farther than they seemed to; `lost` as from `_wiped`."""
    pictures = [spot.picture(spot.page) for spot in spots]
    first = engine.read_lines(pictures)
    found, others = list(spots), Others()
    if second_look:
        found, pictures, first = _with_ink_beside(spots, pictures, first, engine, second_look)
        others = _other_pictures(unwiped, lost, found, first)
    looked = look_again(pictures, first, engine, second_look, others)
    boxed = [with_check_boxes(picture, read) for picture, read in zip(pictures, looked, strict=True)]
    told = [
        with_ranges(with_middle_dots(picture, reading))
        for picture, reading in zip(pictures, with_bars(pictures, boxed), strict=True)
    ]
    heights = [spot.page.char_height for spot in found]
    if not second_look:
        return found, told
    return found, with_lost_signs(pictures, with_left_out(pictures, told, engine), heights, engine)


def _with_ink_beside(
    spots: Sequence["_Spot"],
    pictures: Sequence[Image],
    first: Sequence[Reading],
    engine: LineReader,
    second_look: float,
) -> tuple[list["_Spot"], list[Image], list[Reading]]:
    """Spots, pictures and readings, those with the ink beside them where that goes on with the line."""
    wider = {k: found for k, spot in enumerate(spots) if (found := spot.wider()) is not None}
    wanted = {k: spot.picture(spot.page) for k, spot in wider.items()}
    tried = affordable(wanted, pictures, second_look)
    places, shown, readings = list(spots), list(pictures), list(first)
    for (k, picture), reading in zip(tried.items(), engine.read_lines(list(tried.values())), strict=True):
        if goes_on(first[k], reading):
            places[k], shown[k], readings[k] = wider[k], picture, reading
    return places, shown, readings


@dataclass(frozen=True, eq=False)
class _Spot:
    """Where a line stands: on which page, in which box, and in what that lies. `foreign` as from `CellInk`; `dark`
    is the page's ink, of lines in cells."""

    page: FlatPage
    line: Box
    within: Box
    foreign: NDArray[np.bool_] | None = None
    dark: Image | None = None

    def wider(self) -> "_Spot | None":
        """The spot with the ink beside the line; None where there is none."""
        if self.dark is None:
            return None
        line = wider_line(self.dark, self.line, self.within, self.page.char_height)
        return None if line is None else replace(self, line=line, foreign=None)

    def picture(self, page: FlatPage) -> Image:
        """The line as it is on a page."""
        return cut(page, self.line, self.within, self.foreign)

    @property
    def painted(self) -> int:
        """Pixels of the line that are painted over in its picture."""
        if self.foreign is None:
            return 0
        left, top = round(self.within[0]), round(self.within[1])
        x0, y0, x1, y1 = (round(v) for v in self.line)
        return int(self.foreign[max(0, y0 - top) : y1 - top, max(0, x0 - left) : x1 - left].sum())

    def marked(self) -> Image | None:
        """The line with the marks left in that may be stops; None where there are none."""
        return None if self.foreign is None else with_marks(self.page, self.line, self.within, self.foreign)


def _other_pictures(
    unwiped: FlatPage | None, lost: Image | None, spots: Sequence[_Spot], readings: Sequence[Reading]
) -> Others:
    """What lines look like with marks in them that may be stops, before streaks were wiped off, and,
    for doubtful lines, with nothing painted over. `lost` as from `_wiped`."""
    marked = {number: picture for number, spot in enumerate(spots) if (picture := spot.marked()) is not None}
    unpainted = {
        number: cut(spot.page, spot.line, spot.within)
        for number, (spot, reading) in enumerate(zip(spots, readings, strict=True))
        if reading.weakest < DOUBTFUL and spot.painted > TOUCHED * spot.page.char_height**2
    }
    if unwiped is None or lost is None:
        return Others(marked, {}, unpainted)
    return Others(marked, _before_wiping(unwiped, lost, spots), unpainted)


def _wiped(page: FlatPage, unwiped: FlatPage | None) -> Image | None:
    """Mask (255) of what was wiped off a page; None where nothing was."""
    if unwiped is None or unwiped.grey is page.grey:
        return None
    _, lost = cv2.threshold(cv2.subtract(page.grey, unwiped.grey), LOST, 255, cv2.THRESH_BINARY)
    return np.asarray(lost, np.uint8)


def _dark_ink(pages: Sequence[FlatPage]) -> list[Image]:
    """For each page the ink that is as dark as print at its palest (255); pages that are one share one mask."""
    made: dict[int, Image] = {}
    for page in pages:
        if id(page) not in made:
            _, ink = cv2.threshold(page.grey, DARK, 255, cv2.THRESH_BINARY_INV)
            made[id(page)] = np.asarray(ink, np.uint8)
    return [made[id(page)] for page in pages]


def _before_wiping(unwiped: FlatPage, lost: Image, spots: Sequence[_Spot]) -> dict[int, Image]:
    """Pictures of the lines that lost ink, by their number, from the page that still has it."""
    found = []
    for number, spot in enumerate(spots):
        x0, y0, x1, y1 = (round(v) for v in spot.line)
        if cv2.countNonZero(lost[y0:y1, x0:x1]) > TOUCHED * unwiped.char_height**2:
            found.append(number)
    shown = softened(unwiped) if found else unwiped
    return {number: spots[number].picture(shown) for number in found}


def _condensed(cells: Sequence[ReadCell]) -> tuple[ReadCell, ...]:
    """The cells with short lattices: what comes after sees nothing else of them, and may have to be sent."""
    return tuple(
        replace(cell, lines=tuple(replace(n, reading=condensed(n.reading)) for n in cell.lines))
        for cell in cells
    )


def _free_lines(page: FlatPage, grids: Sequence[Grid], engine: LineReader) -> list[Box]:
    """The lines outside tables in reading order."""
    h = page.char_height
    inked = joined_pieces(find_free_lines(page, grids), h)
    free = inked
    if not grids or holds_prose(inked, h):
        free = combined(engine.find_lines(page.grey), inked, grids, h)
    boxes = [*free, *(grid.box for grid in grids)]
    order = reading_order(boxes, h)
    return [boxes[i] for run in order for i in run if i < len(free)]


@dataclass(frozen=True, eq=False)
class _Inked:
    """A cell's print, the ink of its page, dark and wiped off (255), the latter None where nothing was."""

    ink: CellInk
    dark: Image
    lost: Image | None

    def unread(self, lines: Sequence[ReadLine], h: float) -> Unread:
        """The ink of the cell that `lines` leave; `h` is the character height."""
        read = [line.box for line in lines if line.reading.chars]
        return unread_ink(self.dark, self.lost, read, self.ink.inner, h)


def _read_cell(
    page: FlatPage,
    cell: GridCell,
    polygon: Polygon,
    inked: _Inked,
    readings: Iterator[ReadLine],
    flags: tuple[str, ...],
) -> ReadCell:
    ink, h = inked.ink, page.char_height
    x0, y0, x1, y1 = (round(v) for v in ink.inner)
    stain = page.stain[y0:y1, x0:x1]
    read = [next(readings) for _ in ink.lines]
    lines = [Line(n.box, n.reading, _ink(page, n.box), _stained(page, n.box)) for n in read]
    kept = without_dirt(lines, ink.inner, h)
    kept = [Reading(()) if f and r.weakest < SURE_FAINT else r for r, f in zip(kept, ink.faint, strict=True)]
    left = [replace(line, reading=reading) for line, reading in zip(lines, kept, strict=True)]
    if is_stray(left, ink.inner, h, sealed=bool(cv2.countNonZero(stain))):
        kept = [Reading(())] * len(kept)
    found = tuple(ReadLine(line.box, reading) for line, reading in zip(read, kept, strict=True))
    unread = inked.unread(found, h)
    return ReadCell(
        place=cell,
        polygon=polygon,
        lines=found,
        ink=ink.share,
        stained=float((stain > 0).mean()) if stain.size else 0.0,
        touching=ink.touching,
        flags=flags,
        beside=unread.beside,
        apart=unread.apart,
        wiped=unread.wiped,
    )


def nested_boxes(grid: Grid, grids: Sequence[Grid]) -> list[Box]:
    """The boxes of the tables that stand in cells of a grid."""
    x0, y0, x1, y1 = grid.box
    boxes = [g.box for g in grids if g is not grid]
    return [b for b in boxes if x0 < b[0] and y0 < b[1] and b[2] < x1 and b[3] < y1]


def _blanked(page: FlatPage, boxes: Sequence[Box]) -> FlatPage:
    """The page with paper in the boxes, for reading what stands around them."""
    if not boxes:
        return page
    grey, ink, strong = page.grey.copy(), page.ink.copy(), page.strong.copy()
    pad = 0.2 * page.char_height
    for x0, y0, x1, y1 in boxes:
        place = slice(round(y0 - pad), round(y1 + pad)), slice(round(x0 - pad), round(x1 + pad))
        grey[place], ink[place], strong[place] = 255, 0, 0
    return replace(page, grey=grey, ink=ink, strong=strong)


def cell_flags(grid: Grid, cell: GridCell, nested: Sequence[Box]) -> tuple[str, ...]:
    x0, y0, x1, y1 = cell.box
    holds = any(x0 < (b[0] + b[2]) / 2 < x1 and y0 < (b[1] + b[3]) / 2 < y1 for b in nested)
    return ("unruled",) * (not grid.ruled) + ("nested_table",) * holds


def _stained(page: FlatPage, box: Box) -> float:
    """The share of a box and its surroundings that is under a seal."""
    around = round(0.3 * page.char_height)
    x0, y0, x1, y1 = (round(v) for v in box)
    stain = page.stain[max(0, y0 - around) : y1 + around, max(0, x0 - around) : x1 + around]
    return cv2.countNonZero(stain) / stain.size if stain.size else 0.0


def _ink(page: FlatPage, box: Box) -> float:
    """Pixels of print inside a box."""
    x0, y0, x1, y1 = (round(v) for v in box)
    return float(cv2.countNonZero(page.strong[y0:y1, x0:x1]))
