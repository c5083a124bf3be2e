"""Checks and violations over the five seed documents, against the counts of the domain's constraints.md.

Where the count of checks differs, `ARGUED` says why. Violations must be the same everywhere else.
"""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from shenbao.mapping.checks import judge
from shenbao.mapping.records import build_records
from shenbao.mapping.verdicts import Verdict

Counts = dict[str, tuple[int, int]]

EQUAL: Counts = {
    "B1": (4, 0), "B6": (253, 0), "F1": (547, 26), "T2": (2, 0),
    "X2": (2, 0), "X6": (9, 0), "X7": (2, 0), "X8": (9, 0), "X9": (4, 0), "X10": (3, 0), "X11": (4, 0),
    "G1": (54, 0), "G2a": (54, 0), "G2b": (54, 0), "G4": (621, 0), "G4b": (621, 96),
    "G5a": (74, 0), "G5b": (74, 0), "G5c": (74, 2), "G6": (74, 0), "G6b": (74, 0), "G7a": (54, 10),
    "G7b": (54, 1), "G8": (4, 0), "G9a": (47, 0), "G9b": (7, 1), "G9c": (30, 0), "G9d": (52, 2),
    "G10a": (56, 2), "G10b": (40, 3), "G10c": (40, 5), "G11": (101, 2), "G12a": (442, 2),
    "G12b": (442, 96), "G13": (232, 0), "G13b": (137, 1), "G13c": (130, 1), "G14b": (621, 39), "G15": (621, 1), "G16": (74, 0),
    "P1": (16, 1), "P2": (23, 0), "P3": (7, 0), "P4": (10, 0), "P5": (2, 0), "P6": (23, 0), "P7": (1, 0),
    "P8": (16, 0), "P9": (16, 4), "A1": (3, 2), "A2": (3, 0), "A3": (3, 1), "A4": (3, 1), "A5": (3, 1),
    "L1": (1, 0), "L2": (1, 0), "L2a": (1, 0), "L2b": (1, 0), "L3": (1, 0), "L4": (1, 0), "L5": (1, 0),
    "L6": (3, 0), "L7": (31, 0), "L8": (3, 1), "O1": (4, 0),
}  # fmt: skip
"""As in constraints.md. G rules: the 74 goal tables of four documents (the declaration forms of the fifth
are counted there as L9; see below)."""

ARGUED: dict[str, tuple[tuple[int, int], tuple[int, int], str]] = {
    "B2": ((10, 0), (14, 0), "columns in which nothing is printed say 0 = 0 and are not counted"),
    "B3": ((10, 0), (16, 0), "the same"),
    "B4": ((153, 0), (360, 0), "the same"),
    "B5": ((25, 0), (44, 0), "the same"),
    "T5": ((12, 0), (16, 0), "the same, by rows"),
    "T1": ((4, 0), (2, 0), "every column of funds is added up, not only the total"),
    "T3": ((2, 0), (1, 0), "the same"),
    "T4": ((2, 2), (1, 1), "the same; the one slip stands in both columns"),
    "B7": ((33, 0), (10, 0), "序号 and 栏次 of every table, and the ordinals of both sides"),
    "B8": ((296, 0), (255, 0), "names of codes are compared within a document, so codes of both count twice"),
    "X1": ((4, 0), (2, 0), "both totals of 收支总表, each against its own table"),
    "X3": ((45, 0), (43, 0), "the total row as well as the codes"),
    "X4": ((45, 0), (43, 0), "the total row as well as the codes"),
    "X5": ((9, 0), (18, 0), "classes that stand in both tables with an amount, each once"),
    "G12c": ((440, 47), (442, 47), "only where a unit is printed (two values have none)"),
    "G14": ((140, 33), (141, 33), "621 less 442 numbers and 39 placeholders"),
    "G20": (
        (45, 9),
        (51, 11),
        "numbers with a known unit, each once: 8550延长米 and 100% twice are not counted",
    ),
    "E1": ((7, 4), (24, 6), "products of a count and the price of one; sums in prose have no fixed form"),
    "N1": ((18, 0), (16, 0), "totals named are compared with the tables, sums with their own total"),
}
"""Here, in constraints.md, and why they differ."""


@pytest.fixture(scope="module")
def verdicts(
    documents: Any, prose: Any, perfect: Any, vocabulary: Any, families: Any
) -> list[tuple[str, Verdict]]:
    """Every verdict with the family of the record that shows it."""
    found = []
    for seed, truths in documents.items():
        tables = [perfect(truth, i) for i, truth in enumerate(truths)]
        records = build_records(tables, [], vocabulary, families, 0.98)
        judged = judge(records, tables, prose(seed), vocabulary, families)
        found += [(records[verdict.owner].family, verdict) for verdict in judged]
    return found


def counted(verdicts: list[tuple[str, Verdict]]) -> Callable[[str], tuple[int, int]]:
    """G rules are counted over goal tables, as in constraints.md."""
    kept = [v for f, v in verdicts if not re.match(r"G(4|5|6|1[1-6])", v.rule) or f.startswith("goal_")]
    checks = Counter(v.rule for v in kept)
    bad = Counter(v.rule for v in kept if not v.good)
    return lambda rule: (checks[rule], bad[rule])


@pytest.mark.parametrize("rule", EQUAL)
def test_checks_and_violations_are_those_of_the_domain(rule: str, verdicts: Any) -> None:
    assert counted(verdicts)(rule) == EQUAL[rule]


@pytest.mark.parametrize("rule", ARGUED)
def test_differences_are_the_argued_ones(rule: str, verdicts: Any) -> None:
    assert counted(verdicts)(rule) == ARGUED[rule][0]


def test_pairs_of_levels_in_the_project_forms(verdicts: Any) -> None:
    """L9 of constraints.md: 31 pairs of the three project forms; the department form has its own frame."""
    pairs = [v for family, v in verdicts if v.rule == "G4" and family == "project_declaration"]
    assert (len(pairs), sum(not v.good for v in pairs)) == (31, 0)


def test_no_rule_is_left_out(verdicts: Any) -> None:
    assert {v.rule for _, v in verdicts} == {*EQUAL, *ARGUED}
