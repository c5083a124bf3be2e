"""Word files (.docx): paragraphs and tables in order, every cell with its spans.

python-docx opens the package; what stands in it is read from its XML, since tracked changes, content
controls and text boxes are beyond what that library hands out. Names are those of ECMA-376, part 1.
"""

import io
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from shenbao.errors import ExtraMissing
from shenbao.layout.print_lines import ems
from shenbao.loading.laid import (
    A4,
    DPI,
    LEADING,
    TYPE,
    ExactCell,
    ExactTable,
    Item,
    Paper,
    Paragraph,
    WrittenPage,
    laid_out,
)
from shenbao.models.document import Role

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

_TWIPS = 1440.0
"""Twentieths of a point in an inch."""

_HALF_POINTS = 144.0
"""Half points in an inch."""

_UNSEEN = {f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback", f"{_W}rPr", f"{_W}pPr", f"{_W}tbl"}
"""What is struck out, said a second time, or no text of the paragraph."""

_INLINE = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}

_PADDING = 0.6
"""Ems that a cell leaves beside its text."""


def word_page(data: bytes) -> WrittenPage:
    """The document's body as one page.

    Raises:
        ExtraMissing: python-docx is not installed. What else it raises means that the file is damaged.
    """
    try:
        import docx
    except ImportError as error:
        raise ExtraMissing("Word files need the extra: pip install 'shenbao[office]'") from error
    document = docx.Document(io.BytesIO(data))
    styles = _Styles(document)
    paper = _paper(document)
    return laid_out(1, list(_items(document.element.body, styles, paper)), paper)


class _Styles:
    """The names, outline levels, alignments and type sizes of paragraph styles, by their ids."""

    def __init__(self, document: Any) -> None:
        self._styles = {s.get(f"{_W}styleId"): s for s in document.styles.element.iter(f"{_W}style")}

    def chain(self, paragraph: Any) -> Iterator[Any]:
        """The paragraph and the styles that it follows, nearest first."""
        yield paragraph
        name = _value(paragraph, "pPr/pStyle")
        for _ in range(10):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = _value(style, "basedOn")

    def first(self, paragraph: Any, *paths: str) -> str | None:
        """The nearest value that one of these paths leads to."""
        found = (_value(x, path) for x in self.chain(paragraph) for path in paths)
        return next((value for value in found if value is not None), None)


def _value(element: Any, path: str) -> str | None:
    found = element.find("/".join(_W + part for part in path.split("/")))
    value = None if found is None else found.get(f"{_W}val")
    return None if value is None else str(value)


def _number(text: str | None, default: float) -> float:
    try:
        return float(text) if text is not None else default
    except ValueError:
        return default


def _paper(document: Any) -> Paper:
    """The paper of the first section."""
    section = next(iter(document.sections), None)
    if section is None or not section.page_width or not section.page_height:
        return A4
    margin = section.left_margin.inches if section.left_margin else 1.0
    return Paper(section.page_width.inches * DPI, section.page_height.inches * DPI, margin * DPI)


def _items(parent: Any, styles: _Styles, paper: Paper) -> Iterator[Item]:
    """Paragraphs and tables below an element, in order; a table in a cell follows its owner."""
    for block in _blocks(parent):
        if block.tag == f"{_W}p":
            text = _text(block)
            if text.strip():
                yield _paragraph(block, text, styles)
        else:
            table, inner = _table(block, styles, paper)
            if table is not None:
                yield table
            for nested in inner:
                yield from _items(nested, styles, paper)


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables, also those in content controls and insertions."""
    for child in parent:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"):
            yield from _blocks(child)


def _text(element: Any) -> str:
    return "".join(_pieces(element))


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in _UNSEEN:
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _INLINE:
            yield _INLINE[child.tag]
        elif child.tag == f"{_W}sym":
            # Symbol fonts lie in the private use area, 0xF000 above the code that the font knows.
            code = int(child.get(f"{_W}char", "0"), 16)
            yield chr(code) if not 0xD800 <= code < 0xF900 else "\ufffd"
        else:
            yield from _pieces(child)


def _paragraph(element: Any, text: str, styles: _Styles) -> Paragraph:
    role, level = _role(element, styles)
    half_points = _number(_run_size(element) or styles.first(element, "rPr/sz", "pPr/rPr/sz"), 21.0)
    return Paragraph(text.strip(), _align(element, styles), half_points / _HALF_POINTS * DPI, role, level)


def _run_size(element: Any) -> str | None:
    """The type size of the paragraph's first run that says one."""
    found = element.find(f"{_W}r/{_W}rPr/{_W}sz")
    value = None if found is None else found.get(f"{_W}val")
    return None if value is None else str(value)


def _align(element: Any, styles: _Styles) -> Literal["left", "centre", "right"]:
    value = styles.first(element, "pPr/jc")
    if value == "center":
        return "centre"
    return "right" if value in ("right", "end") else "left"


def _role(element: Any, styles: _Styles) -> tuple[Role, int | None]:
    names = [(_value(style, "name") or "").lower() for style in styles.chain(element)]
    if "title" in names:
        return "title", None
    outline = styles.first(element, "pPr/outlineLvl")
    level = int(_number(outline, 9.0))
    return ("heading", level + 1) if 0 <= level < 9 else ("paragraph", None)


def _table(element: Any, styles: _Styles, paper: Paper) -> tuple[ExactTable | None, list[Any]]:
    """A table, and the cells in it that hold tables of their own."""
    rows = [_row(row) for row in _below(element, "tr")]
    count = max((col + span for row in rows for col, span, _ in row), default=0)
    if not count:
        return None, []
    cells, inner = _merged(rows)
    widths = _widths(element, count, paper)
    return ExactTable(
        widths, _heights(cells, widths, len(rows)), tuple(_filled(cells, len(rows), count))
    ), inner


def _below(element: Any, name: str) -> Iterator[Any]:
    """Children of this name, also those in content controls and tracked insertions."""
    for child in element:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _below(child, name)


def _row(row: Any) -> list[tuple[int, int, Any]]:
    """First column, columns spanned and element of each cell of a row."""
    column = int(_number(_value(row, "trPr/gridBefore"), 0.0))
    found = []
    for cell in _below(row, "tc"):
        span = max(1, int(_number(_value(cell, "tcPr/gridSpan"), 1.0)))
        found.append((column, span, cell))
        column += span
    return found


def _merged(rows: list[list[tuple[int, int, Any]]]) -> tuple[list[ExactCell], list[Any]]:
    """Cells with those merged downwards as one, and the elements of those that hold tables."""
    cells: list[ExactCell] = []
    inner: list[Any] = []
    above: dict[tuple[int, int], int] = {}
    for number, row in enumerate(rows):
        open_: dict[tuple[int, int], int] = {}
        for column, span, element in row:
            merge = element.find(f"{_W}tcPr/{_W}vMerge")
            place = (column, span)
            if merge is not None and merge.get(f"{_W}val") != "restart" and place in above:
                index = above[place]
                old = cells[index]
                cells[index] = ExactCell(
                    old.row, old.col, old.row_span + 1, old.col_span, old.text, old.flags
                )
                open_[place] = index
                continue
            nested = any(True for _ in element.iter(f"{_W}tbl"))
            text = "\n".join(_text(p) for p in _blocks(element) if p.tag == f"{_W}p").strip()
            if nested:
                inner.append([t for t in _blocks(element) if t.tag == f"{_W}tbl"])
            if merge is not None:
                open_[place] = len(cells)
            cells.append(ExactCell(number, column, 1, span, text, ("nested_table",) if nested else ()))
        above = open_
    return cells, inner


def _filled(cells: list[ExactCell], rows: int, count: int) -> Iterable[ExactCell]:
    """The cells in reading order, with empty ones where a row of the file ends early."""
    covered = {
        (r, c)
        for x in cells
        for r in range(x.row, x.row + x.row_span)
        for c in range(x.col, x.col + x.col_span)
    }
    holes = [ExactCell(r, c, 1, 1, "") for r in range(rows) for c in range(count) if (r, c) not in covered]
    return sorted([*cells, *holes], key=lambda x: (x.row, x.col))


def _widths(element: Any, count: int, paper: Paper) -> tuple[float, ...]:
    given = [
        _number(col.get(f"{_W}w"), 0.0) / _TWIPS * DPI for col in element.iterfind(f"{_W}tblGrid/{_W}gridCol")
    ]
    room = paper.width - 2 * paper.margin
    usual = max(room / count, TYPE)
    widths = [given[k] if k < len(given) and given[k] > 1 else usual for k in range(count)]
    return tuple(widths)


def _heights(cells: list[ExactCell], widths: tuple[float, ...], rows: int) -> tuple[float, ...]:
    """Rows high enough for their texts."""
    heights = [LEADING * TYPE] * rows
    for cell in cells:
        if cell.row_span == 1:
            room = max(1.0, sum(widths[cell.col : cell.col + cell.col_span]) / TYPE - _PADDING)
            lines = sum(max(1, -int(-ems(part) // room)) for part in cell.text.split("\n"))
            heights[cell.row] = max(heights[cell.row], LEADING * TYPE * lines)
    return tuple(heights)
