"""Sums and totals that the print outside the tables states (N1, P5, A3), and what is to be bought (A4, A5)."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from shenbao.mapping.equations import Fact, chosen, facts_of
from shenbao.mapping.folding import fold
from shenbao.mapping.rules import Rules
from shenbao.mapping.verdicts import Verdict, amount
from shenbao.models.document import Record, Text

_STATED = re.compile(r"(\d+(?:\.\d+)?)万元")
_INNER = re.compile(r"(?P<head>[^,;。()]*?)(?P<total>\d+(?:\.\d+)?)万元\(其中(?P<parts>[^()]*)\)")
_CHANGE = re.compile(r"增加|减少|增长|下降|相比|较")
_PLANNED = re.compile(r"拟购置固定资产总额为?(?P<amount>\d+(?:\.\d+)?)万元")


def text_verdicts(records: Sequence[Record], texts: Sequence[Text], rules: Rules) -> Iterator[Verdict]:
    """What the narrative says against itself and against the tables of the document."""
    prose = fold("".join(text.text for text in texts))
    if not records or not prose:
        return
    for total, parts in stated_sums(prose):
        whole = sum(parts, Decimal(0))
        yield Verdict("N1", "文字叙述中的各项之和 = 总额", "firm", whole == total, 0,
                      f"{total}万元", str(whole), str(total))  # fmt: skip
    facts = facts_of(records)
    yield from _narrated(facts, prose, rules)
    yield from _planned(facts, records, prose)


def stated_sums(prose: str) -> Iterator[tuple[Decimal, list[Decimal]]]:
    """Totals with their parts from folded prose: `收入4277.75万元,其中:…`, and in brackets `(其中:…)`.

    What a part includes in its turn (`包括…`) and amounts of change do not count.
    """
    for sentence in prose.split("。"):
        for inner in _INNER.finditer(sentence):
            parts = _amounts(inner["parts"])
            if parts and not _CHANGE.search(inner["head"]):
                yield Decimal(inner["total"]), parts
        head, _, rest = re.sub(r"\([^()]*\)", "", sentence).partition("其中")
        totals, parts = _STATED.findall(head), _amounts(_CHANGE.split(rest)[0])
        if totals and parts and not _CHANGE.search(head):
            yield Decimal(totals[-1]), parts


def _amounts(parts: str) -> list[Decimal]:
    return [Decimal(number) for number in _STATED.findall(re.sub(r"包括[^;]*", "", parts))]


def _narrated(facts: dict[str, list[Fact]], prose: str, rules: Rules) -> Iterator[Verdict]:
    for rule in rules.narrated:
        own = [fact for fact in facts.get(rule.selector.family, ()) if chosen(rule.selector, fact)]
        found = re.search(rule.pattern, prose)
        if found and len(own) == 1:
            field, stated = own[0].field, Decimal(found["amount"])
            good = bool(field.value) and amount(field) == stated
            yield Verdict(rule.rule, rule.title, "firm", good, own[0].owner, "",
                          str(stated), field.value, (field,))  # fmt: skip


def _planned(facts: dict[str, list[Fact]], records: Sequence[Record], prose: str) -> Iterator[Verdict]:
    """A4, A5: what is to be bought is within the procurement, and not less than its goods (codes A)."""
    found = _PLANNED.search(prose)
    sums = [f for f in facts.get("gov_procurement", ()) if re.fullmatch("政府采购金额.*/合计", f.column)]
    total = next((fact for fact in sums if fact.name in ("合计", "总计")), None)
    limit = amount(total.field) if total else None
    if not found or total is None or limit is None:
        return
    planned = Decimal(found["amount"])
    goods = sum((amount(f.field) or Decimal(0) for f in sums if f.code.startswith("A")), Decimal(0))
    yield Verdict("A4", "拟购置固定资产不超过政府采购合计", "soft", planned <= limit, total.owner,
                  expected=f"≤{limit}", found=str(planned), fields=(total.field,))  # fmt: skip
    yield Verdict("A5", "拟购置固定资产不少于采购的货物", "soft", planned >= goods, total.owner,
                  expected=f"≥{goods}", found=str(planned))  # fmt: skip
