"""The reader's way through a file of several pages."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Picture

from shenbao import Reader
from shenbao.errors import EngineUnavailable
from shenbao.loading import open_source
from shenbao.models.stages import LaidPage, PageImage, ReadPage


def file_of(pages: int) -> bytes:
    """A TIFF whose pages each show one table of two rows and two columns."""
    pictures = []
    for number in range(pages):
        page = np.full((700, 500), 255, np.uint8)
        for y in (100, 160, 220):
            page[y : y + 3, 50:453] = 0
        for x in (50, 200 + 20 * number, 450):
            page[100:223, x : x + 3] = 0
        pictures.append(Picture.fromarray(page))
    out = io.BytesIO()
    pictures[0].save(out, "TIFF", save_all=True, append_images=pictures[1:], dpi=(100, 100))
    return out.getvalue()


class Broken(Reader):
    """A reader that cannot lay out the second page."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def lay_out(self, image: PageImage) -> LaidPage | ReadPage:
        if image.number == 2:
            raise self.error
        return super().lay_out(image)


def test_pages_read_together_are_those_read_one_by_one() -> None:
    reader, data = Reader(), file_of(3)
    together = reader.read(data)
    with open_source(data, reader.settings.limits) as loaded:
        pages = [reader.read_number(loaded, number) for number in (1, 2, 3)]
        alone = reader.assemble(loaded.facts, [p for p in pages if isinstance(p, tuple)], [])
    assert together.model_dump(exclude={"timing"}) == alone.model_dump(exclude={"timing"})


def test_pages_are_handed_out_in_order() -> None:
    seen: list[int] = []
    Reader().read(file_of(3), keep=lambda page: seen.append(page.image.number))
    assert seen == [1, 2, 3]


def test_a_page_that_cannot_be_laid_out_leaves_the_others() -> None:
    document = Broken(ValueError("no such corner")).read(file_of(3))
    assert document.status == "partial"
    assert [page.number for page in document.pages] == [1, 3]
    (error,) = document.errors
    assert (error.page, error.stage, error.message) == (2, "page", "ValueError: no such corner")


def test_without_an_engine_no_page_is_read() -> None:
    with pytest.raises(EngineUnavailable):
        Broken(EngineUnavailable("gone")).read(file_of(3))


def test_a_page_that_cannot_be_loaded_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "cut.tif"
    path.write_bytes(file_of(3))
    reader = Reader()
    with open_source(path, reader.settings.limits) as loaded:
        found = reader.read_number(loaded, 4)
    assert not isinstance(found, tuple)
    assert (found.page, found.stage) == (4, "load")
