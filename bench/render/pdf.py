"""A small PDF writer: one picture per page, with an invisible text layer if wanted.

Written here because the bytes must not change with the clock. Structure after ISO 32000-1:
images as XObjects (8.9), invisible text by rendering mode 3 (9.3.6), a composite font of the
Adobe-GB1 collection that readers know without a font program, written in UTF-16 (9.7.5.2).
"""

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image


@dataclass(frozen=True)
class LayerText:
    """A line of the text layer: its left end and baseline, length and height in pixels from the top left."""

    text: str
    x: float
    y: float
    length: float
    size: float


@dataclass(frozen=True, eq=False)
class PdfPage:
    """A picture of shape (height, width) or (height, width, 3) at `dpi`, and its text layer."""

    pixels: NDArray[np.uint8]
    dpi: float
    bitonal: bool = False
    texts: tuple[LayerText, ...] = ()


def _stream(entries: str, data: bytes) -> bytes:
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _picture(page: PdfPage, quality: int) -> bytes:
    height, width = page.pixels.shape[:2]
    size = f"/Type /XObject /Subtype /Image /Width {width} /Height {height}"
    if page.bitonal:
        data = zlib.compress(np.packbits(page.pixels > 127, axis=1).tobytes(), 6)
        return _stream(f"{size} /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /FlateDecode", data)
    buffer = io.BytesIO()
    Image.fromarray(page.pixels).save(buffer, "JPEG", quality=quality)
    space = "/DeviceGray" if page.pixels.ndim == 2 else "/DeviceRGB"
    return _stream(f"{size} /ColorSpace {space} /BitsPerComponent 8 /Filter /DCTDecode", buffer.getvalue())


def _content(page: PdfPage, width: float, height: float) -> bytes:
    scale = 72 / page.dpi
    parts = [f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /Im Do Q"]
    for line in page.texts:
        code = line.text.encode("utf-16-be").hex()
        size = line.size * scale
        stretch = 100 * line.length * scale / (size * len(line.text))
        x, y = line.x * scale, height - line.y * scale
        parts.append(f"BT 3 Tr /F {size:.3f} Tf {stretch:.2f} Tz {x:.2f} {y:.2f} Td <{code}> Tj ET")
    return _stream("/Filter /FlateDecode", zlib.compress("\n".join(parts).encode()))


_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UTF16-H /Encoding /UniGB-UTF16-H"
    b" /DescendantFonts [4 0 R] >>"
)
_DESCENDANT = (
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 5 0 R"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>"
)
_DESCRIPTOR = (
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
    b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
)


def pdf_bytes(pages: Sequence[PdfPage], quality: int) -> bytes:
    """The document; `quality` is that of the JPEG pictures."""
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        _FONT,
        _DESCENDANT,
        _DESCRIPTOR,
    ]
    kids: list[int] = []
    for page in pages:
        width, height = (s * 72 / page.dpi for s in page.pixels.shape[1::-1])
        picture, content = len(objects) + 1, len(objects) + 2
        objects += [_picture(page, quality), _content(page, width, height)]
        resources = f"<< /XObject << /Im {picture} 0 R >> /Font << /F 3 0 R >> >>"
        box = f"/MediaBox [0 0 {width:.4f} {height:.4f}]"
        entry = f"<< /Type /Page /Parent 2 0 R {box} /Resources {resources} /Contents {content} 0 R >>"
        objects.append(entry.encode())
        kids.append(len(objects))
    listed = " ".join(f"{k} 0 R" for k in kids)
    objects[1] = f"<< /Type /Pages /Kids [{listed}] /Count {len(kids)} >>".encode()
    return _assemble(objects)


def _assemble(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
