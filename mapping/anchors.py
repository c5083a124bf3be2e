"""Values found by their labels: the label's words first, then the cells beside and below it."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from shenbao.mapping.families import GENERIC, Family, Relation
from shenbao.mapping.folding import fold, fold_kept
from shenbao.mapping.grid import CellGrid, Place, is_blank, place
from shenbao.mapping.matching import Match, NameList
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.models.document import Cell

_LEAST = 0.66
_LABEL_LENGTH = 40
_HEAD_LABELS = 2
_LABELS_PER_OTHER = 3
_NEW_LABEL = re.compile(r"(?=.*[\u4e00-\u9fff]{2})[^\d≥≤=]{2,16}")


@dataclass(frozen=True)
class Anchor:
    """A cell that holds a label of the family; `tail` is what follows a colon in the same cell.

    `section`: the label may as well head a section with labels of its own (总体目标 over 年度目标).
    """

    key: str
    cell: Cell
    label: str
    tail: str
    match: Match
    section: bool = False


@dataclass(frozen=True)
class Site:
    """Where the value of a key stands: `text` as printed in `values` (or in the label's own cell)."""

    key: str
    label: str
    text: str
    values: tuple[Cell, ...]
    anchor: Cell
    match: Match


def find_anchors(
    grid: CellGrid, family: Family, vocabulary: Vocabulary, skip: Collection[int] = ()
) -> dict[Place, Anchor]:
    """Every label cell outside the rows `skip`, by place."""
    names = family.labels(vocabulary)
    valued = frozenset(family.rules)
    sections = vocabulary.section_names
    anchors: dict[Place, Anchor] = {}
    for cell in grid.table.cells:
        if cell.row not in skip and (anchor := _anchor(cell, names, valued)):
            anchors[place(cell)] = replace(anchor, section=sections.exact(cell.text) is not None)
    return anchors


def _anchor(cell: Cell, names: NameList, valued: Collection[str]) -> Anchor | None:
    text = cell.text.strip()
    if not text:
        return None
    if len(text) <= _LABEL_LENGTH and (match := names.exact(text)):
        return Anchor(match.name, cell, text, "", match)
    folded, origins = fold_kept(text)
    # 其中：财政拨款：260 has its value behind the second colon.
    for colon in [at for at, char in enumerate(folded[: _LABEL_LENGTH + 1]) if char == ":" and at]:
        if (match := names.exact(folded[:colon])) and match.name in valued:
            at = origins[colon]
            return Anchor(match.name, cell, text[: at + 1], text[at + 1 :].strip(), match)
    if len(text) > _LABEL_LENGTH or len(folded) < 3:
        return None
    near = names.match(text, _LEAST)
    return Anchor(near.name, cell, text, "", near) if near and near.decided else None


def find_sites(
    grid: CellGrid, family: Family, anchors: dict[Place, Anchor], skip: Collection[int] = ()
) -> dict[str, Site]:
    """The place of each key of the family: of several labels with one key, the best and then the first.

    Cells in the rows `skip` belong to lists and are no values.
    """
    sites: dict[str, Site] = {}
    heads = _head_rows(grid, anchors, skip)
    listed = {place(cell) for row in skip for cell in grid.starting(row)}
    ranked = sorted(
        anchors.values(),
        key=lambda a: (
            a.section,
            -a.match.score,
            not _is_under(a, family, anchors),
            a.cell.row,
            a.cell.col,
        ),
    )
    simple = [a for a in ranked if a.key in family.rules and "rest" not in family.rules[a.key].find]
    for anchor in simple:
        if anchor.key not in sites and (
            site := _site(grid, anchor, _relations(anchor, family, heads), {*anchors, *listed})
        ):
            sites[anchor.key] = site
    claimed = {place(cell) for site in sites.values() for cell in site.values}
    for anchor in ranked:
        rule = family.rules.get(anchor.key)
        if rule is not None and "rest" in rule.find and anchor.key not in sites:
            values = tuple(
                cell
                for cell in grid.beside(anchor.cell)
                if place(cell) not in claimed and place(cell) not in anchors and place(cell) not in listed
            )
            if values:
                sites[anchor.key] = _made(anchor, values)
    return sites


def _is_under(anchor: Anchor, family: Family, anchors: dict[Place, Anchor]) -> bool:
    """Whether a label stands in the column of the label that its rule says it belongs under."""
    rule = family.rules.get(anchor.key)
    return rule is not None and any(
        other.key == rule.under and other.cell.col == anchor.cell.col for other in anchors.values()
    )


def _head_rows(grid: CellGrid, anchors: dict[Place, Anchor], skip: Collection[int]) -> frozenset[int]:
    """Rows of labels whose values stand below them: a value of its own width under every label."""
    rows = range(grid.table.n_rows)
    return frozenset(row for row in rows if row not in skip and _is_head(grid.starting(row), grid, anchors))


def _is_head(cells: Sequence[Cell], grid: CellGrid, anchors: dict[Place, Anchor]) -> bool:
    """Whether all cells of a row are labels. Few may be unknown: beside labels alone no value stands."""
    known = sum(place(cell) in anchors for cell in cells)
    if known < max(_HEAD_LABELS, _LABELS_PER_OTHER * (len(cells) - known)):
        return False
    if sum(cell.col_span for cell in cells) < grid.table.n_cols:
        return False
    values = [grid.below(cell) for cell in cells]
    return all(
        value is not None
        and (value.col, value.col_span) == (cell.col, cell.col_span)
        and cell.row_span == cells[0].row_span
        and place(value) not in anchors
        for cell, value in zip(cells, values, strict=True)
    )


def _relations(anchor: Anchor, family: Family, heads: Collection[int]) -> tuple[Relation, ...]:
    if anchor.cell.row in heads:
        return ("same", "below")
    return family.rules[anchor.key].find


def _site(
    grid: CellGrid, anchor: Anchor, relations: Iterable[Relation], taken: Collection[Place]
) -> Site | None:
    for relation in relations:
        if relation == "same" and anchor.tail:
            return Site(anchor.key, anchor.label, anchor.tail, (anchor.cell,), anchor.cell, anchor.match)
        value = _neighbour(grid, anchor.cell, relation)
        if value is not None and place(value) not in taken:
            return _made(anchor, (value,))
    return None


def _neighbour(grid: CellGrid, cell: Cell, relation: str) -> Cell | None:
    if relation == "right":
        return grid.right_of(cell)
    return grid.below(cell) if relation == "below" else None


def _made(anchor: Anchor, values: tuple[Cell, ...]) -> Site:
    text = "\n".join(cell.text.strip() for cell in values if not is_blank(cell))
    return Site(anchor.key, anchor.label, text, values, anchor.cell, anchor.match)


def find_unknown(
    grid: CellGrid, anchors: dict[Place, Anchor], claimed: Collection[Place], skip: Collection[int]
) -> Iterator[Site]:
    """Label/value pairs that no vocabulary knows, for forms of no family: rows of label, value, label, value.

    The key is the label itself, folded.
    """
    for row in range(grid.table.n_rows):
        cells = [] if row in skip else grid.starting(row)
        if len(cells) % 2 or not cells:
            continue
        for label, value in zip(cells[::2], cells[1::2], strict=True):
            free = not {place(label), place(value)} & set(claimed) and place(label) not in anchors
            text = fold(label.text).rstrip(":")
            if free and place(value) not in anchors and _NEW_LABEL.fullmatch(text):
                anchor = Anchor(text, label, label.text.strip(), "", Match(text, 0.9))
                yield _made(anchor, (value,))


def in_generic(family: Family) -> bool:
    """Whether unknown labels count: only where no family says which labels a form has."""
    return family.id == GENERIC
