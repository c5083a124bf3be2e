"""The text layer of a PDF page: every visible character with the place of its drawn shape."""

import ctypes
import unicodedata
from collections.abc import Iterator
from math import pi
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from shenbao.models.stages import Box, Glyph, Turn

UNKNOWN = "\ufffd"
"""Stands for a shape of which the layer does not say which character it is."""

_FINE = 64
"""PDFium gives whole pixels: a place is asked for on a page this many times the size."""

_RADICALS = range(0x2E80, 0x2FE0)
"""Kangxi and CJK radicals: some fonts name 支 by the radical ⽀, which looks the same."""

_UPRIGHT = 0.02
"""Radians from a quarter turn up to which a character counts as standing in it."""

_TURNS: tuple[Turn, ...] = (0, 270, 180, 90)
"""By quarter turns clockwise of the drawn character, the turn that makes it upright."""

Affine = tuple[float, float, float, float, float, float]


def page_glyphs(page: pdfium.PdfPage, width: int, height: int) -> tuple[Glyph, ...]:
    """The visible characters of a page that is drawn at `width` x `height` pixels, in the file's order.

    Invisible text (rendering mode 3) is another program's reading of the picture under it, and text at an
    angle is a watermark: both are left out.
    """
    text = page.get_textpage()
    try:
        to_pixels = _to_pixels(page, width, height)
        return tuple(_glyphs(text, to_pixels))
    finally:
        text.close()


def _to_pixels(page: pdfium.PdfPage, width: int, height: int) -> Affine:
    """From the page's points to pixels of its picture: crop box, rotation and scale at once."""

    def place(x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, width * _FINE, height * _FINE, 0, x, y, across, down)
        return across.value / _FINE, down.value / _FINE

    far = 1000.0
    origin, right, up = place(0, 0), place(far, 0), place(0, far)
    return (
        (right[0] - origin[0]) / far,
        (up[0] - origin[0]) / far,
        origin[0],
        (right[1] - origin[1]) / far,
        (up[1] - origin[1]) / far,
        origin[1],
    )


def _glyphs(text: Any, to_pixels: Affine) -> Iterator[Glyph]:
    blank, high = False, 0
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        char = _char(code, raw.FPDFText_HasUnicodeMapError(text, index) == 1)
        if char.isspace():
            blank = True
            continue
        turn = _turn(raw.FPDFText_GetCharAngle(text, index), to_pixels)
        if char and turn is not None and _is_visible(text, index):
            yield Glyph(char, _box(text, index, to_pixels), _origin(text, index, to_pixels), turn, blank)
            blank = False


def _char(code: int, broken: bool) -> str:
    """The character of a code; "" for what is never drawn, `UNKNOWN` where the code names nothing."""
    char = chr(code)
    category = unicodedata.category(char)
    if char.isspace():
        return " "
    # Zero is how PDFium says that the font maps the shape to nothing.
    if broken or code == 0 or category in ("Co", "Cn", "Cs"):
        return UNKNOWN
    if category in ("Cc", "Cf"):
        return UNKNOWN if category == "Cc" else ""
    return unicodedata.normalize("NFKC", char) if code in _RADICALS else char


def _turn(angle: float, to_pixels: Affine) -> Turn | None:
    """The clockwise turn that makes a character upright; None for one at another angle."""
    if angle < 0:
        return None
    a, _, _, d, _, _ = to_pixels
    page = 0 if abs(a) > abs(d) and a > 0 else 2 if abs(a) > abs(d) else 1 if d > 0 else 3
    quarters = angle / (pi / 2)
    nearest = round(quarters)
    if abs(quarters - nearest) > _UPRIGHT / (pi / 2):
        return None
    return _TURNS[(nearest + page) % 4]


def _is_visible(text: Any, index: int) -> bool:
    item = raw.FPDFText_GetTextObject(text, index)
    return not item or raw.FPDFTextObj_GetTextRenderMode(item) != raw.FPDF_TEXTRENDERMODE_INVISIBLE


def _box(text: Any, index: int, to_pixels: Affine) -> Box:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(text, index, left, right, bottom, top)
    corners = [_mapped(to_pixels, x, y) for x, y in ((left.value, bottom.value), (right.value, top.value))]
    (x0, x1), (y0, y1) = sorted(c[0] for c in corners), sorted(c[1] for c in corners)
    return x0, y0, x1, y1


def _origin(text: Any, index: int, to_pixels: Affine) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, index, x, y)
    return _mapped(to_pixels, x.value, y.value)


def _mapped(affine: Affine, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = affine
    return a * x + b * y + c, d * x + e * y + f
