import io
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image

from shenbao.errors import EncryptedInput, InputTooLarge, UnreadableInput
from shenbao.loading import open_source
from shenbao.settings import LimitSettings


def scan_pdf(pixels: np.ndarray, size: tuple[float, float], rotation: int = 0, inset: float = 0.0) -> bytes:
    """A PDF of one page, `size` points, that a picture covers but for `inset` points on each side."""
    document = pdfium.PdfDocument.new()
    page = document.new_page(*size)
    image = pdfium.PdfImage.new(document)
    image.set_bitmap(pdfium.PdfBitmap.from_pil(Image.fromarray(pixels)))
    matrix = pdfium.PdfMatrix().scale(size[0] - 2 * inset, size[1] - 2 * inset).translate(inset, inset)
    image.set_matrix(matrix)
    page.insert_obj(image)
    page.gen_content()
    page.set_rotation(rotation)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def noise(width: int, height: int) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 255, (height, width, 3), np.uint8)


@pytest.mark.parametrize(("width", "height", "dpi"), [(827, 1170, 100), (301, 433, 150), (413, 291, 300)])
def test_scanned_page_is_its_picture_pixel_for_pixel(width: int, height: int, dpi: int) -> None:
    pixels = noise(width, height)
    with open_source(scan_pdf(pixels, (width * 72 / dpi, height * 72 / dpi))) as source:
        page = source.page(1)
    assert source.facts.kind == "application/pdf"
    assert page.dpi == pytest.approx(dpi, abs=0.1)
    assert np.array_equal(page.pixels, pixels)


@pytest.mark.parametrize(("rotation", "turns"), [(90, 3), (180, 2), (270, 1)])
def test_page_rotation_turns_the_picture(rotation: int, turns: int) -> None:
    pixels = noise(300, 200)
    with open_source(scan_pdf(pixels, (144.0, 96.0), rotation)) as source:
        assert np.array_equal(source.page(1).pixels, np.rot90(pixels, turns))


def test_small_picture_does_not_fix_the_resolution() -> None:
    with open_source(scan_pdf(noise(100, 100), (144.0, 144.0), inset=50)) as source:
        page = source.page(1)
    assert (page.width, page.height, page.dpi) == (400, 400, 200.0)


def test_pdf_dpi_is_a_setting() -> None:
    data = scan_pdf(noise(100, 100), (144.0, 144.0), inset=50)
    with open_source(data, LimitSettings(pdf_dpi=100)) as source:
        assert source.page(1).width == 200


def test_limits_hold_for_pages_and_pictures() -> None:
    with open_source(scan_pdf(noise(400, 30), (9000.0, 5000.0))) as source, pytest.raises(InputTooLarge):
        source.page(1)
    data = scan_pdf(noise(400, 30), (144.0, 144.0), inset=60)
    with open_source(data, LimitSettings(side=399)) as source, pytest.raises(InputTooLarge, match="400 x 30"):
        source.page(1)


def test_damaged_pdf_is_unreadable() -> None:
    for data in (b"%PDF-1.7", b"%PDF-1.4\n" + bytes(500), scan_pdf(noise(9, 9), (99, 99))[:150]):
        with pytest.raises(UnreadableInput):
            open_source(data)


def test_scans_are_delivered_at_their_own_size(scans: Path) -> None:
    path = scans / "000-14-scan.pdf"
    document = pdfium.PdfDocument(path)
    picture = next(document[0].get_objects()).get_bitmap().to_numpy()[:, :, ::-1]
    with open_source(path) as source:
        page = source.page(1)
    assert page.dpi == 300
    assert np.array_equal(page.pixels, picture)


def test_password(scans: Path) -> None:
    path = scans.parent / "real/nasty/pdfplumber_password-example.pdf"
    if not path.exists():
        pytest.skip("no encrypted sample")
    with pytest.raises(EncryptedInput, match="needs a password"):
        open_source(path)
    with pytest.raises(EncryptedInput, match="does not open"):
        open_source(path, password="nonsense")
    with open_source(path, password="test") as source:
        assert source.page(1).width > 100
