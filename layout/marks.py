"""FlatPage and grids -> marks: what stands on a page besides print."""

from collections.abc import Sequence

from shenbao.layout.curves import Seen, look
from shenbao.layout.handwriting import find_handwriting
from shenbao.layout.seals import find_seals
from shenbao.models.document import Mark, Polygon
from shenbao.models.stages import FlatMark, FlatPage, Grid


def find_marks(
    page: FlatPage, grids: Sequence[Grid], seals: Sequence[FlatMark] | None = None, seen: Seen | None = None
) -> tuple[FlatMark, ...]:
    """Seals, then handwriting. `seals` and what was `seen` of the page save finding them again."""
    seen = seen or look(page)
    seals = find_seals(page, seen) if seals is None else seals
    return (*seals, *find_handwriting(page, grids, tuple(seals), seen))


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
