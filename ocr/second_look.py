"""Doubtful lines are read again in other ways, on worn pages as worn print, and the better supported text is taken.

The recogniser's mistakes on damaged print hang on chance: where the columns of its picture fall, which
speck touches which stroke. A line whose weakest character is doubtful is therefore read again with bolder strokes,
smaller and narrower, and every text that any of these looks gave is scored under all of them. What all looks
give is likelier right than the probabilities of the first one tell; what each reads differently is likelier wrong.
Of 180 doubtful lines of copies and faxes 59 were right at the first look, 77 by the support of their texts under
narrower, wider and blurred pictures, 84 under bolder and smaller ones, 87 under these and narrower ones, 88 with any
further of 23 ways.

On a worn page, one with several poor lines, all lines are read again, but once, by the recogniser that was taught on
worn print (`ocr/worn.py`): strokes are lost there that the first reading does not miss. Of 2,200 lines of
copies, faxes, photographs and a few scans (`bench.worn.compare`, documents of other seeds and words than those
it was taught with) the first look read 82 wrongly, 35 of them surely, the worn one 46 and 15, both together 45; on 8 of
these they agree. In three fonts that the training had not seen 34, 20 and 21 were wrong. With the three ways above it
was 80. Where doubtful lines alone were read again 64 stayed wrong with the worn look, 62 to 69 with any of the ways beside it.
On clean pages the worn look does harm: it takes [ for 〔 and a semicolon for a comma, as its lines had them.

Other things that brought nothing: split into its characters at the gaps of its ink a line is read worse, for print is told
in its context: of 160 doubtful lines of all levels 66 were right at the first look, 43 read character by character.
With the readings of PP-OCRv5's mobile recogniser among the looks 1,687 of 1,842 cells of 20 copies, faxes and
photographs were right, without 1,688: it had the right text of 6 of the 100 or so wrong ones.

Where a streak was wiped off a line, strokes may be lost that the first reading is sure to have
seen whole. Of 219 such lines of copies, with those that a seal was wiped off by rules, 183 were right as wiped, 202 unwiped, 204 by their texts' support. So the
unwiped look has more say: of 77 others on which the two differ 10 were right as wiped, 45 by their support, 50 where
that under the unwiped look counts one and a half times.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from unicodedata import category

import cv2
import numpy as np

from shenbao.models.stages import Image, Reading
from shenbao.ocr.constrain import Kind, kind_rules
from shenbao.ocr.decode import LineScores
from shenbao.ocr.engine import LineReader
from shenbao.ocr.lines import padded_width, scaled_width
from shenbao.ocr.stops import with_stops

DOUBTFUL = 0.8
"""A line is read again when its weakest character is less probable than this."""

POOR, WORN, SEVERAL = 0.5, 0.025, 3
"""A page's print is taken for worn where the weakest character of so many lines, `SEVERAL` at least and the share
`WORN` of all, is less probable than `POOR`. Clean pages have some at 0.55 to 0.8: ≥, 二 and colons."""

RIPE = 0.3
"""Probability of the weakest character at which a further look gained most: less is mostly no print at all."""

MARKED = 0.3
"""Most of the budget that is spent on lines with marks that may be stops."""

HEARD = 0.9
"""Least probability of the weakest character of a line that gave none at first."""

SOFTER = 0.04
"""Standard deviation of the blur of a further look, in heights of the line picture."""

BOLDER = 0.05
"""Width by which strokes are made thicker for a further look, in heights of the line picture."""

NARROWER = 0.85
"""Width of a line in a further look, of what it has."""

TAUGHT = 2.0
"""How much more the look as worn print counts than the first one."""

WHOLE = 1.5
"""How much more the look at a line before it was wiped counts than that after."""

MORE = 0.5
"""What that is more for each further look at the wiped line."""

FLOOR = 1e-3
"""Least probability that a look counts for: one look that went wrong must not outvote all others."""


def narrower(picture: Image) -> Image:
    """The line picture (height, width) with its width shrunk."""
    height, width = picture.shape
    size = max(1, round(NARROWER * width)), height
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def softer(picture: Image) -> Image:
    """The line picture with hard edges, specks and hair cracks blurred."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), SOFTER * picture.shape[0]), np.uint8)


def roomier(picture: Image) -> Image:
    """The line picture with more paper above and below, which makes its print smaller to the net."""
    above = picture.shape[0] // 4
    return np.asarray(np.pad(picture, ((above, above), (0, 0)), constant_values=255), np.uint8)


def bolder(picture: Image) -> Image:
    """The line picture with thicker strokes, which closes what a fax broke, and soft edges."""
    size = max(2, round(BOLDER * picture.shape[0]))
    return softer(np.asarray(cv2.erode(picture, np.ones((size, size), np.uint8)), np.uint8))


WAYS = (bolder, roomier, narrower)


def by_itself(piece: Image) -> tuple[Image, ...]:
    """A piece of a line (height, width) in the ways in which it is read by itself: as it is, softer and bolder."""
    return piece, softer(piece), bolder(piece)


@dataclass(frozen=True)
class Others:
    """Other pictures of some lines, by their number.

    `marked`: with the marks left in that may be stops. `unwiped`: as before streaks were wiped off.
    `unpainted`: with what was taken for dirt or for the remains of rulings left in.
    """

    marked: Mapping[int, Image] = field(default_factory=dict)
    unwiped: Mapping[int, Image] = field(default_factory=dict)
    unpainted: Mapping[int, Image] = field(default_factory=dict)


def look_again(
    pictures: Sequence[Image],
    readings: Sequence[Reading],
    engine: LineReader,
    share: float,
    others: Others = Others(),
) -> list[Reading]:
    """The readings, those of doubtful lines settled by further looks, which they keep as `looks`.

    `share` is the most that all further looks may cost together, as a share of what reading all pictures costs.
    It is spent in the order of what it gains: first on lines with marks that may be stops (of which a page full
    of specks has too many), then on lines that lost ink, the least sure first, which are read once more
    unwiped. Doubtful lines follow, those that gain most first, what gave no character, and on a worn page all
    others, the least sure first.
    """
    budget = _Budget(share * sum(map(_cost, pictures)))
    lines, found = _read_marked(pictures, readings, engine, others.marked, budget)
    unwiped = {i: others.unwiped[i] for i in sorted(others.unwiped, key=lambda i: found[i].weakest)}
    whole = budget.affordable(unwiped)
    looks: dict[int, list[_Look]] = {}
    worn = _is_worn(found)
    for i in _worth_a_look(lines, found, worn):
        # What was wiped is missing in every way, and only the worn recogniser was taught on such lines.
        if i in unwiped and not worn:
            continue
        wanted = _looks_at(i, lines[i], found[i], others, worn)
        if budget.spend(sum(_cost(look.picture) for look in wanted)):
            looks[i] = wanted
    for i, picture in whole.items():
        looks[i] = [*looks.get(i, []), _Look(picture)]
    again = iter(_read_looks([look for wanted in looks.values() for look in wanted], engine))
    for i, wanted in looks.items():
        seen = [next(again) for _ in wanted]
        heard = found[i].chars or i in whole
        last = _weight_of_last(found[i], seen, i in whole, wanted[-1].worn)
        found[i] = best_supported([found[i], *seen], last) if heard else first_heard(found[i], seen)
    return found


def _weight_of_last(first: Reading, seen: Sequence[Reading], unwiped: bool, worn: bool) -> float:
    """How much the last look counts: that at an unwiped line, or that as worn print, more than others."""
    if not unwiped:
        return TAUGHT if worn else 1.0
    return 1.0 if _adds_dirt(first, seen[-1]) else WHOLE + MORE * (len(seen) - 1)


class _Look(NamedTuple):
    """A picture to be read, and whether by the recogniser that was taught on worn print."""

    picture: Image
    worn: bool = False


def _looks_at(number: int, line: Image, found: Reading, others: Others, worn: bool) -> list[_Look]:
    if not found.chars:
        return [_Look(roomier(line))]  # taught on print alone, the other recogniser sees some in dirt
    added = [_Look(others.unpainted[number])] if number in others.unpainted else []
    return [*added, _Look(line, worn=True)] if worn else [*(_Look(way(line)) for way in WAYS), *added]


def _read_looks(looks: Sequence[_Look], engine: LineReader) -> list[Reading]:
    """One reading for each look, in their order."""
    plain = iter(engine.read_lines([look.picture for look in looks if not look.worn]))
    worn = iter(engine.read_worn([look.picture for look in looks if look.worn]))
    return [next(worn if look.worn else plain) for look in looks]


def affordable(wanted: Mapping[int, Image], pictures: Sequence[Image], share: float) -> dict[int, Image]:
    """Those of further pictures that together cost at most a share of what reading all `pictures` does."""
    return _Budget(share * sum(map(_cost, pictures))).affordable(wanted) if wanted else {}


def _read_marked(
    pictures: Sequence[Image],
    readings: Sequence[Reading],
    engine: LineReader,
    marked: Mapping[int, Image],
    budget: "_Budget",
) -> tuple[list[Image], list[Reading]]:
    """The pictures and readings of all lines, those with stops among their marks with these."""
    lines, found = list(pictures), list(readings)
    tried = budget.affordable(marked, MARKED)
    for (i, picture), seen in zip(tried.items(), engine.read_lines(list(tried.values())), strict=True):
        settled = with_stops(found[i], seen)
        if settled is not found[i]:
            lines[i], found[i] = picture, settled
    return lines, found


def first_heard(silent: Reading, looks: Sequence[Reading]) -> Reading:
    """The surest look at a line that gave no character, where it is sure and no speck, else `silent`.

    Lone characters are what specks are read as, except for signs of comparison, of which the recogniser
    overlooks small ones.
    """
    best = max(looks, key=lambda look: look.weakest)
    if best.weakest < HEARD or (
        len(best.chars) == 1 and best.text not in kind_rules().root[Kind.OPERATOR].texts
    ):
        return silent
    return replace(best, looks=tuple(look for look in looks if look is not best and look.chars))


@dataclass
class _Budget:
    """Columns of the net's pictures that further looks may still take."""

    left: float

    def spend(self, cost: float) -> bool:
        """Whether there is enough left, which is then taken."""
        if cost > self.left:
            return False
        self.left -= cost
        return True

    def affordable(self, wanted: Mapping[int, Image], most: float = 1.0) -> dict[int, Image]:
        """Those of the pictures that the share `most` of what is left suffices for, which is taken."""
        part = _Budget(most * self.left)
        taken = {i: picture for i, picture in wanted.items() if part.spend(_cost(picture))}
        self.left -= sum(map(_cost, taken.values()))
        return taken


def best_supported(looks: Sequence[Reading], last: float = 1.0) -> Reading:
    """Of several looks at one line the first whose text has most support, with the others as its `looks`.

    The support of a text is the product of its probabilities under all looks, none counted below `FLOOR`, that under the
    last one to the power of `last`.
    """
    texts = list(dict.fromkeys(look.text for look in looks))
    if len(texts) == 1:
        return replace(looks[0], looks=tuple(looks[1:]))
    scores = np.array([_scores(look, texts) for look in looks])
    support = np.logaddexp(scores, np.log(FLOOR))
    support[-1] *= last
    best = texts[int(support.sum(axis=0).argmax())]
    winner = next(look for look in looks if look.text == best)
    return replace(winner, looks=tuple(look for look in looks if look is not winner))


def _adds_dirt(wiped: Reading, whole: Reading) -> bool:
    """Whether a line before it was wiped reads as after, with figures, letters or signs more at its ends: what a seal
    or a streak looks like."""
    at = whole.text.find(wiped.text)
    added = whole.text[:at] + whole.text[at + len(wiped.text) :]
    return at >= 0 and any(category(char) != "Lo" for char in added)


def _scores(look: Reading, texts: Sequence[str]) -> list[float]:
    if look.lattice is None:
        return [0.0 if text == look.text else -np.inf for text in texts]
    return LineScores(look.lattice).forward(texts)


def _is_worn(readings: Sequence[Reading]) -> bool:
    """Whether the print of a page is worn, by its lines' first readings."""
    heard = [r for r in readings if r.chars]
    poor = sum(r.weakest < POOR for r in heard)
    return poor >= max(SEVERAL, WORN * len(heard))


def _worth_a_look(lines: Sequence[Image], readings: Sequence[Reading], worn: bool) -> list[int]:
    """Positions of the lines that are worth reading again, those that gain most first."""
    heard = [i for i, r in enumerate(readings) if r.chars]
    doubtful = [i for i in heard if readings[i].weakest < DOUBTFUL]
    silent = [i for i, r in enumerate(readings) if not r.chars and lines[i].size]
    sure = [i for i in heard if readings[i].weakest >= DOUBTFUL]
    return [
        *sorted(doubtful, key=lambda i: abs(readings[i].weakest - RIPE)),
        *silent,
        *(sorted(sure, key=lambda i: readings[i].weakest) if worn else []),
    ]


def _cost(picture: Image) -> int:
    """Columns of the net's picture, which its time goes by."""
    return padded_width(scaled_width(*picture.shape)) if picture.size else 0
