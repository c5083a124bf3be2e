"""FlatPage and grids -> marks: what stands on a page besides print."""

from collections.abc import Sequence

from shenbao.layout.curves import look
from shenbao.layout.handwriting import find_handwriting
from shenbao.layout.seals import find_seals
from shenbao.models.document import Mark, Polygon
from shenbao.models.stages import FlatMark, FlatPage, Grid


def find_marks(page: FlatPage, grids: Sequence[Grid]) -> tuple[FlatMark, ...]:
    """Seals, then handwriting."""
    seen = look(page)
    seals = find_seals(page, seen)
    return (*seals, *find_handwriting(page, grids, seals, seen))


def delivered_marks(page: FlatPage, marks: Sequence[FlatMark]) -> list[Mark]:
    """The marks on the page as delivered."""
    return [
        Mark(
            kind=mark.kind,
            shape=mark.shape,
            colour=mark.colour,
            polygon=_polygon(page, mark),
            confidence=round(mark.confidence, 4),
        )
        for mark in marks
    ]


def _polygon(page: FlatPage, mark: FlatMark) -> Polygon:
    a, b, c, d = ((float(x), float(y)) for x, y in page.to_delivered(mark.corners()).round(1))
    return a, b, c, d
