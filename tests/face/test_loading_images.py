import io
import random
import struct

import numpy as np
import pytest
from PIL import Image

from shenbao.errors import InputTooLarge, UnreadableInput, UnsupportedInput
from shenbao.loading import open_source
from shenbao.models.stages import PageImage
from shenbao.settings import LimitSettings


def quadrants() -> Image.Image:
    """60 x 40: red, green / blue, white."""
    picture = Image.new("RGB", (60, 40), "white")
    picture.paste("red", (0, 0, 30, 20))
    picture.paste("lime", (30, 0, 60, 20))
    picture.paste("blue", (0, 20, 30, 40))
    return picture


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, form, **options)
    return stream.getvalue()


def first(data: bytes, limits: LimitSettings | None = None) -> PageImage:
    with open_source(data, limits) as source:
        return source.page(1)


def colour(page: PageImage, x: int, y: int) -> tuple[int, ...]:
    return tuple(int(v) for v in page.pixels[y, x])


@pytest.mark.parametrize(
    ("form", "kind"),
    [("PNG", "image/png"), ("TIFF", "image/tiff"), ("BMP", "image/bmp"), ("WEBP", "image/webp")],
)
def test_kind_is_told_by_content(form: str, kind: str) -> None:
    options = {"lossless": True} if form == "WEBP" else {}
    with open_source(saved(quadrants(), form, **options), name="wrong.pdf") as source:
        assert source.facts.kind == kind
        assert source.facts.name == "wrong.pdf"
        pages = list(source)
    assert len(pages) == 1
    assert pages[0].pixels.dtype == np.uint8
    assert pages[0].pixels.shape == (40, 60, 3)
    assert colour(pages[0], 5, 5) == (255, 0, 0)
    assert colour(pages[0], 50, 5) == (0, 255, 0)
    assert colour(pages[0], 5, 30) == (0, 0, 255)


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, (255, 0, 0)), (3, (255, 255, 255)), (6, (0, 0, 255)), (8, (0, 255, 0)), (2, (0, 255, 0))],
)
@pytest.mark.parametrize("form", ["JPEG", "TIFF", "PNG"])
def test_orientation_is_obeyed(form: str, orientation: int, corner: tuple[int, ...]) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    options = {"quality": 95, "subsampling": 0} if form == "JPEG" else {}
    page = first(saved(quadrants(), form, exif=exif, **options))
    assert (page.width, page.height) == ((40, 60) if orientation in (6, 8) else (60, 40))
    assert np.abs(page.pixels[4, 4].astype(int) - corner).max() < 30


def test_pages_of_a_tiff_come_lazily_and_in_any_order() -> None:
    pages = [Image.new("1", (30 + i, 20), 1) for i in range(3)]
    data = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    with open_source(data) as source:
        assert source.facts.page_count == 3
        assert source.page(3).width == 32
        assert source.page(1).width == 30
        assert [p.number for p in source] == [1, 2, 3]
        assert source.page(2).pixels.min() == 255


def test_one_broken_page_does_not_cost_the_others() -> None:
    pages = [Image.effect_noise((64, 64), 50) for _ in range(2)]
    data = bytearray(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw"))
    with Image.open(io.BytesIO(bytes(data))) as tiff:
        start = tiff.tag_v2[273][0]
    data[start : start + 2000] = b"\xff" * 2000
    with open_source(bytes(data)) as source:
        with pytest.raises(UnreadableInput):
            source.page(1)
        assert source.page(2).width == 64


@pytest.mark.parametrize(
    "compression", ["group3", "group4", "tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits"]
)
def test_tiff_compressions(compression: str) -> None:
    picture = quadrants() if not compression.startswith("group") else quadrants().convert("1", dither=0)
    page = first(saved(picture, "TIFF", compression=compression))
    assert (page.width, page.height) == (60, 40)
    assert page.pixels[30, 50].min() > 240


def test_sixteen_bits_keep_their_upper_eight() -> None:
    values = np.array([[0, 256 * 100, 65535] * 3] * 9, np.uint16)
    for form in ("PNG", "TIFF"):
        assert first(saved(Image.fromarray(values), form)).pixels[0, :3, 0].tolist() == [0, 100, 255]


@pytest.mark.parametrize("size", [(1, 1), (1, 6000), (300, 7)])
def test_a_page_too_small_for_a_character_is_unreadable(size: tuple[int, int]) -> None:
    with pytest.raises(UnreadableInput, match="too few for a character"):
        first(saved(Image.new("L", size), "PNG"))


def test_sixteen_bit_picture_obeys_its_orientation() -> None:
    exif = Image.Exif()
    exif[274] = 6
    page = first(saved(Image.fromarray(np.zeros((20, 30), np.uint16)), "TIFF", exif=exif))
    assert (page.width, page.height) == (20, 30)


def test_transparency_shows_white_paper() -> None:
    clear = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    clear.putpixel((1, 1), (0, 0, 0, 255))
    page = first(saved(clear, "PNG"))
    assert colour(page, 5, 5) == (255, 255, 255)
    assert colour(page, 1, 1) == (0, 0, 0)
    palette = Image.new("P", (10, 10), 0)
    palette.putpalette([10, 20, 30])
    assert colour(first(saved(palette, "PNG")), 5, 5) == (10, 20, 30)
    assert colour(first(saved(palette, "PNG", transparency=0)), 5, 5)[0] in (10, 255)


def test_cmyk_jpeg_is_not_inverted() -> None:
    page = first(saved(Image.new("CMYK", (16, 16), (0, 0, 0, 0)), "JPEG"))
    assert page.pixels.min() > 250
    page = first(saved(Image.new("CMYK", (16, 16), (0, 0, 0, 255)), "TIFF"))
    assert page.pixels.max() < 5


def test_grey_jpeg() -> None:
    assert first(saved(Image.new("L", (16, 16), 77), "JPEG")).pixels.shape == (16, 16, 3)


@pytest.mark.parametrize(
    ("stated", "expected"), [(200, 200.0), (300, 300.0), (72, 85.54), (1, 85.54), (9600, 85.54)]
)
def test_resolution_is_that_of_the_file_when_plausible(stated: int, expected: float) -> None:
    page = first(saved(Image.new("L", (1000, 700), 255), "JPEG", dpi=(stated, stated)))
    assert page.dpi == pytest.approx(expected, abs=0.02)


def test_resolution_is_estimated_from_a4() -> None:
    assert first(saved(Image.new("L", (1654, 2338), 255), "PNG")).dpi == 200.0


def test_fax_pixels_are_made_square() -> None:
    page = first(saved(Image.new("1", (200, 100), 1), "TIFF", dpi=(204, 102)))
    assert (page.width, page.height, page.dpi) == (200, 200, 204.0)


def test_truncated_jpeg_is_unreadable() -> None:
    data = saved(Image.effect_noise((200, 200), 60), "JPEG")
    with pytest.raises(UnreadableInput):
        first(data[: len(data) // 2])


def test_limits_are_checked_before_decoding() -> None:
    huge = bytearray(saved(Image.new("L", (8, 8)), "PNG"))
    huge[16:24] = struct.pack(">II", 60_000, 60_000)
    import zlib

    huge[29:33] = struct.pack(">I", zlib.crc32(bytes(huge[12:29])))
    with pytest.raises(InputTooLarge, match="60000 x 60000"):
        open_source(bytes(huge))
    with pytest.raises(InputTooLarge, match="pixels"):
        open_source(saved(Image.new("L", (150, 150)), "PNG"), LimitSettings(pixels=10_000))
    pages = [Image.new("1", (9, 9))] * 3
    with pytest.raises(InputTooLarge, match="3 pages"):
        open_source(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]), LimitSettings(pages=2))
    with pytest.raises(InputTooLarge, match="bytes"):
        open_source(b"\xff\xd8\xff" + bytes(2000), LimitSettings(file_bytes=1000))


def test_raised_limits_let_large_pictures_through(recwarn: pytest.WarningsRecorder) -> None:
    data = saved(Image.new("1", (14_000, 13_500), 1), "TIFF", compression="group4")
    with pytest.raises(InputTooLarge):
        open_source(data)
    with open_source(data, LimitSettings(side=20_000, pixels=200_000_000)) as source:
        assert source.facts.page_count == 1
    assert Image.MAX_IMAGE_PIXELS is not None
    assert not recwarn.list


@pytest.mark.parametrize("data", [b"GIF89a" + bytes(99), b"hello", b"\0" * 64])
def test_other_kinds_are_unsupported(data: bytes) -> None:
    with pytest.raises(UnsupportedInput):
        open_source(data)


def test_empty_bytes_are_unreadable() -> None:
    with pytest.raises(UnreadableInput, match="empty"):
        open_source(b"")


def test_random_bytes_after_a_magic_never_escape_untyped() -> None:
    chance = random.Random(7)
    for magic in (
        b"\xff\xd8\xff",
        b"II*\0",
        b"MM\0*",
        b"BM",
        b"RIFF....WEBP",
        b"\x89PNG\r\n\x1a\n",
        b"%PDF-1.4",
    ):
        for _ in range(20):
            data = magic + chance.randbytes(chance.randrange(400))
            with pytest.raises((UnreadableInput, InputTooLarge, UnsupportedInput)):
                first(data)
