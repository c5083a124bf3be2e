import numpy as np
import pytest

from shenbao.evaluation.crossfit import Labelled, fit_model, fold_rows, group_folds, held_out, probabilities


def drawn(count: int = 4000, groups: int = 8) -> Labelled:
    rng = np.random.default_rng(6)
    features = rng.random((count, 2))
    right = rng.random(count) < 1 / (1 + np.exp(-(3 - 4 * features[:, 0])))
    ids = tuple(f"d{i % groups}" for i in range(count))
    return Labelled(("doubt", "length"), features, right, ids, np.array([-1.0, 0.0]))


def test_groups_stay_together() -> None:
    data = drawn()
    folds = group_folds(data.groups, 4)
    assert len(folds) == 4
    assert sorted(g for fold in folds for g in fold) == [f"d{k}" for k in range(8)]
    rows = fold_rows(data.groups, 4)
    assert (np.sum(rows, axis=0) == 1).all()
    ids = np.array(data.groups)
    assert all(not set(ids[out]) & set(ids[~out]) for out in rows)


def test_the_model_and_what_is_held_out_are_near_the_truth() -> None:
    data = drawn()
    true = 1 / (1 + np.exp(-(3 - 4 * data.features[:, 0])))
    whole = probabilities(fit_model(data), data.names, data.features)
    assert np.abs(whole - true).mean() < 0.02
    assert np.abs(held_out(data) - true).mean() < 0.03


def test_held_out_rows_do_not_teach_their_own_model() -> None:
    rng = np.random.default_rng(2)
    sign = rng.choice([-1.0, 1.0], 1600)
    odd = np.arange(1600) % 8 == 0
    ids = tuple(f"d{i % 8}" for i in range(1600))
    data = Labelled(("s",), sign[:, None], (sign > 0) != odd, ids, np.zeros(1))
    p = held_out(data)
    assert p[odd & data.right].mean() < 0.2
    assert p[~odd & data.right].mean() > 0.6


def test_rows_are_chosen_with_their_groups() -> None:
    data = drawn(80)
    chosen = np.arange(80) < 10
    part = data.rows(chosen)
    assert len(part.groups) == len(part.right) == len(part.features) == 10
    assert part.groups == data.groups[:10]


def test_a_weight_of_the_wrong_sign_is_none() -> None:
    data = drawn()
    turned = Labelled(data.names, -data.features, data.right, data.groups, data.signs)
    assert fit_model(turned).weights["doubt"] == 0.0
    assert fit_model(data).weights["doubt"] == pytest.approx(-4, abs=0.5)
