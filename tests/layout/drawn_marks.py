"""Seals and handwriting drawn over pages with known truth. Lengths are pixels, angles degrees clockwise."""

import cv2
import numpy as np
from drawn_pages import HEIGHT, draw_table, edges, sign, white

from shenbao.models.stages import Image

TABLE = "4 | 6 | 3\n 2 | . | .\n 5 | . | 2\n 3 | 4 | .\n . | . | .\n 2 | 5 | 3\n 4 | . | ."


def form() -> tuple[Image, list[float], list[float]]:
    """A page with a ruled table, some of its cells empty; its column and row edges."""
    page = white(1200, 1000)
    xs, ys = edges(260, 420, 340, start=80), edges(*[90] * 7, start=160)
    draw_table(page, xs, ys, TABLE)
    return page, xs, ys


def bare() -> Image:
    return white(1200, 1000)


def round_seal(shape: tuple[int, int], x: float, y: float, radius: float) -> Image:
    """Ink 0 to 255 of a ring with a star and characters along its inside."""
    ink = np.zeros(shape, np.uint8)
    middle = (round(x), round(y))
    cv2.circle(ink, middle, round(radius), (255,), max(3, round(radius / 17)), cv2.LINE_AA)
    angles = np.radians(np.arange(10) * 36 - 90)
    reach = np.where(np.arange(10) % 2 == 0, 0.28, 0.107) * radius
    star = np.column_stack([x + reach * np.cos(angles), y + reach * np.sin(angles)])
    cv2.fillPoly(ink, [np.round(star).astype(np.int32)], (255,))
    for k, degrees in enumerate(range(-105, 106, 30)):
        _character(ink, x, y, 0.76 * radius, degrees, k)
    return ink


def _character(ink: Image, x: float, y: float, away: float, degrees: float, seed: int) -> None:
    side = 60
    one = white(side, side)
    sign(one, 16, 16, 28, seed)
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), -degrees, 1.0)
    turned = cv2.warpAffine(255 - one, turn, (side, side))
    left = round(x + away * np.sin(np.radians(degrees)) - side / 2)
    top = round(y - away * np.cos(np.radians(degrees)) - side / 2)
    spot = ink[top : top + side, left : left + side]
    spot[:] = np.maximum(spot, turned)


def oval_seal(shape: tuple[int, int], x: float, y: float, width: float, turn: float) -> Image:
    """Ink of an oval of two lines with a row of characters in the middle."""
    ink = np.zeros(shape, np.uint8)
    for share, thick in ((1.0, 5), (0.9, 2)):
        axes = (round(share * width / 2), round(share * width * 0.35))
        cv2.ellipse(ink, (round(x), round(y)), axes, turn, 0, 360, (255,), thick, cv2.LINE_AA)
    for k in range(4):
        _character(ink, x - 45 + 30 * k, y, 0.0, turn, k)
    return ink


def square_seal(
    shape: tuple[int, int], x: float, y: float, side: float, turn: float, *, solid: bool
) -> Image:
    """Ink of a square: a frame with four characters, or a block with four white ones."""
    room = round(2 * side)
    flat = np.zeros((room, room), np.uint8)
    low, high = round(0.5 * side), round(1.5 * side)
    cv2.rectangle(flat, (low, low), (high, high), (255,), -1 if solid else 8)
    for k in range(4):
        one = white(60, 60)
        sign(one, 10, 10, 40, k)
        left, top = low + 12 + (k % 2) * (round(side) - 84), low + 12 + (k // 2) * (round(side) - 84)
        spot = flat[top : top + 60, left : left + 60]
        spot[:] = np.where(one < 128, 0 if solid else 255, spot)
    matrix = np.asarray(cv2.getRotationMatrix2D((room / 2, room / 2), -turn, 1.0), np.float64)
    matrix[:, 2] += (x - room / 2, y - room / 2)
    return np.asarray(cv2.warpAffine(flat, matrix, shape[::-1]), np.uint8)


def stamped(page: Image, ink: Image, level: int) -> Image:
    """The page under a seal of this grey level; print below shows through."""
    through = 255 - (ink.astype(np.float32) / 255) * (255 - level)
    return (page * (through / 255)).astype(np.uint8)


def written(page: Image, x: float, y: float, size: float, seed: int) -> None:
    """A word of long joined strokes, about 3 `size` wide, its middle at (x, y)."""
    rng = np.random.default_rng(seed)
    for k in range(3):
        t = np.linspace(0, 2 * np.pi * 1.3, 60)
        phase = rng.uniform(0, 6)
        across = x + (k - 1) * size * 0.9 + 0.5 * size * np.cos(t + phase) + 0.3 * size * np.sin(0.5 * t)
        down = y + 0.65 * size * np.sin(1.4 * t + phase)
        path = np.round(np.column_stack([across, down])).astype(np.int32)
        cv2.polylines(page, [path], False, (20,), max(2, round(0.14 * HEIGHT)), cv2.LINE_AA)
