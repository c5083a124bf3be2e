"""Where values stand: beside their labels, or below a row of labels."""

from collections.abc import Callable

from shenbao.models.document import Record, Table

Draw = Callable[..., Table]
Map = Callable[..., Record]

HEADS = """
项目名称 | < | 主管部门 | 实施单位 | 项目负责人 | 联系电话
河道疏浚 | < | 某县水利局 | 河道管理站 | 李明 | 13800000000
资金总额（万元） | < | 财政拨款 | 其他资金 | 项目起止时间 | <
12.50 | < | 10.00 | 2.50 | 2024年1月-2024年12月 | <
"""
TITLE = "水利局项目绩效目标申报表"


def texts(record: Record) -> dict[str, str]:
    return {key: field.text for key, field in record.fields.items()}


def test_values_stand_below_a_row_of_labels(draw: Draw, map_table: Map) -> None:
    found = texts(map_table(draw(HEADS, TITLE)))
    assert found["project_name"] == "河道疏浚"
    assert found["supervising_department"] == "某县水利局"
    assert found["implementing_unit"] == "河道管理站"
    assert found["contact_phone"] == "13800000000"
    assert (found["budget_total"], found["budget_fiscal"], found["budget_other"]) == (
        "12.50",
        "10.00",
        "2.50",
    )
    assert found["implementation_period"] == "2024年1月-2024年12月"


def test_one_unknown_label_in_the_row_is_no_value(draw: Draw, map_table: Map) -> None:
    found = texts(map_table(draw(HEADS.replace("项目负责人", "经办人员"), TITLE)))
    assert found["implementing_unit"] == "河道管理站"
    assert "经办人员" not in found.values()


def test_labels_above_labels_keep_their_values_beside_them(draw: Draw, map_table: Map) -> None:
    rows = "项目名称 | 河道疏浚 | 主管部门 | 某县水利局\n实施单位 | 河道管理站 | 联系电话 | 138"
    found = texts(map_table(draw(rows, TITLE)))
    assert (found["project_name"], found["supervising_department"]) == ("河道疏浚", "某县水利局")
    assert (found["implementing_unit"], found["contact_phone"]) == ("河道管理站", "138")


def test_a_row_of_labels_above_cells_of_other_widths_is_no_head(draw: Draw, map_table: Map) -> None:
    rows = "项目名称 | 主管部门 | 实施单位\n甲 | < | 乙"
    assert "乙" not in texts(map_table(draw(rows, TITLE))).values()
