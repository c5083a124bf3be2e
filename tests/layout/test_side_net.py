"""The network of sides: asked where rules are in doubt, followed where it is sure."""

from dataclasses import replace
from threading import Thread

import numpy as np
import pytest
from ruled_table import XS, YS, rulings_of_table

from shenbao.layout import side_net
from shenbao.layout.faces import Sides
from shenbao.layout.side_net import known_network, probabilities, weighed
from shenbao.layout.side_pictures import COLUMNS, FACTS, ROWS
from shenbao.models.stages import Rulings


@pytest.fixture(scope="module")
def rulings() -> Rulings:
    return rulings_of_table()


def sides(value: float) -> Sides:
    across, down = np.full((5, 3), value), np.full((4, 4), value)
    across[[0, -1]] = down[:, [0, -1]] = 1.0
    return Sides(across, down)


def seen(missing: float = 0.0, **others: float) -> Sides:
    """The sides as drawn, the one within the merged cell with a support of its own, and others by `down_0_1`."""
    found = sides(1.0)
    found.down[1, 2] = missing
    for name, value in others.items():
        which, row, column = name.split("_")
        getattr(found, which)[int(row), int(column)] = value
    return found


def test_sides_in_doubt_are_told_from_the_picture(rulings: Rulings) -> None:
    given = seen(missing=0.3, down_0_1=0.3, down_3_2=-0.2, across_2_1=0.4)
    found = weighed(given, given, XS, YS, rulings, 0.02)
    assert min(found.down[0, 1], found.down[3, 2], found.across[2, 1]) > 0.9
    assert found.down[1, 2] == 0.3
    assert given.down[0, 1] == 0.3


@pytest.fixture
def bold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds at which the network is followed on a drawing, which is not what it was taught on."""
    known = known_network().model_copy(update={"absent": 0.05})
    monkeypatch.setattr(side_net, "known_network", lambda: known)


@pytest.mark.usefixtures("bold")
def test_what_is_no_side_is_taken_back(rulings: Rulings) -> None:
    given = seen(missing=0.9)
    found = weighed(given, given, XS, YS, rulings, 0.02)
    assert found.down[1, 2] < 0.1
    assert (np.delete(found.down.ravel(), 6) == 1.0).all()


@pytest.mark.usefixtures("bold")
def test_where_a_side_is_broken_all_are_asked_for(rulings: Rulings) -> None:
    given = seen(missing=1.0)
    assert weighed(given, given, XS, YS, rulings, 0.02).down[1, 2] < 0.1
    assert weighed(given, given, XS, YS, rulings, 0.0).down[1, 2] == 1.0


def test_sides_beyond_doubt_are_not_asked_for(rulings: Rulings, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr(side_net, "probabilities", never)
    for value in (0.0, 1.0):
        found = weighed(sides(value), sides(value), XS, YS, rulings, 0.0)
        assert (found.across[1:-1] == value).all()


@pytest.mark.parametrize(("share", "drawn"), [(0.45, False), (0.55, True)])
def test_under_a_streak_the_likelier_is_taken(
    share: float, drawn: bool, rulings: Rulings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_net, "probabilities", lambda pictures, facts: np.full(len(facts), share))
    for told in (0.6, 0.48):
        measured, restored = seen(missing=1.0), seen(missing=1.0)
        measured.down[0, 1], restored.down[0, 1] = np.nan, told
        found = weighed(measured, restored, XS, YS, rulings, 0.02)
        assert (found.down[0, 1] >= 0.6) == drawn


def test_one_told_by_its_neighbours_is_asked_for(rulings: Rulings) -> None:
    measured, told = sides(0.0), sides(0.0)
    told.down[1, 2] = 0.6
    assert weighed(measured, told, XS, YS, rulings, 0.0).down[1, 2] < 0.6


def test_without_the_page_nothing_is_asked_for(rulings: Rulings) -> None:
    bare = replace(rulings, across=replace(rulings.across, dark=None))
    told = sides(0.3)
    assert weighed(told, told, XS, YS, bare, 0.0) is told


def test_many_sides_are_as_one_by_one() -> None:
    dice = np.random.default_rng(3)
    pictures = dice.integers(0, 255, (70, 3, ROWS, COLUMNS), np.uint8)
    facts = dice.normal(size=(70, FACTS)).astype(np.float32)
    together = probabilities(pictures, facts)
    assert together.shape == (70,) and together.min() >= 0 and together.max() <= 1
    alone = [float(probabilities(pictures[k : k + 1], facts[k : k + 1])[0]) for k in (0, 63, 64, 69)]
    assert together[[0, 63, 64, 69]] == pytest.approx(alone, abs=1e-5)
    assert probabilities(pictures[:0], facts[:0]).shape == (0,)


def test_an_altered_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    other = known_network().model_copy(update={"sha256": "0" * 64})
    monkeypatch.setattr(side_net, "known_network", lambda: other)
    with pytest.raises(ValueError, match="altered"):
        probabilities(np.zeros((1, 3, ROWS, COLUMNS), np.uint8), np.zeros((1, FACTS), np.float32))


def test_threads_ask_at_once() -> None:
    dice = np.random.default_rng(5)
    pictures = dice.integers(0, 255, (40, 3, ROWS, COLUMNS), np.uint8)
    facts = dice.normal(size=(40, FACTS)).astype(np.float32)
    alone, found = probabilities(pictures, facts), {}

    def ask(number: int) -> None:
        for _ in range(5):
            found[number] = probabilities(pictures[number:], facts[number:])

    threads = [Thread(target=ask, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, shares in found.items():
        assert shares == pytest.approx(alone[number:], abs=1e-5)
    assert sorted(found) == [0, 1, 2, 3]
