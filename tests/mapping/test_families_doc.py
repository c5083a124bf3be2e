"""docs/families.md names every family and every rule with its severity."""

import re
from pathlib import Path

from shenbao.mapping.families import load_families
from shenbao.mapping.rules import load_rules

ROOT = Path(__file__).parents[2]
DOC = (ROOT / "docs" / "families.md").read_text("utf-8")
RULE = re.compile(r"\b[ABEFGLNOPTX]\d{1,2}[a-d]?\b")


def documented() -> dict[str, str]:
    """Severity by rule, from the table of checks."""
    rows = re.findall(r"^\| ([^|]+) \| (hard|firm|soft) \|", DOC, re.MULTILINE)
    return {rule: severity for rules, severity in rows for rule in RULE.findall(rules)}


def test_every_family_is_described() -> None:
    assert all(f"`{family.id}`" in DOC for family in load_families())


def test_rules_of_the_data_have_the_severity_that_is_documented() -> None:
    known = documented()
    for equation in load_rules().equations:
        assert known[equation.rule] == equation.severity, equation.rule
    for form in load_rules().codes:
        assert known[form.rule] == form.severity, form.rule


def test_every_rule_of_the_code_is_documented() -> None:
    known = documented()
    named = {
        (rule, severity)
        for path in (ROOT / "mapping").glob("*_checks.py")
        for rule, severity in re.findall(
            r'"([ABEFGLNOPTX]\d{1,2}[a-d]?)",\s*"[^"]+",\s*"(hard|firm|soft)"', path.read_text("utf-8")
        )
    }
    assert len(named) > 25
    assert {(rule, known.get(rule)) for rule, _ in named} == named
