"""A cell's value as its number format shows it: the formats that forms use (ECMA-376, part 1, 18.8.30).

Of a format only its first section counts (positive numbers), with the sign put before it. Formats with
fractions, exponents or conditions are left: their numbers are shown plainly.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

_QUOTED = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.([#0?]+))?,*")
_ESCAPED = re.compile(r"_x00([01][0-9A-Fa-f]|5F|5f)_")
"""A control character, or the mark itself, by its number (ECMA-376, part 1, 22.4.2.4); in practice the carriage
return before a line end. Other characters have no need of it."""

_DATE = re.compile(r"yyyy|yy|mmm+|mm|m|dd|d|hh|h|ss|s|AM/PM", re.IGNORECASE)


def shown(value: object, number_format: str | None) -> str:
    """The text that a sheet shows for a value; "" for none."""
    form = number_format or "General"
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(Decimal(repr(value)) if isinstance(value, float) else Decimal(value), form)
    if isinstance(value, datetime | date | time):
        return _moment(value, form)
    if isinstance(value, timedelta):
        return str(value)
    return _ESCAPED.sub(_named, str(value)).replace("\r\n", "\n").replace("\r", "\n").strip()


def _named(match: re.Match[str]) -> str:
    """The character that an escape names, where a text may hold it."""
    char = chr(int(match[1], 16))
    return char if char in "\n\t\r_" else ""


def _number(value: Decimal, form: str) -> str:
    section = form.split(";")[0]
    pattern = _DIGITS.search(_QUOTED.sub("", section))
    if pattern is None or section in ("General", "@") or re.search(r"[Ee][+-]|[#0?]/", section):
        return _plain(value)
    percent = "%" in _QUOTED.sub("", section)
    places = pattern[1] or ""
    thousands = "," in pattern[0].split(".")[0].rstrip(",")
    scaled = value * 100 if percent else value
    rounded = scaled.quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP)
    text = f"{abs(rounded):,f}" if thousands else f"{abs(rounded):f}"
    optional = len(places) - len(places.rstrip("#"))
    for _ in range(optional):
        text = text.removesuffix("0")
    whole = pattern[0].split(".")[0].replace(",", "").lstrip("#?")
    head, dot, tail = text.partition(".")
    head = head.rjust(len(whole), "0")
    before, after = _around(section)
    sign = "-" if rounded < 0 else ""
    return f"{sign}{before}{head}{dot if tail else ''}{tail}{after}"


def _around(section: str) -> tuple[str, str]:
    """What a format prints before and after its digits: a currency, a unit, a per cent sign."""
    literal = _QUOTED.sub(lambda m: _kept(m[1] or m[2] or ""), section)
    pattern = re.search(r"[#0?][#0?,]*(?:\.[#0?]+)?,*", literal)
    if pattern is None:
        return "", ""
    return _open(literal[: pattern.start()]), _open(literal[pattern.end() :])


def _kept(text: str) -> str:
    """A literal whose characters cannot be taken for a format's."""
    return "".join(chr(0xE000 + ord(c)) if ord(c) < 0x1000 else c for c in text)


def _open(text: str) -> str:
    return "".join(chr(ord(c) - 0xE000) if 0xE000 <= ord(c) < 0xF000 else c for c in text).strip()


def _plain(value: Decimal) -> str:
    """As `General` shows it: up to eleven digits, no zeros at the end."""
    if value == value.to_integral_value():
        return f"{value:f}".split(".")[0]
    digits = max(0, 10 - max(0, value.adjusted()))
    text = f"{value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".")


def _moment(value: date | time, form: str) -> str:
    section = _QUOTED.sub(lambda m: _kept(m[1] or m[2] or ""), form.split(";")[0])
    if form == "General" or not _DATE.search(section):
        return value.isoformat()
    minutes = "h" in section.lower()
    parts = {
        "yyyy": "%Y", "yy": "%y", "mm": "%m", "m": "%-m", "dd": "%d", "d": "%-d",
        "hh": "%H", "h": "%-H", "ss": "%S", "s": "%-S", "am/pm": "%p",
    }  # fmt: skip

    def part(match: re.Match[str]) -> str:
        name = match[0].lower()
        after_hours = re.search(r"h+[^a-z]*$", section[: match.start()], re.IGNORECASE)
        if name in ("m", "mm") and minutes and after_hours:
            return value.strftime("%M")
        return value.strftime(parts.get(name, "%B"))

    return _open(_DATE.sub(part, section))
