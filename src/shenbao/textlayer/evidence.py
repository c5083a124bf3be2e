"""Whether a page's text layer is what is printed on it: compared with the picture, and read in a sample.

Layers lie in known ways: glyphs that the font maps to nothing or to other characters, text that nobody can
see, boxes beside the print, print that is a picture and not in the layer at all.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from shenbao.layout.lines import cut
from shenbao.loading.glyphs import UNKNOWN
from shenbao.models.stages import FlatPage, Grid, Image, ReadLine, Rulings
from shenbao.ocr.engine import LineReader
from shenbao.textlayer.folding import folded
from shenbao.textlayer.setting import FlatGlyph
from shenbao.textlayer.thresholds import Thresholds

INSET = 0.2
"""Character heights beside a ruling within which ink may be the ruling's."""


@dataclass(frozen=True, eq=False)
class Print:
    """What a page's picture shows: `ink` (height, width) is print without the rulings, 255 where it is.

    `rest` (height, width) is 255 where ink is that neither a glyph of the layer nor a side of a cell accounts
    for: a stroke, a drawing, a ruling that the tables lack;
    `strange_share` is the share of the page's print, by area, that is in no glyph.
    """

    ink: Image
    rest: Image
    strange_share: float


def print_of(page: FlatPage, rulings: Rulings, grids: Sequence[Grid], glyphs: Sequence[FlatGlyph]) -> Print:
    """The page's print, and what of it the layer does not explain."""
    ink = page.strong.copy()
    for line in rulings.lines:
        half = line.thickness / 2 + 0.08 * page.char_height
        low, high = max(0, round(line.at - half)), round(line.at + half) + 1
        start, end = max(0, round(line.start)), round(line.end) + 1
        place = (
            (slice(low, high), slice(start, end))
            if line.horizontal
            else (slice(start, end), slice(low, high))
        )
        ink[place] = 0
    _, _, stats, centres = cv2.connectedComponentsWithStats(ink)
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    h = page.char_height
    like_print = (sides.max(axis=1) >= 0.3 * h) & (sides.max(axis=1) <= 2.0 * h) & (sides.min(axis=1) >= 2)
    like_print[0] = False
    explained = _covered(ink.shape, glyphs, 0.15 * h)
    middles = np.nan_to_num(centres).round().astype(int)  # a page without paper has no background to be amid
    x, y = middles[:, 0].clip(0, ink.shape[1] - 1), middles[:, 1].clip(0, ink.shape[0] - 1)
    strange = like_print & (explained[y, x] == 0)
    area = stats[:, cv2.CC_STAT_AREA]
    total = float(area[like_print].sum())
    share = float(area[strange].sum()) / total if total else 0.0
    return Print(ink, _rest(page, grids, explained), share)


def _rest(page: FlatPage, grids: Sequence[Grid], explained: Image) -> Image:
    rest = np.where(explained > 0, 0, page.strong).astype(np.uint8)
    half = round(INSET * page.char_height)
    for x0, y0, x1, y1 in (cell.box for grid in grids for cell in grid.cells):
        left, top, right, bottom = (round(v) for v in (x0, y0, x1, y1))
        across, down = (
            slice(max(0, left - half), right + half + 1),
            slice(max(0, top - half), bottom + half + 1),
        )
        for y in (top, bottom):
            rest[max(0, y - half) : y + half + 1, across] = 0
        for x in (left, right):
            rest[down, max(0, x - half) : x + half + 1] = 0
    return rest


def _covered(shape: tuple[int, ...], glyphs: Sequence[FlatGlyph], margin: float) -> Image:
    mask = np.zeros(shape[:2], np.uint8)
    for glyph in glyphs:
        x0, y0, x1, y1 = glyph.box
        top, left = max(0, round(y0 - margin)), max(0, round(x0 - margin))
        mask[top : round(y1 + margin) + 1, left : round(x1 + margin) + 1] = 255
    return mask


def inked(page: FlatPage, glyphs: Sequence[FlatGlyph]) -> NDArray[np.bool_]:
    """For each glyph whether anything is drawn in its box."""
    sums = cv2.integral((page.ink > 0).astype(np.uint8))
    height, width = page.ink.shape
    boxes = np.array([g.box for g in glyphs], np.float64).reshape(-1, 4)
    x0, y0 = (
        np.floor(boxes[:, 0]).clip(0, width).astype(int),
        np.floor(boxes[:, 1]).clip(0, height).astype(int),
    )
    x1, y1 = np.ceil(boxes[:, 2]).clip(0, width).astype(int), np.ceil(boxes[:, 3]).clip(0, height).astype(int)
    found = sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0]
    return np.asarray(found > 0, np.bool_)


def reason_against(
    page: FlatPage,
    shown: Print,
    glyphs: Sequence[FlatGlyph],
    lines: Sequence[ReadLine],
    limits: Thresholds,
) -> str | None:
    """Why the layer cannot be what is printed, as far as the picture alone tells; None where it agrees."""
    unknown = sum(glyph.char == UNKNOWN for glyph in glyphs) / len(glyphs)
    if unknown > limits.unknown:
        return f"{unknown:.1%} of the characters have no meaning"
    unseen = 1.0 - float(inked(page, glyphs).mean())
    if unseen > limits.unseen:
        return f"{unseen:.1%} of the characters are not to be seen"
    if shown.strange_share > limits.strange:
        return f"{shown.strange_share:.1%} of the print is not in the layer"
    beside = _beside(page, shown, lines)
    if beside > limits.beside:
        return f"{beside:.1%} of the lines do not stand where the layer says"
    return None


def _beside(page: FlatPage, shown: Print, lines: Sequence[ReadLine]) -> float:
    """Share of lines whose print ends elsewhere than the layer says, by more than a part of a character."""
    h = page.char_height
    reach, most = 0.45 * h, 0.25 * h
    off = 0
    for line in lines:
        x0, y0, x1, y1 = line.box
        top, left = max(0, round(y0 - reach)), max(0, round(x0 - reach))
        part = shown.ink[top : round(y1 + reach), left : round(x1 + reach)] > 0
        # Strokes of several characters in line may have been taken for a ruling.
        inside = slice(round(y0) - top, round(y1) - top), slice(round(x0) - left, round(x1) - left)
        part[inside] |= page.strong[round(y0) : round(y1), round(x0) : round(x1)] > 0
        across, down = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
        if not len(across):
            off += 1
            continue
        # Neighbours reach into the margin: only print that is missing at an end speaks against it.
        inward = max(
            left + across[0] - x0, x1 - left - across[-1] - 1, top + down[0] - y0, y1 - top - down[-1] - 1
        )
        off += bool(inward > most)
    return off / len(lines) if lines else 0.0


_FRESH = {False: (1.0, 0.0, 0.0), True: (4.0, 1.0, 0.0)}
"""Worth of a character that is no digit, or a digit, by how often the sample shows it already."""


def sampled(lines: Sequence[ReadLine], count: int) -> list[ReadLine]:
    """At most `count` lines that together show as many different characters of the layer as they can.

    A font that maps shapes to wrong characters does so wherever they stand: each is worth one look.
    """
    fit = [line for line in lines if 2 <= len(line.reading.chars) <= 40]
    seen: Counter[str] = Counter()
    chosen: list[ReadLine] = []
    while fit and len(chosen) < count:
        best = max(fit, key=lambda line: _news(line, seen))
        if _news(best, seen) <= 0:
            break
        chosen.append(best)
        seen.update(best.reading.text)
        fit.remove(best)
    return chosen


def _news(line: ReadLine, seen: Counter[str]) -> float:
    """How much a line shows that was not seen yet; digits, which carry the sums, come first and are worth a
    second look."""
    fresh = sum(_FRESH[c.isdigit()][min(seen[c], 2)] for c in set(line.reading.text))
    return fresh / (6.0 + len(line.reading.chars))


def contradiction(
    page: FlatPage, lines: Sequence[ReadLine], engine: LineReader, limits: Thresholds
) -> str | None:
    """What the recogniser reads differently in a sample of lines; None where it agrees."""
    chosen = sampled(lines, limits.sample)
    if not chosen:
        return None
    height, width = page.grey.shape
    within = (0.0, 0.0, float(width), float(height))
    readings = engine.read_lines([cut(page, line.box, within) for line in chosen])
    distance = total = 0
    for line, reading in zip(chosen, readings, strict=True):
        said, read = folded(line.reading.text), folded(reading.text)
        total += max(len(said), len(read))
        distance += Levenshtein.distance(said, read)
        other = _other_digit(said, read)
        if other and reading.weakest > limits.sure:
            return f"{other[0]} in the layer is {other[1]} in the picture"
    if total and distance / total > limits.different:
        return f"{distance / total:.1%} of the characters of a sample are others in the picture"
    return None


def _other_digit(said: str, read: str) -> tuple[str, str] | None:
    """The first digit of the layer that was read as another digit."""
    for edit in Levenshtein.editops(said, read):
        if edit.tag == "replace" and said[edit.src_pos].isdigit() and read[edit.dest_pos].isdigit():
            return said[edit.src_pos], read[edit.dest_pos]
    return None
