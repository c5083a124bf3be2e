"""How far print and rulings agree in a cell, and how sure its text and place are therefore."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shenbao.errors import EngineUnavailable
from shenbao.loading.glyphs import UNKNOWN
from shenbao.models.stages import Box, Grid, GridCell
from shenbao.textlayer.evidence import Print
from shenbao.textlayer.setting import FlatGlyph
from shenbao.textlayer.thresholds import Thresholds

AROUND = 1.5
"""Character heights around a table within which a ruling belongs to it."""


@dataclass(frozen=True)
class Judge:
    """Tells how sure the cells of one page are.

    `lattice` gives the boxes of cells, on the flat page (n, 4), that another program finds there. It is asked
    only when a ruling is in doubt: it takes as long as all the rest.
    """

    limits: Thresholds
    shown: Print
    char_height: float
    lattice: Callable[[], NDArray[np.float64]]

    def probabilities(
        self, grid: Grid, found: Sequence[Sequence[FlatGlyph]], nested: Sequence[bool]
    ) -> list[float]:
        """The probability of each cell of a table, `found` being its glyphs.

        Where a ruling was missed, the cells behind it stand in a wrong row: one doubtful cell, or strokes
        around the table, speak against all of it.
        """
        each = [
            self._probability(place, glyphs, ruled=grid.ruled, nested=own)
            for place, glyphs, own in zip(grid.cells, found, nested, strict=True)
        ]
        sound = min(self.limits.clear.probability, self.limits.seconded.probability)
        more = self._holds_more(grid.box, AROUND * self.char_height)
        if not more and min(each, default=1.0) >= sound:
            return each
        return [min(p, self.limits.beside_doubt.probability) for p in each]

    def _probability(
        self, place: GridCell, glyphs: Sequence[FlatGlyph], *, ruled: bool, nested: bool
    ) -> float:
        """That text and place of a cell are right; `nested`: a table stands in it."""
        if nested or not self.is_filled_clearly(place, glyphs):
            return self.limits.doubtful.probability
        if ruled and place.support >= self.limits.support:
            return self.limits.clear.probability
        seconded = ruled and self.is_seconded(place.box)
        return (self.limits.seconded if seconded else self.limits.doubtful).probability

    def is_filled_clearly(self, place: GridCell, glyphs: Sequence[FlatGlyph]) -> bool:
        """Whether no character reaches over a side, each has a meaning, and nothing else is printed there."""
        x0, y0, x1, y1 = place.box
        most = self.limits.crossing * self.char_height
        crossing = any(
            g.box[0] < x0 - most or g.box[1] < y0 - most or g.box[2] > x1 + most or g.box[3] > y1 + most
            for g in glyphs
        )
        return not (crossing or self._holds_more(place.box) or any(g.char == UNKNOWN for g in glyphs))

    def _holds_more(self, box: Box, around: float = 0.0) -> bool:
        """Whether a cell holds ink besides its glyphs: a stroke through it, a ruling that was not seen."""
        x0, y0, x1, y1 = box
        top, left = max(0, round(y0 - around)), max(0, round(x0 - around))
        part = self.shown.rest[top : round(y1 + around), left : round(x1 + around)]
        return bool(np.count_nonzero(part) > self.limits.rest * self.char_height**2)

    def is_seconded(self, box: Box) -> bool:
        """Whether the other program has a cell with the same four sides."""
        off = np.abs(self._lattice - np.array(box))
        return bool((off.max(axis=1, initial=0.0) < self.limits.same * self.char_height).any())

    @cached_property
    def _lattice(self) -> NDArray[np.float64]:
        try:
            return self.lattice()
        except EngineUnavailable:
            return np.zeros((0, 4))
