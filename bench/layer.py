"""Reads PDF pages that have a text layer, by it and by camelot, and scores both.

    python -m bench.layer FOLDER [--camelot] [--real] [--dash ON OFF]

FOLDER holds PDFs and the truth of each beside them. Without `--real`, it is one that `python -m bench.render`
made: every document of it is drawn again as a PDF of lines and text (`bench.drawn_pdf`), which has its truth.
Pages of PDFs go one by one: a truth that says of its tables on which page they stand, names them by page.
`--camelot` reads the same pages by camelot's lattice alone.
"""

import argparse
import io
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.drawn_pdf import drawn_pdf
from bench.real import known_tables
from shenbao.evaluation.scoring import outcomes

Json = dict[str, Any]


@dataclass(frozen=True)
class LayerPage:
    """One page as a PDF of its own, and the tables that stand on it."""

    name: str
    data: bytes
    truth: tuple[Json, ...]


def drawn_pages(folder: Path, dash: tuple[float, float] | None = None) -> Iterator[LayerPage]:
    """Every page of the truths in a folder, drawn; with `dash` its rulings are broken."""
    for path in sorted(folder.glob("*.truth.json")):
        truth = json.loads(path.read_text("utf-8"))
        for number, page in enumerate(truth["pages"], start=1):
            if page.get("turned") or any(not c.get("box") for c in page["cells"]):
                continue
            yield LayerPage(
                f"{truth['name']}:{number}", drawn_pdf([page], truth["dpi"], dash), (_alone(page),)
            )


def _alone(page: Json) -> Json:
    """A page's table in a grid of its own: without the edges that only cells of other pages have."""
    edges = {
        at: sorted({c[at] for c in page["cells"]} | {c[at] + c[span] for c in page["cells"]})
        for at, span in (("r", "rs"), ("c", "cs"))
    }
    at = {axis: {edge: k for k, edge in enumerate(found)} for axis, found in edges.items()}
    cells = [
        c
        | {"r": at["r"][c["r"]], "rs": at["r"][c["r"] + c["rs"]] - at["r"][c["r"]]}
        | {"c": at["c"][c["c"]], "cs": at["c"][c["c"] + c["cs"]] - at["c"][c["c"]]}
        for c in page["cells"]
    ]
    return page | {"cells": cells, "n_rows": len(edges["r"]) - 1, "n_cols": len(edges["c"]) - 1}


def given_pages(folder: Path) -> Iterator[LayerPage]:
    """Every page of the PDFs in a folder that have a truth beside them."""
    import pypdfium2 as pdfium

    for path in sorted(folder.glob("*.pdf")):
        if not path.with_suffix(".truth.json").exists():
            continue
        source = pdfium.PdfDocument(path)
        for index, truth in enumerate(known_tables(path, len(source))):
            single = pdfium.PdfDocument.new()
            single.import_pages(source, [index])
            stream = io.BytesIO()
            single.save(stream)
            yield LayerPage(f"{path.stem}:{index + 1}", stream.getvalue(), truth or ())


@dataclass(frozen=True)
class Result:
    """`scan`: whether the layer was not believed. `right` and `all` count cells, `counted` by confidence;
    `seconds` are of the processor, in all threads."""

    page: LayerPage
    scan: bool
    right: int
    all: int
    counted: Counter[tuple[float, bool]]
    seconds: float
    extra: int


def by_shenbao(reader: Any, page: LayerPage) -> Result:
    start = time.process_time()
    document = reader.read(page.data, name=page.name).model_dump(mode="json")
    seconds = time.process_time() - start
    scan = document["pages"][0]["text_from"] == "picture"
    found = list(outcomes({"tables": page.truth}, document))
    counted = Counter((o.confidence or 0.0, o.right) for o in found if not scan)
    extra = max(0, len(document["tables"]) - len(page.truth))
    return Result(page, scan, sum(o.right for o in found), len(found), counted, seconds, extra)


def by_camelot(page: LayerPage) -> Result:
    """camelot's lattice with its own texts; merged cells are those without a ruling between them."""
    from camelot.io import read_pdf

    start = time.process_time()
    found = read_pdf(io.BytesIO(page.data), pages="1", flavor="lattice", split_text=True)
    seconds = time.process_time() - start
    document = {"tables": [_as_table(table) for table in found], "errors": []}
    read = list(outcomes({"tables": page.truth}, document))
    extra = max(0, len(document["tables"]) - len(page.truth))
    return Result(page, False, sum(o.right for o in read), len(read), Counter(), seconds, extra)


def _as_table(table: Any) -> Json:
    rows, cols = table.shape
    taken: set[tuple[int, int]] = set()
    cells = []
    for r in range(rows):
        for c in range(cols):
            if (r, c) in taken:
                continue
            right, bottom = c, r
            while right + 1 < cols and not table.cells[r][right].right:
                right += 1
            while bottom + 1 < rows and not table.cells[bottom][c].bottom:
                bottom += 1
            block = [(i, k) for i in range(r, bottom + 1) for k in range(c, right + 1)]
            taken |= set(block)
            text = "".join(table.cells[i][k].text for i, k in block)
            spans = {"row_span": bottom - r + 1, "col_span": right - c + 1}
            cells.append({"row": r, "col": c, **spans, "text": text, "confidence": 1.0})
    return {"n_rows": rows, "n_cols": cols, "cells": cells, "title": "", "captions": []}


def summary(results: Sequence[Result]) -> Json:
    cells = sum(r.all for r in results)
    right = sum(r.right for r in results)
    counted: Counter[tuple[float, bool]] = Counter()
    for result in results:
        counted += result.counted
    return {
        "pages": len(results),
        "read as scans": sum(r.scan for r in results),
        "cells": cells,
        "cells right": f"{right / max(1, cells):.5f}",
        "tables too many": sum(r.extra for r in results),
        "processor seconds a page": f"{sum(r.seconds for r in results) / len(results):.3f}",
        "cells right by confidence": {
            str(level): f"{counted[level, True]} of {counted[level, True] + counted[level, False]}"
            for level in sorted({level for level, _ in counted})
        },
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--camelot", action="store_true")
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--dash", nargs=2, type=float, help="points of rulings drawn and left out")
    args = parser.parse_args(argv)
    pages = list(given_pages(args.folder) if args.real else drawn_pages(args.folder, args.dash))
    if args.camelot:
        results = [by_camelot(page) for page in pages]
    else:
        from shenbao import Reader

        reader = Reader()
        reader.read(pages[0].data)
        results = [by_shenbao(reader, page) for page in pages]
    for result in results:
        if result.right < result.all or result.extra or result.scan:
            note = (
                "read as a scan" if result.scan else f"{result.extra} tables too many" if result.extra else ""
            )
            print(f"{result.page.name}: {result.right} of {result.all} {note}", file=sys.stderr)
    print(json.dumps(summary(results), ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
