"""Reads PDF pages that have a text layer, by it and by camelot, and scores both.

    python -m bench.layer FOLDER ... [--camelot] [--real] [--dash ON OFF] [--match TEXT] [--workers N]

FOLDER holds PDFs and the truth of each beside them. Without `--real`, it is one that `python -m bench.render`
made: every document of it is drawn again as a PDF of lines and text (`bench.drawn_pdf`), which has its truth.
Pages of PDFs go one by one: a truth that says of its tables on which page they stand, names them by page.
`--match` takes only documents whose names hold a text. `--camelot` reads the same pages by camelot's lattice alone.

Pages a second are told by the wall clock, from file to document, with `--workers` processes of one thread each that have
their models loaded; processor seconds are those of all threads.
"""

import argparse
import io
import json
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench.drawn_pdf import drawn_pdf
from bench.real import known_tables
from shenbao.evaluation.scoring import outcomes
from shenbao.loading.lattice import merged_cells

Json = dict[str, Any]


@dataclass(frozen=True)
class LayerPage:
    """One page as a PDF of its own, and the tables that stand on it."""

    name: str
    data: bytes
    truth: tuple[Json, ...]


def drawn_pages(
    folder: Path, dash: tuple[float, float] | None = None, match: str = ""
) -> Iterator[LayerPage]:
    """Every page of the truths in a folder, drawn; with `dash` its rulings are broken."""
    for path in _named(folder, "*.truth.json", match):
        truth = json.loads(path.read_text("utf-8"))
        for number, page in enumerate(truth["pages"], start=1):
            if page.get("turned") or any(not c.get("box") for c in page["cells"]):
                continue
            yield LayerPage(
                f"{truth['name']}:{number}", drawn_pdf([page], truth["dpi"], dash), (_alone(page),)
            )


def _named(folder: Path, pattern: str, match: str) -> list[Path]:
    return [path for path in sorted(folder.glob(pattern)) if match in path.name]


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


def given_pages(folder: Path, match: str = "") -> Iterator[LayerPage]:
    """Every page of the PDFs in a folder that have a truth beside them."""
    import pypdfium2 as pdfium

    for path in _named(folder, "*.pdf", match):
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
    cells = [
        {"row": c.row, "col": c.col, "row_span": c.row_span, "col_span": c.col_span}
        | {"text": c.text, "confidence": 1.0}
        for c in merged_cells(table)
    ]
    rows, cols = table.shape
    return {"n_rows": rows, "n_cols": cols, "cells": cells, "title": "", "captions": []}


_own: dict[str, Any] = {}
"""What a worker process holds: its `read`."""


def _read(page: LayerPage) -> Result:
    result: Result = _own["read"](page)
    return result


def _begin(first: LayerPage, camelot: bool, all_up: Any) -> None:
    """Prepares a worker process: models are loaded and camelot is imported before the clock starts."""
    import cv2

    cv2.setNumThreads(1)
    _own["read"] = _way(camelot, threads=1)
    _read(first)
    all_up.wait()


def _way(camelot: bool, threads: int = 0) -> Callable[[LayerPage], Result]:
    if camelot:
        return by_camelot
    from shenbao import Reader, Settings
    from shenbao.settings import EngineSettings

    return partial(by_shenbao, Reader(Settings(engine=EngineSettings(threads=threads))))


def measure(pages: Sequence[LayerPage], camelot: bool, workers: int) -> tuple[list[Result], float]:
    """The results of all pages, and seconds of the wall clock."""
    if workers == 1:
        read = _way(camelot)
        read(pages[0])
        start = time.perf_counter()
        return [read(page) for page in pages], time.perf_counter() - start
    context = multiprocessing.get_context("spawn")
    all_up = context.Barrier(workers + 1)
    with context.Pool(workers, _begin, (pages[0], camelot, all_up)) as pool:
        all_up.wait()
        start = time.perf_counter()
        return list(pool.imap(_read, pages)), time.perf_counter() - start


def summary(results: Sequence[Result], wall: float) -> Json:
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
        "pages a second": f"{len(results) / wall:.2f}",
        "cells right by confidence": {
            str(level): f"{counted[level, True]} of {counted[level, True] + counted[level, False]}"
            for level in sorted({level for level, _ in counted})
        },
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+", metavar="folder")
    parser.add_argument("--camelot", action="store_true")
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--dash", nargs=2, type=float, help="points of rulings drawn and left out")
    parser.add_argument("--match", default="", help="only documents whose names hold this")
    parser.add_argument("--workers", type=int, default=1, help="processes that read at once")
    args = parser.parse_args(argv)
    pages = [
        page
        for folder in args.folders
        for page in (
            given_pages(folder, args.match) if args.real else drawn_pages(folder, args.dash, args.match)
        )
    ]
    if not pages:
        parser.error("no page to read")
    results, wall = measure(pages, args.camelot, args.workers)
    for result in results:
        if result.right < result.all or result.extra or result.scan:
            note = (
                "read as a scan" if result.scan else f"{result.extra} tables too many" if result.extra else ""
            )
            print(f"{result.page.name}: {result.right} of {result.all} {note}", file=sys.stderr)
    print(json.dumps(summary(results, wall), ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
