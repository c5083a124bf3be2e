"""The tree of codes: sums of children (B4), parents and order (B8), the same codes in two statements (X2)."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from shenbao.mapping.folding import fold
from shenbao.mapping.lines import is_numeric
from shenbao.mapping.rules import Rules
from shenbao.mapping.verdicts import Identity, Verdict, of_identity
from shenbao.models.document import BudgetLine, Field, Record

_SAME_CODES = ("income_summary", "expenditure_summary")


def code_verdicts(records: Sequence[Record], rules: Rules) -> Iterator[Verdict]:
    """All that the codes of the document's statements say."""
    trees = [(owner, r) for owner, r in enumerate(records) if r.family in rules.tree_families]
    for owner, record in trees:
        coded = [line for line in record.lines if line.code and line.code.value.isdigit()]
        yield from _sums(owner, coded, rules)
        yield from _parents(owner, coded, rules)
        yield from _order(owner, coded)
    yield from _names(trees)
    yield from _same_codes(records)


def _sums(owner: int, coded: Sequence[BudgetLine], rules: Rules) -> Iterator[Verdict]:
    for line in coded:
        code = _code(line).value
        length = rules.tree_steps.get(len(code))
        children = [c for c in coded if len(_code(c).value) == length and _code(c).value.startswith(code)]
        for path, total in line.amounts.items():
            if not is_numeric(path):
                continue
            parts = tuple(child.amounts[path] for child in children if path in child.amounts)
            identity = Identity((total,), parts)
            if parts and identity.known and not identity.blank:
                yield of_identity("B4", "上级科目 = 下级科目之和", "hard", owner, identity, f"{code} {path}")


def _parents(owner: int, coded: Sequence[BudgetLine], rules: Rules) -> Iterator[Verdict]:
    """B8: every code has one of the lengths of the tree, and stands below its parent."""
    shorter = {child: parent for parent, child in rules.tree_steps.items()}
    lengths = {*rules.tree_steps, *shorter}
    seen: set[str] = set()
    for line in coded:
        field = _code(line)
        code = field.value
        parent = code[: shorter.get(len(code), 0)]
        yield Verdict(
            "B8", "科目编码层级完整，上级在前", "firm", len(code) in lengths and (not parent or parent in seen),
            owner, code, parent or None, code, (field,),
        )  # fmt: skip
        seen.add(code)


def _order(owner: int, coded: Sequence[BudgetLine]) -> Iterator[Verdict]:
    if not coded:
        return
    fields = [_code(line) for line in coded]
    falling = [b for a, b in pairwise(fields) if b.value <= a.value]
    found = "、".join(field.value for field in falling) or None
    fault = tuple(falling) or tuple(fields)
    yield Verdict("B8", "科目编码升序", "firm", not falling, owner, found=found, fields=fault)


def _names(trees: Sequence[tuple[int, Record]]) -> Iterator[Verdict]:
    """B8: one code has one name in all statements."""
    seen: dict[str, list[tuple[int, Field]]] = {}
    for owner, record in trees:
        for line in record.lines:
            if line.code and line.code.value and line.name and line.name.text:
                seen.setdefault(line.code.value, []).append((owner, line.name))
    for code, named in seen.items():
        texts = list(dict.fromkeys(fold(field.text) for _, field in named))
        yield Verdict(
            "B8", "同一编码同一名称", "firm", len(texts) == 1, named[0][0], code,
            found="、".join(texts), fields=tuple(field for _, field in named),
        )  # fmt: skip


def _same_codes(records: Sequence[Record]) -> Iterator[Verdict]:
    """X2: the two summaries list the same codes."""
    found = [[(i, r) for i, r in enumerate(records) if r.family == family] for family in _SAME_CODES]
    if any(len(tables) != 1 for tables in found):
        return
    (owner, one), (_, two) = found[0][0], found[1][0]
    ones, twos = _by_code(one), _by_code(two)
    alone = sorted(set(ones) ^ set(twos))
    fields = tuple({**ones, **twos}[code] for code in alone)
    yield Verdict(
        "X2", "收入总表与支出总表科目一致", "hard", not alone, owner,
        found="、".join(alone) or None, fields=fields,
    )  # fmt: skip


def _by_code(record: Record) -> dict[str, Field]:
    return {line.code.value: line.code for line in record.lines if line.code and line.code.value}


def _code(line: BudgetLine) -> Field:
    assert line.code is not None
    return line.code
