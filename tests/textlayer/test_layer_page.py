"""A drawn page gives its cells from the layer; a layer that lies is not believed."""

import io
import math
from collections.abc import Callable
from dataclasses import replace

import pytest
from layer_pages import ROWS, Agreeing, Telling, page_of, pdf

from shenbao import Reader, Settings
from shenbao.errors import EncryptedInput, EngineUnavailable
from shenbao.models.stages import Glyph, LatticeCell, PageImage
from shenbao.ocr.engine import LineReader
from shenbao.settings import ReadingSettings
from shenbao.textlayer import page as layer_page
from shenbao.textlayer.evidence import sampled
from shenbao.textlayer.page import on_page, read_layer
from shenbao.textlayer.thresholds import thresholds


@pytest.fixture(scope="module")
def image() -> PageImage:
    return page_of(pdf())


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def changed(image: PageImage, change: Callable[[list[Glyph]], list[Glyph]]) -> PageImage:
    assert image.layer is not None
    return replace(image, layer=replace(image.layer, glyphs=tuple(change(list(image.layer.glyphs)))))


def never() -> LineReader:
    return Agreeing()


def moved(dx: float, dy: float) -> Callable[[list[Glyph]], list[Glyph]]:
    def change(glyphs: list[Glyph]) -> list[Glyph]:
        return [
            replace(
                g,
                box=(g.box[0] + dx, g.box[1] + dy, g.box[2] + dx, g.box[3] + dy),
                origin=(g.origin[0] + dx, g.origin[1] + dy),
            )
            for g in glyphs
        ]

    return change


def test_cells_come_from_the_layer(image: PageImage, reader: Reader) -> None:
    found = read_layer(image, lambda: reader.engine)
    assert found is not None
    _, _, grids, cells, lines = found
    assert [len(grids), len(cells[0])] == [1, 20]
    assert [c.text for c in cells[0]] == [text for row in ROWS for text in row]
    assert [line.reading.text for line in lines] == ["绩效目标表"]


def other_cells(image: PageImage, cells: Callable[[], tuple[LatticeCell, ...]]) -> PageImage:
    """The page, of which the second program says something else."""
    assert image.layer is not None
    return replace(image, layer=replace(image.layer, lattice=lambda: (cells(),)))


def not_installed() -> tuple[LatticeCell, ...]:
    raise EngineUnavailable("camelot is not installed")


def test_what_camelot_says_enters_the_confidence(image: PageImage, reader: Reader) -> None:
    pytest.importorskip("camelot")
    assert image.layer is not None
    (seen,) = image.layer.lattice()
    assert ["".join(c.text.split()) for c in seen] == [text for row in ROWS for text in row]
    changed = (replace(seen[0], text="项目各称"), replace(seen[1], box=(0.0, 0.0, 9.0, 9.0)), *seen[2:])
    limits = thresholds()
    agreed, alone, clear = (c.probability for c in (limits.agreed, limits.alone, limits.clear))
    for page, expected in (
        (image, [agreed] * 20),
        (other_cells(image, lambda: changed), [alone] * 2 + [agreed] * 18),
        (other_cells(image, lambda: ()), [alone] * 20),
        (other_cells(image, not_installed), [clear] * 20),
    ):
        found = read_layer(page, lambda: reader.engine)
        assert found is not None
        assert [c.known for c in found[3][0]] == expected
    assert alone < min(agreed, clear)


def test_bold_by_drawing_twice_is_one_character(image: PageImage, reader: Reader) -> None:
    doubled = changed(image, lambda glyphs: [g for g in glyphs for _ in range(2)])
    found = read_layer(doubled, lambda: reader.engine)
    assert found is not None
    assert [c.text for c in found[3][0]] == [text for row in ROWS for text in row]


@pytest.mark.parametrize(
    "lie",
    [
        lambda glyphs: [replace(g, char="\ufffd") for g in glyphs],
        moved(18.0, 0.0),
        moved(0.0, 18.0),
        moved(0.0, 80.0),
        moved(300.0, 300.0),
        lambda glyphs: glyphs[:20],
    ],
    ids=["no meanings", "right", "down", "a row down", "away", "half of it missing"],
)
def test_lies_that_the_picture_shows(image: PageImage, lie: Callable[[list[Glyph]], list[Glyph]]) -> None:
    assert read_layer(changed(image, lie), never) is None


def test_hidden_text_beside_the_print(image: PageImage) -> None:
    hidden = [Glyph("密", (20.0 * k, 10.0, 20.0 * k + 15, 25.0), (20.0 * k, 25.0), 0) for k in range(9)]
    assert read_layer(changed(image, lambda glyphs: glyphs + hidden), never) is None


def test_characters_beside_the_page_or_larger_than_print_are_left_out(
    image: PageImage, reader: Reader
) -> None:
    """Left in, they would ask for pictures as large as they are."""
    boxes = [
        (-500.0, 10.0, -480.0, 30.0),
        (10.0, 1e12, 30.0, 1e12),
        (0.0, -2e7, 30.0, 2e7),
        (5.0, 5.0, math.nan, 9.0),
    ]
    odd = [Glyph("8", box, box[:2], 0) for box in boxes]
    assert on_page(image, odd) == []
    found = read_layer(changed(image, lambda glyphs: glyphs + odd * 9), lambda: reader.engine)
    assert found is not None
    assert [c.text for c in found[3][0]] == [text for row in ROWS for text in row]
    assert read_layer(changed(image, lambda glyphs: odd), never) is None


def test_characters_that_are_others_in_the_picture(image: PageImage, reader: Reader) -> None:
    swapped = {"1": "7", "4": "9"}
    lie = changed(image, lambda glyphs: [replace(g, char=swapped.get(g.char, g.char)) for g in glyphs])
    assert read_layer(lie, lambda: reader.engine) is None
    lie = changed(image, lambda glyphs: [replace(g, char=chr(ord(g.char) + 3)) for g in glyphs])
    assert read_layer(lie, lambda: reader.engine) is None


def test_the_sample_shows_rare_characters(image: PageImage, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def keep(page: object, lines: list[object], *rest: object) -> None:
        seen.extend(sampled(lines, 8))  # type: ignore[arg-type]

    monkeypatch.setattr(layer_page, "contradiction", keep)
    assert read_layer(image, never) is not None
    texts = {line.reading.text for line in seen}
    assert len(texts) == 8
    assert "104.08" in texts


def test_a_contradicted_digit_is_enough(image: PageImage) -> None:
    assert read_layer(image, lambda: Telling(["188.88", "完全不同"])) is None


def test_pages_say_where_their_text_is_from(reader: Reader) -> None:
    document = reader.read(pdf(), name="a.pdf")
    assert [p.text_from for p in document.pages] == ["text_layer"]
    assert [c.text for c in document.tables[0].cells] == [text for row in ROWS for text in row]
    assert min(c.confidence for c in document.tables[0].cells) > 0.99
    assert document.tables[0].title == "绩效目标表"


def test_a_setting_reads_every_page_as_a_scan(reader: Reader) -> None:
    settings = Settings(reading=ReadingSettings(text_layer=False))
    document = Reader(settings).read(pdf())
    assert [p.text_from for p in document.pages] == ["picture"]
    assert document.tables[0].n_rows == 5


def test_mixed_pages_go_each_its_own_way(reader: Reader) -> None:
    """A drawn page and, after it, the same page as a picture under invisible text."""
    import pypdfium2 as pdfium
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    drawn = pdf()
    picture = Image.fromarray(page_of(drawn).pixels)
    stream = io.BytesIO()
    sheet = Canvas(stream, pagesize=(360, 252))
    sheet.drawImage(ImageReader(picture), 0, 0, 360, 252)
    text = sheet.beginText(50, 100)
    text.setTextRenderMode(3)
    text.textLine("9999 8888 7777")
    sheet.drawText(text)
    sheet.showPage()
    sheet.save()
    both = pdfium.PdfDocument(drawn)
    both.import_pages(pdfium.PdfDocument(stream.getvalue()))
    data = io.BytesIO()
    both.save(data)
    document = reader.read(data.getvalue())
    assert [p.text_from for p in document.pages] == ["text_layer", "picture"]
    assert "9999" not in "".join(c.text for t in document.tables for c in t.cells)


def test_turned_pages(reader: Reader) -> None:
    import pypdfium2 as pdfium

    source = pdfium.PdfDocument(pdf())
    source[0].set_rotation(90)
    data = io.BytesIO()
    source.save(data)
    document = reader.read(data.getvalue())
    assert [(p.text_from, p.rotation) for p in document.pages] == [("text_layer", 270)]
    assert [c.text for c in document.tables[0].cells] == [text for row in ROWS for text in row]


def test_encrypted_pdfs_ask_for_their_password(reader: Reader) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    data = pdf(encrypt=StandardEncryption("geheim", strength=128))
    for password in (None, "falsch"):
        with pytest.raises(EncryptedInput):
            reader.read(data, password=password)
    document = reader.read(data, password="geheim")
    assert [p.text_from for p in document.pages] == ["text_layer"]
