"""How sure a cell is, by its rulings, its print and what another program sees there."""

from dataclasses import replace

import numpy as np
import pytest

from shenbao.models.stages import Box, Grid, GridCell
from shenbao.textlayer.agreement import Judge, Witness
from shenbao.textlayer.evidence import Print
from shenbao.textlayer.setting import FlatGlyph
from shenbao.textlayer.thresholds import thresholds

H = 20.0
UPPER: Box = (50.0, 50.0, 250.0, 100.0)
LOWER: Box = (50.0, 100.0, 250.0, 150.0)
LIMITS = thresholds()
BLANK = np.zeros((200, 300), np.uint8)


def grid(upper: float = 1.0, lower: float = 1.0) -> Grid:
    """Two cells, each drawn to such a share."""
    cells = (GridCell(0, 0, 1, 1, UPPER, (upper,) * 4), GridCell(1, 0, 1, 1, LOWER, (lower,) * 4))
    return Grid((50.0, 250.0), (50.0, 100.0, 150.0), cells)


def judge(witness: Witness | None, rest: np.ndarray[tuple[int, int], np.dtype[np.uint8]] = BLANK) -> Judge:
    return Judge(LIMITS, Print(BLANK, rest, 0.0), H, lambda: witness)


def glyphs(text: str, box: Box) -> list[FlatGlyph]:
    x, y = box[0] + H, box[1] + H
    return [
        FlatGlyph(c, (x + k * H, y, x + (k + 0.9) * H, y + 0.9 * H), y + H, False, False)
        for k, c in enumerate(text)
    ]


def told(judge: Judge, table: Grid, upper: str = "预算数", lower: str = "104.08") -> list[float]:
    found = [glyphs(upper, UPPER), glyphs(lower, LOWER)]
    return judge.probabilities(table, found, [upper, lower], [False, False])


def seen(upper: str = "预算数", lower: str = "104.08", shift: float = 0.0) -> Witness:
    return Witness(np.array([UPPER, LOWER]) + shift, (upper, lower))


def test_both_agree() -> None:
    assert told(judge(seen()), grid()) == [LIMITS.agreed.probability] * 2


def test_blanks_and_widths_of_signs_make_no_other_text() -> None:
    assert told(judge(seen("预 算\n数", "１０４.08")), grid()) == [LIMITS.agreed.probability] * 2


def test_another_text_or_other_sides() -> None:
    sure, alone = LIMITS.agreed.probability, LIMITS.alone.probability
    assert told(judge(seen(lower="104.03")), grid()) == [sure, alone]
    assert told(judge(seen(shift=0.1 * H)), grid()) == [sure, sure]
    assert told(judge(seen(shift=0.6 * H)), grid()) == [alone, alone]
    assert told(judge(Witness(np.zeros((0, 4)), ())), grid()) == [alone, alone]


def test_nobody_to_be_asked() -> None:
    clear, beside = LIMITS.clear.probability, LIMITS.beside_doubt.probability
    assert told(judge(None), grid()) == [clear, clear]
    assert told(judge(None), grid(lower=0.5)) == [beside, LIMITS.doubtful.probability]


def test_a_weak_ruling_that_both_see() -> None:
    assert told(judge(seen()), grid(lower=0.5)) == [LIMITS.agreed.probability, LIMITS.seconded.probability]


def test_a_doubtful_cell_speaks_against_its_table() -> None:
    beside, doubtful = LIMITS.beside_doubt.probability, LIMITS.doubtful.probability
    assert told(judge(seen(shift=H)), grid(lower=0.5)) == [beside, doubtful]
    stroke = BLANK.copy()
    stroke[120:140, 200:220] = 255
    assert told(judge(seen(), stroke), grid()) == [beside, doubtful]


@pytest.mark.parametrize("ruled", [True, False])
def test_only_ruled_tables_are_sure(*, ruled: bool) -> None:
    found = told(judge(seen()), replace(grid(), ruled=ruled))
    assert (min(found) == LIMITS.agreed.probability) is ruled


def test_the_other_program_is_asked_once_and_only_for_ruled_tables() -> None:
    asked = []

    def ask() -> Witness:
        asked.append(1)
        return seen()

    one = Judge(LIMITS, Print(BLANK, BLANK, 0.0), H, ask)
    told(one, replace(grid(), ruled=False))
    assert not asked
    told(one, grid())
    told(one, grid())
    assert len(asked) == 1
