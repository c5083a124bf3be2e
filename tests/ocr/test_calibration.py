import itertools
from pathlib import Path

import pytest
from pydantic import ValidationError

from shenbao.errors import ModelFileError
from shenbao.models.calibration import (
    LIMIT,
    ODDS,
    Curve,
    FittedOn,
    Model,
    Operating,
    Split,
    Trees,
    threshold_for,
)
from shenbao.ocr.calibration import EMPTY, Calibration, load_calibration, packaged_calibration
from shenbao.ocr.signals import GROUPS

NONE = FittedOn(documents=0, cells=0, families={}, levels={})


def test_a_model_without_weights_gives_its_bias() -> None:
    assert Model(bias=0.0, weights={}).probability({"doubt": 3.0}) == pytest.approx(0.5)
    assert Model(bias=2.0, weights={}).probability({}) == pytest.approx(0.880797, abs=1e-6)


def test_missing_signals_count_as_nothing() -> None:
    model = Model(bias=1.0, weights={"doubt": -2.0, "known": 1.0})
    assert model.probability({"doubt": 0.5}) == model.probability({"doubt": 0.5, "known": 0.0})
    assert model.probability({"doubt": 0.5}) < model.probability({"doubt": 0.5, "known": 1.0})


def test_the_plain_curve_changes_nothing() -> None:
    assert [Curve().probability(p) for p in (0.01, 0.5, 0.999)] == pytest.approx([0.01, 0.5, 0.999])


def test_nothing_is_certain() -> None:
    assert Model(bias=99.0, weights={}).probability({}) == 1 - LIMIT
    assert Model(bias=-99.0, weights={}).probability({}) == pytest.approx(LIMIT)


def test_near_certain_cells_keep_their_order() -> None:
    model = Model(bias=0.0, weights={"x": 1.0}, curve=Curve(rise=0.7, fall=1.1, offset=0.3))
    values = [model.probability({"x": x / 10}) for x in range(40, 100)]
    assert all(a < b for a, b in itertools.pairwise(values))


def test_a_falling_curve_is_refused() -> None:
    with pytest.raises(ValidationError):
        Curve(rise=-0.1)


def test_empty_cells_have_their_own_model() -> None:
    made = Calibration(
        version="1",
        fitted_on=NONE,
        filled=Model(bias=1, weights={}),
        empty=Model(bias=-1, weights={}),
        place=Model(bias=9, weights={}),
    )
    assert made.probability({}, empty=False) > 0.5 > made.probability({}, empty=True)


POINTS = (
    Operating(threshold=0.999, accepted=3000, wrong=0),
    Operating(threshold=0.99, accepted=6000, wrong=11),
    Operating(threshold=0.9, accepted=9000, wrong=200),
    Operating(threshold=0.1, accepted=10_000, wrong=900),
)


@pytest.mark.parametrize(
    ("accuracy", "threshold", "review"),
    [(0.9, 0.1, 0.0), (0.97, 0.9, 0.1), (0.997, 0.99, 0.4), (0.999, 0.999, 0.7)],
)
def test_a_threshold_for_an_accuracy(accuracy: float, threshold: float, review: float) -> None:
    target = threshold_for(accuracy, POINTS)
    assert target is not None
    assert target.threshold == threshold
    assert target.review == pytest.approx(review)
    assert target.error <= 1 - accuracy


def test_an_accuracy_that_cannot_be_shown() -> None:
    # 3000 cells without an error do not show that fewer than one in 10,000 is wrong.
    assert threshold_for(0.9999, POINTS) is None
    assert threshold_for(0.5, ()) is None


def test_operating_points_must_be_in_order() -> None:
    with pytest.raises(ValidationError, match="must fall"):
        Calibration(
            version="1",
            fitted_on=NONE,
            filled=Model(bias=0, weights={}),
            empty=Model(bias=0, weights={}),
            place=Model(bias=0, weights={}),
            operating=POINTS[::-1],
        )


def asked(node: float | Split) -> set[str]:
    return {node.signal} | asked(node.low) | asked(node.high) if isinstance(node, Split) else set()


def test_trees_correct_the_product_of_text_and_place() -> None:
    models = {name: Model(bias=2.0, weights={}) for name in ("filled", "empty", "place")}
    plain = Calibration(version="1", fitted_on=NONE, **models)
    tree = Split(signal=EMPTY, limit=0.5, low=Split(signal="gap", limit=2.0, low=0.0, high=-3.0), high=1.0)
    made = plain.model_copy(update={"trees": Trees(splits=(tree,))})
    for signals, empty, more in (({}, False, 0), ({"gap": 3.0}, False, -1), ({"gap": 3.0}, True, 1)):
        before, after = (c.probability(signals, empty=empty) for c in (plain, made))
        assert (after > before + 1e-9) - (after < before - 1e-9) == more
    assert plain.probability({}, empty=False) == pytest.approx(0.880797**2, abs=1e-6)


def test_the_packaged_calibration_was_fitted() -> None:
    made = packaged_calibration()
    assert made.fitted_on.documents >= 50
    assert len(made.fitted_on.families) >= 10
    known = {name for group in GROUPS.values() for name in group}
    weighed = set(made.filled.weights) | set(made.empty.weights) | set(made.place.weights)
    known |= {ODDS, EMPTY}
    weighed |= {name for tree in made.trees.splits for name in asked(tree)}
    assert weighed and weighed <= known
    accepted = [o.accepted for o in made.operating]
    assert accepted == sorted(accepted) and accepted[-1] == made.fitted_on.cells


def test_more_doubt_never_raises_the_packaged_confidence() -> None:
    made = packaged_calibration()
    values = [
        made.probability({"doubt": -1.5 + k / 10, "weakest": -1.5 + k / 10}, empty=False) for k in range(16)
    ]
    assert values == sorted(values, reverse=True)


def test_a_file_is_loaded_or_refused(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    with pytest.raises(ModelFileError, match="calibration"):
        load_calibration(file)
    file.write_text('{"version": "1"}', "utf-8")
    with pytest.raises(ModelFileError, match="calibration"):
        load_calibration(file)
    file.write_text(packaged_calibration().model_dump_json(), "utf-8")
    assert load_calibration(file) == packaged_calibration()


def test_a_signal_that_an_older_file_does_not_know_counts_for_nothing() -> None:
    made = packaged_calibration()
    before = {"doubt": -1.0, "weakest": -1.0}
    after = before | {"a signal of a later version": 3.0}
    assert made.probability(after, empty=False) == made.probability(before, empty=False)
