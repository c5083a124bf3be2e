"""The same documents under every skew, quarter turn, resolution and depth of colour: what is lost of the structure.

    python -m bench.sweep [--count N] [--seed S] [--level scan] [--axes skew turn dpi] [--workers 2] [--record]

Documents are drawn once and suffer the same damage each time; one thing alone changes: the skew in degrees (both
signs), the quarter turn, or the resolution together with colour, grey or bitonal pixels. Structure is scored page
by page against each rendering's own truth, without reading (`bench.blind`).
"""

import argparse
import multiprocessing
import os
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import cv2
import numpy as np

from bench.record import markdown, plain_command, record, section
from bench.structure import Counts, Spans, count_page, total

Depth = Literal["colour", "grey", "bitonal"]
Axis = Literal["skew", "turn", "dpi"]

SKEWS = (0, 1, 2, 4, 6, 8, 10, 12, 15)
TURNS = (0, 90, 180, 270)
RESOLUTIONS = (100, 150, 200, 300, 400)
_SKEW_OF_OTHERS = 0.6
"""Degrees of skew on the axes that are not about skew: no scan lies quite straight."""


@dataclass(frozen=True)
class Condition:
    """How a document is scanned: skew in degrees, clockwise turn that makes it upright, dpi, pixels."""

    axis: Axis
    skew: float = _SKEW_OF_OTHERS
    turn: int = 0
    dpi: int = 200
    depth: Depth = "grey"

    @property
    def name(self) -> str:
        names = {
            "skew": f"skew {self.skew:+g}°",
            "turn": f"turn {self.turn}°",
            "dpi": f"{self.dpi} dpi {self.depth}",
        }
        return names[self.axis]


def conditions(axes: Sequence[Axis]) -> list[Condition]:
    found: dict[Axis, list[Condition]] = {
        "skew": [Condition("skew", skew=s) for s in sorted({x for k in SKEWS for x in (k, -k)})],
        "turn": [Condition("turn", turn=t) for t in TURNS],
        "dpi": [Condition("dpi", dpi=d, depth=k) for k in get_args(Depth) for d in RESOLUTIONS],
    }
    return [c for axis in axes for c in found[axis]]


@dataclass(frozen=True)
class Plan:
    """Which documents: seed, index and level of damage."""

    seed: int
    index: int
    level: str


def render(plan: Plan, condition: Condition) -> Iterator[tuple[np.ndarray[Any, Any], list[Spans]]]:
    """The document's pages under the condition, as RGB pixels, with the spans of their tables."""
    from bench.render.content import draw_office
    from bench.render.layouts import draw_layout
    from bench.render.levels import LEVELS, draw_damage, suffer
    from bench.render.several import settings, together
    from bench.render.style import draw_style
    from bench.render.words import common

    rng = random.Random(f"{plan.seed}/{plan.index}")
    office = draw_office(rng)
    _, build = draw_layout(rng)
    form = build(rng, office)
    style = draw_style(rng, form, condition.dpi, common().margins)
    level = next(x for x in LEVELS if x == plan.level)
    hurt = draw_damage(rng, level, office.name, skew=0.0, turn=False)
    hurt = replace(hurt, skew=condition.skew, turned=condition.turn, colour=condition.depth == "colour")
    made = settings(form, style)
    for number, page in enumerate(together(made)):
        shot = suffer(page, style, hurt, random.Random(f"{plan.seed}/{plan.index}/{number}"))
        shown = [s.pages[number].plan.cells for s in made if number < len(s.pages)]
        spans = [frozenset((c.row, c.col, c.row_span, c.col_span) for c in cells) for cells in shown if cells]
        yield in_depth(shot.pixels, condition.depth), spans


def in_depth(pixels: np.ndarray[Any, Any], depth: Depth) -> np.ndarray[Any, Any]:
    """RGB pixels that show colours, greys, or black and white alone (threshold by Otsu)."""
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    if depth == "bitonal":
        _, grey = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    if depth == "colour" and pixels.ndim == 3:
        return pixels
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB))


def measure(work: tuple[Plan, Sequence[Condition]]) -> list[tuple[str, Counts]]:
    """One document under every condition; a page that fails counts as one without tables.

    Pages that are not exact are told on stderr.
    """
    import logging

    from bench.blind import blind_reader
    from shenbao.models.stages import PageImage

    plan, chosen = work
    results = []
    with blind_reader(_engine()) as reader:
        for condition in chosen:
            for number, (pixels, spans) in enumerate(render(plan, condition), start=1):
                try:
                    found = reader.tables(PageImage(number, pixels, float(condition.dpi)))
                except Exception:  # a benchmark reports failures and goes on
                    logging.getLogger(__name__).exception("%s %s", plan, condition.name)
                    found = []
                counts = count_page(spans, found)
                if counts.n["right"] < counts.n["tables"] or counts.n["extra"]:
                    print(
                        f"document {plan.index} page {number}, {condition.name}: {dict(counts.n)}",
                        file=sys.stderr,
                    )
                results.append((condition.name, counts))
    return results


_ENGINES: dict[str, Any] = {}


def _engine() -> Any:
    """This process's engine, loaded once, on one thread: every core has a process of its own."""
    from shenbao.ocr.engines import open_engine
    from shenbao.settings import EngineSettings

    if not _ENGINES:
        cv2.setNumThreads(1)
        _ENGINES["one"] = open_engine(EngineSettings(threads=1))
    return _ENGINES["one"]


def rows(chosen: Sequence[Condition], results: Sequence[tuple[str, Counts]]) -> list[list[object]]:
    """Per condition the figures, and how far structure_f1 lies below the first condition of its axis."""
    table: list[list[object]] = []
    first: dict[str, float] = {}
    by_name = {c.name: total(counts for name, counts in results if name == c.name) for c in chosen}
    for condition in sorted(chosen, key=_severity):
        counts = by_name[condition.name]
        f1 = counts.structure_f1
        base = first.setdefault(condition.axis, f1)
        fall = f"{base - f1:+.4f}"
        table.append([condition.name, f1, fall, counts.spans_right, counts.teds_s, counts.n["extra"]])
    order = [c.name for c in chosen]
    return sorted(table, key=lambda row: order.index(str(row[0])))


def _severity(condition: Condition) -> tuple[float, int, int, bool]:
    """Skew 0, turn 0 and 200 dpi grey first: what the others are compared with."""
    return (abs(condition.skew), condition.turn, abs(condition.dpi - 200), condition.depth != "grey")


HEADER = ("", "structure_f1", "fall", "spans_right", "teds_s", "extra tables")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.sweep",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--count", type=int, default=12, help="documents")
    parser.add_argument("--seed", type=int, default=31)
    parser.add_argument("--level", default="scan", choices=("clean", "scan", "seal", "copy", "fax", "phone"))
    parser.add_argument("--axes", nargs="+", choices=get_args(Axis), default=list(get_args(Axis)))
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--record", action="store_true", help="keep the figures in docs/benchmarks.md")
    args = parser.parse_args(argv)
    chosen = conditions(args.axes)
    work = [(Plan(args.seed, i, args.level), chosen) for i in range(args.count)]
    with multiprocessing.get_context("spawn").Pool(args.workers) as pool:
        results = [one for many in pool.imap(measure, work) for one in many]
    pages = len(results) // len(chosen)
    body = f"{args.count} documents, about {pages} pages.\n\n{markdown(HEADER, rows(chosen, results))}"
    print(body)
    if args.record:
        record(section(plain_command("bench.sweep", argv or sys.argv[1:]), body))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
