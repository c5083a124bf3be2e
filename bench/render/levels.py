"""The damage levels: which damages a page of each level suffers, with parameters drawn per document.

Sizes in recipes are millimetres or ems of the page's own print, so that every dpi suffers alike.
"""

import random
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from bench.render import damage, seals
from bench.render.bend import desk_top, draw_bend, photograph
from bench.render.damage import Drawn, Rng, Shot
from bench.render.handwriting import write_by_hand
from bench.render.style import Style
from bench.render.typeset import CleanPage
from bench.render.words import common

Level = Literal["clean", "scan", "seal", "copy", "fax", "phone"]
LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True)
class Damage:
    """What is drawn once per document. `skew` in degrees, `turned` clockwise degrees to be upright."""

    level: Level
    skew: float
    turned: int
    owner: str
    seals: int
    colour: bool
    half_lines: bool
    hard: float


def draw_damage(rng: random.Random, level: Level, owner: str, *, skew: float | None, turn: bool) -> Damage:
    """Damage of a document; `skew` sets the greatest angle, None the level's own."""
    most = {"clean": 0.0, "phone": 0.0, "fax": 2.0, "copy": 2.5}.get(level, 3.0) if skew is None else skew
    angle = rng.triangular(-most, most, 0) if skew is None else rng.uniform(-most, most)
    count = {
        "seal": rng.randint(1, 3),
        "copy": rng.randint(0, 2),
        "phone": rng.randint(0, 2),
        "fax": rng.randint(0, 1),
    }
    return Damage(
        level,
        angle,
        rng.choice([90, 180, 270]) if turn else 0,
        owner,
        count.get(level, 0),
        level == "phone" or level == "seal" or rng.random() < 0.3,
        level == "fax" and rng.random() < 0.35,
        rng.random(),
    )


def worsened(drawn: Damage, rng: random.Random) -> Damage:
    """The damage with its copies and faxes mostly of the worst kind."""
    if drawn.level == "fax":
        return replace(drawn, hard=drawn.hard**0.4, half_lines=drawn.half_lines or rng.random() < 0.5)
    return replace(drawn, hard=drawn.hard**0.5) if drawn.level == "copy" else drawn


_REDS = ((205, 30, 40), (190, 20, 30), (225, 60, 60), (170, 20, 60), (214, 78, 66))
_OTHER = ((40, 50, 160), (120, 30, 140))


def _seal_mask(rng: random.Random, noise: Rng, style: Style, owner: str) -> tuple[seals.Mask, Drawn]:
    """A worn seal, and its shape with its corners about the mask's middle."""
    kind = rng.random()
    if kind < 0.68:
        side = round(style.px(rng.uniform(34, 46)))
        mask = seals.round_seal(style.face, side, owner, rng.choice(common().stamps))
    elif kind < 0.82:
        mask = seals.oval_seal(
            style.face, round(style.px(rng.uniform(36, 50))), owner, rng.choice(common().stamps)
        )
    else:
        side = round(style.px(rng.uniform(16, 22)))
        mask = seals.square_seal(
            style.face, side, rng.choice(common().surnames), white_text=rng.random() < 0.3
        )
    angle = rng.gauss(0, 14)
    height, width = mask.shape
    shape = "round" if kind < 0.68 else "oval" if kind < 0.82 else "square"
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * (width / 2, height / 2)
    a = np.radians(0.0 if shape == "round" else angle)
    turned = corners @ np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    return seals.worn(mask, noise, angle), Drawn("seal", shape, turned)


def _stamp(shot: Shot, page: CleanPage, style: Style, d: Damage, rng: random.Random, noise: Rng) -> Shot:
    """Seals over the table, rarely beside it."""
    shot = damage.rgb(shot)
    x0, y0, x1, y1 = page.table
    for _ in range(d.seals):
        ink = rng.choice(_OTHER) if rng.random() < 0.06 else rng.choice(_REDS)
        mask, drawn = _seal_mask(rng, noise, style, d.owner)
        reach = mask.shape[0] * 0.3
        centre = (rng.uniform(x0 + reach, max(x0 + reach + 1, x1 - reach)), rng.uniform(y0, y1))
        shot = damage.stamp(shot, mask, centre, ink, rng.uniform(0.55, 1.0))
        placed = replace(drawn, corners=drawn.corners + centre)
        shot = replace(shot, marks=(*shot.marks, placed))
    return shot


def _straight_room(shot: Shot, page: CleanPage, degrees: float) -> float:
    """How much smaller the page must be drawn so that its table stays on it when turned."""
    height, width = shot.pixels.shape[:2]
    x0, y0, x1, y1 = page.table
    corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]) - (width / 2, height / 2)
    angle = np.radians(degrees)
    turned = corners @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    room = np.array([width / 2, height / 2]) * 0.985
    return float(min(1.0, np.min(room / np.abs(turned).max(axis=0))))


def _turn(shot: Shot, page: CleanPage, degrees: float, paper: int) -> Shot:
    factor = _straight_room(shot, page, degrees)
    if factor < 1:
        shot = damage.shrink(shot, factor, paper)
    return damage.skew(shot, degrees, paper) if abs(degrees) > 0.01 else shot


def _scan(shot: Shot, page: CleanPage, style: Style, d: Damage, rng: random.Random, noise: Rng) -> Shot:
    paper = rng.randint(238, 255)
    shot = _turn(shot, page, d.skew, paper)
    shot = damage.contrast(shot, rng.randint(0, 60), paper)
    shot = damage.blur(shot, max(0.35, style.face.size * rng.uniform(0.012, 0.03)))
    shot = damage.uneven_light(shot, noise, rng.uniform(0.01, 0.14))
    if rng.random() < 0.12:
        shot = damage.show_through(
            shot, damage.grey(damage.fresh(page.pixels)).pixels, rng.uniform(0.04, 0.14)
        )
    if rng.random() < 0.15:
        shot = damage.dark_edges(shot, noise, style.px(6))
    if rng.random() < 0.25:
        shot = damage.dirt(shot, noise, rng.randint(5, 60), style.px(0.35))
    if d.colour and shot.pixels.ndim == 3:
        shot = damage.colour_cast(shot, (1.0, rng.uniform(0.96, 1.0), rng.uniform(0.88, 1.0)))
    return damage.grain(shot, noise, rng.uniform(1.5, 7))


def _copy(shot: Shot, page: CleanPage, style: Style, d: Damage, rng: random.Random, noise: Rng) -> Shot:
    shot = damage.grey(shot)
    if rng.random() < 0.4:
        shot = damage.toner_loss(shot, noise, rng.uniform(0.15, 0.4 + 0.3 * d.hard))
    if rng.random() < 0.35:
        shot = damage.broken_rulings(shot, noise, rng.randint(20, 200), style.px(8))
    shot = _turn(shot, page, d.skew, 250)
    shot = damage.blur(shot, max(0.4, style.face.size * rng.uniform(0.015, 0.035)))
    shot = damage.contrast(shot, rng.randint(55, 100) + round(40 * d.hard), rng.randint(232, 252))
    shot = damage.streaks(shot, noise, rng.randint(0, 7), 120)
    shot = damage.dirt(shot, noise, rng.randint(20, 260), style.px(0.6))
    if rng.random() < 0.3:
        shot = damage.dark_edges(shot, noise, style.px(8))
    shot = damage.uneven_light(shot, noise, rng.uniform(0.02, 0.2))
    return damage.grain(shot, noise, rng.uniform(3, 10))


def _fax(shot: Shot, page: CleanPage, style: Style, d: Damage, rng: random.Random, noise: Rng) -> Shot:
    shot = _turn(damage.grey(shot), page, d.skew, 255)
    if d.half_lines:
        shot = damage.resample(shot, 1.0, 0.5)
    shot = damage.blur(shot, rng.uniform(0.4, 0.8))
    shot = damage.grain(shot, noise, rng.uniform(5, 35))
    shot = damage.uneven_light(shot, noise, 0.15 * d.hard)
    heavy = d.hard**3
    level = rng.randint(135, 190)
    shot = damage.bitonal(shot, noise, level, 0.001 + 0.06 * heavy, 0.001 + 0.05 * heavy)
    return damage.lost_lines(shot, noise, rng.randint(0, 6))


def _phone(shot: Shot, page: CleanPage, style: Style, d: Damage, rng: random.Random, noise: Rng) -> Shot:
    shot = damage.contrast(damage.rgb(shot), rng.randint(5, 50), rng.randint(225, 252))
    height, width = shot.pixels.shape[:2]
    tilt, curl = 0.012 + 0.05 * d.hard, rng.choice([0.0, 0.004, 0.012, 0.02])
    bend = draw_bend(noise, width, height, tilt=tilt, curl=curl, turn=2 + 4 * d.hard + abs(d.skew))
    shot = photograph(shot, bend, desk_top(noise, *bend.size))
    shot = damage.uneven_light(shot, noise, rng.uniform(0.1, 0.4))
    if rng.random() < 0.5:
        shot = damage.shadow(shot, noise, rng.uniform(0.15, 0.5))
    gains = rng.choice([(1.0, 0.97, 0.86), (0.9, 0.97, 1.0), (1.0, 1.0, 1.0), (0.97, 1.0, 0.92)])
    shot = damage.gamma(damage.colour_cast(shot, gains), rng.uniform(0.8, 1.25))
    if rng.random() < 0.25:
        shot = damage.motion_blur(
            shot, max(3, round(style.face.size * rng.uniform(0.06, 0.12))), rng.uniform(0, 180)
        )
    else:
        shot = damage.blur(shot, max(0.4, style.face.size * rng.uniform(0.012, 0.04)))
    return damage.grain(shot, noise, rng.uniform(2, 9))


_STEPS = {"scan": _scan, "seal": _scan, "copy": _copy, "fax": _fax, "phone": _phone}


def suffer(
    page: CleanPage, style: Style, d: Damage, rng: random.Random, by_hand: random.Random | None = None
) -> Shot:
    """The page after its damage, turned as the document is; `by_hand` draws what is written on it by hand."""
    noise = np.random.default_rng(rng.getrandbits(64))
    shot = damage.fresh(page.pixels)
    if by_hand:
        pixels, marks = write_by_hand(page, style, by_hand)
        shot = replace(damage.fresh(pixels), marks=marks)
    colour = d.level not in ("copy", "fax") and (d.colour or style.tint != (0, 0, 0))
    if colour and shot.pixels.ndim == 2:
        shot = damage.coloured_ink(shot, style.tint)
    if d.seals:
        shot = _stamp(shot, page, style, d, rng, noise)
    step = _STEPS.get(d.level)
    if step:
        shot = step(shot, page, style, d, rng, noise)
    elif d.skew:
        shot = _turn(shot, page, d.skew, 255)
    return damage.quarter_turns(shot, d.turned)
