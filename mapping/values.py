"""Printed values to their normal forms, as the output contract states them.

All functions are pure and take text as printed, as a recogniser gives it: full or half width, with or
without blanks. A reader returns None where the text is not of its kind; nothing is ever guessed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from shenbao.mapping.folding import fold, fold_kept
from shenbao.mapping.vocabulary import Operator, Operators, Unit, UnitKind

_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_NUMBER_ONLY = re.compile(_NUMBER)
_MONEY_UNIT = r"(?P<unit>亿元|万元|元)?"
_MONEY = re.compile(rf"[¥￥]?(?P<number>{_NUMBER}){_MONEY_UNIT}")
_NEGATIVE = re.compile(r"\((?P<brackets>[\d,]*[.,][\d,]*\d)\)|[△▲](?P<triangle>[\d.,]+)")
"""Amounts below zero as accounts print them. Brackets around a whole number may be an ordinal's."""
_PERCENT = re.compile(rf"(?P<number>{_NUMBER})(?:%|百分比|百分之)?")
_MONTH = re.compile(r"(?P<year>(?:19|20)\d{2})(?:年|[-/.])(?P<month>0?[1-9]|1[0-2])(?:月份?|月底|月末)?")
_DAY = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?:年|[-/.])(?P<month>0?[1-9]|1[0-2])(?:月|[-/.])(?P<day>[0-2]?[1-9]|[1-3]0|31)日?"
)
_YEAR = re.compile(r"\(?(?P<year>(?:19|20)\d{2})(?:年度?)?\)?")
_PERIOD_MARK = re.compile(r"-+|~+|至|到|(?<=[月日年])[一二](?=(?:19|20)\d{2})")
"""Between two dates `一` and `二` are dashes read as words."""

_CALENDAR = re.compile(
    r"\d{1,4}年(?:\d|底|末|度|前)|\d{1,2}月(?:\d|底|末|前|份)|(?:19|20)\d{2}年|\d+日(?:前|底)"
)
_UNIT_CHARS = re.compile(r"[^\d\s,.;:，。；：、()<>=≤≥]+")
_STROKES = "71lI|丿!"
_EDGE_SPECKS = " .,·、:：'`。|_\n"
_SPECK_LINE = 2
"""A line of so few characters beside a whole value is dirt."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_UNIT_SIGN = re.compile(r"[\u4e00-\u9fff%]")
_AMONG = 4
"""So many signs at most, blanks aside, are an operator among specks."""
_RATE_MARK = re.compile(r"([/·])")
_LOW_MARK = re.compile(r"(?<=[\u4e00-\u9fff])\.(?=[\u4e00-\u9fff])")
"""A point between the words of a unit is a middle dot, as in `元/人·天`."""
_MULTIPLES = "千万亿"
_TIMES = "次"
_NEW_UNIT_LENGTH = 3


@dataclass(frozen=True)
class Piece:
    """A piece of a cell: `text` as printed, `value` its normal form; both "" where nothing is printed."""

    text: str = ""
    value: str = ""


@dataclass(frozen=True)
class ValuePieces:
    """An indicator's value taken apart.

    Where the cell holds words (`words` True) they are in `number`, and operator and unit are empty.
    `sure` is False where the grammar could place the text only in part (a unit nobody knows).
    """

    operator: Piece
    number: Piece
    unit: Piece
    words: bool
    sure: bool = True


def number_value(text: str) -> str | None:
    """`1,295.780` -> `1295.78`; None where the text is no number."""
    folded = fold(text)
    return _decimal(folded) if _NUMBER_ONLY.fullmatch(folded) else None


def _decimal(number: str) -> str:
    value = format(Decimal(number.replace(",", "")), "f")
    if "." in value:
        value = value.rstrip("0").rstrip(".")
    return "0" if value in ("-0", "") else value


def money_value(text: str) -> tuple[str, str | None] | None:
    """Amount and the unit printed with it: `104.08万元` -> (`104.08`, `万元`), `1,295.78` -> (.., None).

    `(1,295.78)` and `△12` are below zero.
    """
    folded = fold(text)
    below = _NEGATIVE.fullmatch(folded)
    found = _MONEY.fullmatch(f"-{below['brackets'] or below['triangle']}" if below else folded)
    return (_decimal(found["number"]), found["unit"]) if found else None


def percent_value(text: str) -> str | None:
    """`50%`, `50.00`, `50百分比` -> `50`."""
    folded = fold(text).removeprefix("百分之")
    found = _PERCENT.fullmatch(folded)
    return _decimal(found["number"]) if found else None


def month_value(text: str) -> str | None:
    """`2021年12月` -> `2021-12`."""
    found = _MONTH.fullmatch(fold(text))
    return f"{found['year']}-{int(found['month']):02d}" if found else None


def date_value(text: str) -> str | None:
    """`2022-12-31`, `2022年12月31日` -> `2022-12-31`; a month alone -> `2022-12`."""
    found = _DAY.fullmatch(fold(text))
    if found is None:
        return month_value(text)
    return f"{found['year']}-{int(found['month']):02d}-{int(found['day']):02d}"


def year_value(text: str) -> str | None:
    """`（2021年度）`, `2023` -> the year."""
    found = _YEAR.fullmatch(fold(text))
    return found["year"] if found else None


def period_value(text: str) -> str | None:
    """`2021年1月 — 2021年12月` -> `2021-01/2021-12`; days are dropped; `2021年` -> its twelve months."""
    folded = fold(text)
    year = year_value(folded)
    if year:
        return f"{year}-01/{year}-12"
    for mark in _PERIOD_MARK.finditer(folded):
        first, rest = folded[: mark.start()], folded[mark.end() :]
        start = date_value(first) or _of_year(first, "01")
        end = (
            date_value(rest)
            or _of_year(rest, "12")
            or (date_value(f"{start[:4]}年{rest}") if start else None)
        )
        if start and end:
            return f"{start[:7]}/{end[:7]}"
    return None


def _of_year(text: str, month: str) -> str | None:
    year = year_value(text)
    return f"{year}-{month}" if year else None


_TWO = 2
"""Characters of a unit made of two."""


class ValueGrammar:
    """Operators and units of the vocabulary, and how they stand around a number."""

    def __init__(self, units: Iterable[Unit], operators: Operators) -> None:
        units = tuple(units)
        self._units = {fold(form): unit for unit in units for form in unit.forms}
        self._operators = _printed(operators.operators)
        self._suffixes = _printed(operators.suffixes)
        self._descriptive = frozenset(map(fold, operators.descriptive))
        self._none = frozenset(map(fold, operators.none))

    @cached_property
    def _value(self) -> re.Pattern[str]:
        before = "|".join(re.escape(form) for form in self._operators)
        after = "|".join(re.escape(form) for form in self._suffixes)
        return re.compile(
            rf"(?P<operator>{before})?(?P<number>{_NUMBER})(?P<unit>.*?)(?P<suffix>{after})?", re.DOTALL
        )

    def operator_value(self, text: str) -> str | None:
        """`≧`, `＞＝`, `不低于` -> `≥`; "" for a blank, `-`, `定性`, `文字描述`; None for anything else."""
        folded = fold(text)
        if not folded or folded in self._none or folded in self._descriptive:
            return ""
        return self._operators.get(folded, self._suffixes.get(folded))

    def near_operator(self, text: str) -> str | None:
        """The one sign of comparison that stands among a few specks read as figures, letters or signs
        (`1≥`, `≥` above `4`); None where there is none, or more than one, or words."""
        folded = fold(text)
        if len(folded) > _AMONG or _HAN.search(folded):
            return None
        found = {
            sign: value for sign, value in self._operators.items() if sign in folded and not sign.isalpha()
        }
        return next(iter(found.values())) if len(set(found.values())) == 1 else None

    def is_descriptive(self, text: str) -> bool:
        """Whether an operator cell says in words that the value is a description (`定性`)."""
        return fold(text) in self._descriptive

    def unit_value(self, text: str) -> str | None:
        """`百分比` -> `%`, `元／人` -> `元/人`, `个月` -> `月`; None for a unit nobody knows; "" for blank."""
        folded = fold(text)
        if not folded or folded in self._none:
            return ""
        if folded in self._units:
            return self._units[folded].name
        parts = _RATE_MARK.split(_LOW_MARK.sub("·", folded.strip("()")))
        names = [self._base(part) for part in parts[::2]]
        if None in names:
            return None
        return "".join(f"{name}{mark}" for name, mark in zip(names, (*parts[1::2], ""), strict=True))

    def _base(self, part: str) -> str | None:
        """A unit without a rate; `万` and `亿` may stand before one that is counted (`万页`), `次` after it
        (`辆次`), or another one (`台件`)."""
        if part in self._units:
            return self._units[part].name
        if self._is_pair(part):
            return part
        times = self._units.get(part.removesuffix(_TIMES)) if part.endswith(_TIMES) else None
        if times is not None and times.kind == "count":
            return part
        rest = self._units.get(part[1:]) if part[:1] in _MULTIPLES else None
        return part[0] + rest.name if rest and rest.kind == "count" else None

    def _is_pair(self, part: str) -> bool:
        """Whether a unit is made of two that are counted (`台件`)."""
        return len(part) == _TWO and all((unit := self._units.get(c)) and unit.kind == "count" for c in part)

    def near_unit(self, text: str) -> str | None:
        """The unit in normal form that a text becomes when a stroke read as a figure or letter is a `/`:
        `元/人7月` -> `元/人/月`, or the one that stands above or below a speck; None where there is none, or
        more than one."""
        lines = [line for line in text.split("\n") if len(text) > len(line) and _UNIT_SIGN.search(fold(line))]
        if len(lines) == 1 and (unit := self.unit_value(lines[0])):
            return unit
        folded = fold(text)
        strokes = [i for i, char in enumerate(folded) if char in _STROKES and 0 < i < len(folded) - 1]
        found = {self.unit_value(f"{folded[:i]}/{folded[i + 1 :]}") for i in strokes} - {None, ""}
        return found.pop() if len(found) == 1 else None

    def unit_kind(self, normal: str) -> UnitKind | None:
        """What a unit in normal form measures; a rate of money (`元/人`) is a price."""
        head, _, rest = normal.replace("·", "/").partition("/")
        unit = self._units.get(fold(head)) or self._units.get(fold(head).removesuffix(_TIMES))
        if unit is None:
            return "count" if self._is_pair(head) else None
        return "price" if rest and unit.kind == "money" else unit.kind

    def split(self, text: str) -> ValuePieces:
        """One cell with operator, number and unit (`≥ 95 百分比`) taken apart; words stay whole.

        Where specks were read around a value (`≥92%.`, a line `A` above `≥200次`) the value is taken, and
        is not sure.
        """
        pieces = self._split(text)
        if not pieces.words:
            return pieces
        lines = [line for line in text.split("\n") if len(fold(line)) > _SPECK_LINE]
        bare = (lines[0] if len(lines) == 1 else text).strip(_EDGE_SPECKS)
        inner = self._split(bare) if bare != text.strip() else pieces
        return pieces if inner.words or not inner.unit.value else replace(inner, sure=False)

    def _split(self, text: str) -> ValuePieces:
        folded, origins = fold_kept(text)
        found = self._value.fullmatch(folded)
        if found is None or _CALENDAR.search(folded) or not self._unit_fits(found):
            alone = self.operator_value(folded)
            if alone:
                return ValuePieces(Piece(text.strip(), alone), Piece(), Piece(), words=False, sure=False)
            return _words(text, sure=not _half_read(folded, self._operators))

        def piece(group: str, value: str) -> Piece:
            start, end = found.span(group)
            return Piece(text[origins[start] : origins[end - 1] + 1], value) if start < end else Piece()

        operator = piece("operator", self._operators.get(found["operator"] or "", ""))
        if not operator.text:
            operator = piece("suffix", self._suffixes.get(found["suffix"] or "", ""))
        unit = found["unit"]
        normal = self.unit_value(unit)
        return ValuePieces(
            operator,
            piece("number", _decimal(found["number"])),
            piece("unit", unit if normal is None else normal),
            words=False,
            sure=normal is not None,
        )

    def _unit_fits(self, found: re.Match[str]) -> bool:
        unit = found["unit"]
        if self.unit_value(unit) is not None:
            return unit not in self._none
        # An unknown unit is believed only where an operator vouches for the number before it.
        return (
            found["operator"] is not None
            and len(unit) <= _NEW_UNIT_LENGTH
            and _UNIT_CHARS.fullmatch(unit) is not None
        )


def _printed(operators: Iterable[Operator]) -> dict[str, str]:
    forms: dict[str, str] = {}
    for operator in operators:
        for form in operator.printed:
            forms[fold(form)] = operator.value
    return dict(sorted(forms.items(), key=lambda item: -len(item[0])))


def _words(text: str, sure: bool) -> ValuePieces:
    stripped = text.strip()
    period = None if year_value(stripped) else period_value(stripped)
    normal = month_value(stripped) or period or stripped
    return ValuePieces(Piece(), Piece(stripped, normal), Piece(), True, sure)


def _half_read(folded: str, operators: Iterable[str]) -> bool:
    """A sign of comparison and then no number: the words are probably a value read wrongly."""
    return any(folded.startswith(form) for form in operators if not form.isalpha())
