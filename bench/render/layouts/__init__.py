"""The form layouts: each function draws one form's content and lays it out as a grid."""

import random
from collections.abc import Callable

from bench.render.content import Office
from bench.render.form import Form
from bench.render.layouts import declarations, goal_tables, ministry, registers, statements, unruled

Layout = Callable[[random.Random, Office], Form]

LAYOUTS: dict[str, tuple[Layout, float]] = {
    "project_declaration": (declarations.project, 3.0),
    "dept_declaration": (declarations.department, 1.5),
    "goal_6col": (goal_tables.six_columns, 2.0),
    "goal_7col": (goal_tables.seven_columns, 4.0),
    "dept_indicators": (goal_tables.department_indicators, 1.0),
    "budget_summary": (statements.budget_summary, 0.7),
    "income_summary": (statements.income_summary, 0.7),
    "expenditure_summary": (statements.expenditure_summary, 0.7),
    "fiscal_summary": (statements.fiscal_summary, 0.7),
    "func_expenditure": (statements.functional, 0.7),
    "func_expenditure_empty": (statements.functional_empty, 0.3),
    "basic_expenditure": (statements.basic, 0.7),
    "three_public": (statements.three_public, 0.5),
    "org_setup": (registers.org_setup, 0.5),
    "gov_procurement": (registers.procurement, 0.8),
    "fixed_assets": (registers.fixed_assets, 0.4),
    "ministry_2021": (ministry.later, 1.5),
    "ministry_2015": (ministry.earlier, 1.5),
    "uneven_head": (ministry.uneven_head, 1.5),
    "self_evaluation": (ministry.self_evaluation, 1.2),
    "dept_goal": (ministry.department_goal, 1.0),
}
"""Layout by name, with its weight in the draw."""

ON_REQUEST: dict[str, Layout] = {
    "three_line": unruled.three_line,
    "across_only": unruled.across_only,
    "borderless": unruled.borderless,
    "open_sided": unruled.open_sided,
    "side_by_side": unruled.side_by_side,
    "nested": unruled.nested,
}
"""Layouts that are drawn only when asked for by name, so that a seed goes on giving the same documents."""


def draw_layout(rng: random.Random, names: tuple[str, ...] = ()) -> tuple[str, Layout]:
    """A layout by weight, among `names` when given."""
    everything = LAYOUTS | {name: (build, 1.0) for name, build in ON_REQUEST.items()}
    pool = names or tuple(LAYOUTS)
    name = rng.choices(pool, [everything[n][1] for n in pool])[0]
    return name, everything[name][0]
