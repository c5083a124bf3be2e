from dataclasses import replace

import numpy as np
import pytest

from shenbao.models.calibration import FittedOn, Model
from shenbao.models.document import Cell
from shenbao.models.stages import (
    CharReading,
    GridCell,
    JoinedCell,
    JoinedTable,
    Lattice,
    Part,
    ReadCell,
    Reading,
    ReadLine,
)
from shenbao.ocr.calibration import Calibration, packaged_calibration
from shenbao.ocr.decode import greedy
from shenbao.ocr.settle import choose, draft, settle
from shenbao.ocr.signals import GROUPS

ALPHABET = ("", *"≥>=二收入人预算数0123456789()元/天")
H = 20.0
POLYGON = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
PLAIN = Calibration(
    version="t",
    fitted_on=FittedOn(documents=0, cells=0, families={}, levels={}),
    filled=Model(bias=2.0, weights={"weakest": -4.0, "known": 1.0}),
    empty=Model(bias=3.0, weights={"stained": -2.0}),
    place=Model(bias=9.0, weights={}),
)


def reading(*steps: dict[str, float]) -> Reading:
    """Characters with their probabilities, step by step; what is left over is the blank's."""
    classes, probabilities = [], []
    for step in steps:
        row = {ALPHABET.index(c): p for c, p in step.items()}
        row[0] = max(0.0, 1.0 - sum(row.values()))
        ranked = sorted(row.items(), key=lambda item: -item[1])
        ranked += [(ALPHABET.index(c), 0.0) for c in "0123" if ALPHABET.index(c) not in row]
        classes.append([c for c, _ in ranked[:4]])
        probabilities.append([p for _, p in ranked[:4]])
    lattice = Lattice(np.array(classes, np.int32), np.array(probabilities, np.float32), ALPHABET)
    return greedy(lattice)


def sure(text: str, p: float = 0.999) -> Reading:
    return reading(*({c: p} for c in text))


def cell(
    row: int, col: int, *lines: Reading, page: int = 1, stained: float = 0.0, support: float = 1.0
) -> JoinedCell:
    place = GridCell(
        row, col, 1, 1, (200.0 * col, 40.0 * row, 200.0 * col + 200, 40.0 * row + 40), (support,) * 4
    )
    boxes = [(0.0, H * i, len(r.chars) * H, H * i + H) for i, r in enumerate(lines)]
    read = tuple(ReadLine(b, r) for b, r in zip(boxes, lines, strict=True))
    return JoinedCell(row, col, 1, 1, (Part(page, ReadCell(place, POLYGON, read, 0.0, stained, False)),))


def table(*cells: JoinedCell) -> JoinedTable:
    rows, cols = (1 + max(v) for v in zip(*((c.row, c.col) for c in cells), strict=True))
    return JoinedTable("t1", "", (), (1,), rows, cols, (), cells)


def test_a_draft_says_what_was_read_and_promises_nothing() -> None:
    made = draft(table(cell(0, 0, sure("预算数")), cell(0, 1)))
    assert [(c.text, c.confidence) for c in made.cells] == [("预算数", 0.0), ("", 0.0)]


def test_kinds_decide_how_a_cell_is_read() -> None:
    lone = table(cell(0, 0, sure("二")))
    assert settle(lone, {}, PLAIN).cells[0].text == "二"
    assert settle(lone, {(0, 0): "operator"}, PLAIN).cells[0].text == "="
    assert settle(lone, {(0, 0): "a kind from elsewhere"}, PLAIN).cells[0].text == "二"


def test_a_printed_greater_sign_stays_one() -> None:
    assert settle(table(cell(0, 0, sure(">"))), {(0, 0): "operator"}, PLAIN).cells[0].text == ">"


def test_words_in_a_number_column_are_kept() -> None:
    made = choose(table(cell(0, 0, sure("预算数"))), {(0, 0): "number"})
    assert made.choices[0].text == "预算数"
    assert made.signals[0]["misfit"] == 1


def test_candidates_add_up_to_at_most_one() -> None:
    doubtful = reading({"收": 0.99}, {"入": 0.55, "人": 0.44})
    for kinds in ({}, {(0, 0): "label"}, {(0, 0): "unit"}):
        made = settle(table(cell(0, 0, doubtful)), kinds, PLAIN).cells[0]
        assert made.candidates[0].text == made.text
        assert made.candidates[0].probability == made.confidence
        assert "收人" in [c.text for c in made.candidates]
        assert sum(c.probability for c in made.candidates) <= 1


def test_an_empty_cell_has_a_confidence_and_no_candidates() -> None:
    clean, stained = settle(table(cell(0, 0), cell(0, 1, stained=0.05)), {}, PLAIN).cells
    assert clean.text == stained.text == ""
    assert clean.candidates == stained.candidates == []
    assert clean.confidence > stained.confidence > 0
    assert stained.flags == ["seal"]


def test_the_surest_cells_do_not_look_alike() -> None:
    made = settle(table(*(cell(0, k, sure("预算数", 1 - 10.0**-k)) for k in range(2, 6))), {}, PLAIN)
    found = [c.confidence for c in made.cells]
    assert found == sorted(found) and len(set(found)) == len(found)


def test_every_signal_is_in_one_group() -> None:
    made = choose(table(cell(0, 0, sure("预算数")), cell(0, 1)), {})
    names = [name for group in GROUPS.values() for name in group]
    assert len(names) == len(set(names))
    assert set().union(*made.signals) == set(names)


def test_known_words_are_told() -> None:
    made = choose(table(cell(0, 0, sure("预算数")), cell(0, 1, sure("收入"))), {(0, 1): "label"}, {"预算数"})
    assert [s["known"] for s in made.signals] == [1, 0]
    assert [s["unknown_word"] for s in made.signals] == [0, 1]


@pytest.mark.parametrize(("text", "signal"), [("预算数", "spread"), ("预", "spread")])
def test_print_wider_than_its_text_is_told(text: str, signal: str) -> None:
    whole = cell(0, 0, sure(text))
    line = whole.parts[0].cell.lines[0]
    chars = line.reading.chars[:1]
    cut = ReadLine((0.0, 0.0, 4 * H, H), Reading(chars, line.reading.lattice))
    place = whole.parts[0].cell.place
    short = JoinedCell(0, 1, 1, 1, (Part(1, ReadCell(place, POLYGON, (cut,), 0.0, 0.0, False)),))
    made = choose(table(whole, short), {})
    assert made.signals[1][signal] > made.signals[0][signal] + 1


def test_weak_rulings_cast_doubt_on_all_that_follows() -> None:
    made = choose(table(cell(0, 0), cell(1, 0, support=0.4), cell(2, 0), cell(0, 1)), {})
    assert [s["weak_above"] for s in made.signals] == pytest.approx([0, 0.6, 0.6, 0])
    assert [s["weak_left"] for s in made.signals] == pytest.approx([0.6, 0.6, 0.6, 0.6])
    assert [s["support"] for s in made.signals] == pytest.approx([0, 0.6, 0, 0])


def test_what_follows_a_page_break_is_told() -> None:
    made = choose(table(cell(0, 0), cell(1, 0, page=2)), {})
    assert [s["after_break"] for s in made.signals] == [0, 1]


def test_a_neighbour_that_is_filled_makes_an_empty_cell_doubtful() -> None:
    made = choose(table(cell(0, 0, sure("收")), cell(0, 1), cell(1, 0), cell(1, 1)), {})
    assert [made.signals[k]["row_filled"] for k in (1, 3)] == [1, 0]
    assert [made.signals[k]["col_filled"] for k in (2, 1)] == [1, 0]


def test_a_reading_without_a_lattice_is_taken_as_it_is() -> None:
    bare = Reading((CharReading("收", 0.9), CharReading("入", 0.8)))
    made = choose(table(cell(0, 0, bare)), {})
    assert made.choices[0].text == "收入"
    assert made.choices[0].probability == pytest.approx(0.72)


def test_candidates_of_several_lines_are_whole_texts() -> None:
    first, second = reading({"收": 0.99}, {"入": 0.6, "人": 0.38}), reading({"1": 0.9, "7": 0.08})
    (made,) = settle(table(cell(0, 0, first, second)), {}, PLAIN).cells
    texts = [c.text.replace("\n", "") for c in made.candidates]
    assert texts[:3] == ["收入1", "收人1", "收入7"]
    assert made.candidates[0].text == made.text and "\n" in made.text
    assert all(c.text.count("\n") == 1 for c in made.candidates)
    probabilities = [c.probability for c in made.candidates]
    assert probabilities[1:] == sorted(probabilities[1:], reverse=True)
    assert sum(probabilities) <= 1.0


def test_a_sure_cell_of_several_lines_has_hardly_another_candidate() -> None:
    (made,) = settle(table(cell(0, 0, sure("预算数", 0.9999), sure("收入", 0.9999))), {}, PLAIN).cells
    assert sum(c.probability for c in made.candidates[1:]) < 0.01


def test_the_place_has_a_confidence_of_its_own() -> None:
    model = PLAIN.model_copy(update={"place": Model(bias=5.0, weights={"support": -6.0})})
    firm, weak = settle(table(cell(0, 0, sure("收")), cell(0, 1, sure("收"), support=0.2)), {}, model).cells
    assert firm.place_confidence is not None and weak.place_confidence is not None
    assert firm.place_confidence > 0.99
    assert weak.place_confidence < 0.9
    assert weak.confidence < weak.place_confidence


def test_further_looks_speak_for_a_text_or_against_it() -> None:
    text, other = sure("收", 0.7), sure("入", 0.7)
    cells = [
        cell(0, k, Reading(text.chars, text.lattice, looks))
        for k, looks in enumerate([(), (text, text, text), (text, other, other)])
    ]
    made = choose(table(*cells), {})
    assert [s["second_look"] for s in made.signals] == [0, 1, 1]
    assert [s["second_look_agree"] for s in made.signals] == pytest.approx([0, 1, 1 / 3])
    alone, backed, opposed = (choice.probability for choice in made.choices)
    assert backed == pytest.approx(alone) and opposed < 0.8 * alone
    assert "入" in [c.text for c in made.choices[2].others]


def test_a_reading_that_pairs_its_brackets_is_preferred() -> None:
    lost = reading({"(": 0.999}, {"数": 0.999}, {")": 0.1})
    (choice,) = choose(table(cell(0, 0, lost)), {}).choices
    assert lost.text == "(数" and choice.text == "(数)"
    assert choice.probability > 0.9
    assert [c.text for c in choice.others][:1] == ["(数"]


def test_a_bracket_may_be_closed_on_the_next_line() -> None:
    (choice,) = choose(table(cell(0, 0, sure("(预算"), sure("数)"))), {}).choices
    assert choice.text.replace("\n", "") == "(预算数)"


def test_a_bracket_that_nothing_closes_stays() -> None:
    (choice,) = choose(table(cell(0, 0, sure("(数", 0.99999))), {}).choices
    assert choice.text == "(数"


def test_no_bracket_is_dropped_for_want_of_its_other_half() -> None:
    (choice,) = choose(table(cell(0, 0, reading({"(": 0.9}, {"数": 0.999}))), {}).choices
    assert choice.text == "(数" and choice.others[0].text == "数"


def test_a_zero_between_letters_may_be_the_letter_o() -> None:
    def settled(text: str) -> Cell:
        read = Reading(tuple(CharReading(c, 0.9999) for c in text))
        return settle(table(cell(0, 0, read)), {}, packaged_calibration()).cells[0]

    assert settled("GAKC4A23").confidence > 0.96
    twin = settled("GA0C4A23")
    assert twin.text == "GA0C4A23"
    assert twin.confidence < 0.9
    assert twin.candidates[1].text == "GAOC4A23"
    assert sum(c.probability for c in twin.candidates) <= 1.0


def silent(height: float, *, top: float = 0.0) -> JoinedCell:
    """A cell 40 pixels high with one line of ink, of which the recogniser gave no character."""
    held = {0: [0.9, 0.05, 0.03, 0.02]}
    lattice = Lattice(np.array([[0, 1, 2, 3]], np.int32), np.array([held[0]], np.float32), ALPHABET)
    made = cell(0, 0, Reading((), lattice))
    part = made.parts[0]
    lines = (ReadLine((90.0, top, 102.0, top + height), Reading((), lattice)),)
    return replace(made, parts=(replace(part, cell=replace(part.cell, lines=lines)),))


def test_ink_that_gave_no_character_in_a_cell_for_signs_is_one() -> None:
    table = JoinedTable("t1", "", (), (1,), 1, 1, (), (silent(12.0, top=14.0),))
    choice = choose(table, {(0, 0): "operator"}).choices[0]
    assert choice.text == "≥"
    assert choice.most < 0.8
    assert choose(table, {(0, 0): "free"}).choices[0].text == ""


def test_ink_off_the_middle_of_a_cell_for_signs_is_a_speck() -> None:
    table = JoinedTable("t1", "", (), (1,), 1, 1, (), (silent(12.0, top=27.0),))
    assert choose(table, {(0, 0): "operator"}).choices[0].text == ""


def test_a_figure_that_follows_from_its_neighbours_is_taken_where_it_is_likely_enough() -> None:
    row = [cell(0, col, sure(text)) for col, text in enumerate("12045")]
    row[2] = cell(0, 2, reading({"0": 0.99, "3": 0.002}))
    made = choose(table(*row), {})
    assert [choice.text for choice in made.choices] == [*"12345"]
    assert made.choices[2].others[0].text == "0"
    assert [s["out_of_sequence"] for s in made.signals] == [0, 0, 0, 0, 0]


def test_a_figure_that_breaks_a_sequence_for_sure_stays_and_is_told() -> None:
    row = [cell(0, col, sure(text)) for col, text in enumerate("12045")]
    row[2] = cell(0, 2, reading({"0": 1.0}))
    made = choose(table(*row), {})
    assert [choice.text for choice in made.choices] == [*"12045"]
    assert [s["out_of_sequence"] for s in made.signals] == [0, 0, 1, 0, 0]


def test_the_beginning_of_a_known_text_is_told() -> None:
    made = choose(table(cell(0, 0, sure("预算")), cell(0, 1, sure("收入"))), {}, {"预算数", "收入"})
    assert [s["cut_short"] for s in made.signals] == [1, 0]


def test_words_of_other_cells_tell_a_doubtful_character() -> None:
    doubtful = reading({"预": 0.999}, {"人": 0.7, "算": 0.1}, {"数": 0.999})
    alone = choose(table(cell(0, 0, doubtful)), {(0, 0): "number"}).choices[0]
    assert alone.text == "预人数"
    beside = choose(table(cell(0, 0, doubtful), cell(0, 1, sure("预算数"))), {})
    assert [choice.text for choice in beside.choices] == ["预算数", "预算数"]
    assert beside.choices[0].others[0].text == "预人数"


def test_a_unit_that_is_wrapped_is_read_as_one() -> None:
    made = choose(table(cell(0, 0, sure("元/人", 0.99), sure("天", 0.99))), {(0, 0): "unit"}).choices[0]
    assert made.text.split() == ["元/人", "/天"]
    assert made.fits


DOUBTED = PLAIN.model_copy(update={"filled": Model(bias=-4.0, weights={})})
"""Takes every text for wrong."""


@pytest.mark.parametrize(
    ("column", "text", "model", "left"),
    [
        (["收", "", "", "{}"], "12", DOUBTED, ""),
        (["收", "收", "", "{}"], "12", DOUBTED, "12"),  # more than half of the column is filled
        (["", "{}"], "12", DOUBTED, "12"),  # too few cells to tell
        (["收", "", "", "{}"], "123", DOUBTED, "123"),  # too long for dirt
        (["收", "", "", "{}"], "12", PLAIN, "12"),  # sure
    ],
)
def test_what_is_hardly_right_in_a_column_of_empty_cells_is_dirt(
    column: list[str], text: str, model: Calibration, left: str
) -> None:
    texts = [each.format(text) for each in column]
    cells = [cell(row, 0, *([sure(each)] if each else [])) for row, each in enumerate(texts)]
    made = settle(table(*cells), {}, model).cells[-1]
    assert made.text == left
    if not left:
        assert 0.5 < made.confidence < 0.9 and not made.candidates


def test_in_a_doubtful_place_a_text_stays() -> None:
    model = DOUBTED.model_copy(update={"place": Model(bias=-2.0, weights={})})
    cells = [cell(0, 0), cell(1, 0), cell(2, 0), cell(3, 0, sure("12"))]
    assert settle(table(*cells), {}, model).cells[-1].text == "12"
