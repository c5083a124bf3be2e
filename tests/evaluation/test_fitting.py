import numpy as np
import pytest

from shenbao.evaluation.fitting import apply, figures, fit, operating_points
from shenbao.evaluation.gather import Gathered, Sample
from shenbao.models.calibration import threshold_for


def samples(count: int = 3000, families: int = 6) -> Gathered:
    """Cells whose chance to be right is known: the logistic function of 3 - 4 * doubt."""
    rng = np.random.default_rng(5)
    made = []
    for i in range(count):
        doubt, empty = float(rng.random()), bool(rng.random() < 0.3)
        right = bool(rng.random() < 1 / (1 + np.exp(-(3 - 4 * doubt))))
        family = f"f{i % families}"
        made.append(
            Sample(
                f"{family}-{i % 30}",
                family,
                "scan",
                empty,
                {"doubt": doubt, "length": float(rng.random())},
                right,
            )
        )
    return Gathered(tuple(made), lacking=100, documents=30)


@pytest.fixture(scope="module")
def known() -> Gathered:
    return samples()


def test_the_fit_is_near_the_truth(known: Gathered) -> None:
    made = fit(known, "7").calibration
    assert made.version == "7"
    for doubt in (0.1, 0.5, 0.9):
        true = 1 / (1 + np.exp(-(3 - 4 * doubt)))
        assert made.probability({"doubt": doubt, "length": 0.5}, empty=False) == pytest.approx(true, abs=0.05)


def test_held_out_figures_are_reported_with_what_is_lacking(known: Gathered) -> None:
    found = fit(known, "1")
    assert found.calibration.figures == figures(found.held_out, known)
    ece, auroc = found.calibration.figures["ece"], found.calibration.figures["auroc"]
    assert ece is not None and ece < 0.03
    assert auroc is not None and 0.7 < auroc < 0.9
    everything = figures(np.ones(len(known.samples)) - 1e-9 * np.arange(len(known.samples)), known)
    coverage = everything["coverage_at_0.5%"]
    assert coverage is not None and coverage <= len(known.samples) / (len(known.samples) + 100)


def test_held_out_means_that_the_family_was_not_seen() -> None:
    # A signal that tells right from wrong within each family, but the other way round in one of them.
    rng = np.random.default_rng(2)
    made = []
    for i in range(1200):
        sign, family = float(rng.choice([-1, 1])), f"f{i % 8}"
        right = bool((sign > 0) != (family == "f0"))
        made.append(Sample(f"d{i % 40}", family, "scan", False, {"length": sign}, right))
    found = fit(Gathered(tuple(made), 0, 40), "1", apart="family")
    odd = np.array([s.family == "f0" for s in made])
    right = np.array([s.right for s in made])
    assert found.held_out[odd & right].mean() < 0.2
    assert found.held_out[~odd & right].mean() > 0.6


def test_what_it_was_fitted_on_is_told(known: Gathered) -> None:
    on = fit(known, "1").calibration.fitted_on
    assert (on.documents, on.cells) == (30, 3000)
    assert on.families == {f"f{k}": 5 for k in range(6)}
    assert on.levels == {"scan": 30}


def test_a_signal_can_be_left_out(known: Gathered) -> None:
    found = fit(known, "1", without=["doubt"])
    assert set(found.calibration.filled.weights) == {"length"}
    auroc = found.calibration.figures["auroc"]
    assert auroc is not None and auroc < 0.6


def test_the_delivered_weights_do_what_the_figures_say(known: Gathered) -> None:
    found = fit(known, "1")
    gaps = np.abs(apply(found.calibration, known.samples) - found.held_out)
    assert gaps.mean() < 0.03 and gaps.max() < 0.3


@pytest.mark.parametrize("broken", ["one family", "all right", "nothing"])
def test_too_little_is_refused(broken: str) -> None:
    made = samples(40, 1 if broken == "one family" else 2)
    if broken == "all right":
        made = Gathered(tuple(s for s in made.samples if s.right), 0, 2)
    if broken == "nothing":
        made = Gathered((), 0, 0)
    with pytest.raises(ValueError, match="needed"):
        fit(made, "1")


def test_operating_points_count_what_a_threshold_accepts() -> None:
    p = np.linspace(0.999, 0.001, 1000)
    right = np.arange(1000) < 900
    points = operating_points(p, right)
    assert points[-1].accepted == 1000 and points[-1].wrong == 100
    for point in points:
        taken = p >= point.threshold
        assert point.accepted == taken.sum()
        assert point.wrong == (taken & ~right).sum()
    target = threshold_for(0.99, points)
    assert target is not None
    assert (p >= target.threshold).sum() == pytest.approx(900, abs=12)
    assert target.review == pytest.approx(0.1, abs=0.012)


def test_operating_points_take_equals_together() -> None:
    points = operating_points(np.array([0.9] * 10 + [0.5] * 10), np.ones(20, bool))
    assert [(o.threshold, o.accepted) for o in points] == [(0.9, 10), (0.5, 20)]


def test_places_are_told_apart_from_texts() -> None:
    """Below a weak ruling everything is misplaced; texts are misread by their doubt alone."""
    rng = np.random.default_rng(4)
    made = []
    for i in range(4000):
        table = i // 50
        broken, doubt = table % 5 == 0, float(rng.random())
        misread = bool(rng.random() < 0.4 * doubt)
        signals = {"doubt": doubt, "weak_above": float(broken)}
        right = not misread and not (broken and rng.random() < 0.9)
        made.append(Sample(f"d{table}", f"f{table % 7}", "scan", False, signals, right, sound=not broken))
    model = fit(Gathered(tuple(made), 0, 80), "1").calibration
    assert "weak_above" in model.place.weights and "weak_above" not in model.filled.weights
    assert model.probability({"doubt": 0.0, "weak_above": 0.0}, empty=False) > 0.92
    assert model.probability({"doubt": 0.0, "weak_above": 1.0}, empty=False) < 0.25
    assert model.probability({"doubt": 1.0, "weak_above": 0.0}, empty=False) == pytest.approx(0.6, abs=0.07)
