"""CTC decoding against the sum over every path of tiny lattices."""

from itertools import groupby, product
from math import exp, inf, isclose

import numpy as np
import pytest

from shenbao.models.stages import Lattice, Reading
from shenbao.ocr.decode import LineScores, condensed, greedy, n_best

ALPHABET = ("", "a", "b", "c")


def lattice_of(rows: list[list[float]], k: int = 4) -> Lattice:
    """Lattice of full rows of class probabilities, cut to the `k` likeliest."""
    full = np.array(rows, np.float32)
    order = np.argsort(-full, axis=1, kind="stable")[:, :k]
    return Lattice(order.astype(np.int32), np.take_along_axis(full, order, axis=1), ALPHABET)


def random_rows(seed: int, steps: int) -> list[list[float]]:
    rows: list[list[float]] = np.random.default_rng(seed).dirichlet([0.6] * 4, steps).tolist()
    return rows


def by_brute_force(rows: list[list[float]]) -> dict[str, float]:
    totals: dict[str, float] = {}
    for path in product(range(4), repeat=len(rows)):
        text = "".join(ALPHABET[c] for c, _ in groupby(path))
        probability = float(np.prod([row[c] for row, c in zip(rows, path, strict=True)]))
        totals[text] = totals.get(text, 0.0) + probability
    return totals


def forward_score(lattice: Lattice, text: str) -> float:
    return LineScores(lattice).forward([text])[0]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("steps", [1, 2, 5])
def test_forward_score_is_the_sum_over_all_paths(seed: int, steps: int) -> None:
    rows = random_rows(seed, steps)
    expected = by_brute_force(rows)
    scores = LineScores(lattice_of(rows)).forward(list(expected))
    for (text, probability), score in zip(expected.items(), scores, strict=True):
        assert exp(score) == pytest.approx(probability, rel=1e-4, abs=1e-9), text
    assert sum(exp(score) for score in scores) == pytest.approx(1.0, abs=1e-4)


def test_doubled_character_needs_a_blank_between() -> None:
    lattice = lattice_of([[0.0, 1.0, 0.0, 0.0]] * 4)
    assert forward_score(lattice, "a") == pytest.approx(0.0, abs=1e-6)
    assert forward_score(lattice, "aa") < -15


def test_text_longer_than_the_steps_is_impossible() -> None:
    assert forward_score(lattice_of(random_rows(1, 2)), "abc") == -inf


def test_class_outside_the_lattice_gets_a_small_floor() -> None:
    lattice = lattice_of([[0.1, 0.7, 0.15, 0.05]], k=2)
    assert exp(forward_score(lattice, "b")) == pytest.approx(0.15)
    assert exp(forward_score(lattice, "c")) == pytest.approx(0.15 / 2)  # shared by the two left out
    assert exp(forward_score(lattice, "?")) == pytest.approx(0.15 / 2)  # no class at all


def test_greedy_merges_repeats_and_drops_blanks() -> None:
    a, b, blank = [0.1, 0.8, 0.06, 0.04], [0.05, 0.1, 0.75, 0.1], [0.9, 0.05, 0.03, 0.02]
    strong = [0.02, 0.9, 0.07, 0.01]
    reading = greedy(lattice_of([blank, a, strong, blank, a, b, blank, blank]))
    assert reading.text == "aab"
    first, second, third = reading.chars
    assert first.probability == pytest.approx(0.9)
    assert [char for char, _ in first.alternates] == ["b", "c"]
    assert first.alternates[0][1] == pytest.approx(0.07)
    assert (first.start, first.end) == (1 / 8, 3 / 8)
    assert (second.start, third.end) == (4 / 8, 6 / 8)
    assert reading.lattice is not None


def test_positions_are_fractions_of_the_line_without_its_padding() -> None:
    a, blank = [0.1, 0.8, 0.06, 0.04], [0.9, 0.05, 0.03, 0.02]
    (char,) = greedy(
        lattice_of([blank, blank, a, blank, blank, blank, blank, blank]), span=(0.25, 0.75)
    ).chars
    assert isclose(char.start, 0.0) and isclose(char.end, 0.25)


def test_blank_only_gives_no_characters() -> None:
    assert greedy(lattice_of([[0.9, 0.05, 0.03, 0.02]] * 3)).chars == ()


@pytest.mark.parametrize("seed", range(6))
def test_n_best_with_a_wide_beam_is_the_sum_over_all_paths(seed: int) -> None:
    rows = random_rows(seed, 5)
    expected = by_brute_force(rows)
    found = n_best(lattice_of(rows), width=2000)
    assert [p for _, p in found] == sorted((p for _, p in found), reverse=True)
    for text, probability in found:
        assert probability == pytest.approx(expected[text], abs=2e-3), text
    likeliest = max(expected, key=lambda text: expected[text])
    assert found[0][0] == likeliest


def test_n_best_with_a_narrow_beam_never_gives_too_much() -> None:
    rows = random_rows(11, 6)
    expected = by_brute_force(rows)
    found = n_best(lattice_of(rows), width=3)
    assert len(found) == 3
    assert all(p <= expected[text] + 1e-6 for text, p in found)


@pytest.mark.parametrize("path", ["aa_ab__bb_b", "_", "__c", "abc"])
def test_a_line_without_rivals_has_one_string(path: str) -> None:
    """Where nothing but one class is to be followed at every step, the beam would hold that path alone."""
    rows = [[0.99997 if c == ("" if p == "_" else p) else 0.00001 for c in ALPHABET] for p in path]
    ((text, probability),) = n_best(lattice_of(rows))
    assert text == "".join(c for c, _ in groupby(path) if c != "_")
    assert probability == pytest.approx(0.99997 ** len(path), rel=1e-6)


def test_sure_blanks_are_cut_to_one_and_scores_stay() -> None:
    blank = [1.0, 0.0, 0.0, 0.0]
    a, b = [0.1, 0.9, 0.0, 0.0], [0.0, 0.0, 0.6, 0.4]
    long = greedy(lattice_of([blank, blank, a, blank, blank, blank, a, b, blank, blank]))
    short = condensed(long)
    assert short.text == long.text == "aab"
    assert long.lattice is not None and short.lattice is not None
    assert (len(long.lattice.classes), len(short.lattice.classes)) == (10, 6)
    for text in ("aab", "aac", "ab"):
        before, after = forward_score(long.lattice, text), forward_score(short.lattice, text)
        assert exp(after) == pytest.approx(exp(before), abs=1e-4)
    again = condensed(short).lattice
    assert again is not None and np.array_equal(again.probabilities, short.lattice.probabilities)
    assert condensed(Reading(())) == Reading(())
