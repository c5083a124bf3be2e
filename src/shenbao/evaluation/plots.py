"""The pictures of an evaluation: are the confidences true, what do they buy, where are the errors."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import log10, sqrt

from PIL import Image

from shenbao.evaluation.charts import ORANGE, SOFT, Axis, Bar, Chart, bars
from shenbao.evaluation.confusions import Confusion
from shenbao.evaluation.measures import Judged
from shenbao.evaluation.scoring import Report

_BINS = 15
_LEAST = 1e-4
_DECADES = [(10.0**-k, f"{100 * 10.0**-k:g} %") for k in range(5)]
_TARGETS = (0.005, 0.001)
_MOST_BARS = 16


def _logarithm(value: float) -> float:
    return log10(max(_LEAST, value))


def _interval(wrong: int, count: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson, 1927)."""
    z, p = 1.96, wrong / count
    middle = (p + z * z / (2 * count)) / (1 + z * z / count)
    half = z * sqrt(p * (1 - p) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def reliability(judged: Sequence[Judged]) -> Image.Image:
    """Chance of error that the confidences promise against errors found, both logarithmic.

    15 bins of equally many cells, with 95 % intervals; on the diagonal the confidences are true.
    """
    x = Axis("chance of error by confidence", _LEAST, 1.0, _DECADES, _logarithm)
    y = Axis("cells found wrong", _LEAST, 1.0, _DECADES, _logarithm)
    chart = Chart(f"Reliability: {len(judged)} cells in {_BINS} bins", x, y)
    chart.line([(_LEAST, _LEAST), (1.0, 1.0)], SOFT, 1.0)
    ranked = sorted(judged)
    edges = [k * len(ranked) // _BINS for k in range(_BINS + 1)]
    points = []
    for a, b in pairwise(edges):
        if a == b:
            continue
        promised = sum(1.0 - confidence for confidence, _ in ranked[a:b]) / (b - a)
        wrong = sum(not right for _, right in ranked[a:b])
        points.append((promised, wrong / (b - a)))
        chart.point(points[-1], *_interval(wrong, b - a))
    chart.line(points, width=1.0)
    return chart.picture()


def risk_coverage(judged: Sequence[Judged], total: int) -> Image.Image:
    """Share of cells accepted by a falling threshold against the errors among them.

    `total` counts all cells of the truth, those that the output lacks among them.
    """
    shares = [(k / 5, f"{20 * k} %") for k in range(6)]
    x = Axis("cells accepted", 0.0, 1.0, shares)
    chart = Chart("Risk against coverage", x, Axis("wrong among them", _LEAST, 1.0, _DECADES, _logarithm))
    for target in _TARGETS:
        chart.line([(0.0, target), (1.0, target)], ORANGE, 1.0)
        chart.note((1.0, target), f"{100 * target:g} %", ORANGE)
    chart.line(_curve(judged, total))
    return chart.picture()


def _curve(judged: Sequence[Judged], total: int) -> list[tuple[float, float]]:
    ranked = sorted(judged, key=lambda j: -j[0])
    points, wrong = [], 0
    for number, (confidence, right) in enumerate(ranked, start=1):
        wrong += not right
        if number == len(ranked) or ranked[number][0] != confidence:
            points.append((number / total, wrong / number))
    return points


def errors_by_role(report: Report) -> Image.Image:
    outcomes = [(o.role or "cell", o.right) for d in report.documents for o in d.tally.outcomes]
    return _errors("Wrong cells by kind of cell", outcomes)


def errors_by_level(report: Report) -> Image.Image:
    outcomes = [(d.level, o.right) for d in report.documents for o in d.tally.outcomes]
    return _errors("Wrong cells by level of damage", outcomes)


def _errors(title: str, outcomes: Sequence[tuple[str, bool]]) -> Image.Image:
    count, wrong = Counter(name for name, _ in outcomes), Counter(n for n, right in outcomes if not right)
    rows = [
        Bar(
            name,
            wrong[name] / count[name],
            f"{100 * wrong[name] / count[name]:.1f} %  ({wrong[name]} of {count[name]})",
        )
        for name in sorted(count, key=lambda n: -wrong[n] / count[n])
    ]
    return bars(title, rows[:_MOST_BARS])


def most_frequent(confusions: Sequence[Confusion]) -> Image.Image:
    rows = [Bar(c.title, float(c.count), str(c.count)) for c in confusions[:_MOST_BARS]]
    return bars("Most frequent confusions (on paper → read)", rows, ORANGE)


def plots(report: Report, confusions: Sequence[Confusion]) -> dict[str, Image.Image]:
    """All pictures by the names of their files, without the ending."""
    judged = [j for d in report.documents for j in d.tally.judged]
    total = sum(len(d.tally.outcomes) for d in report.documents)
    return {
        "reliability": reliability(judged),
        "risk_coverage": risk_coverage(judged, max(1, total)),
        "errors_by_kind": errors_by_role(report),
        "errors_by_level": errors_by_level(report),
        "confusions": most_frequent(confusions),
    }
