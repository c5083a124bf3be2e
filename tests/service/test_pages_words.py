"""Every code that a page may show has a Chinese word."""

import re
from pathlib import Path
from typing import get_args

import pytest

from shenbao.errors import ShenbaoError
from shenbao.export.formats import Format
from shenbao.export.rows import INDICATOR_PARTS, SEVERITY
from shenbao.mapping import families
from shenbao.mapping.additions import Group
from shenbao.mapping.vocabulary import LabelKind
from shenbao.models.document import Check
from shenbao.service.pages import admin, words
from shenbao.store import doubts
from shenbao.store.terms import Action, DocumentState, Origin, Role

SERVICE = Path(words.__file__).parents[1]
ONLY_PROGRAMS = {"no_accounts", "method_not_allowed", "error"}


def chinese(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text))


def test_kinds_of_items() -> None:
    parts = {key for key, _ in INDICATOR_PARTS} & doubts._CLEAR_PARTS
    own = {"money", "number", "words", "empty", "code", "name"}
    for kind in {*get_args(LabelKind), *parts, *own, *admin.DOUBLE_KINDS}:
        assert chinese(words.kind(kind)), kind
    assert words.kind("a kind of tomorrow") == "a kind of tomorrow"


@pytest.mark.parametrize(
    ("codes", "known"),
    [
        (get_args(DocumentState), words.STATES),
        (get_args(Role), words.ROLES),
        (get_args(Action), words.ACTIONS),
        (get_args(Origin), words.ORIGINS),
        (get_args(Group), words.GROUPS),
        (get_args(Check.model_fields["severity"].annotation), SEVERITY),
        (tuple(set(Format) - {Format.XLSX, Format.CSV, Format.JSON}), words.FORMATS),
        (("merge", "split", "family"), words.EDITS),
    ],
)
def test_codes(codes: tuple[str, ...], known: dict[str, str]) -> None:
    assert set(codes) == set(known)
    assert all(map(chinese, known.values())) or known is words.FORMATS


def subclasses(error: type[ShenbaoError]) -> set[type[ShenbaoError]]:
    return {error, *(found for below in error.__subclasses__() for found in subclasses(below))}


def test_errors_of_files_and_of_the_service() -> None:
    codes = {error.code for error in subclasses(ShenbaoError)}
    for path in [*SERVICE.glob("*.py"), *SERVICE.glob("*/*.py")]:
        codes |= set(re.findall(r'ApiError\(\s*\d+,\s*"(\w+)"', path.read_text("utf-8")))
    missing = {code for code in codes - ONLY_PROGRAMS if words.error(code) == words.OTHER_ERROR}
    assert missing == set()
    assert all(map(chinese, words.ERRORS.values()))


def test_families_checks_and_reasons() -> None:
    assert all(chinese(family.title) for family in families.load_families())
    assert all(map(chinese, doubts._FLAGS.values()))
    data = Path(families.__file__).parent / "data"
    rules = re.findall(r'"title": "([^"]+)"', (data / "rules.json").read_text("utf-8"))
    assert rules and all(map(chinese, rules))


def test_a_low_confidence_is_told_once() -> None:
    told = ["可信度 0.877 低于接受线 0.980", "识别置信度 0.877 低于 0.98", "有印章遮挡"]
    assert words.reasons(told) == [told[0], told[2]]
    other = ["可信度 0.877 低于接受线 0.980", "识别置信度 0.712 低于 0.98"]
    assert words.reasons(other) == other


def test_a_failed_check_is_told_once() -> None:
    told = ["合计 = 甲 + 乙：不成立：应为 13.46，实为 19.39，差 5.93", "有印章遮挡"]
    assert words.reasons([*told, "合计 = 甲 + 乙：不成立（T4）"]) == told
    assert words.reasons([*told, "合计 = 甲 + 乙：不成立，可能原件如此（T4）"]) == [
        f"{told[0]}，可能原件如此",
        told[1],
    ]
    assert words.reasons(["合计 = 甲 + 丙：不成立（T4）", told[0]]) == [
        "合计 = 甲 + 丙：不成立（T4）",
        told[0],
    ]


def test_whoever_works_without_accounts_has_a_name() -> None:
    assert words.person("local") == "本机"
    assert words.person("王芳") == "王芳"
