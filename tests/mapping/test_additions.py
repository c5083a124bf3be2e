"""The user's own vocabulary file: what it may hold, what it changes, and where it is used."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from shenbao.errors import UsageError
from shenbao.mapping.additions import (
    Addition,
    Additions,
    extended,
    open_vocabulary,
    read_additions,
    with_addition,
)
from shenbao.mapping.families import load_families, open_families
from shenbao.mapping.known import known_texts
from shenbao.mapping.records import build_records
from shenbao.mapping.values import ValueGrammar
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.models.document import Table

Draw = Callable[..., Table]
WHEN = datetime(2025, 3, 1, tzinfo=UTC)


def addition(group: Any, name: str, form: str | None = None, **more: Any) -> Addition:
    return Addition(group=group, name=name, form=form, source="某县2025年申报表", added=WHEN, **more)


def grown(vocabulary: Vocabulary, *entries: Addition) -> Vocabulary:
    return extended(vocabulary, Additions(entries=entries))


def test_another_form_of_each_kind(vocabulary: Vocabulary) -> None:
    own = grown(
        vocabulary,
        addition("level1", "产出指标", "工作产出类"),
        addition("level2", "数量指标", "产量类"),
        addition("level3", "河道清淤长度", below="数量指标"),
        addition("level3", "河道清淤长度", "清淤河道长度", below="数量指标"),
        addition("labels", "budget_total", "今年申请总数"),
        addition("columns", "basis", "依据何在"),
        addition("units", "亩次", kind="count"),
        addition("units", "亩次", "亩·回"),
    )
    grammar = ValueGrammar(own.units, own.operators)
    assert own.level1_names["project"].match("工作产出类").name == "产出指标"  # type: ignore[union-attr]
    assert own.level2_names["project", "产出指标"].exact("产量类").name == "数量指标"  # type: ignore[union-attr]
    assert own.match_level3("清淤河道长度", "数量指标").name == "河道清淤长度"
    assert own.indicator_headers.exact("依据何在").name == "basis"  # type: ignore[union-attr]
    assert (grammar.unit_value("亩·回"), grammar.unit_kind("亩次")) == ("亩次", "count")
    assert {"工作产出类", "清淤河道长度", "今年申请总数", "亩次"} <= known_texts(own)
    assert vocabulary.match_level3("清淤河道长度", "数量指标").name is None


def test_an_own_label_is_found_in_every_family(vocabulary: Vocabulary, draw: Draw) -> None:
    own = grown(vocabulary, addition("labels", "budget_total", "今年申请总数"))
    table = draw(
        """
        项目名称 | 清淤 | 实施单位 | 水务局
        今年申请总数 | 36 | 主管部门 | 县政府
        """,
        "项目支出绩效目标申报表",
    )
    taught, plain = (build_records([table], [], v, load_families(), 0.98)[0] for v in (own, vocabulary))
    assert taught.family == "project_declaration"
    assert taught.fields["budget_total"].value == "36"
    assert "budget_total" not in plain.fields


@pytest.mark.parametrize(
    "wrong",
    [
        addition("level2", "数量指标", "质量指标"),
        addition("level2", "数量指标", "数量"),
        addition("level2", "没有的指标", "别的"),
        addition("level3", "指派案件数", below="数量指标"),
        addition("level3", "新名称", below="没有的二级"),
        addition("level3", "没有的名称", "别的", below="数量指标"),
        addition("labels", "no_such_key", "别的"),
        addition("labels", "budget_total", "财政资金"),
        addition("columns", "basis", "三级指标"),
        addition("units", "人", "公里"),
    ],
)
def test_what_contradicts_the_vocabulary_is_refused(vocabulary: Vocabulary, wrong: Addition) -> None:
    with pytest.raises(UsageError):
        with_addition(vocabulary, Additions(), wrong)


@pytest.mark.parametrize(
    ("group", "more"),
    [("level1", {}), ("level2", {}), ("columns", {}), ("labels", {}), ("units", {}), ("level3", {}),
     ("level2", {"form": "x", "below": "数量指标"}), ("units", {"form": "x", "kind": "count"}),
     ("level3", {"below": "数量指标", "kind": "count"})],
)  # fmt: skip
def test_an_addition_must_be_complete(group: str, more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        addition(group, "名称", **more)


def test_every_addition_says_where_it_comes_from() -> None:
    with pytest.raises(ValidationError):
        Addition(group="level2", name="数量指标", form="产量类", source=" ", added=WHEN)
    with pytest.raises(ValidationError):
        Addition(group="level2", name="数量指标", form="产量类", source="x", added=datetime(2025, 1, 1))


def test_a_file_of_additions(vocabulary: Vocabulary, tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_bytes(
        with_addition(vocabulary, Additions(), addition("level2", "数量指标", "产量类")).to_bytes()
    )
    assert read_additions(path).entries[0].source == "某县2025年申报表"
    assert open_vocabulary(path).level2_names["project", ""].exact("产量类") is not None
    assert open_vocabulary() is vocabulary
    path.write_text('{"version": 1, "entries": [{"group": "level9"}]}')
    for bad in (path, tmp_path / "missing.json"):
        with pytest.raises(UsageError):
            open_vocabulary(bad)


FAMILY = '{"id": "%s", "title": "x", "source": "x", "fields": [{"key": "%s"}], "frames": ["%s"]}'


def test_own_families_stand_beside_and_before_the_packaged(vocabulary: Vocabulary, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(FAMILY % ("grain", "budget_total", "project"))
    (tmp_path / "b.json").write_text(FAMILY % ("org_setup", "budget_total", "project"))
    families = {family.id: family for family in open_families(tmp_path, vocabulary)}
    assert len(families) == len(load_families()) + 1
    assert families["org_setup"].title == "x" and "grain" in families
    assert open_families(None, vocabulary) == load_families()


@pytest.mark.parametrize(
    "text", [FAMILY % ("a", "no_such_key", "project"), FAMILY % ("a", "goals", "nowhere"), "{}"]
)
def test_a_family_that_names_what_there_is_not_is_refused(
    vocabulary: Vocabulary, tmp_path: Path, text: str
) -> None:
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(UsageError):
        open_families(tmp_path, vocabulary)
    with pytest.raises(UsageError):
        open_families(tmp_path / "missing", vocabulary)


def test_a_reader_uses_the_files_of_its_settings(tmp_path: Path) -> None:
    from shenbao.batch.manifest import recipe_of
    from shenbao.reader import Reader
    from shenbao.settings import MappingSettings, Settings

    own, families = tmp_path / "own.json", tmp_path / "families"
    families.mkdir()
    (families / "a.json").write_text(FAMILY % ("grain", "budget_total", "project"))
    own.write_bytes(Additions(entries=(addition("level2", "数量指标", "产量类"),)).to_bytes())
    settings = Settings(mapping=MappingSettings(families=families, vocabulary=own))
    reader = Reader(settings)
    assert "产量类" in known_texts(reader.vocabulary)
    assert "grain" in {family.id for family in reader.families}
    before = recipe_of(settings, "1")
    own.write_bytes(Additions().to_bytes())
    assert recipe_of(settings, "1") != before, "a batch has to read again when the vocabulary has grown"
