"""Level-1 and level-2 cells to the canonical names of a frame.

The word decides where it can. Where it fits two names equally (a character is unreadable), the frame
does: which children a first level may have, the fixed order of the 产出 kinds, which kind is still
missing, and what the third level and its unit usually look like below each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shenbao.mapping.folding import fold
from shenbao.mapping.matching import Match
from shenbao.mapping.vocabulary import Frame, Level1, Level2, UnitKind, Vocabulary

_LEAST = 0.5
"""Least similarity of a closed name: half of its characters."""

_BREAK = 3.0
_MISSING = 2.5
"""Weights of a broken order and of a kind that is found nowhere else: both hold in every form seen, so
they outweigh any look of the rows, which sums to 3.25 at most only for a name known word for word."""

_ALIKE = 4.0
"""Weight of characters that were read as others like them: what is printed counts more than what is usual."""


@dataclass(frozen=True)
class LevelRow:
    """What is known of one indicator's levels. Equal ids mean the same printed cell.

    `others1` and `others2` are the recogniser's other readings of the two cells, likeliest first.
    """

    level1: str
    level2: str
    id1: object
    id2: object
    level3: str = ""
    unit_kind: UnitKind | None = None
    others1: tuple[str, ...] = ()
    others2: tuple[str, ...] = ()


@dataclass(frozen=True)
class LevelNames:
    """The names found for one row; None where nothing in the frame is near."""

    level1: Match | None
    level2: Match | None


def choose_frame(rows: Sequence[LevelRow], frames: Sequence[Frame], vocabulary: Vocabulary) -> Frame | None:
    """The frame whose names fit the printed levels best; of equals the first. None without frames."""
    firsts = {row.id1: row.level1 for row in rows}.values()
    seconds = {row.id2: row.level2 for row in rows}.values()

    def fit(frame: Frame) -> float:
        ones, twos = vocabulary.level1_names[frame.id], vocabulary.level2_names[frame.id, ""]
        return sum(
            _printed_as(match, text) for names, texts in ((ones, firsts), (twos, seconds)) for text in texts
            if (match := names.match(text, _LEAST))
        )  # fmt: skip

    return max(frames, key=fit, default=None)


def _printed_as(match: Match, text: str) -> float:
    """Similarity, a little less for an alias, so that the frame with this very name wins."""
    return match.score if fold(text) == match.name or not match.exact else 0.95


def resolve(rows: Sequence[LevelRow], frame: Frame, vocabulary: Vocabulary) -> list[LevelNames]:
    """The level names of every row, in order."""
    firsts = _resolve_first(rows, frame, vocabulary)
    seconds: dict[object, Match | None] = {}
    for parent_id in dict.fromkeys(row.id1 for row in rows):
        own = [row for row in rows if row.id1 == parent_id]
        first = firsts[parent_id]
        parent = frame.parent(first.name) if first else None
        seconds.update(_resolve_second(own, parent, frame, vocabulary))
    return [LevelNames(firsts[row.id1], seconds[row.id2]) for row in rows]


def _resolve_first(
    rows: Sequence[LevelRow], frame: Frame, vocabulary: Vocabulary
) -> dict[object, Match | None]:
    names = vocabulary.level1_names[frame.id]
    result: dict[object, Match | None] = {}
    for row in rows:
        if row.id1 in result:
            continue
        match = names.match_readings(row.level1, row.others1, _LEAST)
        if match is None or not match.decided:
            match = _by_children([r for r in rows if r.id1 == row.id1], match, frame, vocabulary)
        result[row.id1] = match
    return result


def _by_children(
    rows: Sequence[LevelRow], match: Match | None, frame: Frame, vocabulary: Vocabulary
) -> Match | None:
    """The first level below which the printed second levels may stand; only for a printed first level."""
    if not rows[0].level1.strip():
        return match
    rivals = match.rivals if match else tuple(entry.name for entry in frame.level1)
    fits = {
        name: sum(bool(vocabulary.level2_names[frame.id, name].exact(row.level2)) for row in rows)
        for name in rivals
    }
    best = max(fits, key=lambda name: fits[name], default="")
    if not best or fits[best] == 0:
        return match
    return Match(best, match.score if match else _LEAST / 2, decided=False, rivals=rivals)


def _resolve_second(
    rows: Sequence[LevelRow], parent: Level1 | None, frame: Frame, vocabulary: Vocabulary
) -> dict[object, Match | None]:
    everywhere = vocabulary.level2_names[frame.id, ""]
    below = vocabulary.level2_names[frame.id, parent.name] if parent else everywhere
    found: dict[object, Match | None] = {}
    for row in rows:
        if row.id2 not in found:
            found[row.id2] = (
                below.exact(row.level2)
                or everywhere.exact(row.level2)
                or below.match_readings(row.level2, row.others2, _LEAST)
                or everywhere.match_readings(row.level2, row.others2, _LEAST)
            )
    if parent is not None:
        _settle(rows, found, parent, vocabulary)
    return found


def _settle(
    rows: Sequence[LevelRow], found: dict[object, Match | None], parent: Level1, vocabulary: Vocabulary
) -> None:
    """Choose among rivals by context, from the top downwards, each choice helping the next."""
    order = list(dict.fromkeys(row.id2 for row in rows))
    children = {child.name: (rank, child) for rank, child in enumerate(parent.children)}
    for index, cell_id in enumerate(order):
        match = found[cell_id]
        if match is None or match.decided:
            continue
        rivals = [name for name in match.rivals if name in children]
        if not rivals:
            continue
        settled = [found[i] for i in order]
        own = [row for row in rows if row.id2 == cell_id]
        weights = {
            name: _order_fit(children[name][0], index, settled, parent)
            + _missing(name, settled)
            + _look(children[name][1], own, vocabulary)
            + _ALIKE * _alike(own[0].level2, children[name][1], vocabulary)
            for name in rivals
        }
        best = max(rivals, key=lambda name: weights[name])
        found[cell_id] = replace(match, name=best, rivals=())


def _order_fit(rank: int, index: int, settled: Sequence[Match | None], parent: Level1) -> float:
    if not parent.ordered:
        return 0.0
    ranks = {child.name: r for r, child in enumerate(parent.children)}
    known = [(i, ranks[m.name]) for i, m in enumerate(settled) if _is_settled(m) and m and m.name in ranks]
    breaks = sum(r > rank if i < index else r < rank for i, r in known if i != index)
    return -_BREAK * breaks


def _missing(name: str, settled: Sequence[Match | None]) -> float:
    return 0.0 if any(_is_settled(m) and m and m.name == name for m in settled) else _MISSING


def _is_settled(match: Match | None) -> bool:
    return match is not None and (match.decided or not match.rivals)


def _look(child: Level2, rows: Sequence[LevelRow], vocabulary: Vocabulary) -> float:
    """How much the rows look like indicators of this kind: a known name, an ending, a kind of unit."""
    look = 0.0
    for row in rows:
        text = fold(row.level3)
        look += 1.5 * vocabulary.knows_level3(text, child.standard or child.name)
        look += 0.75 * any(text.endswith(ending) for ending in child.endings)
        look += 1.0 * (row.unit_kind in child.unit_kinds)
    return look / len(rows) if rows else 0.0


def _alike(text: str, child: Level2, vocabulary: Vocabulary) -> float:
    """Of the characters in which a text differs from a name, the share that look like the name's."""
    folded = fold(text)
    shares = []
    for form in map(fold, child.forms):
        other = [(a, b) for a, b in zip(folded, form, strict=False) if a != b]
        if len(form) == len(folded) and other:
            shares.append(sum(b in vocabulary.alike.get(a, "") for a, b in other) / len(other))
    return max(shares, default=0.0)
