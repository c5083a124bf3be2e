"""What speaks for or against a cell: measured on the cell, on its line pictures and on its table.

All signals are numbers of about -3 to 3 in ordinary cells, so that one strength of regularisation
fits them all. Probabilities of error enter as decimal logarithms: 0 is hopeless, -1 one in ten thousand.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import log, log10
from statistics import fmean, median

from shenbao.models.plain import plain
from shenbao.models.stages import CharReading, JoinedCell, ReadLine
from shenbao.ocr.beside import signal as unread_signal
from shenbao.ocr.column_signals import out_of_line, without_sign
from shenbao.ocr.constrain import Kind
from shenbao.ocr.cut_short import is_cut_short
from shenbao.ocr.grid_signals import glued, loose_edges, off_middle, open_top, wide_spaces
from shenbao.ocr.sequences import asked
from shenbao.ocr.spacing import stray_signs, unread_ends, widest_gap, widest_step

Signals = Mapping[str, float]
Place = tuple[int, int]

WORD_KINDS = frozenset({"label", "level1", "level2"})
"""Kinds, besides those of `constrain`, whose texts are mostly words that the vocabulary knows."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "recogniser": ("doubt", "weakest", "mean_doubt", "margin", "rival", "low_chars"),
    "shape": ("length", "lone", "lines", "spread", "squeezed", "spans", "tall", "low_line"),
    "spacing": ("wide_step", "gap", "lead", "trail", "stray"),
    "kind": ("ruled", "misfit", "crowded", "changed", "expected", "word_expected"),
    "known words": ("known", "unknown_word", "cut_short", "table_unknown"),
    "second look": ("second_look", "second_look_agree"),
    "dirt": ("stained", "touching", "ink", "unread"),
    "unread ink": ("ink_beside", "ink_apart", "ink_wiped"),
    "column": ("out_of_line", "without_sign", "out_of_sequence"),
    "rulings": (
        "support",
        "weak_above",
        "weak_left",
        "table_support",
        "table_weak_sides",
        "joined",
        "after_break",
        "at_break",
        "after_cut",
        "unruled",
    ),
    "wrong grid": ("open_top", "loose_edges", "table_glued", "off_middle", "spaced_above", "divided"),
    "rest of the table": (
        "table_doubtful",
        "table_misfits",
        "table_unread",
        "table_touching",
        "table_doubt",
        "table_disagree",
        "table_gaps",
        "table_crowded",
        "table_unsure_sides",
        "wide_left",
        "row_filled",
        "col_filled",
    ),
}
"""The signals by what they are taken from; every signal is in one group."""

PLACE_SIGNALS = (
    *GROUPS["rulings"],
    *GROUPS["wrong grid"],
    *(
        name
        for name in GROUPS["rest of the table"]
        if name not in ("table_disagree", "row_filled", "col_filled")
    ),
    "table_unknown",
    "spans",
)
"""Signals from which it is told whether a cell stands in its right place."""

_PLACE_ALONE = (
    *GROUPS["rulings"],
    *GROUPS["wrong grid"],
    "wide_left",
    "table_unsure_sides",
    "table_crowded",
    "table_touching",
    "table_doubt",
)
TEXT_SIGNALS = tuple(n for group in GROUPS.values() for n in group if n not in _PLACE_ALONE)
"""Signals from which it is told whether a cell's text is right, when its place is."""

_AGAINST = (
    "doubt weakest mean_doubt misfit crowded unknown_word cut_short stained touching ink unread spread squeezed "
    "support weak_above weak_left table_support table_weak_sides after_break at_break after_cut unruled "
    "table_doubtful table_misfits table_unknown rival low_chars tall low_line wide_step gap lead trail stray "
    "table_unread table_touching table_doubt table_disagree table_gaps table_crowded table_unsure_sides wide_left"
)
_FOR = "known margin second_look_agree"
SIGNS: Mapping[str, float] = {
    **dict.fromkeys(
        (*_AGAINST.split(), *GROUPS["wrong grid"], *GROUPS["unread ink"], *GROUPS["column"]), -1.0
    ),
    **dict.fromkeys(_FOR.split(), 1.0),
}
"""Signals that can only speak against a cell (-1) or for it (1), whatever few documents may suggest."""

PRIOR: Mapping[str, float] = dict.fromkeys((*GROUPS["wrong grid"], "unruled"), -2.0)
"""Weights that signals of places have before any document is seen: too few have a wrong grid to teach them."""

_GAP, _STEP = 2.0, 2.2
"""A gap from so many line heights on, or a step from so many usual steps on, is room for a missed ruling."""

_UNSURE = (0.15, 0.93)
"""A side of which such a share is drawn is neither surely there nor surely missing."""

_CLEAR = 0.9
"""A line is doubtful when its weakest character is less probable than this."""


@dataclass(frozen=True)
class Told:
    """A cell with what was chosen for it.

    `probability` of the text under the recogniser and the constraint, `second` of the next reading;
    `fits`: the text is of the cell's `kind`; `name` is the kind as expected, which may be a kind of words.
    """

    cell: JoinedCell
    text: str
    probability: float
    second: float
    fits: bool
    kind: Kind
    name: str

    @cached_property
    def lines(self) -> tuple[ReadLine, ...]:
        return tuple(line for line in self.cell.lines if line.reading.chars)

    @cached_property
    def weakest(self) -> float:
        return min((line.reading.weakest for line in self.lines), default=1.0)

    @cached_property
    def step(self) -> float:
        return widest_step(self.lines)

    @property
    def unruled(self) -> bool:
        return "unruled" in self.cell.flags

    @property
    def support(self) -> float:
        """The least drawn side; 1 in a table found by alignment, where nothing follows from it."""
        return 1.0 if self.unruled else min(part.cell.place.support for part in self.cell.parts)

    @property
    def touching(self) -> bool:
        return any(part.cell.touching for part in self.cell.parts)

    @property
    def end(self) -> Place:
        """Row and column behind the cell."""
        return self.cell.row + self.cell.row_span, self.cell.col + self.cell.col_span


def signals(cells: Sequence[Told], known: AbstractSet[str]) -> list[Signals]:
    """The signals of every cell of one table, in the same order.

    `known`: texts that forms print often, without blanks; one of them is hardly ever a misreading.
    """
    around = _Around(cells, known)
    joined = [told.cell for told in cells]
    off = off_middle(joined, around.line_height)
    aside = out_of_line(joined, around.line_height)
    texts = [told.text for told in cells]
    bare, other = without_sign(joined, texts), asked(joined, texts)
    return [
        around.of(told)
        | {
            "off_middle": away,
            "out_of_line": out,
            "without_sign": share,
            "out_of_sequence": float(k in other),
        }
        | (_filled(told, around, known) if told.text else _empty(told, around))
        for k, (told, away, out, share) in enumerate(zip(cells, off, aside, bare, strict=True))
    ]


def _doubt(probability: float) -> float:
    return log10(1.0 - min(1.0, probability) + 1e-6) / 4.0


class _Around:
    """What the rest of a table says about each of its cells."""

    def __init__(self, cells: Sequence[Told], known: AbstractSet[str]) -> None:
        filled = [c for c in cells if c.text]
        self._cells = cells
        self._filled = {
            (r, c) for t in filled for r in range(t.cell.row, t.end[0]) for c in range(t.cell.col, t.end[1])
        }
        words = [c for c in filled if c.name in WORD_KINDS]
        ruled = [c for c in filled if c.kind is not Kind.FREE]
        lines = [line for c in filled for line in c.lines]
        self.line_height = median([b[3] - b[1] for b in (line.box for line in lines)]) if lines else 1.0
        self.table = {
            "table_doubtful": _share([c.weakest < _CLEAR for c in filled]),
            "table_misfits": _share([not c.fits for c in ruled]),
            "table_unknown": _share([_bare(c.text) not in known for c in words]),
            "table_support": fmean([1.0 - c.support for c in cells]) if cells else 0.0,
            "table_weak_sides": _share([c.support < 0.7 for c in cells]),
        }
        rows = max((c.end[0] for c in cells), default=0)
        cols = max((c.end[1] for c in cells), default=0)
        self._at_break = self._rows_at_breaks()
        self._cuts = self._cut_rows()
        self.table |= self._over_all(filled, lines) | self._of_grid(known)
        self._wide = _running([self._widest(c) for c in range(cols)])
        self._first_page = min((p.page for c in cells for p in c.cell.parts), default=1)
        self._row_break = _running([self._worst(r, 0) for r in range(rows)])
        self._spaced = _running(self._spaces(rows))
        self._col_break = _running([self._worst(c, 1) for c in range(cols)])

    def _worst(self, index: int, axis: int) -> float:
        """The weakest support among the cells that start in a row (axis 0) or column (axis 1)."""
        return max(
            (1.0 - c.support for c in self._cells if (c.cell.row, c.cell.col)[axis] == index), default=0.0
        )

    def _rows_at_breaks(self) -> frozenset[int]:
        """The last row of a page and the first of the next: halves of one row where a join was missed."""
        pages = {c.cell.row: c.cell.parts[0].page for c in self._cells}
        rows = sorted(pages)
        return frozenset(r for a, b in pairwise(rows) if pages[a] != pages[b] for r in (a, b))

    def _cut_rows(self) -> list[int]:
        """First rows of pages that may be the rest of the row before: a blank where all others are filled."""
        lower = sorted(self._at_break)[1::2] if len(self._at_break) % 2 == 0 else []
        columns: dict[int, list[Told]] = {}
        for cell in self._cells:
            columns.setdefault(cell.cell.col, []).append(cell)
        return [row for row in lower if any(_blank_among(cells, row) for cells in columns.values())]

    def _over_all(self, filled: Sequence[Told], lines: Sequence[ReadLine]) -> dict[str, float]:
        """Shares of the table's cells and lines that look damaged, or as if the grid were wrong."""
        cells = self._cells
        ruled = [c for c in cells if c.kind is not Kind.FREE]
        sides = [d for c in cells if not c.unruled for p in c.cell.parts for d in p.cell.place.drawn]
        disagree = [any(look.text != n.reading.text for look in n.reading.looks) for n in lines]
        return {
            "table_unread": _share([len(c.cell.lines) > len(c.lines) for c in cells]),
            "table_touching": _share([c.touching for c in cells]),
            "table_doubt": fmean([_doubt(n.reading.weakest) for n in lines]) if lines else 0.0,
            "table_disagree": _share(disagree),
            "table_gaps": _share([widest_gap(c.lines, self.line_height) > _GAP for c in filled]),
            "table_crowded": _share([len(c.lines) > 1 for c in ruled]),
            "table_unsure_sides": _share([_UNSURE[0] < d < _UNSURE[1] for d in sides]),
        }

    def _of_grid(self, known: AbstractSet[str]) -> dict[str, float]:
        """What tells of a grid that is wrong though its rulings look sound."""
        cells = [c.cell for c in self._cells]
        return {
            "open_top": open_top(cells),
            "loose_edges": loose_edges(cells),
            "table_glued": log(1.0 + sum(glued(plain(c.text), known) for c in self._cells)),
        }

    def _spaces(self, rows: int) -> list[float]:
        """The widest space between lines of a cell that starts in each row, as of `wide_spaces`."""
        found = [0.0] * rows
        cells = [c.cell for c in self._cells]
        for cell, space in zip(cells, wide_spaces(cells, self.line_height), strict=True):
            found[cell.row] = max(found[cell.row], space)
        return found

    def _widest(self, col: int) -> float:
        """Whether a text over this column has room for a ruling that was missed: 1, else 0."""
        over = (c for c in self._cells if c.cell.col <= col < c.end[1])
        return float(any(c.step > _STEP for c in over))

    def of(self, told: Told) -> dict[str, float]:
        cell = told.cell
        return self.table | {
            "support": 1.0 - told.support,
            "unruled": float(told.unruled),
            "weak_above": self._row_break[cell.row],
            "spaced_above": self._spaced[cell.row],
            "weak_left": self._col_break[cell.col],
            "wide_left": self._wide[cell.col],
            "after_cut": float(any(told.end[0] >= row for row in self._cuts)),
            "at_break": float(cell.row in self._at_break or told.end[0] - 1 in self._at_break),
            "after_break": float(cell.parts[0].page > self._first_page),
            "stained": min(1.0, 20.0 * max(p.cell.stained for p in cell.parts)),
            "ink_beside": max(unread_signal(p.cell.beside) for p in cell.parts),
            "ink_apart": max(unread_signal(p.cell.apart) for p in cell.parts),
            "ink_wiped": max(unread_signal(p.cell.wiped) for p in cell.parts),
            "joined": float(len(cell.parts) > 1),
            "divided": max(p.cell.place.divided for p in cell.parts),
            "spans": log(cell.row_span * cell.col_span),
        }

    def fill_beside(self, told: Told) -> tuple[float, float]:
        """Share of filled places in the cell's row and in its columns, itself left out."""
        row = [
            (told.cell.row, c) for c in range(len(self._col_break)) if not told.cell.col <= c < told.end[1]
        ]
        col = [
            (r, told.cell.col) for r in range(len(self._row_break)) if not told.cell.row <= r < told.end[0]
        ]
        return _share([p in self._filled for p in row]), _share([p in self._filled for p in col])


def _filled(told: Told, around: _Around, known: AbstractSet[str]) -> dict[str, float]:
    lines = told.lines
    chars = [c for line in lines for c in line.reading.chars]
    in_words = told.name in WORD_KINDS
    ratio = _width_ratio(lines, around.line_height)
    heights = [line.box[3] - line.box[1] for line in lines]
    lead, trail = unread_ends(lines)
    return {
        "doubt": _doubt(told.probability),
        "weakest": _doubt(told.weakest),
        "mean_doubt": fmean(_doubt(c.probability) for c in chars) if chars else 0.0,
        "margin": -log10(max(1e-6, told.second) / max(1e-6, told.probability)) / 4.0,
        "rival": max((_rival(c) for c in chars), default=0.0),
        "low_chars": log(1.0 + sum(c.probability < _CLEAR for c in chars)),
        "wide_step": max(0.0, told.step - 1.0),
        "gap": widest_gap(lines, around.line_height),
        "lead": lead,
        "trail": trail,
        "stray": float(stray_signs(told.text)),
        "tall": max(0.0, log(max(heights, default=1.0) / around.line_height)) if heights else 0.0,
        "low_line": max(0.0, -log(max(1.0, min(heights)) / around.line_height)) if heights else 0.0,
        "length": log(1.0 + len(told.text)) / 4.0,
        "lone": float(len(told.text) == 1),
        "lines": log(max(1, len(lines))),
        "known": float(_bare(told.text) in known),
        "cut_short": float(is_cut_short(told.text, known)),
        "unknown_word": float(in_words and _bare(told.text) not in known),
        "ruled": float(told.kind is not Kind.FREE),
        "misfit": float(not told.fits),
        "crowded": float(told.kind is not Kind.FREE and len(lines) > 1),
        "changed": float(_bare(told.text) != _bare(told.cell.text)),
        "touching": float(told.touching),
        "unread": log(1.0 + len(told.cell.lines) - len(lines)),
        "second_look": float(any(line.reading.looks for line in lines)),
        "second_look_agree": _agreement(lines),
        "spread": max(0.0, ratio),
        "squeezed": max(0.0, -ratio),
    }


def _empty(told: Told, around: _Around) -> dict[str, float]:
    in_row, in_col = around.fill_beside(told)
    ink = max(p.cell.ink for p in told.cell.parts)
    return {
        "ink": min(1.0, 100.0 * ink),
        "unread": float(any(True for _ in told.cell.lines)),
        "row_filled": in_row,
        "col_filled": in_col,
        "expected": float(told.kind is not Kind.FREE),
        "word_expected": float(told.name in WORD_KINDS),
        "touching": float(told.touching),
    }


def _blank_among(column: Sequence[Told], row: int) -> bool:
    """Whether a column's cell of this row is the only blank among at least four."""
    here = [c for c in column if c.cell.row == row]
    others = [bool(c.text) for c in column if c.cell.row != row]
    return bool(here) and not here[0].text and len(others) >= 4 and _share(others) > 0.9


def _rival(char: CharReading) -> float:
    """Probability of a character's best alternate, as a share of its own; at most 1."""
    best = char.alternates[0][1] if char.alternates else 0.0
    return min(1.0, best / max(1e-6, char.probability))


def _agreement(lines: Sequence[ReadLine]) -> float:
    """The least share, over the lines that were read again, of looks that gave the same text; else 0."""
    again = [line.reading for line in lines if line.reading.looks]
    return min((_share([look.text == r.text for look in r.looks]) for r in again), default=0.0)


def _width_ratio(lines: Sequence[ReadLine], height: float) -> float:
    """Logarithm of a cell's printed width to the width that its characters should take.

    Above 0 the print is wider than what was read: something may have been left out.
    """
    printed = sum(line.box[2] - line.box[0] for line in lines)
    wanted = sum(0.55 if c.char.isascii() else 1.05 for line in lines for c in line.reading.chars) * height
    return log(max(1.0, printed) / max(1.0, wanted))


def _bare(text: str) -> str:
    return "".join(text.split())


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0


def _running(values: Sequence[float]) -> list[float]:
    """The greatest value so far."""
    found: list[float] = []
    for value in values:
        found.append(max(value, found[-1] if found else 0.0))
    return found
