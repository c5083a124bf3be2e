"""Finds the tables of page pictures with img2table: run as a script, it needs nothing of this project.

    PYTHON bench/peers/img2table_pages.py FOLDER OUT.json [--rotation] [--ocr]

Every *.png of the folder gives {"seconds": ..., "tables": [{"cells": [...]}]} under its name; cells have the
output contract's row, col, row_span, col_span and text. img2table's own defaults throughout; `--rotation` turns
its rotation detection on, `--ocr` has the text read by rapidocr (Chinese, on OpenVINO). The first picture is
done once before the clock starts. Seconds hold everything from reading the file on.
"""

import argparse
import json
import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

Json = dict[str, Any]
Place = tuple[object, ...]


def spanned(rows: Sequence[Sequence[tuple[Place, str]]]) -> list[Json]:
    """Cells with spans from a full raster in which a merged cell stands once in each place, under one key."""
    places: dict[Place, list[tuple[int, int]]] = {}
    texts: dict[Place, str] = {}
    for r, row in enumerate(rows):
        for c, (key, text) in enumerate(row):
            places.setdefault(key, []).append((r, c))
            texts[key] = text
    cells = []
    for key, found in places.items():
        (top, left), (bottom, right) = (
            (pick(r for r, _ in found), pick(c for _, c in found)) for pick in (min, max)
        )
        spans = {"row_span": bottom - top + 1, "col_span": right - left + 1}
        cells.append({"row": top, "col": left, **spans, "text": texts[key]})
    return cells


def _tables(file: Path, rotation: bool, ocr: Any) -> list[Json]:
    from img2table.document import Image

    found = Image(src=str(file), detect_rotation=rotation).extract_tables(ocr=ocr)
    tables = []
    for table in found:
        rows = [
            [((c.bbox.x1, c.bbox.y1, c.bbox.x2, c.bbox.y2), c.value or "") for c in row]
            for row in table.content.values()
        ]
        tables.append({"cells": spanned(rows)})
    return tables


def _reader() -> Any:
    from img2table.ocr import RapidOCR
    from rapidocr import EngineType, LangRec

    engines = {f"{part}.engine_type": EngineType.OPENVINO for part in ("Det", "Cls", "Rec")}
    return RapidOCR(params={"Rec.lang_type": LangRec.CH, "Global.log_level": "error", **engines})


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rotation", action="store_true")
    parser.add_argument("--ocr", action="store_true")
    args = parser.parse_args(argv)
    ocr = _reader() if args.ocr else None
    files, results = sorted(args.folder.glob("*.png")), {}
    _tables(files[0], args.rotation, ocr)  # to load everything; an error here is one of the installation
    for file in files:
        started = time.perf_counter()
        try:
            tables = _tables(file, args.rotation, ocr)
        except Exception:  # a page that the peer cannot do counts as empty
            log.exception("%s", file.name)
            tables = []
        results[file.name] = {"seconds": time.perf_counter() - started, "tables": tables}
    args.out.write_text(json.dumps(results, ensure_ascii=False), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
