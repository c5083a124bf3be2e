"""Seals of more kinds than rendered documents have, so that the network learns the ways of seals and not ours."""

import random

import numpy as np
from PIL import Image, ImageDraw

from bench.render.fonts import Face, draw_face
from bench.render.seals import Mask, arc, star
from bench.render.style import Style
from bench.render.words import common


def varied_seal(rng: random.Random, style: Style, owner: str) -> tuple[Mask, str]:
    """A seal's ink, 0 to 1, and its shape."""
    kind = rng.random()
    if kind < 0.7:
        return _round(rng, round(style.px(rng.uniform(28, 52))), owner), "round"
    if kind < 0.85:
        return _oval(rng, round(style.px(rng.uniform(32, 54))), owner), "oval"
    return _framed(rng, round(style.px(rng.uniform(14, 26)))), "square"


def _stamp(rng: random.Random) -> str:
    return rng.choice(common().stamps) or rng.choice(("公章", "合同专用章（1）", "业务受理章", "档案室", ""))


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _sized(rng: random.Random, size: float) -> Face:
    return draw_face(rng, max(7, round(size)))


def _round(rng: random.Random, side: int, owner: str) -> Mask:
    picture = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(picture)
    ring = max(2, round(side / rng.uniform(18, 60)))
    draw.ellipse((1, 1, side - 2, side - 2), outline=255, width=ring)
    if rng.random() < 0.15:
        inner = ring + round(side * rng.uniform(0.015, 0.03))
        draw.ellipse((inner, inner, side - inner, side - inner), outline=255, width=1)
    if rng.random() < 0.85:
        star(draw, side / 2, side / 2 + side * rng.uniform(-0.02, 0.02), side * rng.uniform(0.1, 0.19))
    else:
        middle = _sized(rng, side * rng.uniform(0.09, 0.15))
        text = rng.choice(("骑缝章", "核", "2023.06.18", "已审核", "副本", "收讫"))
        middle.draw(draw, (side - middle.length(text)) / 2, side / 2, text, 255)
    size = min(side * rng.uniform(0.09, 0.15), side * 1.9 / max(6, len(owner)))
    radius = side * rng.uniform(0.36, 0.41)
    step = rng.uniform(19, 29)
    arc(picture, _sized(rng, size), owner, (radius, radius), 0, min(290.0, step * len(owner)))
    _foot(rng, picture, draw, side)
    return np.asarray(picture, np.float32) / np.float32(255)


def _foot(rng: random.Random, picture: Image.Image, draw: ImageDraw.ImageDraw, side: int) -> None:
    """The purpose of a seal below its star, and its number along the foot."""
    if rng.random() < 0.7:
        text, face = _stamp(rng), _sized(rng, side * rng.uniform(0.07, 0.11))
        face.draw(draw, (side - face.length(text)) / 2, side * rng.uniform(0.7, 0.8), text, 255)
    if rng.random() < 0.3:
        radius = side * rng.uniform(0.4, 0.44)
        number = _digits(rng, rng.choice((10, 13)))
        arc(picture, _sized(rng, side * 0.05), number, (radius, radius), 180, -6.0 * len(number))


def _oval(rng: random.Random, side: int, owner: str) -> Mask:
    height = round(side * rng.uniform(0.6, 0.8))
    picture = Image.new("L", (side, height), 0)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((1, 1, side - 2, height - 2), outline=255, width=max(2, round(side / rng.uniform(22, 60))))
    if rng.random() < 0.6:
        inner = round(side * rng.uniform(0.03, 0.05))
        draw.ellipse((inner, inner, side - inner, height - inner), outline=255, width=1)
    radii = side * rng.uniform(0.36, 0.4), height * rng.uniform(0.33, 0.38)
    arc(
        picture,
        _sized(rng, side * rng.uniform(0.07, 0.1)),
        owner,
        radii,
        0,
        min(230.0, rng.uniform(17, 24) * len(owner)),
    )
    middle = _sized(rng, side * rng.uniform(0.07, 0.1))
    line = rng.choice((_stamp(rng), _digits(rng, 13), "2023年6月18日"))
    middle.draw(draw, (side - middle.length(line)) / 2, height * rng.uniform(0.48, 0.62), line, 255)
    return np.asarray(picture, np.float32) / np.float32(255)


def _framed(rng: random.Random, side: int) -> Mask:
    """A square name seal, or a stamp of one or two lines in a frame."""
    if rng.random() < 0.5:
        name = (rng.choice(common().surnames) + "之印印")[:4]
        lines, width, size = (name[2] + name[0], name[3] + name[1]), side, side * 0.4
    else:
        lines, width, size = (_stamp(rng) or "存档", _digits(rng, 8)), side * 2, side * 0.3
    white = rng.random() < 0.2
    picture = Image.new("L", (width, side), 255 if white else 0)
    draw, face = ImageDraw.Draw(picture), _sized(rng, size)
    if not white:
        draw.rectangle((1, 1, width - 2, side - 2), outline=255, width=max(2, side // rng.randint(12, 30)))
    for k, line in enumerate(lines):
        at = (width - face.length(line)) / 2
        face.draw(draw, at, side * (0.29 if k == 0 else 0.71), line, 0 if white else 255)
    return np.asarray(picture, np.float32) / np.float32(255)
