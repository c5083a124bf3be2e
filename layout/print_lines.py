"""Lines of print measured for paragraphs: type size, and where they stand in their column."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from shenbao.layout.furniture import Place
from shenbao.models.stages import PageLines

LONG = 0.5
"""Share of the longest line's length from which a line shows the edges of its column."""

NOTE = 6.0
"""Most ems that a note in the margin reaches over the edge of its column."""

MANY = 6
"""Lines from which a column shows its edges by itself."""


@dataclass(frozen=True)
class PrintLine:
    """A line of print. Lengths are pixels of its flat page.

    `em` is its type size, from the pitch of its characters; `size` the same as a share of the page's
    height, to be compared between pages. `left` and `right` are the edges of its column; `column` numbers
    the columns of the document.
    """

    place: Place
    text: str
    x0: float
    x1: float
    y0: float
    y1: float
    em: float
    size: float
    ems: float
    left: float
    right: float
    column: int

    @property
    def indent(self) -> float:
        """Ems from the column's left edge."""
        return (self.x0 - self.left) / self.em

    @property
    def room(self) -> float:
        """Ems from the line's end to the column's right edge."""
        return (self.right - self.x1) / self.em

    @property
    def is_centred(self) -> bool:
        """Whether it keeps clear of both edges of the column, and equally."""
        return min(self.indent, self.room) > 0.5 and abs(self.indent - self.room) < max(1.0, 0.08 * self.ems)


Edges = tuple[float, float]
"""Left and right edge of a column, in pixels or in shares of the page's height."""

Item = PrintLine | tuple[int, int]
"""A line, or a table: page, from 0, and which of the page's tables."""


def ems(text: str) -> float:
    """The length of a text in ems: Chinese characters count one, others half."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


def pitch(text: str, width: float, height: float) -> float | None:
    """The type size of a line in pixels, by the pitch of its characters; None where they are few, mostly
    narrow, or set far apart."""
    length = ems(text)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    if wide < max(4, 0.5 * length) or width > 1.5 * height * length:
        return None
    return width / length


def type_sizes(page: PageLines) -> list[float]:
    """The type size of each line of a page in pixels: its pitch, or else its height, which is to the type
    size as on the page's other lines."""
    sides = [(box[2] - box[0], box[3] - box[1]) for box in page.boxes]
    pitches = [pitch(text.text, *side) for text, side in zip(page.texts, sides, strict=True)]
    known = [p / height for p, (_, height) in zip(pitches, sides, strict=True) if p is not None]
    share = float(np.median(known)) if known else 1.0
    return [share * height if p is None else p for p, (_, height) in zip(pitches, sides, strict=True)]


def measured(pages: Sequence[PageLines], without: Mapping[Place, object]) -> list[Item]:
    """Lines and tables of a document in reading order; lines `without` are left out."""
    items: list[Item] = []
    column = 0
    usual = _usual_edges(pages, without)
    for p, page in enumerate(pages):
        sizes = type_sizes(page)
        for run in page.runs:
            lines = [i for i in run if i >= 0 and (p, i) not in without]
            edges = _edges(page, lines, _usual_size(sizes, lines), usual)
            for i in run:
                if i < 0:
                    items.append((p, -1 - i))
                elif (p, i) not in without:
                    items.append(_line(page, (p, i), sizes[i], edges, column))
            column += 1
    return items


def _usual_size(sizes: Sequence[float], lines: Sequence[int]) -> float:
    return float(np.median([sizes[i] for i in lines])) if lines else 1.0


def _line(page: PageLines, place: Place, em: float, edges: Edges, column: int) -> PrintLine:
    x0, y0, x1, y1 = page.boxes[place[1]]
    text = page.texts[place[1]].text
    return PrintLine(place, text, x0, x1, y0, y1, em, em / page.height, ems(text), edges[0], edges[1], column)


def _edges(page: PageLines, run: Sequence[int], em: float, usual: Edges | None) -> Edges:
    """Left and right edge of a column: the outermost places where two of its long lines begin, or end, so
    that a note in the margin does not count.

    A column of few lines shows no edges: it has at least the `usual` ones of the document, in shares of
    the page's height.
    """
    if not run:
        return 0.0, 0.0
    boxes = [page.boxes[i] for i in run]
    long = LONG * max(b[2] - b[0] for b in boxes)
    left = -_outermost([-b[0] for b in boxes if b[2] - b[0] >= long], em)
    right = _outermost([b[2] for b in boxes if b[2] - b[0] >= long], em)
    if usual and len(page.runs) == 1 and len(run) < MANY:
        left, right = min(left, usual[0] * page.height), max(right, usual[1] * page.height)
    return left, right


def _outermost(ends: Sequence[float], em: float) -> float:
    """The greatest of the places near which there is another; the greatest of all if that is far inside."""
    order = sorted(ends, reverse=True)
    shared = next((a for a, b in pairwise(order) if a - b < em), order[0])
    return shared if order[0] - shared < NOTE * em else order[0]


def _usual_edges(pages: Sequence[PageLines], without: Mapping[Place, object]) -> Edges | None:
    """The edges of the document's pages of prose, as shares of the page's height: the median over
    pages with one column that shows them."""
    found = list(_long_columns(pages, without))
    if not found:
        return None
    return float(np.median([e[0] for e in found])), float(np.median([e[1] for e in found]))


def _long_columns(pages: Sequence[PageLines], without: Mapping[Place, object]) -> Iterator[Edges]:
    for p, page in enumerate(pages):
        run = [i for run in page.runs for i in run if i >= 0 and (p, i) not in without]
        if len(page.runs) == 1 and len(run) >= MANY:
            left, right = _edges(page, run, _usual_size(type_sizes(page), run), None)
            yield left / page.height, right / page.height
