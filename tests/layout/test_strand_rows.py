"""Pieces of one ruling are put together; those of others, and upright ones, are left alone."""

import numpy as np

from shenbao.layout.straighten import Strand, fit_bend
from shenbao.layout.strand_rows import in_rows

CHAR = 12.0


def piece(x0: float, x1: float, y: float, *, horizontal: bool = True, short: bool = False) -> Strand:
    along, across = np.arange(x0, x1, 6.0), np.full(len(np.arange(x0, x1, 6.0)), y)
    points = np.stack([along, across] if horizontal else [across, along], axis=1)
    return Strand(points, horizontal, 100.0, short=short)


def spans(strands: list[Strand]) -> list[tuple[float, float]]:
    return sorted((float(s.points[0, 0]), float(s.points[-1, 0])) for s in strands)


def test_steps_of_a_slanting_ruling_are_one_strand() -> None:
    steps = [piece(100 + 100 * k, 190 + 100 * k, 300.0 + 2 * k) for k in range(5)]
    assert spans(in_rows(steps, CHAR)) == [(100.0, 584.0)]


def test_pieces_of_two_rulings_stay_apart() -> None:
    pieces = [piece(a, a + 90, y) for y in (300.0, 320.0) for a in (100.0, 200.0)]
    assert spans(in_rows(pieces, CHAR)) == [(100.0, 284.0)] * 2


def test_pieces_far_from_one_another_stay_apart() -> None:
    assert len(in_rows([piece(100, 200, 300.0), piece(290, 400, 300.0)], CHAR)) == 2


def test_upright_and_short_pieces_are_given_as_they_are() -> None:
    pieces = [piece(100, 200, 50.0, horizontal=False), piece(210, 300, 50.0, horizontal=False)]
    strokes = [piece(100, 140, 300.0, short=True), piece(150, 190, 300.0, short=True)]
    assert in_rows([*pieces, *strokes], CHAR) == [*pieces, *strokes]


def test_a_ruling_in_level_steps_is_made_level() -> None:
    size = (1000, 1400)
    steps = [piece(100 + 80 * k, 170 + 80 * k, y + 1.5 * k) for y in range(200, 1200, 100) for k in range(10)]
    rows = in_rows(steps, CHAR)
    bend = fit_bend(rows, size)
    assert bend is not None
    assert max(float(np.ptp(bend.forward(s.points)[:, 1])) for s in rows) < 3.0
    apart = fit_bend(steps, size)
    assert apart is None or max(float(np.ptp(apart.forward(s.points)[:, 1])) for s in rows) > 6.0
