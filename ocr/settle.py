"""JoinedTable -> Table: what each cell says, with candidates and the probability that it is right."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from heapq import nlargest
from math import prod

from shenbao.models.document import Candidate, Cell, Region, Table
from shenbao.models.plain import plain
from shenbao.models.stages import Box, JoinedCell, JoinedTable, Reading
from shenbao.ocr.brackets import brackets, official_lines, unpaired
from shenbao.ocr.calibration import Calibration
from shenbao.ocr.constrain import Constrained, Kind, constrain, silent
from shenbao.ocr.lexicon import (
    Lexicon,
    Recognised,
    broken_as,
    in_place,
    lexicon_of,
    lexicon_rules,
    listed,
    recognised,
    whole_looks,
    with_whole_signs,
    without_signs,
)
from shenbao.ocr.sequences import asked, repeated
from shenbao.ocr.signals import WORD_KINDS, Place, Signals, Told, signals
from shenbao.ocr.twins import RIGHT, other_twins
from shenbao.ocr.words import Words, by_words, is_sure

CANDIDATES = 5
"""Readings given for a cell, at most."""

HANDWRITTEN = 0.2
"""Most that a cell with handwriting is trusted: the recogniser and the calibration know print alone."""

DIRT, REMAINS, SOME = 0.15, 2, 4
"""Confidence below which, and characters up to which, a text is dirt in a column of which half is empty, and cells that
such a column has at least. Of 13 such cells of 140 documents all were empty, of 28 in fuller columns 4."""

IN_PLACE = 0.5
"""Probability of its place from which a cell's own text is what makes it doubtful."""

EMPTY_AFTER_ALL = 0.85
"""Confidence of a cell whose text was taken for dirt."""

UNPAIRED = 0.005
"""How likely print is to have a bracket without its other half, beside one that pairs: of 16,387 cells none had."""

GUESSED = 0.5
"""Most that a sign is trusted which was told from its ink's being there."""

UNSURE = 0.98
"""Probability of its weakest character from which free text is taken as it was read."""

STEPS = 1_000_000
"""Probabilities are multiples of 1 / STEPS. Coarser ones would make the surest cells look alike, and a
threshold could not part them."""


@dataclass(frozen=True)
class Choice:
    """A cell's text, how probable the recogniser holds it, and the other readings, likeliest first.

    `most` is the most that the text is trusted, whatever the calibration says.
    """

    text: str
    probability: float
    others: tuple[Candidate, ...]
    fits: bool
    most: float = 1.0


@dataclass(frozen=True)
class Settled:
    """A table whose cells' texts are chosen, and what speaks for each; `places` names them in order."""

    table: JoinedTable
    choices: tuple[Choice, ...]
    signals: tuple[Signals, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple((c.row, c.col) for c in self.table.cells)

    def rated(self, calibration: Calibration) -> Table:
        """The table with the confidence that a calibration gives each cell."""
        cells = []
        sparse = _in_sparse_columns(self.table.cells, [choice.text for choice in self.choices])
        for k, (cell, choice, found) in enumerate(
            zip(self.table.cells, self.choices, self.signals, strict=True)
        ):
            known = _known(cell)
            confidence = calibration.probability(found, empty=not choice.text) if known is None else known
            place = calibration.place_probability(found) if known is None else known
            if "handwriting" in cell.flags:
                confidence = min(confidence, HANDWRITTEN)
            elif k in sparse and _is_dirt(choice.text, confidence, place):
                choice, confidence = replace(choice, text="", most=EMPTY_AFTER_ALL), place
            confidence = min(confidence, choice.most)
            made = _cell(cell, choice.text, confidence, _scaled(choice, confidence))
            # The trees may raise a cell above its place, which cannot be: a right cell is in its place.
            place = max(made.confidence, _rounded(place))
            cells.append(made.model_copy(update={"place_confidence": place}))
        return _table(self.table, cells)


def _is_dirt(text: str, confidence: float, place: float) -> bool:
    """Whether a text is hardly right though its cell is in its place, and so short that dirt is read as such."""
    return confidence < DIRT < IN_PLACE <= place and len(plain(text)) <= REMAINS


def _in_sparse_columns(cells: Sequence[JoinedCell], texts: Sequence[str]) -> frozenset[int]:
    """The numbers of the cells in columns of which at least every other cell is empty."""
    columns: dict[Place, list[int]] = {}
    for k, cell in enumerate(cells):
        columns.setdefault((cell.col, cell.col_span), []).append(k)
    empty = {place: sum(not texts[k] for k in group) for place, group in columns.items()}
    sparse = [group for place, group in columns.items() if max(SOME, len(group)) <= 2 * empty[place]]
    return frozenset(k for group in sparse for k in group)


def draft(table: JoinedTable) -> Table:
    """The table with its texts as read and no confidence yet: what the kinds of cells are told from."""
    return _table(table, [_cell(c, c.text, 0.0, ()) for c in table.cells])


def settle(
    table: JoinedTable,
    kinds: Mapping[Place, str],
    calibration: Calibration,
    known: AbstractSet[str] = frozenset(),
) -> Table:
    """The table with every cell read under the constraint of its kind, and its confidence.

    `kinds` and `known` as for `choose`.
    """
    return choose(table, kinds, known).rated(calibration)


def choose(table: JoinedTable, kinds: Mapping[Place, str], known: AbstractSet[str] = frozenset()) -> Settled:
    """The texts of a table, each read under the constraint of its kind, with the signals of their worth.

    `kinds` names for a cell's row and column what it can contain, in the words of `constrain.Kind` and
    `signals.WORD_KINDS`; anything else counts as free text. `known` holds texts, without blanks, that
    such forms print often.
    """
    choices = []
    lexicon = lexicon_of(frozenset(known))
    names = [kinds.get((cell.row, cell.col), "free") for cell in table.cells]
    for cell, name in zip(table.cells, names, strict=True):
        kind = _kind(name)
        choice = _choose(cell, kind)
        if kind is Kind.FREE:
            choice = _of_known(choice, cell, lexicon, words=name in WORD_KINDS)
        choice = _paired(choice)
        if _known(cell) is None:
            choice = _with_twins(choice)
        choices.append(choice)
    choices = _by_words(choices, table.cells, names, known)
    choices = _in_sequence(choices, table.cells, lexicon)
    told = [_told(*each) for each in zip(choices, table.cells, names, strict=True)]
    return Settled(table, tuple(choices), tuple(signals(told, known)))


def _told(choice: Choice, cell: JoinedCell, name: str) -> Told:
    second = choice.others[0].probability if choice.others else 0.0
    return Told(cell, choice.text, choice.probability, second, choice.fits, _kind(name), name)


def _kind(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError:
        return Kind.FREE


LINE_BY_LINE = frozenset({Kind.PERIOD})
"""Kinds whose rule holds for each line of a cell, however the text was wrapped."""

AS_ONE = frozenset({Kind.UNIT})
"""Kinds whose texts may be wrapped anywhere: their lines are read as one."""


def _choose(cell: JoinedCell, kind: Kind) -> Choice:
    lines = [line for line in cell.lines if line.reading.chars]
    if not lines:
        return _silent(cell, kind)
    readings = [line.reading for line in lines]
    official = official_lines([reading.text for reading in readings])
    if len(lines) > 1 and kind in LINE_BY_LINE:
        parts = [constrain(reading, kind) for reading in readings]
        return _joined(parts, [""] * len(parts), all(p.fits for p in parts))
    if len(lines) > 1 and kind in AS_ONE and (whole := _as_one(readings)) is not None:
        found = constrain(whole, kind)
        return Choice(broken_as(found.text, cell.text), found.probability, found.candidates[1:], found.fits)
    if len(lines) > 1:
        parts = [constrain(r, Kind.FREE, other) for r, other in zip(readings, official, strict=True)]
        return _joined(parts, _breaks(cell.text, parts), kind is Kind.FREE)
    found = constrain(readings[0], kind, official[0])
    return Choice(found.text, found.probability, found.candidates[1:], found.fits)


def _as_one(readings: Sequence[Reading]) -> Reading | None:
    """Lines behind one another as one, with all their looks; None where one has no lattice."""
    looks = [Reading((), look) for look in whole_looks(readings)]
    chars = tuple(char for reading in readings for char in reading.chars)
    return replace(looks[0], chars=chars, looks=tuple(looks[1:])) if looks else None


def _silent(cell: JoinedCell, kind: Kind) -> Choice:
    """The choice for a cell of which nothing was read: empty, but where one line of ink stands for a sign."""
    line = cell.lines[0] if len(cell.lines) == 1 else None
    if line is None or not _stands_in_middle(line.box, cell.parts[0].cell.place.box):
        return Choice("", 1.0, (), True)
    looks = (line.reading, *line.reading.looks)
    found = silent([look.lattice for look in looks if look.lattice is not None], kind)
    if not found:
        return Choice("", 1.0, (), True)
    return Choice(found[0].text, found[0].probability, found[1:], True, most=GUESSED)


def _stands_in_middle(box: Box, place: Box) -> bool:
    """Whether ink stands half way up its cell, as signs do and specks hardly ever."""
    x0, y0, x1, y1 = box
    return abs(y0 + y1 - place[1] - place[3]) < max(x1 - x0, y1 - y0)


def _joined(parts: Sequence[Constrained], breaks: Sequence[str], fits: bool) -> Choice:
    """The choice for a cell of several lines: of the lines' candidates the likeliest whole texts.

    `breaks` is what follows each line. Lines are taken as independent, so a whole text is as probable as the
    product of its lines.
    """
    text = "".join(part.text + end for part, end in zip(parts, breaks, strict=True))
    whole = [("", 1.0)]
    for part, end in zip(parts, breaks, strict=True):
        longer = [(t + c.text + end, p * c.probability) for t, p in whole for c in part.candidates]
        whole = nlargest(CANDIDATES + 1, longer, key=lambda found: found[1])
    others = tuple(Candidate(text=t, probability=p) for t, p in whole if t != text)
    return Choice(text, prod(part.probability for part in parts), others, fits)


def _of_known(choice: Choice, cell: JoinedCell, lexicon: Lexicon, *, words: bool) -> Choice:
    """The choice, or the known text that is likelier to be printed there than what was read, or that without signs
    at its ends that are none."""
    readings = [line.reading for line in cell.lines if line.reading.chars]
    if not readings:
        return choice
    found = recognised(readings, lexicon, words=words) if _may_be_other(readings, words=words) else None
    found = found or with_whole_signs(readings) or without_signs(readings)
    if found is None:
        return choice
    return _replaced(choice, found)


def _replaced(choice: Choice, found: Recognised) -> Choice:
    """The choice with another text in place of what was read, which becomes the first of the others."""
    text = broken_as(found.text, choice.text)
    read = Candidate(text=choice.text, probability=found.left)
    others = tuple(c for c in choice.others if c.text not in (text, choice.text))
    return replace(choice, text=text, probability=found.probability, others=(read, *others))


def _by_words(
    choices: Sequence[Choice], cells: Sequence[JoinedCell], names: Sequence[str], known: AbstractSet[str]
) -> list[Choice]:
    """The choices, with doubtful characters of free text told by the words that they make."""
    read = [[line.reading for line in cell.lines if line.reading.chars] for cell in cells]
    sure = [_flat(choice.text) for choice, lines in zip(choices, read, strict=True) if is_sure(lines)]
    words = Words(known, sure)
    shown = []
    for choice, lines, name in zip(choices, read, names, strict=True):
        found = by_words(lines, _flat(choice.text), words) if _kind(name) is Kind.FREE else None
        shown.append(choice if found is None else _replaced(choice, found))
    return shown


def _flat(text: str) -> str:
    return text.replace("\n", "")


def _in_sequence(choices: Sequence[Choice], cells: Sequence[JoinedCell], lexicon: Lexicon) -> list[Choice]:
    """The choices, with the numbers that follow from their neighbours where these are likelier to be printed."""
    rules, shown = lexicon_rules(), list(choices)
    texts = [choice.text for choice in choices]
    following = asked(cells, texts)
    dates = repeated(cells, texts, [choice.probability for choice in choices])
    for wanted, odds in ((following, rules.odds_sequence), (dates, rules.odds_repeated)):
        for k, text in wanted.items():
            readings = [line.reading for line in cells[k].lines if line.reading.chars]
            if not readings:
                continue
            held, place = _flat(choices[k].text), _flat(text)
            found = listed(readings, held, place, lexicon) or in_place(readings, held, place, odds)
            if found is not None:
                shown[k] = _replaced(choices[k], found)
    return shown


def _may_be_other(readings: Sequence[Reading], *, words: bool) -> bool:
    """Whether the recogniser is unsure enough of a cell for a known text in its place: words of the form itself
    stand out so much that this is always tried."""
    return words or min(reading.weakest for reading in readings) < UNSURE


def _paired(choice: Choice) -> Choice:
    """The choice, or the reading that is likelier when brackets without their other half count as `UNPAIRED`.

    Readings with fewer brackets are not preferred: more often the other half was lost than the one is dirt.
    """
    if not unpaired(choice.text):
        return choice
    first = max(0.0, 1.0 - sum(c.probability for c in choice.others))
    whole = [(choice.text, first), *((c.text, c.probability) for c in choice.others)]
    weighed = [(text, p * _rarity(text, choice.text)) for text, p in whole]
    (best, share), *others = sorted(weighed, key=lambda found: -found[1])
    if best == choice.text:
        return choice
    total = share + sum(p for _, p in others)
    rest = tuple(Candidate(text=text, probability=p / total) for text, p in others)
    return Choice(best, share / total, rest, choice.fits)


def _rarity(text: str, read: str) -> float:
    """What a text's probability is worth for its brackets, beside that of what was `read`."""
    return UNPAIRED ** unpaired(read if brackets(text) < brackets(read) else text)


def _with_twins(choice: Choice) -> Choice:
    """The choice, with the other readings of a code whose characters only their neighbours could tell apart."""
    twins = tuple(other_twins(choice.text))
    if not twins:
        return choice
    others = {text: (1 - RIGHT) / len(twins) for text in twins}
    for c in choice.others:
        others[c.text] = max(others.get(c.text, 0.0), c.probability)
    likeliest = sorted(others.items(), key=lambda found: -found[1])[:CANDIDATES]
    ranked = tuple(Candidate(text=text, probability=p) for text, p in likeliest)
    return replace(choice, others=ranked, most=RIGHT)


def _breaks(text: str, parts: Sequence[Constrained]) -> list[str]:
    """What stands in a cell's text behind each of its lines: a line break or nothing."""
    breaks, place = [], 0
    for part in parts:
        place += len(part.text)
        breaks.append("\n" if text[place : place + 1] == "\n" else "")
        place += len(breaks[-1])
    return breaks


def _scaled(choice: Choice, confidence: float) -> tuple[Candidate, ...]:
    """The text at its calibrated confidence, the other readings sharing the rest as they did before.

    They get no more than the rest, and no more than the recogniser gave them: what is left stands for
    texts that no candidate names.
    """
    if not choice.text:
        return ()
    others = [c for c in choice.others if c.text and c.text != choice.text][: CANDIDATES - 1]
    total = sum(c.probability for c in others)
    rest = min(1.0 - confidence, total)
    shared = [_candidate(c.text, c.probability / total * rest) for c in others if c.probability > 0]
    return (_candidate(choice.text, confidence), *(c for c in shared if c.probability > 0))


def _candidate(text: str, probability: float) -> Candidate:
    # Rounded down, so that a cell's probabilities never add up to more than 1.
    return Candidate(text=text, probability=_rounded(probability))


def _rounded(probability: float) -> float:
    return int(probability * STEPS) / STEPS


def _cell(cell: JoinedCell, text: str, confidence: float, candidates: tuple[Candidate, ...]) -> Cell:
    return Cell(
        row=cell.row,
        col=cell.col,
        row_span=cell.row_span,
        col_span=cell.col_span,
        text=text,
        confidence=_rounded(confidence),
        regions=[Region(page=p.page, polygon=p.cell.polygon) for p in cell.parts],
        candidates=list(candidates),
        flags=_flags(cell),
    )


def _known(cell: JoinedCell) -> float | None:
    """The confidence of a cell that was not recognised on any page, else None."""
    told = [part.cell.known for part in cell.parts]
    sure = [known for known in told if known is not None]
    return prod(sure) if len(sure) == len(told) else None


def _flags(cell: JoinedCell) -> list[str]:
    parts = [p.cell for p in cell.parts]
    found = set(cell.flags)
    if cell.is_sealed:
        found.add("seal")
    if any(p.touching for p in parts):
        found.add("touches_ruling")
    if min(p.place.support for p in parts) < 0.6 and "unruled" not in found:
        found.add("weak_ruling")
    return sorted(found)


def _table(table: JoinedTable, cells: Sequence[Cell]) -> Table:
    return Table(
        id=table.id,
        title=table.title,
        captions=list(table.captions),
        pages=list(table.pages),
        n_rows=table.n_rows,
        n_cols=table.n_cols,
        header_rows=list(table.header_rows),
        cells=list(cells),
    )
