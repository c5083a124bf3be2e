"""Constrained reading, on lattices made by hand."""

from dataclasses import replace
from math import isclose

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shenbao.models.stages import CharReading, Lattice, Reading
from shenbao.ocr.constrain import Kind, KindRule, KindRules, constrain, kind_rules, meanings_of
from shenbao.ocr.decode import greedy

ALPHABET = ("", *"≥≤=><二三VX0123456789O.,%年月日目元人文[]〔〕 ")


def reading_of(*steps: dict[str, float]) -> Reading:
    """A reading whose steps hold these characters; what is left over of 1 is the blank's."""
    rows = []
    for step in steps:
        row = np.zeros(len(ALPHABET), np.float32)
        for char, probability in step.items():
            row[ALPHABET.index(char)] = probability
        row[0] = 1.0 - row.sum()
        rows.append(row)
    full = np.stack(rows)
    order = np.argsort(-full, axis=1, kind="stable")[:, :16]
    return greedy(Lattice(order.astype(np.int32), np.take_along_axis(full, order, axis=1), ALPHABET))


def text_of(text: str, sure: float = 0.99) -> Reading:
    return reading_of(*(step for char in text for step in ({char: sure}, {})))


def test_look_alike_of_an_operator_is_read_as_the_operator() -> None:
    found = constrain(text_of("二"), Kind.OPERATOR)
    assert found.text == "=" and found.fits
    assert 0.9 < found.probability < 0.99


def test_sure_operator_stays_sure() -> None:
    found = constrain(text_of("≤"), Kind.OPERATOR)
    assert found.text == "≤"
    assert found.probability > 0.98


def test_what_cannot_be_an_operator_is_kept_as_read_with_its_rivals() -> None:
    found = constrain(text_of("文"), Kind.OPERATOR)
    assert found.text == "文" and not found.fits


def test_little_mass_for_what_fits_gives_little_probability() -> None:
    found = constrain(reading_of({"X": 0.95, "≥": 0.02}), Kind.OPERATOR)
    assert found.probability < 0.8
    by_text = {candidate.text: candidate.probability for candidate in found.candidates}
    assert by_text["≥"] < 0.5 < by_text["≥"] + by_text["X"]


def test_second_choice_that_fits_beats_a_first_that_does_not() -> None:
    found = constrain(reading_of({"X": 0.6, "≥": 0.39}), Kind.OPERATOR)
    assert found.text == "≥"
    assert 0.8 < found.probability < 0.97


@pytest.mark.parametrize(
    ("read", "kind", "meant"),
    [
        ("1O4.08", Kind.MONEY, "104.08"),
        (".7", Kind.NUMBER, "7"),
        ("95 %", Kind.PERCENT, "95%"),
        ("2021年12目", Kind.MONTH, "2021年12月"),
        ("人", Kind.UNIT, "人"),
        ("%.", Kind.UNIT, "%"),
        ("2080101", Kind.CODE, "2080101"),
        ("1,234.50", Kind.MONEY, "1,234.50"),
        ("492 83", Kind.MONEY, "492.83"),
        ("1,29", Kind.MONEY, "1.29"),
        ("1,234 50", Kind.MONEY, "1,234.50"),
        ("1,234", Kind.MONEY, "1,234"),
        ("1 234", Kind.MONEY, "1234"),
        ("20 19", Kind.CODE, "2019"),
    ],
)
def test_kinds_mend_what_only_looks_different(read: str, kind: Kind, meant: str) -> None:
    found = constrain(text_of(read), kind)
    assert found.text == meant and found.fits
    assert found.candidates[0].text == meant


@pytest.mark.parametrize("text", ["1O4", "二", ". 7", ""])
def test_free_text_is_never_changed(text: str) -> None:
    reading = text_of(text) if text else reading_of({}, {})
    found = constrain(reading, Kind.FREE)
    assert found.text == reading.text == text
    assert 0.9 < found.probability <= 1.0


def test_reading_without_a_lattice_is_taken_as_it_is() -> None:
    found = constrain(Reading((CharReading("二", 0.5), CharReading("V", 0.5))), Kind.OPERATOR)
    assert (found.text, found.probability, found.fits) == ("二V", 0.25, False)
    assert constrain(Reading(()), Kind.FREE).text == ""


steps = st.lists(
    st.dictionaries(st.sampled_from(ALPHABET[1:]), st.floats(0.01, 0.24), max_size=4), min_size=1, max_size=6
)


@given(steps, st.sampled_from(list(Kind)))
def test_candidates_add_up_to_one_and_begin_with_the_text(
    lattice: list[dict[str, float]], kind: Kind
) -> None:
    reading = reading_of(*lattice)
    found = constrain(reading, kind)
    assert isclose(sum(candidate.probability for candidate in found.candidates), 1.0, abs_tol=1e-6)
    assert found.candidates[0].text == found.text
    assert 0.0 <= found.probability <= 1.0
    assert len({candidate.text for candidate in found.candidates}) == len(found.candidates)
    if kind is Kind.FREE:
        assert found.text == reading.text


def test_meanings_are_probabilities_for_every_packaged_spelling() -> None:
    for rule in kind_rules().root.values():
        for spelling in rule.spellings:
            meanings = meanings_of(spelling, rule)
            assert 0 < sum(meanings.values()) <= 1 + 1e-9
            assert all(rule.fits(meant) for meant in meanings)
        assert all(rule.fits(text) for text in rule.texts)


def test_data_is_checked() -> None:
    with pytest.raises(ValidationError, match="no regular expression"):
        KindRule(outside=0.1, pattern="(")
    with pytest.raises(ValidationError, match="no probabilities"):
        KindRule(outside=0.1, spellings={"二": {"=": 0.9, "≥": 0.2}})
    with pytest.raises(ValidationError, match="no rule for"):
        KindRules({Kind.FREE: KindRule(outside=1.0)})


def test_free_text_that_no_look_gives_has_no_probability() -> None:
    """Something other than the recogniser put it there: it stays, and goes to review."""
    reading = text_of("5")
    found = constrain(replace(reading, chars=(CharReading("乙", 0.9),)), Kind.FREE)
    assert (found.text, found.candidates[0].text, found.probability) == ("乙", "乙", 0.0)


@pytest.mark.parametrize(("seen", "changed"), [(0.02, True), (0.005, False)])
def test_brackets_of_a_documents_number_are_official_where_they_may_be(seen: float, changed: bool) -> None:
    opening, closing = ({plain: 1.0 - seen, official: seen} for plain, official in ("[〔", "]〕"))
    sure = [{c: 1.0} for c in "文20248年"]
    found = constrain(
        reading_of(sure[0], opening, *sure[1:5], closing, *sure[5:]), Kind.FREE, "文〔2024〕8年"
    )
    assert found.text == ("文〔2024〕8年" if changed else "文[2024]8年")


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("2020年1月2020年12月", "2020年1月-2020年12月"),
        ("2020年2021年", "2020年-2021年"),
        ("2020年12月", "2020年12月"),
    ],
)
def test_two_dates_with_nothing_between_lost_their_dash(read: str, meant: str) -> None:
    assert constrain(text_of(read), Kind.PERIOD).text == meant
