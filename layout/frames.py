"""Frames of square name seals that stand upright or nearly so: on a grey copy their sides look like rulings.

Four lines that close a square no larger than a seal, and through which rulings go: no cell is like that. Where a
frame slants or has paled in part, its sides are told one by one: they are thicker than rulings, and end anywhere.
So do pieces of a ruling that a fax broke, but together they go on farther than a seal.
"""

from collections.abc import Sequence
from itertools import combinations

from shenbao.layout.straighten import weighted_median
from shenbao.models.stages import FlatMark, Ruling

SIDES = (3.5, 12.0)
"""Side of a square seal, in character heights."""

SQUARE = 0.75
"""Least ratio of its sides."""

NEAR = 0.6
"""Character heights within which its sides meet at a corner: it may lean a little."""

THICK = 1.4
"""Times the usual thickness of rulings from which three sides tell a frame, where the fourth has paled."""

MET = 0.3
"""Character heights from a ruling's middle within which what ends at it ends."""

EVEN = 0.1
"""Character heights within which pieces of one ruling lie in one line."""

CUT = 3
"""Lines that end side by side where a table is cut."""

SURE = 0.9
"""Probability that such a frame is a seal."""


def part_frames(lines: Sequence[Ruling], h: float) -> tuple[list[Ruling], tuple[FlatMark, ...]]:
    """The lines that are rulings, and the seals that the others draw."""
    left, seals = list(lines), []
    usual = weighted_median([x.thickness for x in lines], [x.end - x.start for x in lines])
    short = [x for x in lines if SIDES[0] * h <= x.end - x.start <= SIDES[1] * h]
    for one, other in combinations(short, 2):
        sides = _frame(one, other, short, usual, h)
        if not sides or not all(x in left for x in sides):
            continue
        inside = [x for x in left if x not in sides and _is_inside(x, one, other, h)]
        rest = [x for x in left if x not in sides and x not in inside]
        if any(_goes_through(x, one, other, h) for x in rest):
            left = rest
            seals.append(_seal(one, other))
    return _without_strokes(left, usual, h), tuple(seals)


def _without_strokes(lines: list[Ruling], usual: float, h: float) -> list[Ruling]:
    """The lines without those, no longer than a seal's side, that are thicker than rulings and do not go from one
    line to another one or to an open end of the table: sides of seals that slant, arcs of rings."""

    def is_loose(x: Ruling) -> bool:
        if x.end - x.start > SIDES[1] * h or x.thickness <= THICK * usual:
            return False
        ends = all(
            _ends_at_one(x.at, end, x.horizontal, lines, h) or _ends_with_others(x, end, lines, h)
            for end in (x.start, x.end)
        )
        return not ends and not _goes_on(x, lines, h)

    left = [x for x in lines if not is_loose(x)]
    return left if len(left) == len(lines) else _without_strokes(left, usual, h)


def _goes_on(line: Ruling, lines: Sequence[Ruling], h: float) -> bool:
    """Whether the lines in line with one, itself among them, begin and end farther apart than a seal does."""
    alike = [x for x in lines if x.horizontal == line.horizontal and abs(x.at - line.at) < EVEN * h]
    return max(x.end for x in alike) - min(x.start for x in alike) > SIDES[1] * h


def _ends_at_one(at: float, end: float, horizontal: bool, lines: Sequence[Ruling], h: float) -> bool:
    """Whether what ends there, at its place across, ends at one of the lines that cross it."""
    reach = MET * h
    return any(
        x.horizontal != horizontal and abs(x.at - end) < reach and x.start - reach < at < x.end + reach
        for x in lines
    )


def _ends_with_others(line: Ruling, end: float, lines: Sequence[Ruling], h: float) -> bool:
    """Whether several lines beside one end where it does, as at the end of a page that cuts a table."""
    alike = [
        x
        for x in lines
        if x.horizontal == line.horizontal and min(abs(x.start - end), abs(x.end - end)) < MET * h
    ]
    return len(alike) > CUT


def with_frames(marks: Sequence[FlatMark], frames: Sequence[FlatMark]) -> tuple[FlatMark, ...]:
    """The marks of a page and those frames that are none of its seals already."""
    seals = [m for m in marks if m.kind == "seal"]
    return (*(f for f in frames if not any(_covers(s, f) for s in seals)), *marks)


def _covers(seal: FlatMark, frame: FlatMark) -> bool:
    return max(abs(seal.x - frame.x), abs(seal.y - frame.y)) < 0.3 * max(seal.width, frame.width)


def _frame(one: Ruling, other: Ruling, lines: list[Ruling], usual: float, h: float) -> list[Ruling]:
    """The sides of the frame of which two lines are opposite ones, three at least; none where there is none."""
    first, last = min(one.at, other.at), max(one.at, other.at)
    if one.horizontal != other.horizontal or not _is_square(last - first, one.end - one.start, h):
        return []
    if max(abs(one.start - other.start), abs(one.end - other.end)) > NEAR * h:
        return []
    corners = (one.start + other.start) / 2, (one.end + other.end) / 2
    beside = [
        x
        for x in lines
        if x.horizontal != one.horizontal and max(abs(x.start - first), abs(x.end - last)) < NEAR * h
    ]
    ends = [min(found, key=lambda x: x.thickness) for c in corners if (found := _at(beside, c, h))]
    sides = [one, other, *ends]
    thick = all(x.thickness > THICK * usual for x in sides)
    return sides if len(ends) == 2 or ends and thick else []


def _at(lines: list[Ruling], place: float, h: float) -> list[Ruling]:
    return [x for x in lines if abs(x.at - place) < NEAR * h]


def _is_square(one: float, other: float, h: float) -> bool:
    low, high = sorted((one, other))
    return SIDES[0] * h <= low and high <= SIDES[1] * h and low > SQUARE * high


def _box(line: Ruling, one: Ruling, other: Ruling) -> tuple[tuple[float, float], tuple[float, float]]:
    """From where to where a frame goes along a line, and across it."""
    along = min(one.start, other.start), max(one.end, other.end)
    across = min(one.at, other.at), max(one.at, other.at)
    return (along, across) if line.horizontal == one.horizontal else (across, along)


def _is_inside(line: Ruling, one: Ruling, other: Ruling, h: float) -> bool:
    (start, end), (low, high) = _box(line, one, other)
    reach = NEAR * h
    return (
        start - reach < line.start and line.end < end + reach and low - reach / 2 < line.at < high + reach / 2
    )


def _goes_through(line: Ruling, one: Ruling, other: Ruling, h: float) -> bool:
    """Whether a line runs from inside a frame to outside it."""
    (start, end), (low, high) = _box(line, one, other)
    reach = NEAR * h
    if not low + reach < line.at < high - reach:
        return False
    inside = min(line.end, end) - max(line.start, start) > reach
    return inside and (line.start < start - reach or line.end > end + reach)


def _seal(one: Ruling, other: Ruling) -> FlatMark:
    first, last = min(one.at, other.at), max(one.at, other.at)
    start, end = (one.start + other.start) / 2, (one.end + other.end) / 2
    along, across = ((start + end) / 2, end - start), ((first + last) / 2, last - first)
    (x, width), (y, height) = (along, across) if one.horizontal else (across, along)
    return FlatMark("seal", "square", "grey", x, y, width, height, 0.0, SURE)
