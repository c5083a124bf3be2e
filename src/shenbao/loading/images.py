"""Pictures: JPEG, PNG, TIFF, WebP and BMP, decoded by Pillow.

A TIFF may hold many pages; of an animated PNG or WebP the first picture is the page.
"""

import io
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps, TiffImagePlugin, UnidentifiedImageError

from shenbao.errors import ShenbaoError, UnreadableInput, UnsupportedInput
from shenbao.loading.limits import check_page, check_pages, check_size
from shenbao.loading.resolution import estimated, plausible
from shenbao.models.stages import PageImage
from shenbao.settings import LimitSettings

_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/tiff": "TIFF",
    "image/webp": "WEBP",
    "image/bmp": "BMP",
}

_SQUARE = 1.05
"""Horizontal and vertical resolution further apart than this ratio: the pixels are not square."""

_SUBFILE_TYPE = 254
_REDUCED = 1
"""Bit of the TIFF tag NewSubfileType that marks a small copy of another page."""

_LOCK = threading.Lock()


@contextmanager
def _decoding(what: str) -> Iterator[None]:
    """Gives every failure of Pillow a type of ours, and keeps its warnings to itself.

    Pillow's own limit on pixels is a module variable, and so are Python's warning filters: both are
    changed under a lock, since our limits are checked instead.
    """
    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pillow_limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield
        except ShenbaoError:
            raise
        except UnidentifiedImageError as error:
            raise UnreadableInput(f"{what}: its header cannot be read") from error
        except Exception as error:
            raise UnreadableInput(f"{what}: {type(error).__name__}: {error}") from error
        finally:
            Image.MAX_IMAGE_PIXELS = pillow_limit


def open_picture(
    source: str | Path | bytes, kind: str, limits: LimitSettings
) -> tuple[int, Callable[[int], PageImage], Callable[[], None]]:
    """Page count, page loader and closer of a picture file of media type `kind`.

    Raises:
        UnreadableInput, InputTooLarge: judged by the headers; nothing is decoded yet.
    """
    with _decoding(kind):
        stream = io.BytesIO(source) if isinstance(source, bytes) else Path(source)
        picture = Image.open(stream, formats=[_FORMATS[kind]])
        try:
            frames = _frames(picture, limits)
        except BaseException:
            picture.close()
            raise

    def page(number: int) -> PageImage:
        with _decoding(f"page {number}"):
            picture.seek(frames[number - 1])
            check_page(*picture.size, limits, f"page {number}")
            return _page(picture, number, limits)

    return len(frames), page, picture.close


def _frames(picture: Image.Image, limits: LimitSettings) -> list[int]:
    """Numbers (from 0) of the frames that are pages, each with a size within the limits."""
    check_size(*picture.size, limits, "page 1")
    if not isinstance(picture, TiffImagePlugin.TiffImageFile):
        return [0]
    count = picture.n_frames
    check_pages(count, limits)
    frames: list[int] = []
    for frame in range(count):
        picture.seek(frame)
        if not int(picture.tag_v2.get(_SUBFILE_TYPE, 0)) & _REDUCED:
            check_size(*picture.size, limits, f"page {len(frames) + 1}")
            frames.append(frame)
    return frames or [0]


def _page(picture: Image.Image, number: int, limits: LimitSettings) -> PageImage:
    dots = _stated_dpi(picture)
    turned = picture.getexif().get(ExifTags.Base.Orientation, 1) in (5, 6, 7, 8)
    # Decodes; of a TIFF, Pillow obeys the orientation tag by itself at this point.
    picture.load()
    upright = _eight_bit(picture)
    # Pillow would copy a picture that need not be turned.
    if upright.getexif().get(ExifTags.Base.Orientation, 1) != 1:
        upright = ImageOps.exif_transpose(upright) or upright
    rgb = _over_white(upright)
    if dots is None:
        return PageImage(number, np.asarray(rgb), estimated(*rgb.size))
    across, down = (dots[1], dots[0]) if turned else dots
    dpi = round(max(dots), 2)
    if max(dots) <= _SQUARE * min(dots):
        return PageImage(number, np.asarray(rgb), dpi)
    square = _with_square_pixels(rgb, across, down, limits, number)
    stretch = square.width / rgb.width, square.height / rgb.height
    return PageImage(number, np.asarray(square), dpi, stretch=stretch)


def _stated_dpi(picture: Image.Image) -> tuple[float, float] | None:
    """Horizontal and vertical resolution that the file states, if they may be believed."""
    stated = picture.info.get("dpi")
    if stated is None:
        return None
    try:
        across, down = float(stated[0]), float(stated[1])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return None
    return (across, down) if plausible(across) and plausible(down) else None


def _with_square_pixels(
    rgb: Image.Image, across: float, down: float, limits: LimitSettings, number: int
) -> Image.Image:
    """The page stretched to its finer resolution: a fax of 204 x 98 dpi has characters of half height."""
    fine = max(across, down)
    size = round(rgb.width * fine / across), round(rgb.height * fine / down)
    check_size(*size, limits, f"page {number} with square pixels")
    return rgb.resize(size, Image.Resampling.BICUBIC)


def _eight_bit(picture: Image.Image) -> Image.Image:
    """16 and 32 bit grey brought to 8 bits by dropping the lower ones."""
    if not picture.mode.startswith("I"):
        return picture
    bits = _bits(picture)
    values = np.asarray(picture).astype(np.int64)
    grey = Image.fromarray(np.clip(values >> (bits - 8), 0, 255).astype(np.uint8))
    orientation = picture.getexif().get(ExifTags.Base.Orientation)
    if orientation is not None:
        grey.getexif()[ExifTags.Base.Orientation] = orientation
    return grey


def _bits(picture: Image.Image) -> int:
    if isinstance(picture, TiffImagePlugin.TiffImageFile):
        stated = picture.tag_v2.get(TiffImagePlugin.BITSPERSAMPLE, (16,))
        return max(int(stated[0]), 8)
    return 16


def _over_white(picture: Image.Image) -> Image.Image:
    """RGB; what is transparent shows white paper."""
    if picture.mode in ("F", "LAB", "HSV"):
        raise UnsupportedInput(f"a picture with pixels of mode {picture.mode}")
    if picture.mode in ("RGBa", "La"):
        picture = picture.convert("RGBA" if picture.mode == "RGBa" else "LA")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        alpha = picture.getchannel("A")
        # Some writers of 32 bit BMP leave the fourth byte 0: nobody scans an invisible page.
        if alpha.getextrema() != (0, 0):
            white = Image.new("RGBA", picture.size, "white")
            picture = Image.alpha_composite(white, picture)
    return picture if picture.mode == "RGB" else picture.convert("RGB")
