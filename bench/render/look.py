"""Contact sheets of a truth folder with every cell's quad drawn, to check a set by eye.

python -m bench.render.look DIR --out SHEET.png [--match TEXT] [--zoom]
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageSequence


def pictures(path: Path, dpi: float) -> Iterator[Image.Image]:
    """The pages of a document as RGB pictures, a PDF's drawn at `dpi`."""
    if path.suffix == ".pdf":
        document = pypdfium2.PdfDocument(path)
        for page in document:
            yield page.render(scale=dpi / 72).to_pil().convert("RGB")
        return
    with Image.open(path) as image:
        for frame in ImageSequence.Iterator(image):
            yield frame.convert("RGB")


def overlays(folder: Path, match: str, *, quads: bool) -> Iterator[Image.Image]:
    """Every page of the folder's documents whose name holds `match`, with its quads."""
    for file in sorted(folder.glob("*.truth.json")):
        if match not in file.name:
            continue
        truth = json.loads(file.read_text("utf-8"))
        for picture, page in zip(
            pictures(folder / truth["files"][0], truth["dpi"]), truth["pages"], strict=True
        ):
            if abs(picture.width - page["width"]) > 1 or abs(picture.height - page["height"]) > 1:
                raise ValueError(
                    f"{file.name}: page is {picture.size}, truth says {page['width']}, {page['height']}"
                )
            draw = ImageDraw.Draw(picture)
            for cell in page["cells"] if quads else ():
                colour = (0, 160, 0) if cell["role"] != "continued" else (255, 120, 0)
                draw.polygon(
                    [tuple(p) for p in cell["quad"]], outline=colour, width=max(1, picture.width // 800)
                )
                draw.ellipse([c + d for d in (-4, 4) for c in cell["quad"][0]], fill=(0, 0, 255))
            yield picture


def sheet(pages: list[Image.Image], columns: int, width: int) -> Image.Image:
    """The pages side by side, each `width` pixels wide."""
    small = [p.resize((width, round(p.height * width / p.width)), Image.Resampling.LANCZOS) for p in pages]
    rows = [small[i : i + columns] for i in range(0, len(small), columns)]
    result = Image.new("RGB", (columns * width, sum(max(p.height for p in r) for r in rows)), (90, 90, 90))
    y = 0
    for row in rows:
        for x, page in enumerate(row):
            result.paste(page, (x * width, y))
        y += max(p.height for p in row)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--match", default="")
    parser.add_argument("--plain", action="store_true", help="without quads")
    parser.add_argument("--columns", type=int, default=4)
    parser.add_argument("--width", type=int, default=500, help="of each page, in pixels")
    parser.add_argument("--limit", type=int, default=12)
    args = parser.parse_args()
    pages = []
    for picture in overlays(args.folder, args.match, quads=not args.plain):
        pages.append(picture)
        if len(pages) == args.limit:
            break
    sheet(pages, args.columns, args.width).save(args.out)


if __name__ == "__main__":
    main()
