"""Indicator rows to indicators: names of the levels, operator, number and unit, each with its confidence."""

import re
from collections.abc import Iterator, Sequence

from shenbao.mapping import confidence
from shenbao.mapping.families import Family
from shenbao.mapping.fields import make_field, near_reason, to_review
from shenbao.mapping.grid import CellGrid, is_blank, place
from shenbao.mapping.indicators import Block, IndicatorRow, read_rows
from shenbao.mapping.levels import LevelNames, LevelRow, choose_frame, resolve
from shenbao.mapping.matching import Match
from shenbao.mapping.values import Piece, ValueGrammar, ValuePieces, date_value
from shenbao.mapping.vocabulary import UnitKind, Vocabulary, as_name_match
from shenbao.models.document import Cell, Field, Indicator, NameMatch

_NAMES = {
    "level1": "一级指标", "level2": "二级指标", "level3": "三级指标", "description": "绩效指标描述",
    "operator": "运算符号", "value": "指标值", "unit": "度量单位", "basis": "指标值确定依据",
    "deadline": "完成时限",
}  # fmt: skip
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SURELY = 0.97
_OUTSIDE_FRAME = 0.7
"""Placing of a level name that no frame knows: perhaps another frame, perhaps a misreading."""


def build_indicators(
    grid: CellGrid,
    blocks: Sequence[Block],
    family: Family,
    vocabulary: Vocabulary,
    grammar: ValueGrammar,
    accept: float,
) -> list[Indicator]:
    """All indicators of a table, block after block."""
    builder = _Builder(grid, vocabulary, grammar, accept)
    indicators: list[Indicator] = []
    for block in blocks:
        rows = read_rows(grid, block)
        names = level_names(rows, family, vocabulary, grammar)
        indicators += [builder.indicator(row, name) for row, name in zip(rows, names, strict=True)]
    return indicators


def level_names(
    rows: Sequence[IndicatorRow], family: Family, vocabulary: Vocabulary, grammar: ValueGrammar
) -> list[LevelNames]:
    """The level names of every row, in the frame that fits the block best."""
    level_rows = [_level_row(row, grammar) for row in rows]
    frames = [vocabulary.frame(frame_id) for frame_id in family.frames] or list(vocabulary.frames)
    frame = choose_frame(level_rows, frames, vocabulary)
    if frame is None or not level_rows:
        return []
    return resolve(level_rows, frame, vocabulary)


def _text(cell: Cell | None) -> str:
    return "" if cell is None else cell.text.strip()


def _level_row(row: IndicatorRow, grammar: ValueGrammar) -> LevelRow:
    one, two = row.cells.get("level1"), row.cells.get("level2")
    return LevelRow(
        _text(one),
        _text(two),
        place(one) if one else None,
        place(two) if two else ("hole", row.row),
        _text(row.cells.get("level3")),
        _unit_kind(row, grammar),
        _others(one),
        _others(two),
    )


def _others(cell: Cell | None) -> tuple[str, ...]:
    """The other readings of a cell, likeliest first."""
    found = cell.candidates if cell is not None else []
    return tuple(c.text for c in sorted(found, key=lambda c: -c.probability) if cell and c.text != cell.text)


def _unit_kind(row: IndicatorRow, grammar: ValueGrammar) -> UnitKind | None:
    unit = row.cells.get("unit")
    if unit is not None:
        return grammar.unit_kind(grammar.unit_value(_text(unit)) or "")
    return grammar.unit_kind(grammar.split(_text(row.cells.get("value"))).unit.value)


class _Builder:
    def __init__(self, grid: CellGrid, vocabulary: Vocabulary, grammar: ValueGrammar, accept: float) -> None:
        self._grid = grid
        self._vocabulary = vocabulary
        self._grammar = grammar
        self._accept = accept

    def indicator(self, row: IndicatorRow, names: LevelNames) -> Indicator:
        parts: dict[str, Field] = {}
        for part, match in (("level1", names.level1), ("level2", names.level2)):
            if (cell := row.cells.get(part)) is not None:
                parts[part] = self._level(row, part, cell, match)
        if (cell := row.cells.get("level3")) is not None:
            parts["level3"] = self._level3(row, cell, names.level2)
        for part in ("description", "basis", "deadline"):
            if (cell := row.cells.get(part)) is not None:
                text = _text(cell)
                value = date_value(text) or text if part == "deadline" else text
                parts[part] = self._field(row, part, cell, Piece(text, value))
        if row.cells.get("value") is not None:
            parts.update(
                self._separate(row) if "operator" in row.cells or "unit" in row.cells else self._joint(row)
            )
        if "level2" in parts and "level1" not in parts:  # one column was taken for another, or not known
            parts = {part: to_review(field, "没有认出一级指标") for part, field in parts.items()}
        return Indicator(**parts)

    def _field(
        self,
        row: IndicatorRow,
        part: str,
        cell: Cell,
        piece: Piece,
        placings: Sequence[float] = (),
        reasons: Sequence[str | None] = (),
        known: bool = False,
        match: NameMatch | None = None,
    ) -> Field:
        """`known`: the text is word for word a name of a closed list."""
        column = row.columns.get(part) or row.columns["value"]
        return make_field(
            _NAMES[part],
            column.header.text,
            piece,
            readings=[confidence.known_name(cell.confidence) if known else cell.confidence],
            placings=[*placings, confidence.placing(column.match)],
            reasons=[*reasons, near_reason(column.match, column.header.text.strip())],
            cells=[self._grid.ref(cell)],
            match=match,
            accept=self._accept,
        )

    def _level(self, row: IndicatorRow, part: str, cell: Cell, match: Match | None) -> Field:
        text = _text(cell)
        if is_blank(cell):
            return self._field(row, part, cell, Piece(), [_OUTSIDE_FRAME], [f"{_NAMES[part]}为空"])
        if match is None or _is_longer(text, match, cell):
            return self._field(
                row, part, cell, Piece(text, text), [_OUTSIDE_FRAME], [f"“{text}”不在{_NAMES[part]}词表内"],
                match=as_name_match(match, known=False),
            )  # fmt: skip
        return self._field(
            row, part, cell, Piece(text, match.name), [confidence.placing(match)], [near_reason(match, text)],
            known=match.exact, match=as_name_match(match, known=True),
        )  # fmt: skip

    def _level3(self, row: IndicatorRow, cell: Cell, level2: Match | None) -> Field:
        """As printed, with what the vocabulary knows of it: the list of third levels is open."""
        text = _text(cell)
        found = self._vocabulary.match_level3(text, level2.name if level2 else "", _others(cell))
        return self._field(row, "level3", cell, Piece(text, text), match=found if text else None)

    def _joint(self, row: IndicatorRow) -> dict[str, Field]:
        """Operator, number and unit from one cell."""
        cell = row.cells["value"]
        assert cell is not None
        pieces = self._grammar.split(cell.text)
        placings, reasons = _doubts(pieces)
        return {
            part: self._field(row, part, cell, piece, placings, reasons)
            for part, piece in (
                ("operator", pieces.operator),
                ("value", pieces.number),
                ("unit", pieces.unit),
            )
        }

    def _separate(self, row: IndicatorRow) -> dict[str, Field]:
        """Operator, number and unit from columns of their own, and what stands in the wrong one of them."""
        value, operator, unit = (row.cells.get(part) for part in ("value", "operator", "unit"))
        assert value is not None
        # The ruling between two of these columns may have paled: then one cell holds what both have.
        fields: dict[str, Field] = {} if operator is value else dict(self._operator(row, operator))
        if unit is not None and is_blank(value) and self._is_word(unit):
            moved = ["文字指标值写在单位栏"]
            fields["value"] = self._field(row, "value", unit, Piece(_text(unit), _text(unit)), (), moved)
            fields["unit"] = self._field(row, "unit", unit, Piece(), (), moved)
            return fields
        fields.update(self._value_and_unit(row, value, unit, operator))
        return fields

    def _is_word(self, unit: Cell) -> bool:
        return not is_blank(unit) and self._grammar.unit_value(unit.text) is None

    def _operator(self, row: IndicatorRow, cell: Cell | None) -> Iterator[tuple[str, Field]]:
        if cell is None:
            return
        text = _text(cell)
        value = self._grammar.operator_value(text)
        if self._grammar.is_descriptive(text):
            # Words in the operator's column say that there is no operator: its piece is empty.
            yield "operator", self._field(row, "operator", cell, Piece(), (), [f"符号栏印有“{text}”"])
        elif value is None:
            near = self._grammar.near_operator(text)
            reason = f"“{text}”中只认出“{near}”" if near else "不是运算符号"
            doubt = [confidence.NOT_IN_GRAMMAR]
            yield "operator", self._field(row, "operator", cell, Piece(text, near or text), doubt, [reason])
        else:
            yield "operator", self._field(row, "operator", cell, Piece(text if value else "", value))

    def _value_and_unit(
        self, row: IndicatorRow, value: Cell, unit: Cell | None, operator: Cell | None
    ) -> Iterator[tuple[str, Field]]:
        pieces = self._grammar.split(value.text)
        placings, reasons = _doubts(pieces)
        number = pieces.number
        if unit is not None and unit is not value and not is_blank(unit) and pieces.unit.text:
            reasons = [*reasons, "指标值栏内另有单位"]
        yield "value", self._field(row, "value", value, number, placings, reasons)
        if operator is value or (operator is None and "operator" not in row.cells):
            yield "operator", self._field(row, "operator", value, pieces.operator, placings, reasons)
        elif pieces.operator.text and is_blank(operator):
            yield (
                "operator",
                self._field(row, "operator", value, pieces.operator, placings, ["运算符号写在指标值栏"]),
            )
        if unit is None or unit is value or (is_blank(unit) and pieces.unit.text):
            yield "unit", self._field(row, "unit", value, pieces.unit, placings, reasons)
        elif is_blank(unit) and not pieces.words:
            doubt = [confidence.NO_UNIT]
            yield "unit", self._field(row, "unit", unit, Piece(), doubt, ["数值旁没有单位"])
        else:
            yield "unit", self._unit(row, unit)

    def _unit(self, row: IndicatorRow, cell: Cell) -> Field:
        text = _text(cell)
        normal = self._grammar.unit_value(text)
        if normal is None:
            near = self._near_unit(cell)
            reason = f"“{text}”与计量单位“{near}”不完全一致" if near else "未收录的计量单位"
            return self._field(
                row, "unit", cell, Piece(text, near or text), [confidence.NOT_IN_GRAMMAR], [reason]
            )
        return self._field(row, "unit", cell, Piece(text, normal))

    def _near_unit(self, cell: Cell) -> str | None:
        """The unit that another reading of the cell gives, or that its text nearly is."""
        readings = [unit for text in _others(cell) if (unit := self._grammar.unit_value(text))]
        return readings[0] if readings else self._grammar.near_unit(cell.text)


def _is_longer(text: str, match: Match, cell: Cell) -> bool:
    """Whether a surely read text has characters that the name lacks: another name, not a misreading."""
    han = len(_HAN.findall(text))
    return not match.exact and cell.confidence >= _SURELY and han > len(match.name)


def _doubts(pieces: ValuePieces) -> tuple[list[float], list[str]]:
    if pieces.sure:
        return [], []
    return [confidence.NOT_IN_GRAMMAR], ["指标值不能完全解析"]
