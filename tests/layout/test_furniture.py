from prose_pages import FULL, at, centred, line, page

from shenbao.layout.furniture import furniture
from shenbao.models.stages import Box


def body(number: int = 0) -> list[tuple[str, Box]]:
    """Six lines that are others on every page."""
    words = ["".join(chr(0x4E00 + 97 * number + 40 * k + i) for i in range(20)) for k in range(6)]
    return [line(text, k) for k, text in enumerate(words)]


def test_page_numbers_stand_in_the_margin_only() -> None:
    roles = furniture([page([*body(), at("- 3 -", 290, 960)]), page([*body(), at("12", 290, 500)], number=2)])
    assert roles == {(0, 6): "page_number"}


def test_a_page_number_may_stand_beside_the_running_head() -> None:
    pages = [
        page([at("第一篇商品和货币", 250, 40), at(str(n), 100, 41), *body(n)], number=n) for n in (12, 13, 14)
    ]
    roles = furniture(pages)
    assert {place: role for place, role in roles.items() if place[0] == 0} == {
        (0, 0): "other",
        (0, 1): "page_number",
    }


def test_words_return_on_three_pages_to_be_a_running_head() -> None:
    pages = [page([at("荆山市2026年部门预算公开", 200, 40), *body(n)], number=n) for n in (1, 2)]
    assert furniture(pages) == {}
    pages.append(page([at("荆山市2026年部门预算公开", 200, 44), *body(3)], number=3))
    assert set(furniture(pages)) == {(0, 0), (1, 0), (2, 0)}


def test_captions_that_return_with_their_tables_are_no_running_head() -> None:
    table = (100.0, 120.0, 500.0, 800.0)
    pages = [
        page([at("单位：万元", 400, 90)], number=n, tables=[table], heads=[((), (0,))]) for n in range(1, 5)
    ]
    assert furniture(pages) == {}


def test_a_contents_reaches_from_its_heading_to_its_last_entry() -> None:
    lines = [
        centred("目　录", 0),
        line("第一部分　总体绩效目标", 1),
        line("总体绩效目标.....3", 2, indent=1),
        line("分项绩效目标", 3, indent=1),
        at("4", 480, 190),
        line(FULL, 6),
    ]
    assert furniture([page(lines)]) == {(0, k): "contents" for k in range(1, 5)}


def test_a_contents_goes_on_over_pages_and_needs_no_heading() -> None:
    entries = [line(f"{k}、项目绩效目标表.....{k + 6}", k) for k in range(1, 7)]
    roles = furniture([page(entries), page([line("19、戒毒所项目.....25", 0), line(FULL, 3)], number=2)])
    assert set(roles.values()) == {"contents"}
    assert (1, 0) in roles and (1, 1) not in roles and len(roles) == 7


def test_prose_with_numbers_is_no_contents() -> None:
    assert furniture([page([line("预算收入4277.75", k) for k in range(5)])]) == {}
