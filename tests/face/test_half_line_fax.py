"""Pages whose pixels are not square: read with square ones, told in the file's own."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from shenbao import Reader
from shenbao.loading import open_source
from shenbao.models.document import Document, Region
from shenbao.service.pictures import Pictures
from shenbao.service.reading import as_webp
from shenbao.store.blobs import BlobStore

SAMPLE = Path(__file__).parents[2] / "samples" / "000-01-scan.jpg"


def half_line() -> bytes:
    """The sample as a fax sends it: every other line only."""
    with Image.open(SAMPLE) as picture:
        grey = picture.convert("L")
    stream = io.BytesIO()
    half = grey.resize((grey.width, grey.height // 2), Image.Resampling.BICUBIC)
    half.save(stream, "TIFF", dpi=(150, 75))
    return stream.getvalue()


def boxes(document: Document) -> dict[tuple[int, int], tuple[str, Region]]:
    return {(c.row, c.col): (c.text, c.regions[0]) for c in document.tables[0].cells}


def test_the_picture_is_square_and_knows_the_file() -> None:
    with open_source(half_line()) as source:
        page = source.page(1)
    with Image.open(SAMPLE) as whole:
        assert (page.width, page.height) == (whole.width, whole.height // 2 * 2)
        assert page.file_size == (whole.width, whole.height // 2)
    assert page.stretch == pytest.approx((1, 2))
    assert page.as_filed.shape[:2] == (page.file_size[1], page.file_size[0])


@pytest.mark.e2e
def test_places_are_in_the_pixels_of_the_file(tmp_path: Path) -> None:
    reader = Reader()
    data = half_line()
    whole, half = reader.read(SAMPLE), reader.read(data)
    assert (half.pages[0].width, half.pages[0].height) == (
        whole.pages[0].width,
        whole.pages[0].height // 2,
    )
    for place, (text, region) in boxes(half).items():
        there = np.array(boxes(whole)[place][1].polygon)
        assert np.array(region.polygon) == pytest.approx(there * (1, 0.5), abs=12), (place, text)
    with open_source(data) as source:
        picture = source.page(1)
    blobs = BlobStore((tmp_path / "blobs").as_uri())
    key = blobs.put(as_webp(picture))
    region = boxes(half)[0, 0][1]
    crop = Pictures(blobs).crop(key, picture.file_size, region.polygon, 0.0, "png")
    with Image.open(io.BytesIO(crop)) as shown:
        square = np.array(region.polygon) * (1, 2)
        wide, high = np.linalg.norm(square[1] - square[0]), np.linalg.norm(square[3] - square[0])
        assert shown.size == pytest.approx((wide, high), abs=3), "the crop has square pixels"
        ink = np.asarray(shown.convert("L")) < 128
        assert 0.01 < ink.mean() < 0.5
