"""Upright square seals are told from the table that they lie on."""

import pytest
from drawn_pages import HEIGHT

from shenbao.layout.frames import part_frames, with_frames
from shenbao.models.stages import FlatMark, Ruling

H = float(HEIGHT)


def line(horizontal: bool, at: float, start: float, end: float, thickness: float = 3.0) -> Ruling:
    return Ruling(horizontal, at, start, end, thickness, 1.0, 200.0 * thickness)


def frame(x: float, y: float, side: float, thickness: float = 7.0) -> list[Ruling]:
    return [
        line(horizontal, at + move, other, other + side, thickness)
        for horizontal, at, other in ((True, y, x), (False, x, y))
        for move in (0.0, side)
    ]


TABLE = [line(True, y, 100, 900) for y in (100, 200, 300, 400)] + [
    line(False, x, 100, 400) for x in (100, 500, 900)
]


def test_a_frame_across_a_tables_rulings_is_a_seal() -> None:
    left, seals = part_frames([*TABLE, *frame(450, 140, 130)], H)
    assert left == TABLE
    assert [(s.shape, s.x, s.y, s.width, s.height) for s in seals] == [("square", 515.0, 205.0, 130.0, 130.0)]


def test_its_characters_go_with_it() -> None:
    strokes = [line(True, 180, 470, 510), line(False, 530, 150, 190)]
    left, seals = part_frames([*TABLE, *frame(450, 140, 130), *strokes], H)
    assert left == TABLE and len(seals) == 1


def test_a_thick_frame_of_which_a_side_has_paled() -> None:
    left, seals = part_frames([*TABLE, *frame(450, 140, 130)[:3]], H)
    assert left == TABLE and len(seals) == 1


@pytest.mark.parametrize("side", [2.0 * H, 14.0 * H])
def test_what_is_too_small_or_too_large_is_none(side: float) -> None:
    lines = [*TABLE, *frame(450, 140, side)]
    assert part_frames(lines, H) == (lines, ())


def test_a_box_that_no_ruling_goes_through_is_none() -> None:
    lines = [*TABLE, *frame(450, 600, 130)]
    assert part_frames(lines, H) == (lines, ())


def test_a_square_cell_is_none() -> None:
    rows = [line(True, y, 100, 400) for y in (100, 200, 300, 400)]
    columns = [line(False, x, 100, 400) for x in (100, 200, 300, 400)]
    assert part_frames([*rows, *columns], H) == ([*rows, *columns], ())


def test_a_frame_that_was_found_as_a_seal_is_marked_once() -> None:
    (_, seals) = part_frames([*TABLE, *frame(450, 140, 130)], H)
    found = FlatMark("seal", "square", "grey", 512.0, 207.0, 128.0, 131.0, 1.0, 0.8)
    written = FlatMark("handwriting", None, "grey", 512.0, 207.0, 90.0, 30.0, 0.0, 0.8)
    assert with_frames((found,), seals) == (found,)
    assert with_frames((written,), seals) == (*seals, written)


def test_thick_sides_of_a_seal_that_slants_are_no_rulings() -> None:
    slanting = [
        line(True, 240, 520, 610, 7.0),
        line(True, 330, 512, 600, 7.0),
        line(False, 512, 200, 260, 7.0),
    ]
    left, seals = part_frames([*TABLE, *slanting], H)
    assert left == TABLE and not seals


def test_a_side_that_hangs_on_another_one_goes_with_it() -> None:
    hanging = [line(False, 550, 300, 420, 7.0), line(True, 420, 550, 640, 7.0)]
    assert part_frames([*TABLE, *hanging], H) == (TABLE, ())


def test_a_thick_ruling_from_one_line_to_the_next_stays() -> None:
    lines = [*TABLE, line(False, 700, 202, 299, 7.0)]
    assert part_frames(lines, H) == (lines, ())


def test_a_thin_ruling_that_ends_early_stays() -> None:
    lines = [*TABLE, line(False, 700, 202, 260)]
    assert part_frames(lines, H) == (lines, ())


def test_a_thick_side_of_a_table_that_the_page_cuts_stays() -> None:
    bottom, cut = line(True, 310, 100, 900, 7.0), [line(False, x, 100, 310) for x in (300, 500, 700)]
    lines = [bottom, line(False, 100, 100, 310, 7.0), *cut, line(False, 900, 100, 310, 7.0)]
    assert part_frames(lines, H) == (lines, ())


@pytest.mark.parametrize("more", [[line(True, 250.5, 700, 860, 6.0)], []])
def test_pieces_of_a_broken_ruling_are_thick_here_and_there(more: list[Ruling]) -> None:
    lines = [*TABLE, line(True, 250, 200, 360, 6.0), *more]
    left, _ = part_frames(lines, H)
    assert left == (lines if more else TABLE)
