"""Cells whose number follows from their neighbours': items of a column (一、 二、 三、), figures of a row or column (1 2 3),
dates that a column repeats.

On damaged paper 三 loses strokes and becomes 一, and the recogniser is sure of it. Between 二 and 四 print has 三 all the same.
A column of dates by which indicators are reached mostly has the same one in every row.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shenbao.models.numerals import NUMERAL, numeral, numeral_value
from shenbao.models.plain import plain
from shenbao.models.stages import JoinedCell

FIGURES = 4
"""Figures that follow one another in a row or column, at least, or it is none of numbers of columns or rows."""

FOLLOWING = 0.75
"""Share of the cells between the first and the last of them that are such figures, at least."""

LISTED, MAINLY = 6, 0.5
"""Items of a column that stand one below the other in sequence, at least, and their share of the cells between the first and
the last of them, for these to be items of it, too."""

REPEATED, MOSTLY = 3, 0.5
"""Cells of a column that hold one date, and their share of those with dates there, at least, for it to be asked of the others;
each counts as far as it is sure."""

_DATE = re.compile(r"^[\dlIoO|]{3,5}年.{0,6}$|^20\d\d.{1,5}月$")
_ITEM = re.compile(rf"^([（(]?)({NUMERAL}|\d{{1,2}}(?!\.\d))([、.．)）])")
_FIGURE = re.compile(r"^\d{1,2}$")
_STOPS = "·.,，、．。:：;；"
_NARROW = str.maketrans("（）．", "().")

Style = tuple[str, bool, str]


@dataclass(frozen=True)
class _Item:
    """The number at the beginning of a text: signs around it and whether it is in Chinese numerals (as its style), its
    value, and where the rest of the text begins."""

    style: Style
    value: int
    end: int


def asked(cells: Sequence[JoinedCell], texts: Sequence[str]) -> dict[int, str]:
    """The texts that would keep a sequence, by the positions of the cells that break it.

    Only what both neighbours ask for counts: an item between the one before and the one after it, or a figure in a
    stretch of them.
    """
    columns, rows = defaultdict(list), defaultdict(list)
    for k, cell in enumerate(cells):
        columns[cell.col].append(k)
        rows[cell.row].append(k)
    found: dict[int, str] = {}
    figures = {k: int(bare) for k, text in enumerate(texts) if _FIGURE.match(bare := plain(text))}
    for line in [*_sorted(columns.values(), cells), *_sorted(rows.values(), cells)]:
        found |= _figures(line, figures)
    for line in _sorted(columns.values(), cells):
        found |= _items(line, texts) | _listed(line, texts)
    return found


def repeated(cells: Sequence[JoinedCell], texts: Sequence[str], sure: Sequence[float]) -> dict[int, str]:
    """The dates that columns repeat, by the positions of the cells that hold another; `sure` is how probable each text is."""
    columns: dict[tuple[int, int], list[int]] = defaultdict(list)
    for k, (cell, text) in enumerate(zip(cells, texts, strict=True)):
        if _DATE.match(plain(text)):
            columns[cell.col, cell.col_span].append(k)
    found: dict[int, str] = {}
    for column in columns.values():
        weights: dict[str, float] = defaultdict(float)
        for k in column:
            weights[plain(texts[k])] += sure[k]
        date, weight = max(weights.items(), key=lambda item: item[1])
        if weight >= max(REPEATED, MOSTLY * len(column)):
            found |= {k: date for k in column if plain(texts[k]) != date}
    return found


def _sorted(lines: Iterable[list[int]], cells: Sequence[JoinedCell]) -> Iterator[list[int]]:
    for line in lines:
        if len(line) >= 3:
            yield sorted(line, key=lambda k: (cells[k].row, cells[k].col))


def _figures(line: Sequence[int], figures: Mapping[int, int]) -> dict[int, str]:
    """What keeps a stretch of figures 1, 2, 3, of those that cells hold; nothing where the line holds none."""
    values = {i: figures[k] for i, k in enumerate(line) if k in figures}
    if len(values) < FIGURES:
        return {}
    base, count = Counter(value - i for i, value in values.items()).most_common(1)[0]
    follow = [i for i, value in values.items() if value - i == base]
    stretch = range(follow[0], follow[-1] + 1)
    if count < FIGURES or count < FOLLOWING * len(stretch):
        return {}
    return {line[i]: str(base + i) for i in stretch if i not in follow}


def _items(line: Sequence[int], texts: Sequence[str]) -> dict[int, str]:
    """What keeps the items of a column in sequence."""
    found: dict[int, str] = {}
    styles: dict[Style, list[tuple[int, _Item]]] = defaultdict(list)
    for i, k in enumerate(line):
        if (item := _item(texts[k])) is not None:
            styles[item.style].append((i, item))
    for listed in styles.values():
        for n, ((first, one), (last, other)) in enumerate(pairwise(listed)):
            if one.value + 2 == other.value and last == first + 2 and _followed(listed, n, n + 1):
                at = line[first + 1]
                found |= {at: _numbered(texts[at], one)} if texts[at] else {}
        for n, ((_, one), (at, item), (_, other)) in enumerate(
            zip(listed, listed[1:], listed[2:], strict=False)
        ):
            if one.value + 2 == other.value and item.value != one.value + 1 and _followed(listed, n, n + 2):
                found[line[at]] = _printed(one.style, one.value + 1) + texts[line[at]][item.end :]
    return found


def _listed(line: Sequence[int], texts: Sequence[str]) -> dict[int, str]:
    """What keeps a column's stretch of items, one below the other, in sequence: there most cells tell of a number that
    several in a row have lost."""
    items = {i: item for i, k in enumerate(line) if (item := _item(texts[k])) is not None}
    counts = Counter((item.style, item.value - i) for i, item in items.items())
    if not counts:
        return {}
    (style, base), count = counts.most_common(1)[0]
    follow = [i for i, item in items.items() if (item.style, item.value - i) == (style, base)]
    first = follow[0] - int(
        base + follow[0] == 2 and follow[0] > 0
    )  # the first item may have lost its number
    stretch = range(first, follow[-1] + 1)
    if count < LISTED or count < MAINLY * len(stretch) or not all(texts[line[i]] for i in stretch):
        return {}
    return {
        line[i]: _renumbered(texts[line[i]], items.get(i), style, base + i)
        for i in stretch
        if i not in follow
    }


def _renumbered(text: str, read: _Item | None, style: Style, value: int) -> str:
    """A text with another number, in place of what was read of it."""
    if read is not None and read.style == style:
        return _printed(style, value) + text[read.end :]
    return _numbered(text, _Item(style, value - 1, 0))


def _followed(listed: Sequence[tuple[int, _Item]], one: int, other: int) -> bool:
    """Whether the sequence goes on before the item `one` and behind `other`, where there are more items: on a bad
    fax several numbers in a row may have lost their 二十."""
    before = [listed[one - 1][1].value + 1 == listed[one][1].value] if one else []
    behind = [listed[other + 1][1].value - 1 == listed[other][1].value] if other + 1 < len(listed) else []
    return all([*before, *behind])


def _item(text: str) -> _Item | None:
    match = _ITEM.match(text)
    if match is None:
        return None
    before, number, behind = match.groups()
    chinese = not number.isdecimal()
    value = numeral_value(number) if chinese else int(number)
    style = (before.translate(_NARROW), chinese, behind.translate(_NARROW))
    return _Item(style, value, match.end()) if value else None


def _numbered(text: str, before: _Item) -> str:
    """A text with the number that follows that of an item, in place of what was read of it."""
    style, value = before.style, before.value + 1
    number = _printed(style, value)
    if text.startswith(number[:-1]):
        return number + text[len(number) - 1 :].lstrip(_STOPS)
    return number + text[text.translate(_NARROW).find(style[2], 0, 4) + 1 :]


def _printed(style: Style, value: int) -> str:
    before, chinese, behind = style
    return before + (numeral(value) if chinese else str(value)) + behind
