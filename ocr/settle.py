"""JoinedTable -> Table: what each cell says, with candidates and the probability that it is right."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from shenbao.models.document import Candidate, Cell, Region, Table
from shenbao.models.stages import JoinedCell, JoinedTable
from shenbao.ocr.calibration import Calibration, Signals
from shenbao.ocr.constrain import Kind, constrain

Place = tuple[int, int]
CANDIDATES = 5
"""Readings given for a cell, at most."""


@dataclass(frozen=True)
class Choice:
    """A cell's text, how probable the recogniser holds it, and the other readings."""

    text: str
    probability: float
    candidates: tuple[Candidate, ...]
    fits: bool


def draft(table: JoinedTable) -> Table:
    """The table with its texts as read and no confidence yet: what the kinds of cells are told from."""
    return _table(table, [_cell(c, c.text, 0.0, ()) for c in table.cells])


def settle(table: JoinedTable, kinds: Mapping[Place, str], calibration: Calibration) -> Table:
    """The table with every cell read under the constraint of its kind, and its confidence.

    `kinds` names for a cell's row and column what it can contain, in the words of `constrain.Kind`;
    anything else counts as free text.
    """
    cells = []
    for cell in table.cells:
        kind = _kind(kinds.get((cell.row, cell.col), "free"))
        choice = _choose(cell, kind)
        confidence = calibration.probability(_signals(cell, choice, kind))
        cells.append(_cell(cell, choice.text, confidence, _scaled(choice, confidence)))
    return _table(table, cells)


def _kind(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError:
        return Kind.FREE


def _choose(cell: JoinedCell, kind: Kind) -> Choice:
    lines = [line for line in cell.lines if line.reading.chars]
    if not lines:
        return Choice("", 1.0, (), True)
    if len(lines) > 1 or kind is Kind.FREE:
        read = [constrain(line.reading, Kind.FREE) for line in lines]
        text = cell.text
        probability = prod(r.probability for r in read)
        others = read[0].candidates[1:] if len(read) == 1 else ()
        return Choice(text, probability, others, True)
    found = constrain(lines[0].reading, kind)
    return Choice(found.text, found.probability, found.candidates[1:], found.fits)


def _signals(cell: JoinedCell, choice: Choice, kind: Kind) -> Signals:
    parts = [p.cell for p in cell.parts]
    chars = [c for line in cell.lines for c in line.reading.chars]
    return Signals(
        empty=not choice.text,
        probability=choice.probability,
        weakest=min((c.probability for c in chars), default=1.0),
        length=len(choice.text),
        constrained=kind is not Kind.FREE,
        fits=choice.fits,
        support=min(p.place.support for p in parts),
        stained=max(p.stained for p in parts),
        touching=any(p.touching for p in parts),
        ink=max(p.ink for p in parts),
        parts=len(parts),
    )


def _scaled(choice: Choice, confidence: float) -> tuple[Candidate, ...]:
    """The text at its calibrated confidence, the other readings sharing the rest as they did before."""
    if not choice.text:
        return ()
    others = [c for c in choice.candidates if c.text and c.text != choice.text][: CANDIDATES - 1]
    total = sum(c.probability for c in others)
    rest = min(1.0 - confidence, total) if total else 0.0
    own = Candidate(text=choice.text, probability=round(confidence, 4))
    shared = [Candidate(text=c.text, probability=round(c.probability / total * rest, 4)) for c in others]
    return (own, *(c for c in shared if c.probability > 0))


def _cell(cell: JoinedCell, text: str, confidence: float, candidates: tuple[Candidate, ...]) -> Cell:
    return Cell(
        row=cell.row,
        col=cell.col,
        row_span=cell.row_span,
        col_span=cell.col_span,
        text=text,
        confidence=round(confidence, 4),
        regions=[Region(page=p.page, polygon=p.polygon) for p in cell.parts],
        candidates=list(candidates),
        flags=sorted({*cell.flags, *(f for p in cell.parts for f in _flags(p.cell.stained, p.cell.touching, p.cell.place.support))}),
    )


def _flags(stained: float, touching: bool, support: float) -> list[str]:
    flags = ["seal"] if stained > 0.02 else []
    if touching:
        flags.append("touches_ruling")
    if support < 0.6:
        flags.append("weak_ruling")
    return flags


def _table(table: JoinedTable, cells: list[Cell]) -> Table:
    return Table(
        id=table.id,
        title=table.title,
        captions=list(table.captions),
        pages=list(table.pages),
        n_rows=table.n_rows,
        n_cols=table.n_cols,
        header_rows=list(table.header_rows),
        cells=cells,
    )
