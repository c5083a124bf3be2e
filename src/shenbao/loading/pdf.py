"""PDF pages, drawn by PDFium.

A scanned page is one picture (or strips, or layers) that covers the page: it is drawn at that picture's
own resolution, pixel for pixel. Any other page is drawn at `limits.pdf_dpi`.
"""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from shenbao.errors import EncryptedInput, UnreadableInput
from shenbao.loading.glyphs import page_glyphs
from shenbao.loading.lattice import page_lattice
from shenbao.loading.limits import check_page, check_pages, check_size
from shenbao.loading.resolution import HIGHEST, LOWEST
from shenbao.models.stages import Glyph, LatticeCell, PageImage, TextLayer
from shenbao.settings import LimitSettings

_POINTS = 72.0
"""Points per inch."""

_COVERING = 0.9
"""Share of the page's area from which on pictures make it a scan."""

_PART = 0.1
"""A picture of less than this share of the page does not speak for its resolution."""

_SHRINK = 1 - 1e-5
"""Drawn at exactly 1:1, a picture's edge may land a rounding error beyond a pixel; PDFium then stretches
the whole picture by one pixel and blurs it. This much smaller, it is copied pixel for pixel."""

_DEPTH = 5
_ENCRYPTED = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)

_LOCK = threading.RLock()
"""PDFium may not be entered by two threads."""


@dataclass(frozen=True)
class _Picture:
    """An embedded picture: pixels, and the lengths of its sides on the page in points."""

    pixels: tuple[int, int]
    sides: tuple[float, float]
    turned: bool
    """Whether its rows run down the page (a quarter turn)."""

    @property
    def area(self) -> float:
        return self.sides[0] * self.sides[1]

    @property
    def dpi(self) -> tuple[float, float]:
        return self.pixels[0] / self.sides[0] * _POINTS, self.pixels[1] / self.sides[1] * _POINTS


def open_pdf(
    source: str | Path | bytes, limits: LimitSettings, password: str | None
) -> tuple[int, Callable[[int], PageImage], Callable[[], None]]:
    """Page count, page loader and closer of a PDF.

    Raises:
        EncryptedInput: `password` does not open it.
        UnreadableInput: it is damaged or has no pages.
        InputTooLarge: it has more pages than the limit.
    """
    with _LOCK:
        document = _document(source, password)
        try:
            count = len(document)
            if count < 1:
                raise UnreadableInput("a PDF without pages")
            check_pages(count, limits)
            # Without this, what was typed into form fields is not drawn.
            document.init_forms()
        except BaseException:
            document.close()
            raise

    def page(number: int) -> PageImage:
        with _LOCK:
            image, points, glyphs = _page(document, number, limits)
        if not glyphs:
            return image

        def lattice() -> tuple[tuple[LatticeCell, ...], ...]:
            with _LOCK:
                return page_lattice(source, number, password, image.pixels, points)

        return replace(image, layer=TextLayer(glyphs, lattice))

    def close() -> None:
        with _LOCK:
            document.close()

    return count, page, close


def _document(source: str | Path | bytes, password: str | None) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(source if isinstance(source, bytes) else Path(source), password)
    except pdfium.PdfiumError as error:
        if error.err_code in _ENCRYPTED:
            tried = "the password does not open it" if password else "it needs a password"
            raise EncryptedInput(f"an encrypted PDF: {tried}") from error
        raise UnreadableInput(f"PDF: {error}") from error


def _page(
    document: pdfium.PdfDocument, number: int, limits: LimitSettings
) -> tuple[PageImage, tuple[float, float], tuple[Glyph, ...]]:
    """The page's picture, its width and height in points, and the characters of its text layer."""
    try:
        page = document[number - 1]
        try:
            width, height, dpi = _extent(page, number, limits)
            image = PageImage(number, _drawn(page, width, height), dpi)
            return image, page.get_size(), page_glyphs(page, width, height)
        finally:
            page.close()
    except (pdfium.PdfiumError, ValueError, ArithmeticError, MemoryError) as error:
        raise UnreadableInput(f"PDF page {number}: {type(error).__name__}: {error}") from error


def _extent(page: pdfium.PdfPage, number: int, limits: LimitSettings) -> tuple[int, int, float]:
    """Width and height in pixels and the resolution at which the page is drawn."""
    width, height = page.get_size()
    if not (math.isfinite(width) and math.isfinite(height) and width > 0 and height > 0):
        raise UnreadableInput(f"PDF page {number}: size {width} x {height} points")
    pictures, drawn = _content(page, number, limits)
    scan = _scan(pictures, width * height)
    dpi = limits.pdf_dpi
    if scan is not None:
        dpi = max(scan.dpi) if not drawn else max(dpi, *scan.dpi)
    size = (max(1, round(width * dpi / _POINTS)), max(1, round(height * dpi / _POINTS)))
    if scan is not None:
        size = _exact(size, scan, page.get_rotation())
    check_page(*size, limits, f"PDF page {number} at {dpi:.0f} dpi")
    return *size, round(dpi, 2)


def _content(page: pdfium.PdfPage, number: int, limits: LimitSettings) -> tuple[list[_Picture], bool]:
    """The page's pictures, and whether anything visible is drawn besides them."""
    pictures, drawn = [], False
    for item in page.get_objects(max_depth=_DEPTH):
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            pixels: tuple[int, int] = item.get_px_size()
            check_size(*pixels, limits, f"picture on PDF page {number}")
            picture = _picture(item, pixels)
            if picture is not None:
                pictures.append(picture)
        elif item.type == raw.FPDF_PAGEOBJ_TEXT:
            drawn = drawn or raw.FPDFTextObj_GetTextRenderMode(item) != raw.FPDF_TEXTRENDERMODE_INVISIBLE
        elif item.type != raw.FPDF_PAGEOBJ_FORM:
            drawn = True
    return pictures, drawn


def _picture(item: Any, pixels: tuple[int, int]) -> _Picture | None:
    matrix = item.get_matrix()
    container = item.container
    while container is not None:
        matrix = matrix.multiply(container.get_matrix())
        container = container.container
    a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
    sides = math.hypot(a, b), math.hypot(c, d)
    return _Picture(pixels, sides, abs(b) > abs(a)) if min(sides) > 0 else None


def _scan(pictures: list[_Picture], page_area: float) -> _Picture | None:
    """The picture that fixes the page's resolution, where pictures cover the page.

    Of several layers that is the finest (print lies in a finer layer than the paper's tint).
    """
    if sum(picture.area for picture in pictures) < _COVERING * page_area:
        return None
    speaking = [
        picture
        for picture in pictures
        if picture.area >= _PART * page_area and LOWEST <= max(picture.dpi) <= HIGHEST
    ]
    return max(speaking, key=lambda picture: max(picture.dpi), default=None)


def _exact(size: tuple[int, int], scan: _Picture, page_rotation: int) -> tuple[int, int]:
    """The picture's own size where `size` differs from it only by rounding of the page's points."""
    width, height = scan.pixels
    if scan.turned != (page_rotation in (90, 270)):
        width, height = height, width
    near = abs(width - size[0]) <= 2 and abs(height - size[1]) <= 2
    return (width, height) if near else size


def _drawn(page: pdfium.PdfPage, width: int, height: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """RGB pixels (height, width, 3) of the page with its notes and filled form fields."""
    bitmap = pdfium.PdfBitmap.new_native(width, height, raw.FPDFBitmap_BGR, rev_byteorder=True)
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
        flags = raw.FPDF_ANNOT | raw.FPDF_REVERSE_BYTE_ORDER
        points = page.get_size()
        matrix = raw.FS_MATRIX(width / points[0] * _SHRINK, 0, 0, height / points[1] * _SHRINK, 0, 0)
        clip = raw.FS_RECTF(0, 0, width, height)
        raw.FPDF_RenderPageBitmapWithMatrix(bitmap, page, matrix, clip, flags)
        if page.formenv:
            raw.FPDF_FFLDraw(page.formenv, bitmap, page, 0, 0, width, height, 0, flags)
        return np.array(bitmap.to_numpy()[:, :, :3], np.uint8)
    finally:
        bitmap.close()
