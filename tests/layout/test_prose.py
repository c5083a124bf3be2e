"""Blocks, roles and their order, from pages made of words."""

from types import SimpleNamespace
from typing import Any, cast

from prose_pages import FULL, LEFT, WIDTH, at, centred, line, page

from shenbao.layout.prose import Prose, compose
from shenbao.models.stages import JoinedTable, PageLines

INDENTED = FULL[:18]


def table(*pages: int) -> JoinedTable:
    return cast(JoinedTable, SimpleNamespace(pages=pages))


def read(*pages: PageLines, tables: tuple[JoinedTable, ...] = ()) -> list[tuple[str, Any, Any]]:
    """Role, level and block of every line."""
    prose: Prose = compose(pages, tables)
    return [(t.role, t.level, t.block) for texts in prose.texts for t in texts]


def blocks(*pages: PageLines) -> list[int | None]:
    return [block for _, _, block in read(*pages)]


def test_an_indent_or_a_short_line_parts_paragraphs() -> None:
    lines = [
        line(INDENTED, 0, indent=2),
        line(FULL, 1),
        line("预算中。", 2),
        line(INDENTED, 3, indent=2),
        line("短。", 4),
        line(FULL, 5),
        line("完。", 6),
    ]
    assert blocks(page(lines)) == [1, 1, 1, 2, 2, 3, 3]


def test_a_paragraph_goes_on_over_the_page_past_its_number() -> None:
    first = page([line(INDENTED, 0, indent=2), line(FULL, 1), at("- 1 -", 290, 960)])
    second = page(
        [line("预算中。", 0), line(INDENTED, 1, indent=2), *[line(FULL, k) for k in range(2, 8)]], number=2
    )
    found = read(first, second)
    assert found[2] == ("page_number", None, None)
    assert [block for _, _, block in (*found[:2], *found[3:5])] == [1, 1, 1, 2]


def test_numbered_headings_have_their_level() -> None:
    lines = [
        centred("第一部分　部门概况", 0, em=28),
        line("一、部门职责", 2, indent=2),
        line(INDENTED, 3, indent=2),
        line(FULL, 4),
        line("二、收支说明", 5, indent=2),
        line("（一）收入说明", 6, indent=2),
        line(INDENTED, 7, indent=2),
        line(FULL, 8),
        line("1.政府采购", 9, indent=2),
        line(INDENTED, 10, indent=2),
        line(FULL, 11),
    ]
    begin = page([line(INDENTED, 0, indent=2), line(FULL, 1)])
    levels = [level for _, level, _ in read(begin, page(lines, number=2))][2:]
    assert levels == [1, 2, None, None, 2, 3, None, None, 4, None, None]


def test_items_of_a_list_are_no_headings() -> None:
    lines = [
        line("主要职责是：", 0, indent=2),
        *[line(f"（{c}）负责统计", k, indent=2) for k, c in enumerate("一二三四", 1)],
        line("五、其他", 5, indent=2),
        line(INDENTED, 6, indent=2),
        line(FULL, 7),
    ]
    roles = [role for role, _, _ in read(page(lines))]
    assert roles == ["paragraph"] * 5 + ["heading"] + ["paragraph"] * 2


def test_the_large_lines_at_the_beginning_are_the_title() -> None:
    lines = [
        centred("荆山市应急管理局部门", 0, em=32),
        centred("预算公开说明", 1.4, em=32),
        line(INDENTED, 4, indent=2),
        *[line(FULL, k) for k in range(5, 11)],
    ]
    assert read(page(lines))[:3] == [("title", None, 1), ("title", None, 1), ("paragraph", None, 2)]


def test_on_a_cover_the_largest_lines_are_the_title() -> None:
    cover = page(
        [centred("司法局部门预算", 4, em=34), centred("司法局编制", 20), centred("二〇二四年三月", 22)]
    )
    prose = page([line(INDENTED, 0, indent=2), *[line(FULL, k) for k in range(1, 9)]], number=2)
    roles = [role for role, _, _ in read(cover, prose)]
    assert roles[:3] == ["title", "paragraph", "paragraph"]


def test_a_table_stands_between_its_paragraphs_with_its_title() -> None:
    lines = [
        line("构成见下表。", 0, indent=2),
        centred("机构设置情况", 2),
        line(INDENTED, 20, indent=2),
        line(FULL, 21),
    ]
    one = page(lines, tables=[(LEFT, 190, LEFT + WIDTH, 600)], heads=[((1,), ())])
    prose = compose([one], [table(1)])
    assert [(t.role, t.block) for t in prose.texts[0]] == [
        ("paragraph", 1),
        ("title", 2),
        ("paragraph", 3),
        ("paragraph", 3),
    ]
    assert prose.tables == (2,)


def test_a_table_over_pages_is_one_block_and_its_repeated_captions_belong_to_it() -> None:
    head = [at("单位：万元", 400, 100)]
    grid = [(LEFT, 140.0, LEFT + WIDTH, 900.0)]
    pages = [page(head, number=n, tables=grid, heads=[((), (0,))]) for n in (1, 2)]
    prose = compose(pages, [table(1, 2)])
    assert prose.tables == (1,)
    assert [t.block for texts in prose.texts for t in texts] == [1, 1]


def test_labels_in_a_chart_are_not_prose_but_print_under_a_seal_is() -> None:
    chart = (150.0, 300.0, 450.0, 500.0)
    lines = [line(FULL, 0), line("工资", 8, indent=4), line(FULL, 9), centred("图1　支出结构", 15)]
    assert [role for role, _, _ in read(page(lines, figures=[chart]))] == [
        "paragraph",
        "other",
        "paragraph",
        "caption",
    ]


def test_columns_are_read_one_after_the_other() -> None:
    left = [line(FULL[:9], k, left=100) for k in range(5)]
    right = [line(FULL[:9], k, left=320) for k in range(5)]
    found = read(page([*left, *right]))
    assert [block for _, _, block in found] == [1] * 10


def test_a_document_without_print_is_nothing() -> None:
    prose = compose([page([])], [])
    assert prose.texts == ((),)
    assert prose.tables == ()
