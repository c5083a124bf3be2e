import pytest

from shenbao.evaluation.confusions import Case, confusions, examples
from shenbao.evaluation.scoring import Outcome, Report, Scored, Tally


def report(*documents: list[tuple[str, str | None]]) -> Report:
    scored = []
    for number, pairs in enumerate(documents):
        outcomes = [Outcome("value", want, have, 0.5, (0, 0, k)) for k, (want, have) in enumerate(pairs)]
        scored.append(Scored(f"d{number}", {}, {}, Tally(outcomes=outcomes)))
    return Report({}, tuple(scored))


@pytest.mark.parametrize(
    ("want", "have", "pieces"),
    [
        ("财政收入", "财政收人", [("入", "人")]),
        ("≥95", "95", [("≥", "")]),
        ("=", "二", [("=", "二")]),
        ("", "章", [("", "章")]),
        ("亩", "", [("亩", "")]),
        ("预算数", "预算数", []),
        ("朝阳县司法局", "二零二一年度", []),
        ("", "不该在这里的一句话", []),
        ("预算", None, []),
    ],
)
def test_pieces(want: str, have: str | None, pieces: list[tuple[str, str]]) -> None:
    assert [(c.printed, c.read) for c in confusions(report([(want, have)]))] == pieces


def test_the_most_frequent_comes_first() -> None:
    found = confusions(report([("=", "二"), ("亩", "")], [("=", "二"), ("=", "三")]))
    assert [(c.title, c.count) for c in found] == [("= → 二", 2), ("= → 三", 1), ("亩 → ∅", 1)]


def test_examples_come_from_different_documents_first() -> None:
    found = confusions(report([("=", "二")] * 3, [("=", "二")]))
    [(confusion, cases)] = examples(found, 5, 2)
    assert confusion.count == 4
    assert [c.document.name for c in cases] == ["d0", "d1"]
    assert all(isinstance(c, Case) for c in cases)
