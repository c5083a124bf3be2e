"""Reads the real documents, made by nobody here, and scores them against their truth.

    python -m bench.real FOLDER [--out DIR] [--match TEXT] [--record]

Every page is read by itself: a PDF page as a picture of 200 dpi without its text layer. Pages with a truth are
scored; in a truth that says of each table on which page it stands, a page without one must give no table. Of
documents without truth the number of tables is shown. `--out` keeps, for every page that is not exact, its
rulings and its grid as pictures. A truth that stops before the last row (`scan_settlement_form`) is compared
with as many rows as it has.
"""

import argparse
import io
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.record import markdown, plain_command, record, section
from bench.structure import Counts, Spans, count_page, found_spans, pair_by_spans, total, truth_spans
from shenbao.evaluation.scoring import outcomes

Json = dict[str, Any]


@dataclass(frozen=True)
class RealPage:
    """One page to read: its document, number from 1, and the truth's tables, None where nobody knows."""

    file: Path
    number: int
    truth: tuple[Json, ...] | None


@dataclass(frozen=True)
class Result:
    """What a page gave: counts of its structure, cells right and all, seconds."""

    page: RealPage
    counts: Counts
    cell_ok: int
    cells: int
    found: int
    seconds: float

    @property
    def exact(self) -> bool:
        n = self.counts.n
        return n["right"] == n["tables"] and not n["extra"]


def known_tables(file: Path, count: int) -> list[tuple[Json, ...] | None]:
    """Per page the truth's tables; None for each page where there is no truth file.

    A file whose name says `no_table` holds none.
    """
    path = file.with_suffix(".truth.json")
    if not path.exists():
        return [() if "no_table" in file.name else None] * count
    tables = json.loads(path.read_text("utf-8"))["tables"]
    return [tuple(t for t in tables if t.get("page", 1) == n) for n in range(1, count + 1)]


def real_pages(folder: Path, match: str) -> Iterator[RealPage]:
    from shenbao.loading import open_source

    for file in sorted(folder.iterdir()):
        if file.name.endswith(".truth.json") or match not in file.name:
            continue
        with open_source(file) as source:
            count = source.facts.page_count
        for number, truth in enumerate(known_tables(file, count), start=1):
            yield RealPage(file, number, truth)


def within(spans: Spans, rows: int) -> Spans:
    """The cells that begin in the first `rows` rows."""
    return frozenset(s for s in spans if s[0] < rows)


def read_page(reader: Any, page: RealPage) -> tuple[Json, list[Any], float]:
    """The document of one page read as a picture, what lay between the stages, and the seconds it took."""
    from PIL import Image

    from shenbao.loading import open_source

    kept: list[Any] = []
    with open_source(page.file) as source:
        image = source.page(page.number)
    picture = io.BytesIO()
    Image.fromarray(image.pixels).save(picture, "PNG", dpi=(image.dpi, image.dpi), compress_level=1)
    started = time.perf_counter()
    document = reader.read(picture.getvalue(), name=page.file.name, keep=kept.append)
    return document.model_dump(mode="json"), kept, time.perf_counter() - started


def judge(page: RealPage, document: Json, seconds: float) -> Result:
    """The page's result; without a truth only its number of tables is known."""
    if page.truth is None:
        return Result(page, Counts(), 0, 0, len(document["tables"]), seconds)
    truths = truth_spans(page.truth)
    found = found_spans(document["tables"])
    if len(truths) == len(found) == 1:
        found = [within(found[0], page.truth[0]["n_rows"])]
    read = list(outcomes({"tables": page.truth}, document))
    counts = count_page(truths, found)
    return Result(page, counts, sum(o.right for o in read), len(read), len(document["tables"]), seconds)


def keep_pictures(result: Result, kept: Sequence[Any], out: Path) -> None:
    from shenbao.show.stages import Stage, draw_stage

    out.mkdir(parents=True, exist_ok=True)
    for page in kept:
        for stage in (Stage.RULINGS, Stage.GRID):
            name = f"{result.page.file.stem}-{result.page.number:02d}-{stage.value}.png"
            draw_stage(page, stage).save(out / name)


def differences(truths: Sequence[Spans], found: Sequence[Spans]) -> list[str]:
    """What is wrong, table by table: cells of the truth that were not found, found ones that are not there."""
    lines = []
    for table, partner in zip(truths, pair_by_spans(truths, found), strict=True):
        have = frozenset() if partner is None else found[partner]
        lines.append(f"missing {sorted(table - have)[:8]} wrong {sorted(have - table)[:8]}")
    return lines


def rows(results: Sequence[Result]) -> list[list[object]]:
    """One row per document, and one for all that has a truth."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(result.page.file.name, []).append(result)
    table = [_row(name, group) for name, group in groups.items()]
    return [*table, _row("all with a truth", [r for r in results if r.page.truth is not None])]


def _row(name: str, group: Sequence[Result]) -> list[object]:
    counts, known = total(r.counts for r in group), any(r.page.truth is not None for r in group)
    cells = sum(r.cells for r in group)
    seconds = f"{sum(r.seconds for r in group) / len(group):.2f}" if group else None
    scores = [counts.n["extra"], counts.spans_right, counts.structure_f1, counts.teds_s]
    return [
        name,
        len(group),
        counts.n["tables"] if known else None,
        sum(r.found for r in group),
        *(
            scores
            if known and counts.n["tables"]
            else [counts.n["extra"] if known else None, None, None, None]
        ),
        sum(r.cell_ok for r in group) / cells if cells else None,
        seconds,
    ]


HEADER = (
    "document",
    "pages",
    "tables",
    "found",
    "extra",
    "spans_right",
    "structure_f1",
    "teds_s",
    "cell_exact",
    "s/page",
)


def main(argv: Sequence[str] | None = None) -> int:
    from shenbao import Reader

    parser = argparse.ArgumentParser(
        prog="python -m bench.real", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, help="keep pictures of pages that are not exact there")
    parser.add_argument("--match", default="", help="only documents whose names hold this")
    parser.add_argument("--record", action="store_true", help="keep the figures in docs/benchmarks.md")
    args = parser.parse_args(argv)
    reader, results = Reader(), []
    for page in real_pages(args.folder, args.match):
        document, kept, seconds = read_page(reader, page)
        result = judge(page, document, seconds)
        results.append(result)
        if not result.exact:
            print(f"{page.file.name} page {page.number}: {result.counts.n}", file=sys.stderr)
            found = found_spans(document["tables"])
            truths = truth_spans(page.truth or ())
            print(*differences(truths, found), sep="\n", file=sys.stderr)
            if args.out:
                keep_pictures(result, kept, args.out)
    body = markdown(HEADER, rows(results))
    print(body)
    if args.record:
        record(section(plain_command("bench.real", argv or sys.argv[1:]), body))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
