"""The report of an evaluation: PNG pictures, and one HTML page that holds everything."""

import base64
import io
from collections import defaultdict
from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np
from PIL import Image

from shenbao.errors import ShenbaoError
from shenbao.evaluation.confusions import Case, Confusion, confusions, examples
from shenbao.evaluation.plots import plots
from shenbao.evaluation.scoring import Json, Report, Summary
from shenbao.loading import open_source
from shenbao.models.stages import Image as Pixels
from shenbao.storing import store

_CONFUSIONS, _CASES = 24, 3
_CROP_HEIGHT, _CROP_WIDTH = 56, 360
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;color:#23262f;max-width:1300px;margin:2em auto;padding:0 1em}
table{border-collapse:collapse;font-size:13px}th,td{padding:.2em .7em;text-align:right;border-bottom:1px solid #e4e7ed}
th:first-child,td:first-child{text-align:left}.plots{display:flex;flex-wrap:wrap;align-items:flex-start;gap:1em;margin:1em 0}
.plots img{border:1px solid #e4e7ed;border-radius:6px}.case{display:inline-block;vertical-align:top;margin:.4em .8em .4em 0;
padding:.5em;border:1px solid #e4e7ed;border-radius:6px;font-size:13px}.case img{display:block;max-width:360px;margin-bottom:.3em}
h3{margin:1.2em 0 .2em}small{color:#6e7480}
"""


def write_report(report: Report, truths: Path, folder: Path) -> list[Path]:
    """Writes the PNG pictures and `index.html` into a folder, which is made; returns the files.

    Args:
        truths: where the truth files lie, and beside them the documents that the crops are cut from.

    Raises:
        OutputError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = confusions(report)
    pictures = {name: _png(picture) for name, picture in plots(report, found).items()}
    for name, data in pictures.items():
        store(folder / f"{name}.png", data)
    shown = examples(found, _CONFUSIONS, _CASES)
    crops = cut_out([case for _, cases in shown for case in cases], truths)
    body = [
        _figures(report.figures),
        _pictures(pictures),
        *(_confusion(c, cases, crops) for c, cases in shown),
    ]
    store(folder / "index.html", _page("".join(body)).encode())
    return [folder / f"{name}.png" for name in pictures] + [folder / "index.html"]


def cut_out(cases: Sequence[Case], truths: Path) -> dict[Case, Image.Image]:
    """The first region of each case's cell, cut upright from its source page; without those that fail."""
    wanted: dict[Path, list[tuple[int, Json, Case]]] = defaultdict(list)
    for case in cases:
        region = _region(case)
        files = case.document.truth.get("files")
        if region is not None and files:
            wanted[truths / files[0]].append((region["page"], region, case))
    crops: dict[Case, Image.Image] = {}
    for file, places in wanted.items():
        try:
            with open_source(file) as source:
                pages = {number: source.page(number).as_filed for number in {p[0] for p in places}}
        except ShenbaoError:
            continue
        for number, region, case in places:
            crops[case] = upright(pages[number], region["polygon"])
    return crops


def _region(case: Case) -> Json | None:
    if case.outcome.where is None:
        return None
    table, row, col = case.outcome.where
    cells = case.document.output["tables"][table]["cells"]
    cell = next(c for c in cells if (c["row"], c["col"]) == (row, col))
    regions = cell.get("regions") or [None]
    region: Json | None = regions[0]
    return region


def upright(pixels: Pixels, polygon: Sequence[Sequence[float]]) -> Image.Image:
    """What stands inside a polygon (clockwise from the top left of the text, in pixels), as a rectangle."""
    corners = np.array(polygon, float)
    width, height = (float(np.hypot(*(corners[i] - corners[0]))) for i in (1, 3))
    scale = min(_CROP_WIDTH / max(1.0, width), max(1.0, _CROP_HEIGHT / max(1.0, height)), 2.0)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    a, b, c, d = corners.tolist()
    quad = (*a, *d, *c, *b)  # Pillow wants them anticlockwise
    return Image.fromarray(pixels).transform(size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC)


def _png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _embedded(data: bytes, words: str) -> str:
    return f'<img src="data:image/png;base64,{base64.b64encode(data).decode()}" alt="{escape(words)}">'


def _figures(figures: dict[str, Summary]) -> str:
    def show(value: float | None) -> str:
        return "–" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value)

    head = "".join(f"<th>{escape(level)}</th>" for level in figures)
    rows = "".join(
        f"<tr><td>{key}</td>"
        + "".join(f"<td>{show(column[key])}</td>" for column in figures.values())
        + "</tr>"
        for key in figures["all"]
    )
    return f"<table><tr><th></th>{head}</tr>{rows}</table>"


def _pictures(pictures: dict[str, bytes]) -> str:
    return (
        '<div class="plots">' + "".join(_embedded(data, name) for name, data in pictures.items()) + "</div>"
    )


def _confusion(confusion: Confusion, cases: Sequence[Case], crops: dict[Case, Image.Image]) -> str:
    boxes = "".join(_case(case, crops.get(case)) for case in cases)
    return f"<h3>{escape(confusion.title)} <small>{confusion.count} ×</small></h3>{boxes}"


def _case(case: Case, crop: Image.Image | None) -> str:
    o = case.outcome
    picture = "" if crop is None else _embedded(_png(crop), o.want)
    sure = "" if o.confidence is None else f"{o.confidence:.4f}"
    name = escape(case.document.name)
    return f'<div class="case">{picture}{escape(o.want)} → {escape(o.have or "∅")}<br><small>{sure} {name}</small></div>'


def _page(body: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>shenbao: evaluation</title>'
        f"<style>{_STYLE}</style><h1>Evaluation</h1>{body}</html>\n"
    )
