"""What a corrected record teaches, and that nothing is learnt without a name under it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from shenbao.errors import UsageError
from shenbao.mapping.additions import Additions, extended
from shenbao.mapping.teaching import Proposal, proposals, taught
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.models.document import Record, Table

Draw = Callable[..., Table]
Map = Callable[..., Record]
WHEN = datetime(2025, 3, 1, tzinfo=UTC)

FORM = """
项目名称 | 清淤 | <        | <
一级指标 | 二级指标 | 三级指标 | 指标值
产出指标 | 产量类   | 河道清淤长度 | ≥12公里
^        | 质量指标 | 质量合格率 | 未涉及
"""


@pytest.fixture
def corrected(draw: Draw, map_table: Map) -> Record:
    """The form as read, its second level put right by a reviewer: the print stays, the value is set."""
    record = map_table(draw(FORM, "项目支出绩效目标申报表"))
    item = record.indicators[0]
    assert item.level2 is not None
    level2 = item.level2.model_copy(update={"value": "数量指标"})
    fixed = item.model_copy(update={"level2": level2})
    return record.model_copy(update={"indicators": [fixed, *record.indicators[1:]]})


def test_a_corrected_form_proposes_what_it_can_teach(corrected: Record, vocabulary: Vocabulary) -> None:
    found = {(p.group, p.name, p.form, p.below) for p in proposals(corrected, vocabulary)}
    assert ("level2", "数量指标", "产量类", "") in found
    assert ("level3", "河道清淤长度", None, "数量指标") in found
    assert not any(group == "level1" for group, *_ in found)
    place = next(p for p in proposals(corrected, vocabulary) if p.group == "level2").cells[0]
    assert (place.row, place.col) == (2, 1)


def test_a_confirmed_proposal_is_known_from_then_on(
    corrected: Record, vocabulary: Vocabulary, draw: Draw, families: tuple[object, ...]
) -> None:
    additions = Additions()
    for proposal in proposals(corrected, vocabulary):
        additions = taught(vocabulary, additions, proposal, by="王", source="清淤申报表", when=WHEN)
    own = extended(vocabulary, additions)
    assert proposals(corrected, own) == []
    match = own.level2_names["project", "产出指标"].match("产量类")
    assert match is not None and match.name == "数量指标" and match.exact
    assert {entry.by for entry in additions.entries} == {"王"}


def test_nothing_is_learnt_without_a_name_under_it(vocabulary: Vocabulary) -> None:
    proposal = Proposal("level2", "数量指标", "产量类")
    with pytest.raises(UsageError):
        taught(vocabulary, Additions(), proposal, by=" ", source="x", when=WHEN)


def test_a_misreading_of_another_name_is_refused(vocabulary: Vocabulary) -> None:
    proposal = Proposal("level2", "数量指标", "质量指标")
    with pytest.raises(UsageError):
        taught(vocabulary, Additions(), proposal, by="王", source="x", when=WHEN)


def test_what_is_known_teaches_nothing(draw: Draw, map_table: Map, vocabulary: Vocabulary) -> None:
    table = draw(
        """
        一级指标 | 二级指标 | 三级指标 | 指标值
        产出     | 数量     | 指派案件数 | ≥12件
        """,
        "绩效目标表",
    )
    assert proposals(map_table(table), vocabulary) == []


def test_a_label_found_nearly_is_proposed(draw: Draw, map_table: Map, vocabulary: Vocabulary) -> None:
    table = draw("项目名称 | 清淤 | 项目实施单位名 | 水务局", "项目支出绩效目标申报表")
    found = [p for p in proposals(map_table(table), vocabulary) if p.group == "labels"]
    assert [(p.name, p.form) for p in found] == [("implementing_unit", "项目实施单位名")]
