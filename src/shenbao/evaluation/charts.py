"""Charts drawn with Pillow alone: axes, lines with bands, points, bars.

Everything is drawn at twice the size and halved at the end, which smooths the edges.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from shenbao.show.fonts import font

WIDTH, HEIGHT = 620, 440
_FINE = 2
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 24, 62, 60
INK, SOFT, PALE = (35, 38, 47), (110, 116, 128), (228, 231, 237)
BLUE, ORANGE, TEAL = (38, 99, 190), (214, 102, 30), (22, 134, 122)

Colour = tuple[int, int, int]
Point = tuple[float, float]
_Font = ImageFont.ImageFont | ImageFont.FreeTypeFont


def _font(size: int) -> _Font:
    """A Chinese font where the machine has one, else Pillow's own."""
    return font(size * _FINE) or ImageFont.load_default(size * _FINE)


@dataclass(frozen=True)
class Axis:
    """A range of values with its ticks; `scale` maps a value to where it stands, any increasing function."""

    label: str
    low: float
    high: float
    ticks: Sequence[tuple[float, str]]
    scale: Callable[[float], float] = float

    def share(self, value: float) -> float:
        """0 at the low end, 1 at the high end; values beyond them are moved there."""
        a, b = self.scale(self.low), self.scale(self.high)
        return (self.scale(min(self.high, max(self.low, value))) - a) / (b - a)


class Chart:
    """A picture with a title and two axes."""

    def __init__(self, title: str, x: Axis, y: Axis) -> None:
        self._x, self._y = x, y
        self._image = Image.new("RGB", (WIDTH * _FINE, HEIGHT * _FINE), "white")
        self._draw = ImageDraw.Draw(self._image)
        self._text((_LEFT, 14), title, 15, INK)
        for value, name in x.ticks:
            a, _ = self._at((value, y.low))
            self._line([(a, _TOP), (a, HEIGHT - _BOTTOM)], PALE, 1)
            self._text((a, HEIGHT - _BOTTOM + 6), name, 11, SOFT, "ma")
        for value, name in y.ticks:
            _, b = self._at((x.low, value))
            self._line([(_LEFT, b), (WIDTH - _RIGHT, b)], PALE, 1)
            self._text((_LEFT - 8, b), name, 11, SOFT, "rm")
        self._text(((WIDTH + _LEFT - _RIGHT) / 2, HEIGHT - 24), x.label, 12, INK, "ma")
        self._text((_LEFT, _TOP - 22), y.label, 11, SOFT)

    def line(self, points: Sequence[Point], colour: Colour = BLUE, width: float = 2.0) -> None:
        if len(points) > 1:
            self._line([self._at(p) for p in points], colour, width)

    def point(self, at: Point, low: float, high: float, colour: Colour = BLUE) -> None:
        """A dot with a bar from `low` to `high`."""
        x, y = self._at(at)
        self._line([self._at((at[0], low)), self._at((at[0], high))], colour, 1.2)
        box = [(x - 3.5) * _FINE, (y - 3.5) * _FINE, (x + 3.5) * _FINE, (y + 3.5) * _FINE]
        self._draw.ellipse(box, fill=colour)

    def note(self, at: Point, text: str, colour: Colour = SOFT) -> None:
        """A text whose lower right corner stands at a point."""
        x, y = self._at(at)
        self._text((x - 4, y - 3), text, 11, colour, "rd")

    def picture(self) -> Image.Image:
        return self._image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)

    def _at(self, point: Point) -> Point:
        x = _LEFT + self._x.share(point[0]) * (WIDTH - _LEFT - _RIGHT)
        return x, HEIGHT - _BOTTOM - self._y.share(point[1]) * (HEIGHT - _TOP - _BOTTOM)

    def _line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        fine = [(x * _FINE, y * _FINE) for x, y in points]
        self._draw.line(fine, fill=colour, width=max(1, round(width * _FINE)), joint="curve")

    def _text(self, at: Point, text: str, size: int, colour: Colour, anchor: str = "la") -> None:
        self._draw.text((at[0] * _FINE, at[1] * _FINE), text, fill=colour, font=_font(size), anchor=anchor)


@dataclass(frozen=True)
class Bar:
    """A row of a bar chart: its name, its length, and the words behind it."""

    name: str
    value: float
    note: str


def bars(title: str, rows: Sequence[Bar], colour: Colour = TEAL) -> Image.Image:
    """Bars from the left, the longest as wide as the picture allows."""
    pitch, top, left, right = 26, 48, 150, 170
    height = top + pitch * max(1, len(rows)) + 16
    image = Image.new("RGB", (WIDTH * _FINE, height * _FINE), "white")
    draw = ImageDraw.Draw(image)

    def text(x: float, y: float, words: str, size: int, shade: Colour, anchor: str) -> None:
        draw.text((x * _FINE, y * _FINE), words, fill=shade, font=_font(size), anchor=anchor)

    text(16, 14, title, 15, INK, "la")
    longest = max((row.value for row in rows), default=0.0) or 1.0
    for number, row in enumerate(rows):
        y = top + pitch * number
        end = left + row.value / longest * (WIDTH - left - right)
        draw.rectangle([v * _FINE for v in (left, y + 4, max(left + 1, end), y + pitch - 6)], fill=colour)
        text(left - 10, y + pitch / 2 - 1, row.name, 12, INK, "rm")
        text(max(left + 1, end) + 8, y + pitch / 2 - 1, row.note, 11, SOFT, "lm")
    return image.resize((WIDTH, height), Image.Resampling.LANCZOS)
