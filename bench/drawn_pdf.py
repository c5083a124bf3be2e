"""PDFs whose pages are drawn, not scanned: rulings as lines, text as text, by reportlab.

From the truth of a rendered document (`python -m bench.render`): the same cells in the same places.
"""

import io
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from bench.render.fonts import font_list

Json = dict[str, Any]

POINTS = 72.0
LARGEST, SMALLEST = 12.0, 3.0
"""Type sizes in points that are tried."""

LEADING = 1.25


@cache
def typeface() -> str:
    """The name under which a Chinese TrueType typeface of this machine is registered.

    Raises:
        FileNotFoundError: there is none that reportlab can embed.
    """
    from pathlib import Path

    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    paths = [p for folder in font_list().folders for p in sorted(Path(folder).rglob("*.tt[cf]"))]
    for wanted in ("wqy-zenhei", "gbsn00lp", "uming", "wqy-microhei", ""):
        for path in (p for p in paths if wanted and wanted in p.name):
            try:
                pdfmetrics.registerFont(TTFont("drawn", str(path), subfontIndex=0))
            except (TTFError, OSError):
                continue
            return "drawn"
    raise FileNotFoundError("no Chinese TrueType typeface that reportlab can embed")


def drawn_pdf(
    pages: Sequence[Json], dpi: float, dash: tuple[float, float] | None = None, **canvas: Any
) -> bytes:
    """A PDF of these pages of a truth file.

    `dash`: points that its rulings go on and leave out. `canvas` goes to reportlab's canvas.
    """
    from reportlab.pdfgen.canvas import Canvas

    scale = POINTS / dpi
    stream = io.BytesIO()
    sheet = Canvas(stream, **canvas)
    for page in pages:
        width, height = page["width"] * scale, page["height"] * scale
        sheet.setPageSize((width, height))
        sheet.setLineWidth(0.6)
        if dash:
            sheet.setDash(*dash)
        top = min((c["box"][1] for c in page["cells"]), default=0.0) * scale
        if page.get("title"):
            sheet.setFont(typeface(), 14)
            sheet.drawCentredString(width / 2, height - max(20.0, top - 40), page["title"])
        for cell in page["cells"]:
            x0, y0, x1, y1 = (v * scale for v in cell["box"])
            sheet.rect(x0, height - y1, x1 - x0, y1 - y0)
            _set(sheet, cell["text"], (x0, height - y1, x1, height - y0))
        sheet.showPage()
    sheet.save()
    return stream.getvalue()


def _set(sheet: Any, text: str, box: tuple[float, float, float, float]) -> None:
    """The text in the middle of a box, in the largest type that fits."""
    x0, y0, x1, y1 = box
    size = LARGEST
    while size > SMALLEST:
        lines = list(_wrapped(sheet, text, x1 - x0 - 4, size))
        if len(lines) * size * LEADING <= y1 - y0 - 2:
            break
        size -= 0.5
    sheet.setFont(typeface(), size)
    top = (y0 + y1 + len(lines) * size * LEADING) / 2
    for number, line in enumerate(lines):
        sheet.drawCentredString((x0 + x1) / 2, top - (number + 0.85) * size * LEADING, line)


def _wrapped(sheet: Any, text: str, width: float, size: float) -> Iterator[str]:
    for part in text.split("\n"):
        line = ""
        for char in part:
            if line and sheet.stringWidth(line + char, typeface(), size) > width:
                yield line
                line = ""
            line += char
        yield line
