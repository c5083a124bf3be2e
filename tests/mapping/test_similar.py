"""The index over many forms finds what comparing with all of them would find."""

import random

import pytest
from rapidfuzz.distance import Levenshtein

from shenbao.mapping.matching import NameList
from shenbao.mapping.similar import SimilarForms

LETTERS = "数质量时效成本指标率完成合格道路桥梁养护维修县乡学校医院"


def names(count: int, seed: int = 3) -> list[str]:
    rng = random.Random(seed)
    return list(dict.fromkeys("".join(rng.choices(LETTERS, k=rng.randrange(2, 14))) for _ in range(count)))


FORMS = names(3000)
QUERIES = [*names(40, 4), "道道道路路路", "养护养护养护养护", "河", "没有", *FORMS[:5]]


@pytest.mark.parametrize("text", QUERIES)
def test_best_and_runner_up_are_those_of_comparing_with_all(text: str) -> None:
    scores = sorted((Levenshtein.normalized_similarity(text, form) for form in FORMS), reverse=True)
    found = NameList({form: (form,) for form in FORMS}).match(text, 0.3)
    if scores[0] < 0.3:
        assert found is None
    else:
        assert found is not None and found.score == pytest.approx(scores[0], abs=1e-6)
        if not found.exact:
            assert found.runner_up_score == pytest.approx(scores[1], abs=1e-6)


def test_steps_go_downwards_and_give_each_form_once() -> None:
    steps = list(SimilarForms(FORMS).near("养护道路率", 0.2))
    assert [rest for rest, _ in steps] == sorted((rest for rest, _ in steps), reverse=True)
    found = [form for _, near in steps for form, _ in near]
    assert len(found) == len(set(found))
    assert set(found) == {f for f in FORMS if Levenshtein.normalized_similarity("养护道路率", f) >= 0.2}


def test_a_short_list_is_compared_at_once() -> None:
    steps = list(SimilarForms(["数量指标", "质量指标"]).near("口量指标", 0.3))
    assert steps == [(0.3, [("数量指标", 0.75), ("质量指标", 0.75)])]


def test_two_spellings_of_one_name_are_no_rivals() -> None:
    entries = {name: (name,) for name in FORMS}
    entries[FORMS[0]] = (FORMS[0], FORMS[0] + "甲", FORMS[0] + "乙")
    found = NameList(entries).match(FORMS[0] + "丙", 0.3)
    assert found is not None and found.name == FORMS[0] and found.runner_up != FORMS[0]
