"""Tables to records: the family, its fields, its indicators, its lines, and the checks between them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shenbao.mapping import confidence
from shenbao.mapping.anchors import Site, find_sites, find_unknown, in_generic
from shenbao.mapping.calibration import FieldCalibration, calibrated
from shenbao.mapping.captions import CaptionValue, money_unit, read_captions, unit_in_brackets
from shenbao.mapping.checks import Mapped, check_document
from shenbao.mapping.families import Family, identify
from shenbao.mapping.fields import kind_doubt, make_field, near_reason, normal_value
from shenbao.mapping.folding import brackets
from shenbao.mapping.grid import CellGrid, place
from shenbao.mapping.indicator_fields import build_indicators
from shenbao.mapping.lines import Line, read_lines
from shenbao.mapping.links import linked
from shenbao.mapping.places import Layout, find_layout
from shenbao.mapping.sharing import shared
from shenbao.mapping.values import Piece, ValueGrammar, money_value
from shenbao.mapping.vocabulary import LabelKind, Vocabulary
from shenbao.models.document import BudgetLine, Cell, Field, Record, Table, Text


@dataclass(frozen=True)
class Mapping:
    """What one table is mapped with."""

    grid: CellGrid
    family: Family
    vocabulary: Vocabulary
    grammar: ValueGrammar
    accept: float
    money_unit: str | None


def map_document(
    tables: Sequence[Table],
    texts: Sequence[Text],
    vocabulary: Vocabulary,
    families: Sequence[Family],
    accept: float,
    known_families: dict[str, str] | None = None,
    calibration: FieldCalibration | None = None,
) -> Mapped:
    """One record per table, in order, and the tables with what the checks say of their cells.

    `known_families` gives the family id of tables (by their id) of which a person has said it; an id that is
    not among `families` is passed over.

    `texts` is the print outside tables; it speaks for a table's captions, and for the one table of a
    document also where its captions are silent. A department or year that a table does not state is
    taken from the others of the document. A field whose confidence is below `accept`, or that a
    failed hard or firm check involves, has the status `review`. `calibration` makes probabilities of the
    estimates of fields; without it they stay estimates.
    """
    grammar = ValueGrammar(vocabulary.units, vocabulary.operators)
    named = {family.id: family for family in families}
    known = {table: named.get(family) for table, family in (known_families or {}).items()}
    alone = len(tables) == 1
    records = [
        _record(
            table,
            texts,
            alone,
            vocabulary,
            known.get(table.id) or identify(table, families, vocabulary),
            grammar,
            accept,
        )
        for table in tables
    ]
    records = linked(shared(records, families, accept), vocabulary)
    mapped = check_document(records, tables, texts, vocabulary, families, accept)
    return mapped if calibration is None else calibrated(mapped, calibration, accept)


def build_records(
    tables: Sequence[Table],
    texts: Sequence[Text],
    vocabulary: Vocabulary,
    families: Sequence[Family],
    accept: float,
) -> list[Record]:
    """The records of `map_document` alone."""
    return map_document(tables, texts, vocabulary, families, accept).records


def _record(
    table: Table,
    texts: Sequence[Text],
    alone: bool,
    vocabulary: Vocabulary,
    family: Family,
    grammar: ValueGrammar,
    accept: float,
) -> Record:
    mine = texts if alone else [text for text in texts if text.text in (*table.captions, table.title)]
    unit = money_unit(table, mine, vocabulary)
    mapping = Mapping(CellGrid(table), family, vocabulary, grammar, accept, unit)
    layout = find_layout(mapping.grid, family, vocabulary, grammar)
    fields = _caption_fields(mapping, read_captions(table, mine, family, vocabulary))
    fields.update({site.key: _site_field(mapping, site) for site in _sites(mapping, layout)})
    return Record(
        family=family.id,
        tables=[table.id],
        fields=fields,
        indicators=build_indicators(mapping.grid, layout.blocks, family, vocabulary, grammar, accept),
        lines=[_line(mapping, line) for line in read_lines(mapping.grid, layout.lines)]
        if layout.lines
        else [],
    )


def _sites(mapping: Mapping, layout: Layout) -> Iterable[Site]:
    sites = find_sites(mapping.grid, mapping.family, layout.anchors, layout.listed)
    yield from sites.values()
    if in_generic(mapping.family):
        claimed = {place(cell) for site in sites.values() for cell in site.values}
        for site in find_unknown(mapping.grid, layout.anchors, claimed, layout.listed):
            if site.key not in sites:
                yield site


def _caption_fields(mapping: Mapping, values: dict[str, CaptionValue]) -> dict[str, Field]:
    fields = {}
    for key, value in values.items():
        kind = mapping.family.kind_of(key, mapping.vocabulary)
        normal = normal_value(kind, value.text, mapping.grammar)
        placings, reasons = kind_doubt(kind, normal)
        if value.reading == confidence.UNREAD_PRINT:
            reasons.append("表外文字没有识别置信度")
        fields[key] = make_field(
            mapping.family.name_of(key, mapping.vocabulary),
            value.label,
            Piece(value.text, value.text if normal is None else normal),
            readings=[value.reading],
            placings=placings,
            reasons=reasons,
            accept=mapping.accept,
        )
    return fields


def _site_field(mapping: Mapping, site: Site) -> Field:
    kind = mapping.family.kind_of(site.key, mapping.vocabulary)
    normal = normal_value(kind, site.text, mapping.grammar)
    placings, reasons = kind_doubt(kind, normal)
    return make_field(
        mapping.family.name_of(site.key, mapping.vocabulary),
        site.label,
        Piece(site.text, site.text if normal is None else normal),
        readings=[cell.confidence for cell in site.values],
        placings=[*placings, confidence.placing(site.match)],
        reasons=[*reasons, near_reason(site.match, site.label)],
        cells=[mapping.grid.ref(cell) for cell in site.values],
        unit=_unit_of(mapping, kind, site.text, site.anchor),
        accept=mapping.accept,
    )


def _unit_of(mapping: Mapping, kind: LabelKind, text: str, label: Cell) -> str | None:
    """`%` of a percentage; of money the unit printed with it, in its label's brackets, in a label left of
    or above that, or in the captions."""
    if kind == "percent":
        return "%"
    if kind != "money":
        return None
    money = money_value(text)
    if money and money[1]:
        return money[1]
    grid = mapping.grid
    for cell in (label, *grid.leading(label), *grid.above(label)):
        for inside in brackets(cell.text):
            if unit := unit_in_brackets(inside, mapping.vocabulary):
                return unit
    return mapping.money_unit


def _line(mapping: Mapping, line: Line) -> BudgetLine:
    return BudgetLine(
        code=_line_field(mapping, line.code, "编码", "", "code"),
        name=_line_field(mapping, [line.name] if line.name else [], "名称", "", "text"),
        amounts={
            column.path: field
            for column, cell in line.amounts
            if (field := _line_field(mapping, [cell], column.path, column.header.text, "money", column.money))
        },
    )


def _line_field(
    mapping: Mapping, cells: Sequence[Cell], name: str, label: str, kind: LabelKind, money: bool = False
) -> Field | None:
    """The cells that hold one part of a line. Columns of words stand among the amounts; there the words are
    the value."""
    if not cells:
        return None
    text = "".join(cell.text.strip() for cell in cells)
    normal = normal_value(kind, text, mapping.grammar)
    return make_field(
        name,
        label,
        Piece(text, text if normal is None else normal),
        readings=[cell.confidence for cell in cells],
        cells=[mapping.grid.ref(cell) for cell in cells],
        unit=mapping.money_unit if money and normal else None,
        accept=mapping.accept,
    )
