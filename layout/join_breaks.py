"""What a page's end does to a table's rows: a row cut in two, merged labels that go on below."""

import re
import unicodedata
from collections.abc import Container, Sequence
from dataclasses import replace
from itertools import pairwise

from rapidfuzz import fuzz

from shenbao.models.plain import COMPARISONS, plain
from shenbao.models.stages import WRAPPED, JoinedCell, Part, ReadCell, ReadLine

SAME_LABEL = 80.0
"""Likeness (0 to 100) from which a merged label counts as printed again."""

MISREAD = 60.0
"""The same where a row's other cells tell, too."""

ITEM = re.compile(r"(?:目标)?[(（]?(\d{1,2})[)）、.．:]\D")

MONTH = re.compile(r"\d{4}年\d{1,2}月(?:底|前|\d{1,2}日)?")

WORD = re.compile(r"[〔（(\[【《“]*[0-9A-Za-z./%-]+[〕）)\]】》”]*")
HALVES = re.compile(r"^[〔（(\[【《“]|[〕）)\]】》”，。、；：]$")
"""Signs at a line's ends that leave half of their own width blank there."""

HAN = re.compile(r"[\u4e00-\u9fff]")

LEFT, WORDS = HAN, re.compile(r"[\u4e00-\u9fff]{4,}")
"""What is left of a word that a page's end cut, and the words above it, which a unit or a yes is too short for."""

FLAT = 2.0
"""Width of a character, in heights of its line, from which its line is cut lengthwise."""

CUT = 0.5
"""Height of a line, as a share of the label's above, below which its characters are cut lengthwise."""

UNSURE = 0.7
"""Probability of a line's weakest character below which figures and signs under a label may be dirt."""

Pair = tuple[JoinedCell, JoinedCell]
"""A cell and the one of the next page that stands below it."""

Facing = list[tuple[JoinedCell | None, JoinedCell]]
"""The cells at the top of a following page, left to right, each with the one it stands under."""


def put_below(
    cells: list[JoinedCell], own: list[JoinedCell], base: int, known: Container[str]
) -> tuple[list[JoinedCell], int]:
    """The cells of a following page, placed from row `base` on, added to those above.

    Returns all cells, and by how many rows the table is lower since the page's end had cut a row: 0 or 1.
    """
    facing = _facing(cells, own, base)
    if _is_cut(facing, [*cells, *own], known):
        return _mend(facing, cells, own, known), 1
    return _carry_on(facing, cells, own, known), 0


def is_number(text: str) -> bool:
    return text.replace(".", "").replace(",", "").isdigit()


def _facing(cells: list[JoinedCell], own: list[JoinedCell], base: int) -> Facing:
    above = {(c.col, c.col_span): c for c in cells if c.row + c.row_span == base}
    top = sorted((c for c in own if c.row == base), key=lambda c: c.col)
    return [(above.get((c.col, c.col_span)), c) for c in top]


def _is_cut(facing: Facing, cells: list[JoinedCell], known: Container[str]) -> bool:
    """Whether the page's end cut a row in two.

    Then all columns go on, and what goes on in words had filled its last line: it was wrapped. Either no
    ruling closes the row on both pages, or, beside the merged labels, the second piece holds much less
    than the first, or lacks what every other row has, or what goes on began alike (`_ran_over`). Numbers, values
    and labels of their own do not go on: where one stands under another, these are two rows.
    """
    both = [(over, cell) for over, cell in facing if over is not None]
    if len(facing) < 2 or len(both) < len(facing):
        return False
    single = [(over, cell) for over, cell in both if over.row_span == cell.row_span == 1]
    on = [
        (over, cell) for over, cell in single if cell.text and not _is_dot(cell) and not _is_seals(over, cell)
    ]
    if any(_is_another(over, cell, known) for over, cell in both):
        return False
    flows = all(_is_full(over, cell) for over, cell in on)
    clear = all(_is_full(over, cell) for over, cell in on if not _is_sealed(over, cell))
    if clear and all(_is_open(o.parts[-1].cell, 1) and _is_open(c.parts[0].cell, 0) for o, c in both):
        return True
    if flows and 0 < len(on) <= sum(bool(over.text) for over, _ in single) / 2:
        return True
    if _cuts_label(single, known):
        return True
    return _lacks(single, cells, known) or _ran_over(both, single, cells, known)


def _is_dot(cell: JoinedCell) -> bool:
    """Whether a lone stop stands in a cell, as dirt does."""
    return len(plain(cell.text)) == 1 and unicodedata.category(plain(cell.text)) == "Po"


def _cuts_label(single: Sequence[Pair], known: Container[str]) -> bool:
    """Whether a known label was cut in two that is not merged over two rows: beside it, to its left, stand words of their own
    on both pages, and labels are merged from the left."""
    own = False
    for over, cell in single:
        if own and _ends_word(over, cell, known):
            return True
        told = over.text and cell.text and not _printed_again(over, cell, known)
        own = own or bool(told and not _ends_word(over, cell, known))
    return False


def _lacks(single: Sequence[Pair], cells: list[JoinedCell], known: Container[str]) -> bool:
    """Whether a row's second piece is blank where no other row is, in three columns, and what else stands in it than
    labels printed again goes on: in cells that had as many lines as any, and more than one, or, beside such a label, in full ones."""
    blank = [c for o, c in single if o.text and not c.text]
    always = [
        c for c in blank if sum(bool(x.text) for x in _column(c, cells)) == len(_column(c, cells)) - 1 >= 3
    ]
    room = max((_line_count(o) for o, _ in single), default=0)
    filled = [(o, c) for o, c in single if c.text]
    on = [(o, c) for o, c in filled if not _says_label(o, c, known)]
    wrapped = room > 1 and all(_line_count(o) == room for o, _ in on)
    beside_label = len(on) < len(filled) and all(_is_full(o, c) for o, c in on)
    return len(always) >= 3 and 0 < len(on) <= len(blank) and (wrapped or beside_label)


def _is_seals(over: JoinedCell, cell: JoinedCell) -> bool:
    """Whether what is read in a cell under a seal is the seal's own: it would go on from an empty cell."""
    return cell.is_sealed and not over.text


def _is_sealed(over: JoinedCell, cell: JoinedCell) -> bool:
    """Whether a seal lies on one of two cells: what is read there may be its own characters."""
    return over.is_sealed or cell.is_sealed


def _ran_over(
    both: Sequence[Pair], single: Sequence[Pair], cells: list[JoinedCell], known: Container[str]
) -> bool:
    """Whether most of a row's cells ran over the page's end.

    All of them had filled as many lines, none of the others more, or were not at their end by what they say.
    One more sign that this is no chance: a known label is cut in two by it, two labels are printed again, one is, or
    ends, beside a list that goes on, or a cell ends there while three others go on, or two where its column holds no
    other blank.
    """
    again = [(o, c) for o, c in single if _printed_again(o, c, known)]
    on = [(o, c) for o, c in single if c.text and (o, c) not in again]
    room = max((_line_count(o) for o, _ in single), default=0)
    if not on or not all(_is_begun(o, c, room, known) for o, c in on):
        return False
    if any(_ends_word(o, c, known) for o, c in both) or len(again) >= 2:
        return True
    ended = [c for o, c in single if o.text and not c.text]
    if (again or ended) and all(_lists_on(o, c) for o, c in on):
        return True
    alone = any(all(x.text for x in _column(c, cells) if x is not c) for c in ended)
    return len(on) >= (2 if alone else 3) and bool(ended or again)


def _is_begun(over: JoinedCell, cell: JoinedCell, room: int, known: Container[str]) -> bool:
    """Whether what stands above is not at its end: a word or line was cut, a list or what a colon announces follows."""
    if _ends_word(over, cell, known) or _is_full(over, cell) and _line_count(over) == room:
        return True
    return plain(over.text).endswith(":") or _lists_on(over, cell)


def _lists_on(over: JoinedCell, cell: JoinedCell) -> bool:
    """Whether a cell begins with the next item of the list above it."""
    lines = (line.reading.text for part in over.parts for line in part.cell.lines)
    items = [number for line in lines if (number := _item(line))]
    return bool(items) and _item(cell.text) == items[-1] + 1


def _item(text: str) -> int | None:
    """The number that an item of a list begins with."""
    found = ITEM.match(plain(text))
    return int(found[1]) if found else None


def _is_another(over: JoinedCell, cell: JoinedCell, known: Container[str]) -> bool:
    """Whether a cell holds something of its own, rather than the rest of what stands above it."""
    begun, text = plain(over.text), plain(cell.text)
    if over.row_span == cell.row_span == 1 and MONTH.fullmatch(begun) and MONTH.fullmatch(text):
        return True
    if not begun or not text or begun == text or _ends_word(over, cell, known):
        return False
    least = 2 if over.row_span > 1 else 4
    if len(text) >= least and begun.startswith(text):  # printed again as far as it was read
        return False
    if is_number(begun) and is_number(text) or text.startswith(COMPARISONS) or _is_next_row(begun, text):
        return True
    return text in known and (len(text) > 3 or begun in known)


def _is_next_row(begun: str, text: str) -> bool:
    """Whether two cells are numbered rows, 3.… above 4.…: a list within a cell would begin with its first item."""
    number, following = _item(begun), _item(text)
    return number is not None and number > 1 and following == number + 1


def _same_label(over: JoinedCell, cell: JoinedCell, known: Container[str]) -> bool:
    return plain(over.text) == plain(cell.text) and plain(cell.text) in known


def _says_so_far(over: JoinedCell, cell: JoinedCell, known: Container[str]) -> bool:
    """Whether a cell repeats the label above, or its beginning, as much as there was room for."""
    text, begun = plain(cell.text), plain(over.text)
    begins = len(text) > 2 and text not in known and begun != text and begun.startswith(text)
    return begins or _same_label(over, cell, known)


def _says_label(over: JoinedCell, cell: JoinedCell, known: Container[str]) -> bool:
    """Whether a cell repeats the label above, though some of its signs were misread."""
    return plain(over.text) in known and fuzz.ratio(plain(over.text), plain(cell.text)) >= MISREAD


def _printed_again(over: JoinedCell, cell: JoinedCell, known: Container[str]) -> bool:
    """Whether a cell holds the label above once more, as it is or misread as none."""
    misread = plain(cell.text) not in known and _says_label(over, cell, known)
    return misread or _same_label(over, cell, known)


def _line_count(cell: JoinedCell) -> int:
    return sum(bool(line.reading.chars) for line in cell.parts[-1].cell.lines)


def _is_full(over: JoinedCell, cell: JoinedCell) -> bool:
    """Whether the last line of a cell leaves no room for two more characters, or for the number or word in
    letters that the cell below begins with, in its brackets: these are not parted."""
    lines = [line for line in over.parts[-1].cell.lines if line.reading.chars]
    if not lines:
        return False
    x0, _, x1, _ = lines[-1].box
    left, _, right, _ = over.parts[-1].cell.place.box
    word = WORD.match(cell.text)
    room = WRAPPED + (max(0.0, _width(word[0]) - 1.0) if word else 0.0)
    height = max(y1 - y0 for _, y0, _, y1 in (line.box for line in (*lines, *cell.lines)))
    unseen = 0.5 * sum(bool(part) for part in HALVES.findall(lines[-1].reading.text))
    return (right - left) - (x1 - x0) < (room + unseen) * height


def _width(text: str) -> float:
    """Width of print, in characters: letters and figures are half as wide as others."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.55 for char in text)


def _is_open(cell: ReadCell, side: int) -> bool:
    """Whether the top (0) or bottom (1) side of a cell was not drawn."""
    return cell.place.drawn[side] < 0.3


def _mend(
    facing: Facing, cells: list[JoinedCell], own: list[JoinedCell], known: Container[str]
) -> list[JoinedCell]:
    """The two pieces of a cut row put together, cell by cell; the rows after it move up by one."""
    pairs = {c: over for over, c in facing if over is not None}
    kept = [c for c in cells if c not in pairs.values()]
    mended = []
    for cell, over in pairs.items():
        again = _repeats(over, cell, known) or _printed_again(over, cell, known)
        parts = _parts_of(over, cell, known) if again else cell.parts
        mended.append(_grown(over, cell.row_span - 1, parts))
    return kept + mended + [replace(c, row=c.row - 1) for c in own if c not in pairs]


def _carry_on(
    facing: Facing, cells: list[JoinedCell], own: list[JoinedCell], known: Container[str]
) -> list[JoinedCell]:
    """Adds the cells of a following page; merged label cells go on in the cells that they stand under.

    From the left, cells at the top of the page continue what they stand under when they are merged and
    empty, repeat the label above, or end a word that it began. Of cells that are one row high on both
    pages, at most two empty ones may: a row with more blanks has them of its own, but for columns that
    are merged and hold none elsewhere. So has one in columns that leave cells blank and merge none.
    """
    pairs: dict[JoinedCell, JoinedCell] = {}
    repeated = False
    for over, cell in facing:
        if over is None:
            break
        again = _repeats(over, cell, known) or (
            repeated and _says_so_far(over, cell, known) and _merges_all(_column(cell, [*cells, *own]))
        )
        if not (again or _is_blank(over, cell, known) or _ends_word(over, cell, known)):
            break
        repeated = repeated or again
        pairs[cell] = over
    low = [c for c, over in pairs.items() if c.row_span == over.row_span == 1 and not c.text]
    columns = {c: _column(c, [*cells, *own]) for c in low}
    blank = [c for c in low if len(low) > 2 and not _is_filled(columns[c], c, pairs[c])]
    blank += [c for c in low if _has_blanks(columns[c], c, pairs[c])]
    first = min((c.col for c in blank), default=None)
    pairs = {c: over for c, over in pairs.items() if first is None or c.col < first or c not in low}
    kept = [c for c in cells if c not in pairs.values()]
    grown = [_grown(over, c.row_span, _parts_of(over, c, known)) for c, over in pairs.items()]
    return kept + grown + [c for c in own if c not in pairs]


def _column(cell: JoinedCell, cells: list[JoinedCell]) -> list[JoinedCell]:
    """The cells that are in the same column as one of them, and as wide, top to bottom."""
    place = (cell.col, cell.col_span)
    return sorted((c for c in cells if (c.col, c.col_span) == place), key=lambda c: c.row)


def _merges_all(column: Sequence[JoinedCell]) -> bool:
    """Whether a column merges what is alike: nowhere on one page does a text stand under the same."""
    alike = (
        a.text and plain(a.text) == plain(b.text) and a.parts[-1].page == b.parts[0].page
        for a, b in pairwise(column)
    )
    return any(c.row_span > 1 for c in column) and not any(alike)


def _has_blanks(column: Sequence[JoinedCell], cell: JoinedCell, over: JoinedCell) -> bool:
    """Whether a column leaves cells of one row blank elsewhere, two at least, and merges none."""
    others = [c for c in column if c is not cell and c is not over]
    return sum(not c.text for c in others) >= 2 and all(c.row_span == 1 for c in others)


def _is_filled(column: Sequence[JoinedCell], cell: JoinedCell, over: JoinedCell) -> bool:
    """Whether a column is merged somewhere and holds no other blank."""
    others = [c for c in column if c is not cell]
    return over.text != "" and any(c.row_span > 1 for c in others) and all(c.text for c in others)


def _is_blank(over: JoinedCell, cell: JoinedCell, known: Container[str]) -> bool:
    """Whether a cell is empty; in one merged with words above, a sign that is none is a speck, and any that
    is no label below a label. So are several of them, each on a line of its own, or more that was hardly read, and the lower
    edge of a label that was too long for the repeated header above."""
    specks = [plain(line) for line in cell.text.split("\n")]
    lone = len(specks) == 1 and plain(over.text) in known and cell.text not in known
    other = lone or not HAN.search(cell.text)
    unsure = plain(over.text) in known and all(
        x.reading.weakest < UNSURE for x in cell.lines if x.reading.chars
    )
    few = all(len(x) <= 1 for x in specks) or unsure and not HAN.search(cell.text)
    speck = (few and other) or _is_edge(over, cell)
    merged = over.row_span > 1 or cell.row_span > 1
    return not cell.text or (merged and speck and HAN.search(over.text) is not None)


def _is_edge(over: JoinedCell, cell: JoinedCell) -> bool:
    """Whether its lines are far too low for what was read in them, and hold no word, or too low for any beside those
    of the label above: characters cut lengthwise."""
    lines = [line for line in cell.lines if line.reading.chars]
    flat = all(
        line.box[2] - line.box[0] > FLAT * len(line.reading.chars) * (line.box[3] - line.box[1])
        for line in lines
    )
    if flat and not HAN.search(cell.text):
        return True
    whole = max((_size(line) for line in over.lines if line.reading.chars), default=0.0)
    return bool(lines) and all(line.box[3] - line.box[1] < CUT * whole for line in lines)


def _size(line: ReadLine) -> float:
    """How large a line's characters are, in pixels: as high as it, and no larger than they have room to be."""
    x0, y0, x1, y1 = line.box
    return min(y1 - y0, (x1 - x0) / len(line.reading.chars))


def _parts_of(over: JoinedCell, cell: JoinedCell, known: Container[str]) -> tuple[Part, ...]:
    """The parts that a label goes on in: without their lines where these only repeat it."""
    if cell.text and _ends_word(over, cell, known):
        return cell.parts
    return tuple(replace(p, cell=replace(p.cell, lines=())) for p in cell.parts)


def _ends_word(over: JoinedCell, cell: JoinedCell, known: Container[str]) -> bool:
    """Whether the page's end cut a known label in two: 服务对象满|意度, 服务对象|满意度指标; or any word, of which one
    character is left: 体制机制改|革."""
    begun, ended = plain(over.text), plain(cell.text)
    if LEFT.fullmatch(ended) and WORDS.fullmatch(begun) and ended not in known and _is_full(over, cell):
        return True
    two_labels = begun in known and ended in known and not _is_full(over, cell)
    return bool(begun and ended) and not two_labels and begun + ended in known


def _repeats(over: JoinedCell, cell: JoinedCell, known: Container[str]) -> bool:
    """Whether a merged label is printed again, or as much of it as there was room for, or its end, the rest of it being
    cut off by the header above: 年度绩效目标 and 年度绩效指标 are alike, but two known labels."""
    merged = over.row_span > 1 or cell.row_span > 1
    one, other = plain(over.text), plain(cell.text)
    two_labels = one != other and one in known and other in known
    begins = over.row_span > 1 and len(other) > 1 and one.startswith(other)
    ends = over.row_span > 1 and len(other) > 1 and one in known and one.endswith(other)
    return merged and (begins or not two_labels and (ends or fuzz.ratio(one, other) >= SAME_LABEL))


def _grown(over: JoinedCell, rows: int, parts: tuple[Part, ...]) -> JoinedCell:
    flags = (*over.flags, "joined_over_pages")
    return replace(over, row_span=over.row_span + rows, parts=over.parts + parts, flags=flags)
