"""The word lists that forms are written from: data/departments.json and data/common.json."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

DATA = Path(__file__).parent / "data"


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Department(_Data):
    """A department: its budget class (3 digits), group (5) and items (7), and what it does.

    `counts` are quantity indicators: name, unit, least and greatest plausible number.
    """

    name: str
    budget_class: tuple[str, str]
    group: tuple[str, str]
    items: tuple[tuple[str, str], ...]
    projects: tuple[str, ...]
    counts: tuple[tuple[str, str, int, int], ...]
    rates: tuple[str, ...]
    effects: tuple[str, ...]
    served: tuple[str, ...]
    aims: tuple[str, ...]


class Common(_Data):
    """Words that every department uses. `economic_codes`: code, name and its (code, name) children."""

    places: tuple[str, ...]
    surnames: tuple[str, ...]
    units: tuple[str, ...]
    project_suffixes: tuple[str, ...]
    bases: tuple[str, ...]
    words: tuple[str, ...]
    quality_extra: tuple[str, ...]
    timeliness: tuple[str, ...]
    costs: tuple[str, ...]
    economic: tuple[str, ...]
    ecological: tuple[str, ...]
    lasting: tuple[str, ...]
    social_costs: tuple[str, ...]
    describe: tuple[str, ...]
    goal_openers: tuple[str, ...]
    goal_closers: tuple[str, ...]
    purposes: tuple[str, ...]
    duties: tuple[str, ...]
    tasks: tuple[str, ...]
    org_kinds: tuple[str, ...]
    org_ranks: tuple[str, ...]
    org_funds: tuple[str, ...]
    goods: tuple[tuple[str, str, str], ...]
    classes: tuple[str, ...]
    economic_codes: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    stamps: tuple[str, ...]
    margins: tuple[str, ...]


class _Departments(_Data):
    departments: tuple[Department, ...]


@cache
def departments() -> tuple[Department, ...]:
    return _Departments.model_validate_json((DATA / "departments.json").read_bytes()).departments


@cache
def common() -> Common:
    return Common.model_validate_json((DATA / "common.json").read_bytes())
