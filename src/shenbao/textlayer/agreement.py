"""How far print, rulings and a second program agree in a cell, and how sure its text and place are therefore."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shenbao.loading.glyphs import UNKNOWN
from shenbao.models.stages import Box, Grid, GridCell
from shenbao.textlayer.evidence import Print
from shenbao.textlayer.folding import folded
from shenbao.textlayer.setting import FlatGlyph
from shenbao.textlayer.thresholds import Thresholds

AROUND = 1.5
"""Character heights around a table within which a ruling belongs to it."""


@dataclass(frozen=True, eq=False)
class Witness:
    """What another program sees on the flat page: `boxes` (n, 4) of cells, with their `texts`."""

    boxes: NDArray[np.float64]
    texts: tuple[str, ...]

    def at(self, box: Box, most: float) -> list[str]:
        """The texts of its cells whose four sides are this box's, up to `most` pixels."""
        off = np.abs(self.boxes - np.array(box)).max(axis=1, initial=0.0)
        return [self.texts[i] for i in np.flatnonzero(off < most)]


@dataclass(frozen=True)
class Judge:
    """Tells how sure the cells of one page are. `ask` gives what another program sees there; None where there is
    none to be asked."""

    limits: Thresholds
    shown: Print
    char_height: float
    ask: Callable[[], Witness | None]

    def probabilities(
        self,
        grid: Grid,
        found: Sequence[Sequence[FlatGlyph]],
        texts: Sequence[str],
        nested: Sequence[bool],
    ) -> list[float]:
        """The probability of each cell of a table: `found` are its glyphs, `texts` what they say.

        Where a ruling was missed, the cells behind it stand in a wrong row: one doubtful cell, or strokes
        around the table, speak against all of it.
        """
        each = [
            self._probability(place, glyphs, text, ruled=grid.ruled, nested=own)
            for place, glyphs, text, own in zip(grid.cells, found, texts, nested, strict=True)
        ]
        known = self.limits
        sound = min(c.probability for c in (known.clear, known.agreed, known.alone, known.seconded))
        more = self._holds_more(grid.box, AROUND * self.char_height)
        if not more and min(each, default=1.0) >= sound:
            return each
        return [min(p, self.limits.beside_doubt.probability) for p in each]

    def _probability(
        self, place: GridCell, glyphs: Sequence[FlatGlyph], text: str, *, ruled: bool, nested: bool
    ) -> float:
        """That text and place of a cell are right; `nested`: a table stands in it."""
        if not ruled or nested or not self.is_filled_clearly(place, glyphs):
            return self.limits.doubtful.probability
        is_clear = place.support >= self.limits.support
        if self._witness is None:
            return (self.limits.clear if is_clear else self.limits.doubtful).probability
        seen = self._witness.at(place.box, self.limits.same * self.char_height)
        if is_clear:
            agrees = folded(text) in map(folded, seen)
            return (self.limits.agreed if agrees else self.limits.alone).probability
        return (self.limits.seconded if seen else self.limits.doubtful).probability

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

    @cached_property
    def _witness(self) -> Witness | None:
        return self.ask()
