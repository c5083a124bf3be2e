import pytest

from shenbao.mapping.folding import fold, fold_kept, label_forms
from shenbao.mapping.matching import NameList
from shenbao.mapping.vocabulary import Vocabulary

KINDS = ("project", "产出指标")
BENEFITS = ("project", "效益指标")


def test_folding_drops_blanks_and_width() -> None:
    assert fold("（万元） ≧９５％—") == "(万元)≥95%-"
    folded, origins = fold_kept("≧ ９5")
    assert folded == "≥95"
    assert origins == (0, 2, 3)


def test_label_forms_from_full_to_bare() -> None:
    assert label_forms("其中：财政拨款收入：")[-1] == "财政拨款收入"
    assert label_forms("一、基本支出（第1至4项小计）")[-1] != ""
    assert "基本支出" in label_forms("一、基本支出（第1至4项小计）")
    assert "工资福利支出" in label_forms("1. 工资福利支出")
    assert "预算资金情况" in label_forms("预算资金情况（万元）")


@pytest.mark.parametrize(
    ("printed", "name"),
    [("数量 指标", "数量指标"), ("产出数量指标", "数量指标"), ("质里指标", "质量指标"), ("时效指杯", "时效指标"),
     ("成木指标", "成本指标")],
)  # fmt: skip
def test_level2_names(vocabulary: Vocabulary, printed: str, name: str) -> None:
    match = vocabulary.level2_names[KINDS].match(printed)
    assert match is not None
    assert (match.name, match.decided) == (name, True)


def test_an_unreadable_character_leaves_a_pair_undecided(vocabulary: Vocabulary) -> None:
    match = vocabulary.level2_names[KINDS].match("口量指标")
    assert match is not None
    assert not match.decided
    assert set(match.rivals) == {"数量指标", "质量指标"}


def test_no_member_of_a_pair_turns_into_the_other(vocabulary: Vocabulary) -> None:
    """Whatever one of a pair's characters becomes, the other name is never a decided match."""
    names = {f: n for lists in vocabulary.level2_names.values() for f in lists.names for n in (lists,)}
    for a, b in [(x, y) for p in vocabulary.confusable for x, y in (p, p[::-1])]:
        if a not in names or b not in names[a].names:
            continue
        for i in range(len(a)):
            match = names[a].match(a[:i] + "囗" + a[i + 1 :])
            assert match is None or match.name == a or not match.decided


def test_exact_names_win_over_near_ones(vocabulary: Vocabulary) -> None:
    for pair in vocabulary.confusable:
        assert fold(pair[0]) != fold(pair[1])
    match = vocabulary.level2_names[BENEFITS].match("社会效益指标")
    assert match is not None and match.exact and match.margin == 1.0


def test_headers_of_the_three_levels_are_kept_apart(vocabulary: Vocabulary) -> None:
    for part, text in (("level1", "一级指标"), ("level2", "二级 指标"), ("level3", "三级指标")):
        match = vocabulary.indicator_headers.match(text)
        assert match is not None and match.name == part
    unsure = vocabulary.indicator_headers.match("级指标")
    assert unsure is not None and not unsure.decided


def test_level3_is_open(vocabulary: Vocabulary) -> None:
    known = vocabulary.match_level3("指派案件数", "数量指标")
    assert known.name == "指派案件数" and known.score == 1.0
    near = vocabulary.match_level3("指派案件教", "数量指标")
    assert near.name == "指派案件数" and near.score < 1.0
    new = vocabulary.match_level3("河道清淤长度", "数量指标")
    assert new.name is None and new.score < 0.8


def test_vocabulary_is_consistent(vocabulary: Vocabulary) -> None:
    for frame in vocabulary.frames:
        for first in frame.level1:
            assert first.children
            assert all(frame.allows(first.name, child.name) for child in first.children)
    units = [fold(form) for unit in vocabulary.units for form in unit.forms]
    assert len(units) == len(set(units))
    assert all(len(code.code) in (3, 5, 7) for code in vocabulary.codes.functional)
    assert vocabulary.frame("project_2021").allows("成本指标", "生态环境成本指标")
    assert not vocabulary.frame("project").allows("满意度指标", "数量指标")


@pytest.mark.parametrize(
    ("printed", "others", "name"),
    [("口量指标", ("质量指标",), "质量指标"), ("口量指标", ("x", "数量指标"), "数量指标"),
     ("数童指杯", ("数量指标",), "数量指标"), ("数量指标", ("质量指标",), "数量指标"),
     ("口口口口", ("时效指标",), "时效指标")],
)  # fmt: skip
def test_other_readings_decide_where_the_text_does_not(
    vocabulary: Vocabulary, printed: str, others: tuple[str, ...], name: str
) -> None:
    match = vocabulary.level2_names[KINDS].match_readings(printed, others)
    assert match is not None
    assert (match.name, match.decided) == (name, True)
    assert match.exact == (printed == name)


def test_another_reading_never_overrules_a_decided_name(vocabulary: Vocabulary) -> None:
    match = vocabulary.level2_names[KINDS].match_readings("质里指标", ("数量指标",))
    assert match is not None
    assert match.name == "质量指标"


@pytest.mark.parametrize("printed", ["1\n1\n成本指标1\n1", "·成本指标", "成本指标.", "7成本指标i"])
def test_a_name_between_specks(vocabulary: Vocabulary, printed: str) -> None:
    match = vocabulary.level2_names[KINDS].match(printed)
    assert match is not None
    assert (match.name, match.decided, match.exact) == ("成本指标", True, False)


def test_a_text_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    names = NameList({"数量指标": ("数量指标",), "质量指标": ("质量指标",)})
    asked = []
    near = NameList._fuzzy
    monkeypatch.setattr(NameList, "_fuzzy", lambda self, *about: (asked.append(about), near(self, *about))[1])
    first, again = names.match("数里指标"), names.match("数里指标")
    assert first is again and first is not None and first.name == "数量指标"
    assert names.match("数里指标", 0.9) is None
    assert asked == [("数里指标", 0.6), ("数里指标", 0.9)]
