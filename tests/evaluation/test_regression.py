import numpy as np
import pytest

from shenbao.evaluation.regression import fit_curve, fit_factor, fit_logistic, fit_signed, logistic

RNG = np.random.default_rng(3)


def drawn(count: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    features = RNG.normal(size=(count, 2))
    return features, RNG.random(count) < logistic(0.5 + features @ np.array([2.0, -1.0]))


def test_the_weights_of_the_data_are_found() -> None:
    found = fit_logistic(*drawn(), strength=1.0)
    assert found == pytest.approx([0.5, 2.0, -1.0], abs=0.12)


def test_a_strong_penalty_leaves_only_the_bias() -> None:
    features, right = drawn()
    bias, *weights = fit_logistic(features, right, strength=1e9)
    assert weights == pytest.approx([0.0, 0.0], abs=1e-3)
    assert logistic(np.array([bias]))[0] == pytest.approx(right.mean(), abs=1e-4)


def test_separable_data_do_not_run_away() -> None:
    features = np.array([[-1.0], [-0.5], [0.5], [1.0]])
    found = fit_logistic(features, np.array([False, False, True, True]), strength=1.0)
    assert 0 < found[1] < 5


def test_true_probabilities_keep_their_curve() -> None:
    p = RNG.random(30_000)
    curve = fit_curve(p, RNG.random(30_000) < p)
    assert [curve.probability(q) for q in (0.1, 0.5, 0.9)] == pytest.approx([0.1, 0.5, 0.9], abs=0.02)


def test_overconfidence_is_taken_back() -> None:
    said = np.repeat([0.2, 0.8, 0.99], 10_000)
    true = np.repeat([0.3, 0.7, 0.9], 10_000)
    curve = fit_curve(said, RNG.random(30_000) < true)
    assert [curve.probability(q) for q in (0.2, 0.8, 0.99)] == pytest.approx([0.3, 0.7, 0.9], abs=0.03)


def test_the_curve_never_falls() -> None:
    said = np.repeat([0.2, 0.8], 1000)
    curve = fit_curve(said, np.repeat([True, False], 1000))
    values = [curve.probability(p) for p in np.linspace(0.01, 0.99, 50)]
    assert values == sorted(values)


def test_a_weight_may_not_have_the_wrong_sign() -> None:
    features, right = drawn()
    _, *weights = fit_signed(features, right, 1.0, np.array([1.0, 1.0]))
    assert weights[0] > 1.5 and weights[1] == 0.0
    free = fit_signed(features, right, 1.0, np.zeros(2))
    assert free == pytest.approx(fit_logistic(features, right, 1.0))


def test_no_curve_is_surer_than_its_cells_allow() -> None:
    curve = fit_curve(np.full(98, 0.99), np.ones(98, bool))
    assert curve.probability(1 - 1e-6) <= 0.99
    assert curve.probability(0.9) < curve.probability(0.99) < curve.probability(0.999)


def test_a_signal_that_no_row_shows_keeps_the_weight_it_had_before() -> None:
    features, right = drawn()
    unseen = np.column_stack([features, np.zeros(len(features))])
    prior, signs = np.array([0.0, 0.0, -2.0]), np.array([0.0, 0.0, -1.0])
    found = fit_signed(unseen, right, 1.0, signs, prior)
    assert found[3] == pytest.approx(-2.0)
    assert found[:3] == pytest.approx(fit_logistic(features, right, 1.0), abs=1e-6)


def test_many_rows_outweigh_the_weight_before() -> None:
    features, right = drawn()
    prior = np.array([-2.0, -2.0])
    learnt = fit_logistic(features, right, 1.0)
    near, far = (fit_logistic(features, right, strength, prior) for strength in (1.0, 1e9))
    assert far[1:] == pytest.approx(prior, abs=1e-3)
    assert np.abs(near - learnt).max() < 0.2


def test_one_of_two_conditions_is_drawn_to_its_prior() -> None:
    rng = np.random.default_rng(3)
    features = rng.normal(size=(400, 1))
    right = rng.random(400) < 0.9
    other = np.full(400, 0.95)
    found = fit_factor(features, right, other, 1e9, np.array([-1.0]), np.array([-2.0]))
    assert found[1] == pytest.approx(-2.0, abs=1e-3)
    assert fit_factor(features, right, other, 1e9, np.array([-1.0]))[1] == pytest.approx(0.0, abs=1e-3)
