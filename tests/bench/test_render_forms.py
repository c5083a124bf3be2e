"""The invented forms: grids without holes, sums that come out, indicators within their frame."""

import random
from itertools import pairwise

import pytest
from bench.render.content import (
    DEPARTMENT,
    MINISTRY,
    OVERALL,
    PROJECT,
    draw_office,
    indicators,
    money,
    plain,
    project_code,
    share_out,
)
from bench.render.form import Form, FormCell, Sheet, check_cover
from bench.render.layouts import LAYOUTS
from bench.render.layouts.statements import chinese, code_tree, total_of
from bench.render.words import common, departments

SEEDS = range(12)


def built(layout: str, seed: int) -> Form:
    rng = random.Random(seed)
    return LAYOUTS[layout][0](rng, draw_office(rng))


def cents(text: str) -> int:
    return round(float(text.replace(",", "") or 0) * 100)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("seed", SEEDS)
def test_cells_cover_the_grid_once(layout: str, seed: int) -> None:
    form = built(layout, seed)
    check_cover(form.cells, form.n_rows, form.n_cols, layout)
    assert list(form.edges) == sorted(set(form.edges))
    assert (form.edges[0], form.edges[-1]) == (0.0, 1.0)
    assert all(row < form.n_rows for row in (*form.header_rows, *form.repeats))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_fields_and_indicators_stand_in_the_cells(layout: str) -> None:
    for seed in SEEDS:
        form = built(layout, seed)
        printed = {c.text for c in form.cells} | {"".join(form.captions)}
        for key, text in form.fields.items():
            assert text, key
            assert any(text in p for p in printed), (key, text)
        level3 = [c.text for c in form.cells if c.role == "level3"]
        named = [i["level3"] for i in form.indicators]
        assert sorted(t for t in level3 if t) == sorted(named)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_same_seed_same_form(layout: str) -> None:
    assert built(layout, 5) == built(layout, 5)


def test_overlap_and_hole_are_refused() -> None:
    def cell(row: int, col: int, span: int = 1) -> FormCell:
        return FormCell(row, col, 1, span, "", "empty", "center", False)

    with pytest.raises(ValueError, match="overlap"):
        check_cover([cell(0, 0, 2), cell(0, 1)], 1, 2, "x")
    with pytest.raises(ValueError, match="no cell at row 0, column 1"):
        check_cover([cell(0, 0)], 1, 2, "x")


def test_edges_that_never_meet_become_spans() -> None:
    sheet = Sheet("t")
    sheet.line([0, 0.3, 1], ["a", "b"], "value")
    sheet.line([0, 0.6, 1], ["c", "d"], "value")
    spans = {c.text: (c.col, c.col_span) for c in sheet.form("x").cells}
    assert spans == {"a": (0, 1), "b": (1, 2), "c": (0, 2), "d": (2, 1)}


@pytest.mark.parametrize("layout", ["project_declaration", "goal_7col", "ministry_2021", "uneven_head"])
@pytest.mark.parametrize("seed", SEEDS)
def test_total_is_fiscal_plus_other(layout: str, seed: int) -> None:
    f = built(layout, seed).fields
    parts = cents(f.get("budget_fiscal", "0")) + cents(f.get("budget_other", "0"))
    assert cents(f["budget_total"]) == parts


@pytest.mark.parametrize("seed", SEEDS)
def test_department_income_is_expenditure(seed: int) -> None:
    f = {
        k: cents(v)
        for k, v in built("dept_declaration", seed).fields.items()
        if k.endswith(("total", "ture", "ses", "dies"))
    }
    assert f["income_total"] == f["expenditure_total"]
    assert f["basic_expenditure"] + f["project_expenditure"] == f["expenditure_total"]
    parts = f["salary_expenditure"] + f["goods_services_expenditure"] + f["individual_family_subsidies"]
    assert parts == f["basic_expenditure"]


@pytest.mark.parametrize("seed", SEEDS)
def test_plan_never_falls_and_ends_at_100(seed: int) -> None:
    f = built("goal_7col", seed).fields
    plan = [f.get(f"plan_{m}", "") for m in ("march", "june", "october", "december")]
    shares = [int(p.rstrip("%")) for p in plan if p]
    assert shares == sorted(shares)
    assert shares[-1] == 100


@pytest.mark.parametrize("seed", SEEDS)
def test_code_tree_sums(seed: int) -> None:
    rng = random.Random(seed)
    lines = code_tree(rng, draw_office(rng), ("a", "b"))
    codes = [line.code for line in lines]
    assert codes == sorted(set(codes))
    for line in lines:
        below = [x for x in lines if len(x.code) == len(line.code) + 2 and x.code.startswith(line.code)]
        if len(line.code) < 7:
            assert {c: sum(x.parts[c] for x in below) for c in "ab"} == line.parts
    assert sum(total_of(lines).values()) == sum(sum(x.parts.values()) for x in lines if len(x.code) == 7)


def rows(form: Form) -> list[list[str]]:
    return [[c.text for c in form.cells if c.row == r] for r in range(max(form.header_rows) + 1, form.n_rows)]


@pytest.mark.parametrize("seed", SEEDS)
def test_income_rows_add_up(seed: int) -> None:
    for row in rows(built("income_summary", seed)):
        total, now, *kinds, carried = map(cents, row[3:])
        assert sum(kinds) == now
        assert now + carried == total


@pytest.mark.parametrize("layout", ["expenditure_summary", "func_expenditure", "basic_expenditure"])
@pytest.mark.parametrize("seed", SEEDS)
def test_total_column_adds_up(layout: str, seed: int) -> None:
    table = rows(built(layout, seed))
    for row in table:
        total, *parts = map(cents, row[3:])
        assert total == sum(parts)
    top = [cents(r[3]) for r in table if len(r[1]) == 3]
    assert cents(table[0][3]) == sum(top)


@pytest.mark.parametrize("seed", SEEDS)
def test_summary_balances(seed: int) -> None:
    table = rows(built("budget_summary", seed))
    classes, (income, carried, total) = table[:-3], table[-3:]
    assert sum(cents(r[2]) for r in classes) == cents(income[2])
    assert cents(income[2]) + cents(carried[2]) == cents(total[2]) == cents(total[4])
    assert sum(cents(r[4]) for r in classes) == cents(income[4])


@pytest.mark.parametrize("seed", SEEDS)
def test_procurement_adds_up(seed: int) -> None:
    table = rows(built("gov_procurement", seed))
    items = [r for r in table if r[3]]
    for row in items:
        assert cents(row[7]) == int(row[5]) * cents(row[6]) == sum(map(cents, row[8:15]))
    assert cents(table[0][7]) == sum(cents(r[7]) for r in items)


@pytest.mark.parametrize("frame", [PROJECT, MINISTRY, DEPARTMENT, OVERALL])
def test_indicators_follow_the_frame(frame: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
    rng = random.Random(3)
    found = indicators(rng, draw_office(rng), frame, 12345, rows=(1, 3))
    order = [(a, b) for a, kinds in frame for b in kinds]
    places = [order.index((i.level1, i.level2)) for i in found]
    assert places == sorted(places)
    assert len({(i.level1, i.level2, i.level3) for i in found}) == len(found)


@pytest.mark.parametrize("seed", SEEDS)
def test_share_out(seed: int) -> None:
    parts = share_out(random.Random(seed), 1000, 7)
    assert sum(parts) == 1000
    assert min(parts) > 0


def test_money_texts() -> None:
    assert [money(0), money(5), money(123456)] == ["", "0.05", "1234.56"]
    assert money(123456789, separators=True) == "1,234,567.89"
    assert [plain(4000), plain(1623), plain(50)] == ["40", "16.23", "0.5"]


def test_chinese_ordinals() -> None:
    assert [chinese(n) for n in (1, 10, 11, 20, 31)] == ["一", "十", "十一", "二十", "三十一"]


def test_check_character() -> None:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    codes = [project_code(random.Random(s)) for s in range(60)]
    long = [c for c in codes if len(c) == 21 and not c.isdigit()]
    assert len(long) > 20
    for code in long:
        total = sum(alphabet.index(c) * 3**i for i, c in enumerate(code[:20]))
        assert code[20] == alphabet[(30 - total) % 31]


def test_word_lists_are_rich_and_free_of_doubles() -> None:
    names = [c[0] for d in departments() for c in d.counts] + [r for d in departments() for r in d.rates]
    assert len(set(names)) > 150
    assert len({d.name for d in departments()}) == len(departments()) >= 12
    assert len(common().classes) == 31
    assert all(low < high for d in departments() for _, _, low, high in d.counts)


def test_budget_codes_nest() -> None:
    for d in departments():
        assert d.group[0].startswith(d.budget_class[0])
        assert all(code.startswith(d.group[0]) and len(code) == 7 for code, _ in d.items)
        assert all(a < b for a, b in pairwise(code for code, _ in d.items))
