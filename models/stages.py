"""What passes between the stages of a page.

Frozen dataclasses; arrays in them are never written to after they are made. Lengths are pixels:
of the *delivered* page (as loaded) or of the *flat* page (upright and straight), as named.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shenbao.models.document import Polygon, Text

Image = NDArray[np.uint8]
Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels of the flat page, right and bottom edge outside."""

Turn = Literal[0, 90, 180, 270]


@dataclass(frozen=True)
class Glyph:
    """A character of a text layer, in pixels of the delivered page.

    `box` is that of its drawn shape, `origin` its place on the baseline. `turn` is the clockwise turn that
    makes it upright. `after_blank`: the layer has white space before it. `char` is U+FFFD where the layer
    does not say which character the shape is.
    """

    char: str
    box: Box
    origin: tuple[float, float]
    turn: Turn
    after_blank: bool = False


@dataclass(frozen=True)
class LatticeCell:
    """A cell as another program sees it, in pixels of the delivered page, merged ones as one."""

    box: Box
    text: str


@dataclass(frozen=True, eq=False)
class TextLayer:
    """The characters that a file says stand visibly on a page, in the file's order.

    `lattice` asks another program (camelot) for the cells of each table of the page.
    """

    glyphs: tuple[Glyph, ...]
    lattice: Callable[[], tuple[tuple[LatticeCell, ...], ...]]


@dataclass(frozen=True, eq=False)
class PageImage:
    """A page as delivered: RGB pixels of shape (height, width, 3), EXIF turn already obeyed.

    `layer`: the text that the file gives for it, which may be wrong; None where it gives none. `stretch`: how
    often each column and each row of the file's pixels was taken to make the pixels square (a fax of
    204 x 98 dpi: 1 and 2.08). Places that a document tells are in the file's pixels.
    """

    number: int
    pixels: Image
    dpi: float
    layer: TextLayer | None = None
    stretch: tuple[float, float] = (1.0, 1.0)

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def file_size(self) -> tuple[int, int]:
        """Width and height in the file's own pixels."""
        return round(self.width / self.stretch[0]), round(self.height / self.stretch[1])

    @property
    def as_filed(self) -> Image:
        """The pixels brought back to `file_size`: what a document's places fit."""
        if self.stretch == (1.0, 1.0):
            return self.pixels
        import cv2

        return np.asarray(cv2.resize(self.pixels, self.file_size, interpolation=cv2.INTER_AREA), np.uint8)


@dataclass(frozen=True, eq=False)
class Evened:
    """A flat page as if lit evenly, before its levels were stretched: paper 255, print by about `contrast` darker."""

    picture: Image
    contrast: float


@dataclass(frozen=True, eq=False)
class FlatPage:
    """The page upright and straight: every ruling is a row or a column of pixels.

    `grey` (height, width): print dark on paper 255, coloured seals faded, light evened out.
    `ink` (height, width): 255 where there is print or ruling, else 0.
    `strong` (height, width): the part of `ink` that is about as dark as the page's print.
    `stain` (height, width): 255 where coloured ink (a seal) stands, else 0.
    `to_delivered` maps points of shape (n, 2) of the flat page to the delivered page.
    `char_height` is the median height of the page's characters in flat pixels.
    `rotation` clockwise degrees, `skew` degrees, as in `document.Page`.
    `specks` (height, width): what was taken off `grey` as pepper of a page in two tones, as dark as it was on
    paper 255; None where nothing was.
    `hard`: whether print has hard edges that mislead the recogniser: on a page in two tones that is peppered, or of
    which the file has much fewer rows than columns to an inch, or the other way round.
    `even`: what `grey` was before its levels were stretched; None on a page in two tones.
    """

    number: int
    grey: Image
    ink: Image
    strong: Image
    stain: Image
    char_height: float
    rotation: Turn
    skew: float
    to_delivered: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    specks: Image | None = None
    hard: bool = False
    even: Evened | None = None

    def polygon(self, box: Box) -> Polygon:
        """The delivered-page polygon of a box of the flat page."""
        return self.polygons([box])[0]

    def polygons(self, boxes: Sequence[Box]) -> list[Polygon]:
        """The delivered-page polygons of boxes of the flat page; quicker than one by one."""
        corners = [[(x0, y0), (x1, y0), (x1, y1), (x0, y1)] for x0, y0, x1, y1 in boxes]
        points = self.to_delivered(np.array(corners, np.float64).reshape(-1, 2)).round(1).tolist()
        found = [(float(x), float(y)) for x, y in points]
        return [(found[i], found[i + 1], found[i + 2], found[i + 3]) for i in range(0, len(found), 4)]


@dataclass(frozen=True)
class FlatMark:
    """A seal or handwriting on the flat page, in its pixels: middle, width and height along its own axes,
    turn of its width in degrees clockwise. `confidence` is the probability that it is one."""

    kind: Literal["seal", "handwriting"]
    shape: Literal["round", "oval", "square"] | None
    colour: Literal["red", "grey"]
    x: float
    y: float
    width: float
    height: float
    degrees: float
    confidence: float

    def corners(self) -> NDArray[np.float64]:
        """Corners (4, 2), clockwise from the top left."""
        c, s = np.cos(np.radians(self.degrees)), np.sin(np.radians(self.degrees))
        half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * (self.width / 2, self.height / 2)
        return np.asarray(half @ np.array([[c, s], [-s, c]]) + (self.x, self.y), np.float64)


@dataclass(frozen=True)
class Ruling:
    """A straight drawn line of the flat page.

    `at` is its y (horizontal) or x (vertical), from `start` to `end` along the other axis.
    `support` is the share of its length under which ink was really found; `weight` its mean thickness
    times its contrast (0 to 255) against the paper.
    """

    horizontal: bool
    at: float
    start: float
    end: float
    thickness: float
    support: float
    weight: float


@dataclass(frozen=True, eq=False)
class Traces:
    """Masks (255) of what runs along one direction for at least about a character, turned so that picture
    rows lie along it: the evidence by which the support of a cell's side is measured.

    `faint` holds thin dark lines however pale or dotted, their ends blurred; `solid` holds unbroken ink, to
    the pixel. `ink` is the page's ink; `ridges` is how much darker each pixel is than what lies across,
    0 to 255. `streaks` holds what dirt drew along the feed, and is kept out of `faint`; `covers` is the part of
    it below which a ruling may lie; None where there are none. `rings` is where the lines of round seals run, `stars` where their
    stars stand. `dark` is how much darker than paper each pixel is, 0 to 255, and `stain` where coloured ink stands, if any.
    """

    faint: Image
    solid: Image
    ink: Image
    ridges: Image
    streaks: Image | None = None
    covers: Image | None = None
    rings: Image | None = None
    stars: Image | None = None
    dark: Image | None = None
    stain: Image | None = None


@dataclass(frozen=True, eq=False)
class Rulings:
    """The rulings of a page, and the traces that they were found in: `across` and, turned, `down`.

    `frames` are upright square seals, whose sides are no rulings. `dashed`: of level rulings there is little
    more than dots, as on some faxes. `weak` are lines that were taken for none: too pale, or shining through;
    `strokes` pieces that stand among print, or are as thick as its strokes.
    """

    lines: tuple[Ruling, ...]
    across: Traces
    down: Traces
    char_height: float
    frames: tuple[FlatMark, ...] = ()
    dashed: bool = False
    weak: tuple[Ruling, ...] = ()
    strokes: tuple[Ruling, ...] = ()


@dataclass(frozen=True)
class GridCell:
    """A face of the grid: place, spans, and its box inside the rulings' centre lines.

    `drawn` is the share (0 to 1) of its top, bottom, left and right side that is really drawn.
    `divided` is how much (0 to 1) is seen of a line that would divide it but was taken for none.
    """

    row: int
    col: int
    row_span: int
    col_span: int
    box: Box
    drawn: tuple[float, float, float, float]
    divided: float = 0.0

    @property
    def support(self) -> float:
        """The least drawn of its four sides."""
        return min(self.drawn)


@dataclass(frozen=True)
class Grid:
    """A table of the flat page: column edges `xs`, row edges `ys`, cells in reading order.

    `ruled`: found by its rulings; else by how its print is aligned.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]
    ruled: bool = True

    @property
    def box(self) -> Box:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]


@dataclass(frozen=True)
class CharReading:
    """One character: its probability, the runners-up with theirs, and where it stands.

    `start` and `end` are fractions of the line picture's width.
    """

    char: str
    probability: float
    alternates: tuple[tuple[str, float], ...] = ()
    start: float = 0.0
    end: float = 1.0


@dataclass(frozen=True, eq=False)
class Lattice:
    """The recogniser's probabilities for one line, cut to the likeliest classes of each time step.

    `classes` and `probabilities` have the shape (steps, k), best first; class 0 is the CTC blank,
    class i > 0 is `alphabet[i]`.
    """

    classes: NDArray[np.int32]
    probabilities: NDArray[np.float32]
    alphabet: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """One line of text as read; `looks` is what further looks at the same line gave, in other ways."""

    chars: tuple[CharReading, ...]
    lattice: Lattice | None = field(default=None, compare=False, repr=False)
    looks: tuple["Reading", ...] = field(default=(), compare=False, repr=False)

    @cached_property
    def text(self) -> str:
        return "".join(c.char for c in self.chars)

    @cached_property
    def weakest(self) -> float:
        """Probability of the least sure character; 0 for a line that gave no character."""
        return min((c.probability for c in self.chars), default=0.0)


@dataclass(frozen=True)
class ReadLine:
    """A line of print on the flat page, and what was read there."""

    box: Box
    reading: Reading


@dataclass(frozen=True)
class ReadCell:
    """A cell of one page with its lines, top to bottom; `polygon` is its place on the delivered page.

    `ink` is the share of the cell's inside that holds ink after specks are dropped; `stained` the
    share under a seal; `touching` whether print runs into a ruling. `known` is the probability that text
    and place are right where nothing was recognised (a text layer, an Office file), else None.
    `beside`, `apart` and `wiped` are ink that was not read, in squares of the character height: in the rows of a line
    beyond its ends, in rows of no line, and wiped off with streaks.
    """

    place: GridCell
    polygon: Polygon
    lines: tuple[ReadLine, ...]
    ink: float
    stained: float
    touching: bool
    flags: tuple[str, ...] = ()
    known: float | None = None
    beside: float = 0.0
    apart: float = 0.0
    wiped: float = 0.0

    @cached_property
    def text(self) -> str:
        return join_lines(self.lines, self.place.box[2] - self.place.box[0])


STOPS = frozenset("、，。；：")
"""Signs with which no paragraph begins."""

WRAPPED = 2.6
"""Free room in a cell's line, in heights of the line, up to which it was wrapped: two more characters and the
margins would not have fitted."""


def join_lines(lines: Sequence[ReadLine], width: float) -> str:
    """The text of lines in a cell of this width: wrapped lines run on, a line that ends early stays one.

    A line was wrapped when fewer than two more characters would have fitted beside it, or the next begins with a stop.
    """
    filled = [line for line in lines if line.reading.chars]
    pieces: list[str] = []
    for number, line in enumerate(filled, start=1):
        pieces.append(line.reading.text)
        free = width - (line.box[2] - line.box[0])
        ended = number < len(filled) and filled[number].reading.chars[0].char not in STOPS
        if ended and free > WRAPPED * (line.box[3] - line.box[1]):
            pieces.append("\n")
    return "".join(pieces)


@dataclass(frozen=True)
class PageTable:
    """A table of one page, and the print above it that belongs to it.

    `page_width` and `char_height` are the flat page's, in its pixels.
    """

    page: int
    page_width: float
    char_height: float
    grid: Grid
    cells: tuple[ReadCell, ...]
    title: str
    captions: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """The piece of a cell that stands on one page."""

    page: int
    cell: ReadCell


SEALED = 0.02
"""Share of a cell's inside under a seal from which the seal counts as lying on it."""


@dataclass(frozen=True)
class JoinedCell:
    """A cell of a joined table: its place in the joined grid and its parts, in page order."""

    row: int
    col: int
    row_span: int
    col_span: int
    parts: tuple[Part, ...]
    flags: tuple[str, ...] = ()

    @cached_property
    def lines(self) -> tuple[ReadLine, ...]:
        return tuple(line for part in self.parts for line in part.cell.lines)

    @cached_property
    def text(self) -> str:
        return "".join(part.cell.text for part in self.parts)

    @property
    def is_sealed(self) -> bool:
        """Whether a seal lies on it, on any page."""
        return max(part.cell.stained for part in self.parts) > SEALED


@dataclass(frozen=True)
class JoinedTable:
    """A table over all its pages, before confidence is worked out."""

    id: str
    title: str
    captions: tuple[str, ...]
    pages: tuple[int, ...]
    n_rows: int
    n_cols: int
    header_rows: tuple[int, ...]
    cells: tuple[JoinedCell, ...]


@dataclass(frozen=True, eq=False)
class LaidPage:
    """A page laid out: upright and straight, its rulings, its grids and its marks; nothing of it is read yet.

    `bare` is the flat page without the ink of the grey seals that `flat` shows, `clean` also without its streaks.
    """

    image: PageImage
    flat: FlatPage
    rulings: Rulings
    bare: FlatPage
    clean: FlatPage
    grids: tuple[Grid, ...]
    marks: tuple[FlatMark, ...]


@dataclass(frozen=True, eq=False)
class ReadPage:
    """All that was found and read on one page; `from_layer`: its text is that of the text layer."""

    image: PageImage
    flat: FlatPage
    rulings: Rulings
    tables: tuple[PageTable, ...]
    texts: tuple[Text, ...]
    lines: tuple[ReadLine, ...] = ()
    marks: tuple[FlatMark, ...] = ()
    from_layer: bool = False


@dataclass(frozen=True)
class PageLines:
    """The print of a page outside its tables, as far as the page alone tells.

    `texts` and `boxes` (flat page) belong together. `runs` is the reading order of the page: one run for
    each column, of places in `texts` and, as (-1 - k), of tables k. `heads` has for each table the
    places of the lines of its title, and of its captions. `figures` are boxes of charts and photos.
    `height` is the flat page's, in pixels.
    """

    number: int
    height: float
    texts: tuple[Text, ...]
    boxes: tuple[Box, ...]
    runs: tuple[tuple[int, ...], ...]
    heads: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    figures: tuple[Box, ...]
