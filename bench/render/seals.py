"""Official seals as ink masks: round with star and arc text, oval, square name seals.

A mask is a float picture of shape (side, side) or (height, width), 0 bare paper to 1 full ink.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bench.render.fonts import Face

Mask = NDArray[np.float32]


def star(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    points = []
    for i in range(10):
        r = radius if i % 2 == 0 else radius * 0.382
        angle = -math.pi / 2 + i * math.pi / 5
        points.append((x + r * math.cos(angle), y + r * math.sin(angle)))
    draw.polygon(points, fill=255)


def _glyph(face: Face, char: str, angle: float) -> Image.Image:
    """One character turned by `angle` degrees clockwise on a square picture."""
    side = round(face.size * 1.5)
    picture = Image.new("L", (side, side), 0)
    face.draw(ImageDraw.Draw(picture), (side - face.length(char)) / 2, side / 2, char, 255)
    return picture.rotate(-angle, resample=Image.Resampling.BICUBIC)


def arc(
    picture: Image.Image, face: Face, text: str, radii: tuple[float, float], middle: float, sweep: float
) -> None:
    """Sets `text` along an ellipse around the picture's middle; angles in degrees, 0 at the top.

    A `sweep` below 0 sets the text along the foot, read from left to right.
    """
    width, height = picture.size
    for i, char in enumerate(text):
        angle = middle + sweep * ((i + 0.5) / len(text) - 0.5)
        rad = math.radians(angle)
        x, y = width / 2 + radii[0] * math.sin(rad), height / 2 - radii[1] * math.cos(rad)
        turn = angle if sweep > 0 else angle - 180
        glyph = _glyph(face, char, turn)
        picture.paste(255, (round(x - glyph.width / 2), round(y - glyph.height / 2)), glyph)


def round_seal(face: Face, side: int, owner: str, stamp: str) -> Mask:
    """A round seal `side` pixels across: the owner along the ring, a star, the stamp's purpose below."""
    picture = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((1, 1, side - 2, side - 2), outline=255, width=max(2, side // 34))
    star(draw, side / 2, side / 2, side * 0.14)
    large = Face(face.chain, None, max(8, min(side // 8, round(side * 1.6 / max(6, len(owner))))))
    arc(
        picture,
        large,
        owner,
        (side * 0.385, side * 0.385),
        0,
        min(300.0 if not stamp else 240.0, 24.0 * len(owner)),
    )
    if stamp:
        small = Face(face.chain, None, max(7, side // 11))
        width = small.length(stamp)
        small.draw(draw, (side - width) / 2, side * 0.78, stamp, 255)
    return np.asarray(picture, np.float32) / np.float32(255)


def oval_seal(face: Face, side: int, owner: str, stamp: str) -> Mask:
    """An oval seal, a double ring, number line in the middle."""
    height = round(side * 0.68)
    picture = Image.new("L", (side, height), 0)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((1, 1, side - 2, height - 2), outline=255, width=max(2, side // 40))
    draw.ellipse((side // 22, side // 22, side - side // 22, height - side // 22), outline=255, width=1)
    large = Face(face.chain, None, max(8, side // 11))
    arc(picture, large, owner, (side * 0.38, height * 0.35), 0, min(220.0, 22.0 * len(owner)))
    middle = Face(face.chain, None, max(7, side // 12))
    line = stamp or "业务受理章"
    middle.draw(draw, (side - middle.length(line)) / 2, height * 0.58, line, 255)
    return np.asarray(picture, np.float32) / np.float32(255)


def square_seal(face: Face, side: int, name: str, *, white_text: bool) -> Mask:
    """A square name seal of two columns, read from the right; red on white or white on red."""
    picture = Image.new("L", (side, side), 255 if white_text else 0)
    draw = ImageDraw.Draw(picture)
    if not white_text:
        draw.rectangle((1, 1, side - 2, side - 2), outline=255, width=max(2, side // 18))
    chars = (name + "之印印")[:4]
    large = Face(face.chain, None, round(side * 0.4))
    for i, char in enumerate(chars):
        x = side * (0.72 if i < 2 else 0.28) - large.length(char) / 2
        large.draw(draw, x, side * (0.28 if i % 2 == 0 else 0.72), char, 0 if white_text else 255)
    return np.asarray(picture, np.float32) / np.float32(255)


def worn(mask: Mask, rng: np.random.Generator, angle: float) -> Mask:
    """The mask turned by `angle` degrees, with the patches that a dry pad leaves."""
    height, width = mask.shape
    side = math.ceil(math.hypot(height, width))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turn[:, 2] += (side - width) / 2, (side - height) / 2
    turned = cv2.warpAffine(mask, turn, (side, side), flags=cv2.INTER_LINEAR)
    coarse = rng.uniform(0.45, 1.25, (7, 7)).astype(np.float32)
    patches = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    grain = rng.uniform(0.7, 1.15, (side, side)).astype(np.float32)
    done: Mask = np.clip(turned * np.clip(patches, 0, 1.1) * grain, 0, 1).astype(np.float32)
    return done
