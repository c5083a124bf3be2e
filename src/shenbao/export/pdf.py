"""A searchable PDF: the pages as they are, with what was read as invisible text in its place.

Pages of a PDF keep every byte of their pictures; a picture file is wrapped without coding it anew wherever PDF knows
its coding. The text is set in a font without shapes, whose characters know what they stand for (ToUnicode),
so that searching and copying work without any Chinese font.
"""

import io
from pathlib import Path
from typing import Any

from PIL import Image

from shenbao.errors import EncryptedInput, UnreadableInput, UnsupportedInput, UsageError
from shenbao.export.placing import PlacedLine, placed_lines
from shenbao.loading import open_source
from shenbao.loading.kinds import PDF
from shenbao.models.document import Document, Page

try:
    import img2pdf
    import pikepdf
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen
except ImportError as missing:
    raise UsageError(
        "a searchable PDF needs the extra `archive`: pip install 'shenbao[archive]'"
    ) from missing

_EM = 1000
_ASCENT, _DESCENT = 880, -120
_EPOCH = 0
_FONT = pikepdf.Name("/ShenbaoInvisible")


def to_pdf(document: Document, source: str | Path | bytes | None, password: str | None) -> bytes:
    """The bytes of the PDF. An encrypted PDF comes out without encryption.

    Raises:
        UsageError: `source` is not given.
        UnsupportedInput: it is an Office file, which has no pages to keep.
        UnreadableInput, EncryptedInput: it cannot be opened.
    """
    if source is None:
        raise UsageError("a searchable PDF is made from the file that was read: give it as `source`")
    kind = document.source.kind
    if kind != PDF and not kind.startswith("image/"):
        raise UnsupportedInput(f"a searchable PDF is made from pictures and PDF, this is {kind}")
    base = source if kind == PDF else io.BytesIO(_wrapped(document, source))
    try:
        with pikepdf.open(
            io.BytesIO(base) if isinstance(base, bytes) else base, password=password or ""
        ) as pdf:
            _set_text(pdf, document)
            # The name that the wrapper gave the file comes from the clock.
            if kind != PDF and "/ID" in pdf.trailer:
                del pdf.trailer["/ID"]
            target = io.BytesIO()
            pdf.save(target, deterministic_id=True)
            return target.getvalue()
    except pikepdf.PasswordError as error:
        raise EncryptedInput(f"PDF: {error}") from error
    except pikepdf.PdfError as error:
        raise UnreadableInput(f"PDF: {error}") from error


def _wrapped(document: Document, source: str | Path | bytes) -> bytes:
    """A picture file as PDF: its own coding where that can be kept, else its pixels without loss."""
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    try:
        made = bytes(img2pdf.convert(data, nodate=True, rotation=img2pdf.Rotation.ifvalid))
        with pikepdf.open(io.BytesIO(made)) as pdf:
            if len(pdf.pages) == document.source.page_count:
                return made
    # It refuses transparency, odd depths and damaged files, each with an error of its own.
    except Exception:  # noqa: BLE001, S110
        pass
    return bytes(img2pdf.convert(_as_png(data), nodate=True))


def _as_png(data: bytes) -> list[bytes]:
    pages = []
    with open_source(data) as loaded:
        for page in loaded:
            stream = io.BytesIO()
            Image.fromarray(page.pixels).save(stream, "PNG", dpi=(page.dpi, page.dpi))
            pages.append(stream.getvalue())
    return pages


def _set_text(pdf: Any, document: Document) -> None:
    """Adds the text of all pages that were read from their pictures."""
    lines = {
        page.number: placed_lines(page, document.tables)
        for page in document.pages
        if page.text_from == "picture"
    }
    chars = sorted({char for found in lines.values() for line in found for char in line.text})
    if not chars:
        return
    codes = {char: number for number, char in enumerate(chars, 1)}
    font = _font(pdf, chars)
    for page in document.pages:
        if lines.get(page.number):
            target = pdf.pages[page.number - 1]
            target.add_resource(font, pikepdf.Name.Font, _FONT)
            # What the page's own content leaves behind must not move the text.
            target.contents_add(pdf.make_stream(b"q\n"), prepend=True)
            content = b"".join(_shown(line, page, target, codes) for line in lines[page.number])
            target.contents_add(pdf.make_stream(_frame(content)))


def _frame(content: bytes) -> bytes:
    return b"\nQ\nq\nBT\n3 Tr\n%s 1 Tf\n%sET\nQ\n" % (str(_FONT).encode(), content)


def _shown(line: PlacedLine, page: Page, target: Any, codes: dict[str, int]) -> bytes:
    """The operators that set one line: each character as wide as its share of the line's polygon."""
    a, b, _, d = (_on_page(point, page, target) for point in line.polygon)
    count = len(line.text)
    across = (b[0] - a[0]) / count, (b[1] - a[1]) / count
    up = a[0] - d[0], a[1] - d[1]
    low = -_DESCENT / _EM
    start = d[0] + low * up[0], d[1] + low * up[1]
    matrix = " ".join(f"{value:.4f}" for value in (*across, *up, *start))
    return f"{matrix} Tm <{''.join(f'{codes[c]:04X}' for c in line.text)}> Tj\n".encode()


def _on_page(point: tuple[float, float], page: Page, target: Any) -> tuple[float, float]:
    """A point of the delivered page's picture in the space that the PDF page is drawn in."""
    x0, y0, x1, y1 = (float(value) for value in target.cropbox)
    u, v = point[0] / page.width, point[1] / page.height
    turn = int(target.obj.get("/Rotate", 0)) % 360
    if turn == 90:
        return x0 + v * (x1 - x0), y0 + u * (y1 - y0)
    if turn == 180:
        return x1 - u * (x1 - x0), y0 + v * (y1 - y0)
    if turn == 270:
        return x1 - v * (x1 - x0), y1 - u * (y1 - y0)
    return x0 + u * (x1 - x0), y1 - v * (y1 - y0)


def _font(pdf: Any, chars: list[str]) -> Any:
    """A composite font (PDF 32000-1, 9.7) whose code n is the n-th character, no glyph with any ink."""
    program = pdf.make_stream(_font_program())
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=_FONT,
        Flags=4,
        FontBBox=[0, _DESCENT, _EM, _ASCENT],
        ItalicAngle=0,
        Ascent=_ASCENT,
        Descent=_DESCENT,
        CapHeight=_ASCENT,
        StemV=80,
        FontFile2=pdf.make_indirect(program),
    )
    below = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=_FONT,
        CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        CIDToGIDMap=pdf.make_indirect(pdf.make_stream(b"\x00\x00" + b"\x00\x01" * len(chars))),
        DW=_EM,
    )
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type0,
        BaseFont=_FONT,
        Encoding=pikepdf.Name("/Identity-H"),
        DescendantFonts=[pdf.make_indirect(below)],
        ToUnicode=pdf.make_indirect(pdf.make_stream(_to_unicode(chars))),
    )
    return pdf.make_indirect(font)


def _to_unicode(chars: list[str]) -> bytes:
    """The map from codes to characters, at most 100 in a section as the format wants it."""
    rows = [f"<{n:04X}> <{char.encode('utf-16-be').hex().upper()}>" for n, char in enumerate(chars, 1)]
    sections = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    maps = "".join(f"{len(s)} beginbfchar\n{chr(10).join(s)}\nendbfchar\n" for s in sections)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{maps}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()


def _font_program() -> bytes:
    """A TrueType font of two glyphs, one em wide: each a stroke without area from corner to corner.

    PDFium passes over turned text whose characters have no extent.
    """
    pen = TTGlyphPen(None)
    pen.moveTo((0, _DESCENT))
    pen.lineTo((_EM, _ASCENT))
    pen.closePath()
    stroke = pen.glyph()
    builder = FontBuilder(_EM, isTTF=True)
    names = [".notdef", "blank"]
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({0x20: "blank"})
    builder.setupGlyf(dict.fromkeys(names, stroke))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (_EM, 0)))
    builder.setupHorizontalHeader(ascent=_ASCENT, descent=_DESCENT)
    builder.setupNameTable({"familyName": "ShenbaoInvisible", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=_ASCENT, sTypoDescender=_DESCENT)
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = _EPOCH
    builder.font.recalcTimestamp = False
    stream = io.BytesIO()
    builder.save(stream)
    return stream.getvalue()
