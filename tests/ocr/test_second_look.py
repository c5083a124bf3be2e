from collections.abc import Sequence

import numpy as np
import pytest
from silent_engine import Silent

from shenbao.models.stages import CharReading, Image, Lattice, Reading
from shenbao.ocr.decode import greedy
from shenbao.ocr.second_look import WAYS, Others, best_supported, first_heard, look_again

ALPHABET = ("", "人", "入", "数", "1", "、", "=")


def reading(*steps: dict[str, float]) -> Reading:
    """Characters with their probabilities, step by step; what is left over is the blank's."""
    rows = [{**step, "": 1.0 - sum(step.values())} for step in steps]
    ranked = [sorted(row.items(), key=lambda item: -item[1])[:2] for row in rows]
    classes = np.array([[ALPHABET.index(c) for c, _ in row] for row in ranked], np.int32)
    return greedy(Lattice(classes, np.array([[p for _, p in row] for row in ranked], np.float32), ALPHABET))


class Scripted(Silent):
    """An engine that gives what it is told and keeps what it was asked, plainly and for worn print."""

    def __init__(self, answers: Sequence[Reading], worn: Sequence[Reading] = ()) -> None:
        self.answers, self.asked = list(answers), list[Image]()
        self.worn, self.asked_worn = list(worn), list[Image]()

    def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
        self.asked += lines
        return [self.answers.pop(0) for _ in lines]

    def read_worn(self, lines: Sequence[Image]) -> list[Reading]:
        self.asked_worn += lines
        return [self.worn.pop(0) for _ in lines]


def picture(width: int) -> Image:
    return np.full((48, width), 255, np.uint8)


def test_the_text_that_all_looks_support_wins() -> None:
    first = reading({"人": 0.5, "入": 0.45})
    others = [
        reading({"入": 0.7, "人": 0.2}),
        reading({"入": 0.6, "人": 0.3}),
        reading({"人": 0.5, "入": 0.48}),
    ]
    chosen = best_supported([first, *others])
    assert chosen.text == "入"
    assert len(chosen.looks) == 3 and first in chosen.looks


def test_one_look_gone_wrong_outvotes_nothing() -> None:
    sure = reading({"数": 0.9, "1": 0.05})
    wrong = reading({"1": 0.999})
    assert best_supported([sure, sure, sure, wrong]).text == "数"


def test_a_few_poor_looks_do_not_beat_a_good_one_by_number() -> None:
    good, poor = reading({"数": 0.98, "1": 0.02}), reading({"1": 0.51, "数": 0.49})
    assert best_supported([good, poor, poor]).text == "数"


def test_the_last_look_may_count_more() -> None:
    wiped, whole = reading({"人": 0.95, "入": 0.001}), reading({"入": 0.8, "人": 0.001})
    assert best_supported([wiped, whole]).text == "人"
    assert best_supported([wiped, whole], 1.5).text == "入"


def test_doubtful_lines_are_read_in_every_way_and_silent_ones_once() -> None:
    doubtful, sure, nothing = reading({"人": 0.5, "入": 0.45}), reading({"数": 0.99}), Reading(())
    engine = Scripted([*(reading({"入": 0.8, "人": 0.1}) for _ in WAYS), reading({"1": 0.99})])
    pictures = [picture(192)] * 3
    found = look_again(pictures, [sure, nothing, doubtful], engine, 3.0)
    assert [r.text for r in found] == ["数", "", "入"]
    assert [len(r.looks) for r in found] == [0, 0, 3]
    assert engine.asked[-1].shape == (72, 192)


def test_on_a_worn_page_all_lines_are_read_as_worn_print_the_least_sure_first() -> None:
    doubtful, sure, surer = reading({"人": 0.45, "入": 0.4}), reading({"数": 0.9}), reading({"数": 0.99})
    lost = reading({"人": 0.99}, {"数": 0.9})
    pictures = [*[picture(192)] * 3, picture(224), picture(256)]
    engine = Scripted([], [reading({"人": 0.6}) for _ in range(3)] + [lost])
    found = look_again(pictures, [doubtful, doubtful, doubtful, surer, sure], engine, 0.8)
    assert [len(r.looks) for r in found] == [1, 1, 1, 0, 1]
    assert [p.shape[1] for p in engine.asked_worn] == [192, 192, 192, 256] and not engine.asked
    assert found[4].text == "人数" and found[4].looks == (sure,)


def test_two_doubtful_lines_make_no_page_worn() -> None:
    doubtful, sure = reading({"人": 0.45, "入": 0.4}), reading({"数": 0.9})
    engine = Scripted([doubtful] * 6)
    look_again([picture(192)] * 3, [doubtful, sure, doubtful], engine, 9.0)
    assert len(engine.asked) == 6 and not engine.asked_worn


@pytest.mark.parametrize(
    ("looks", "text"),
    [
        ([{"=": 0.92}], "="),
        ([{"=": 0.7}], ""),
        ([{"1": 0.99}], ""),
        ([{"人": 0.97}, {"数": 0.98}], "人数"),
        ([{"人": 0.97}, {"数": 0.5}], ""),
        ([], ""),
    ],
)
def test_a_silent_line_is_heard_where_a_look_is_sure_and_no_speck(
    looks: list[dict[str, float]], text: str
) -> None:
    assert first_heard(Reading(()), [Reading(()), reading(*looks) if looks else Reading(())]).text == text


def test_doubtful_lines_are_looked_at_with_nothing_painted_over() -> None:
    first, whole = reading({"人": 0.5, "入": 0.45}), reading({"数": 0.999})
    engine = Scripted([*(reading({"人": 0.5, "入": 0.45}) for _ in WAYS), whole])
    unpainted = picture(180)
    (found,) = look_again([picture(192)], [first], engine, 9.0, Others(unpainted={0: unpainted}))
    assert engine.asked[-1] is unpainted and len(found.looks) == 4


def test_marks_take_a_part_of_the_budget_only() -> None:
    sure = reading({"数": 0.99})
    engine = Scripted([sure] * 9)
    look_again(
        [picture(192)] * 4, [sure] * 4, engine, 1.0, Others(marked=dict.fromkeys(range(4), picture(192)))
    )
    assert len(engine.asked) == 1


@pytest.mark.parametrize(("share", "again"), [(0.0, 0), (0.3, 0), (0.4, 1), (0.7, 2), (9.0, 3)])
def test_the_budget_is_kept(share: float, again: int) -> None:
    doubtful = reading({"人": 0.45, "入": 0.4})
    engine = Scripted([], [doubtful] * 9)
    look_again([picture(192)] * 3, [doubtful] * 3, engine, share)
    assert len(engine.asked_worn) == again


def test_lines_that_gain_most_come_first() -> None:
    near, dirt = reading({"人": 0.4, "入": 0.3}), reading({"1": 0.02, "数": 0.01})
    hopeless = Reading((CharReading("1", 0.02),), dirt.lattice)
    engine = Scripted([near] * 3)
    found = look_again([picture(192)] * 2, [hopeless, near], engine, 1.5)
    assert not found[0].looks and found[1].looks


def test_every_way_gives_a_picture_of_a_line() -> None:
    line = np.random.default_rng(3).integers(0, 255, (40, 100)).astype(np.uint8)
    before = line.copy()
    bold, small, narrow = (way(line) for way in WAYS)
    assert (bold.shape, small.shape, narrow.shape) == ((40, 100), (60, 100), (40, 85))
    assert all(made.dtype == np.uint8 for made in (bold, small, narrow))
    assert bold.std() < line.std() and bold.mean() < line.mean()
    assert np.array_equal(line, before)


def test_a_line_that_lost_ink_is_looked_at_unwiped_however_sure_it_is() -> None:
    wiped, whole, sure = reading({"1": 0.9}), reading({"1": 1.0}, {"数": 0.9999}), reading({"人": 0.999})
    engine = Scripted([whole])
    unwiped = picture(300)
    found = look_again([picture(192)] * 2, [wiped, sure], engine, 1.0, Others(unwiped={0: unwiped}))
    assert found[0].text == "1数" and found[0].looks == (wiped,)
    assert found[1] is sure
    assert len(engine.asked) == 1 and engine.asked[0] is unwiped


def test_unwiped_looks_are_within_the_budget_and_the_least_sure_come_first() -> None:
    sure, less = reading({"数": 0.99}), reading({"数": 0.9})
    unwiped = dict.fromkeys(range(4), picture(192))
    engine = Scripted([less] * 2)
    found = look_again([picture(192)] * 4, [sure, less, sure, less], engine, 0.5, Others(unwiped=unwiped))
    assert [len(r.looks) for r in found] == [0, 1, 0, 1]
    assert look_again([picture(192)] * 4, [less] * 4, engine, 0.0, Others(unwiped=unwiped)) == [less] * 4


def test_a_line_read_with_a_stop_is_read_again_with_it_where_it_stays_doubtful() -> None:
    first, stopped = reading({"人": 0.5}, {"数": 0.9}), reading({"人": 0.5}, {"、": 0.9}, {"数": 0.9})
    marked = picture(220)
    engine = Scripted([stopped] * (1 + len(WAYS)))
    (found,) = look_again([picture(192)], [first], engine, 9.0, Others(marked={0: marked}))
    assert found.text == "人、数" and len(found.looks) == len(WAYS)
    assert engine.asked[0] is marked and np.array_equal(engine.asked[1], WAYS[0](marked))


def test_a_line_of_a_worn_page_that_lost_ink_is_read_as_worn_print_and_unwiped() -> None:
    wiped, whole = reading({"1": 0.48, "数": 0.3}), reading({"1": 1.0}, {"数": 0.9999})
    engine = Scripted([whole], [reading({"1": 0.7}) for _ in range(3)])
    found = look_again([picture(192)] * 3, [wiped] * 3, engine, 3.0, Others(unwiped={0: picture(300)}))
    assert found[0].text == "1数" and [len(r.looks) for r in found] == [2, 1, 1]


def test_marks_that_are_no_stops_change_nothing() -> None:
    first, dirt = reading({"数": 0.99}), reading({"数": 0.99}, {"1": 0.99})
    engine = Scripted([dirt])
    assert look_again([picture(192)], [first], engine, 9.0, Others(marked={0: picture(220)})) == [first]
    assert len(engine.asked) == 1


def test_figures_that_a_wiped_line_has_more_at_its_end_count_no_more_than_others() -> None:
    wiped = reading({"人": 0.95}, {"入": 0.001})
    for end, text in (("1", "人"), ("数", "人数")):
        whole = reading({"人": 0.99}, {end: 0.9995})
        engine = Scripted([whole])
        (found,) = look_again([picture(192)], [wiped], engine, 2.0, Others(unwiped={0: picture(192)}))
        assert found.text == text
