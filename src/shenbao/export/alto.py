"""ALTO XML v4, the page layout format of libraries and archives (https://www.loc.gov/standards/alto/).

Coordinates are pixels of the page picture as delivered. A table is a ComposedBlock, each of its cells a TextBlock
with one line; a paragraph is a TextBlock with its lines. WC is the confidence of a string.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from shenbao.export.html import clean
from shenbao.models.document import Cell, Document, Page, Polygon, Table, Text

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
SCHEMA = "http://www.loc.gov/standards/alto/v4/alto-4-2.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def to_alto(document: Document) -> bytes:
    """One file with all pages, UTF-8."""
    root = ET.Element("alto", {"xmlns": NAMESPACE, "xmlns:xsi": _XSI, "SCHEMAVERSION": "4.2"})
    root.set("xsi:schemaLocation", f"{NAMESPACE} {SCHEMA}")
    root.append(_description(document))
    layout = ET.SubElement(root, "Layout")
    read = {page.number: page for page in document.pages}
    # A layout without a page is no ALTO, and one page that was not read must not shift the numbers of others.
    for number in sorted({*read, *range(1, max(1, document.source.page_count) + 1)}):
        layout.append(_page(read[number], document.tables) if number in read else _unread(number))
    ET.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode").encode() + b"\n"


def _description(document: Document) -> ET.Element:
    found = ET.Element("Description")
    ET.SubElement(found, "MeasurementUnit").text = "pixel"
    source = ET.SubElement(found, "sourceImageInformation")
    ET.SubElement(source, "fileName").text = _clean(document.source.name)
    identifier = ET.SubElement(source, "fileIdentifier", {"fileIdentifierLocation": "SHA-256"})
    identifier.text = document.source.sha256
    processing = ET.SubElement(found, "Processing", {"ID": "reading"})
    ET.SubElement(processing, "processingCategory").text = "contentGeneration"
    software = ET.SubElement(processing, "processingSoftware")
    ET.SubElement(software, "softwareName").text = "shenbao"
    if document.engine is not None:
        ET.SubElement(software, "softwareVersion").text = document.engine.version
        ET.SubElement(software, "applicationDescription").text = document.engine.name
    return found


def _unread(number: int) -> ET.Element:
    """A page of which nothing is known but that it is there."""
    return ET.Element(
        "Page", {"ID": f"p{number}", "PHYSICAL_IMG_NR": f"{number}", "QUALITY_DETAIL": "not read"}
    )


def _page(page: Page, tables: Sequence[Table]) -> ET.Element:
    name = f"p{page.number}"
    found = ET.Element("Page", {"ID": name, "PHYSICAL_IMG_NR": str(page.number)})
    found.attrib |= {"WIDTH": str(page.width), "HEIGHT": str(page.height)}
    space = ET.SubElement(found, "PrintSpace", _place([((0, 0), (page.width, page.height))]))
    for number, block in enumerate(_blocks(page, tables), 1):
        place = f"{name}b{number}"
        made = _table(block, page.number, place) if isinstance(block, Table) else _text_block(block, place)
        if page.rotation:
            # The turn that makes the page upright is clockwise; ALTO tells that of the print, anticlockwise.
            made.set("ROTATION", str(page.rotation))
        space.append(made)
    return found


def _blocks(page: Page, tables: Sequence[Table]) -> list[list[Text] | Table]:
    """Paragraphs and tables of a page in reading order; texts that belong to no block come last, one by one."""
    found: list[tuple[float, list[Text] | Table]] = []
    for block, lines in groupby(page.texts, lambda text: text.block):
        if block is None:
            found += [(float("inf"), [line]) for line in lines]
        else:
            found.append((block, list(lines)))
    for table in tables:
        if any(region.page == page.number for cell in table.cells for region in cell.regions):
            found.append((table.block if table.block is not None else float("inf"), table))
    return [block for _, block in sorted(found, key=lambda item: item[0])]


def _text_block(lines: Sequence[Text], name: str) -> ET.Element:
    found = ET.Element("TextBlock", {"ID": name} | _box([line.polygon for line in lines]))
    found.append(_shape([line.polygon for line in lines]))
    for number, line in enumerate(lines, 1):
        found.append(_line(f"{name}l{number}", line.text, line.confidence, line.polygon))
    return found


def _table(table: Table, page: int, name: str) -> ET.Element:
    cells = [(cell, region.polygon) for cell in table.cells for region in cell.regions if region.page == page]
    found = ET.Element("ComposedBlock", {"ID": name, "TYPE": "table"} | _box([p for _, p in cells]))
    for number, (cell, polygon) in enumerate(cells, 1):
        found.append(_cell(cell, polygon, page, f"{name}c{number}"))
    return found


def _cell(cell: Cell, polygon: Polygon, page: int, name: str) -> ET.Element:
    """The text of a cell that a page break cut stands in its first part."""
    found = ET.Element("TextBlock", {"ID": name} | _box([polygon]))
    found.append(_shape([polygon]))
    first = cell.regions[0].page == page and cell.regions[0].polygon == polygon
    text = cell.text if first else ""
    if text:
        for number, (line, place) in enumerate(_stacked(text, polygon), 1):
            found.append(_line(f"{name}l{number}", line, cell.confidence, place))
    return found


def _stacked(text: str, polygon: Polygon) -> Iterable[tuple[str, Polygon]]:
    """The lines of a cell, each with its share of the height: where exactly they stand is not kept."""
    lines = text.split("\n")
    a, b, c, d = polygon
    for number, line in enumerate(lines):
        top, bottom = number / len(lines), (number + 1) / len(lines)
        yield line, (_between(a, d, top), _between(b, c, top), _between(b, c, bottom), _between(a, d, bottom))


def _between(a: tuple[float, float], b: tuple[float, float], share: float) -> tuple[float, float]:
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])


def _line(name: str, text: str, confidence: float, polygon: Polygon) -> ET.Element:
    box = _box([polygon])
    found = ET.Element("TextLine", {"ID": name} | box)
    found.append(_shape([polygon]))
    string = {"ID": f"{name}s", "CONTENT": _clean(text), "WC": f"{confidence:.4f}"}
    ET.SubElement(found, "String", string | box)
    return found


def _shape(polygons: Sequence[Polygon]) -> ET.Element:
    """The outline: of one text its polygon, of several the box around them."""
    shape = ET.Element("Shape")
    points: Sequence[tuple[float, float]] = polygons[0]
    if len(polygons) > 1:
        (x0, y0), (x1, y1) = _corners(polygons)
        points = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    ET.SubElement(shape, "Polygon", {"POINTS": " ".join(f"{x:g},{y:g}" for x, y in points)})
    return shape


def _box(polygons: Sequence[Polygon]) -> dict[str, str]:
    return _place([_corners(polygons)])


def _corners(polygons: Sequence[Polygon]) -> tuple[tuple[float, float], tuple[float, float]]:
    xs = [x for polygon in polygons for x, _ in polygon]
    ys = [y for polygon in polygons for _, y in polygon]
    return (min(xs), min(ys)), (max(xs), max(ys))


def _place(corners: Sequence[tuple[tuple[float, float], tuple[float, float]]]) -> dict[str, str]:
    ((x0, y0), (x1, y1)) = corners[0]
    return {"HPOS": f"{x0:g}", "VPOS": f"{y0:g}", "WIDTH": f"{x1 - x0:g}", "HEIGHT": f"{y1 - y0:g}"}


def _clean(text: str) -> str:
    """`text` without what XML cannot hold."""
    return "".join(c for c in clean(text) if c not in "\ufffe\uffff").encode("utf-8", "replace").decode()
