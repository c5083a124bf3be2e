import numpy as np
import pytest

from shenbao.evaluation.boosting import Growth, boost, values
from shenbao.evaluation.regression import logistic
from shenbao.models.calibration import ODDS, Split, Trees

RNG = np.random.default_rng(8)
NAMES = ("a", "b", "c")
GROWTH = Growth(seen=1.0, least=1.0, penalty=1.0)


def grown(features: np.ndarray, right: np.ndarray, signs: tuple[float, ...] = (0, 0, 0)) -> tuple[Split, ...]:
    return boost(NAMES, features, right, np.zeros(len(right)), np.array(signs, float), GROWTH)


def total(trees: tuple[Split, ...], features: np.ndarray) -> np.ndarray:
    return sum((values(tree, NAMES, features) for tree in trees), np.zeros(len(features)))


def test_a_cross_of_two_signals_is_found() -> None:
    features = RNG.random((4000, 3))
    odds = np.where((features[:, 0] > 0.5) & (features[:, 1] > 0.5), -2.0, 2.0)
    found = total(grown(features, RNG.random(4000) < logistic(odds)), features)
    assert np.corrcoef(found, odds)[0, 1] > 0.9
    assert np.abs(logistic(found) - logistic(odds)).mean() < 0.1


def test_a_sign_is_obeyed_whatever_the_rows_say() -> None:
    features = RNG.random((3000, 3))
    right = RNG.random(3000) < 0.2 + 0.6 * np.abs(features[:, 0] - 0.5) * 2
    line = np.column_stack([np.linspace(0, 1, 50), np.full((50, 2), 0.5)])
    free = total(grown(features, right), line)
    falling = total(grown(features, right, (-1, 0, 0)), line)
    assert np.diff(free).max() > 0.05
    assert np.diff(falling).max() <= 1e-9 and falling[0] > falling[-1]


def test_nothing_is_grown_where_nothing_is_to_be_told() -> None:
    assert not grown(np.ones((200, 3)), RNG.random(200) < 0.5)
    assert not boost(NAMES, RNG.random((9, 3)), np.ones(9, bool), np.full(9, 9.0), np.zeros(3), GROWTH)


def test_a_tree_gives_a_cell_what_it_gave_its_row() -> None:
    features = RNG.random((800, 3)).round(2)
    trees = grown(features, features[:, 0] + features[:, 2] > 1)
    start = 0.7
    for row in features[:40]:
        signals = dict(zip(NAMES, row.tolist(), strict=True))
        odds = np.log(start / (1 - start)) + sum(values(t, NAMES, row[None])[0] for t in trees)
        assert Trees(splits=trees).probability(start, signals) == pytest.approx(logistic(odds), abs=1e-6)


def test_trees_see_the_odds_that_they_start_from() -> None:
    tree = Split(signal=ODDS, limit=0.0, low=-1.0, high=Split(signal="a", limit=0.5, low=0.0, high=2.0))
    trees = Trees(splits=(tree,))
    assert trees.probability(0.2, {}) < 0.2
    assert trees.probability(0.8, {}) == pytest.approx(0.8)
    assert trees.probability(0.8, {"a": 1.0}) > 0.95
    assert Trees.model_validate_json(trees.model_dump_json()) == trees


def test_no_trees_change_nothing() -> None:
    assert [Trees().probability(p, {"a": 1.0}) for p in (0.01, 0.5, 0.99)] == pytest.approx([0.01, 0.5, 0.99])
