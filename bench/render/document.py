"""Makes one document from a seed: content, style, pages, damage, file and truth."""

import io
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from PIL import Image

from bench.render.coloured import RulingColour, coloured_pages
from bench.render.content import draw_office
from bench.render.damage import Shot
from bench.render.form import Form
from bench.render.layouts import draw_layout
from bench.render.levels import Damage, Level, draw_damage, suffer, worsened
from bench.render.pdf import LayerText, PdfPage, pdf_bytes
from bench.render.scramble import scrambled
from bench.render.several import Setting, settings, together
from bench.render.style import Style, draw_style
from bench.render.truth import Json, truth
from bench.render.typeset import text_lines
from bench.render.words import common

Rulings = Literal["faint", "thick", "dotted", "double"]

_RULINGS: dict[Rulings, dict[str, Any]] = {
    "faint": {"ruling": 0.4, "frame": 0.4, "ruling_ink": 165, "kind": "solid"},
    "thick": {"ruling": 1.6, "frame": 2.4, "ruling_ink": 0, "kind": "solid"},
    "dotted": {"ruling": 0.7, "frame": 0.7, "kind": "dotted"},
    "double": {"ruling": 0.5, "frame": 0.5, "kind": "double"},
}


@dataclass(frozen=True)
class Order:
    """What is wanted; `layouts`, `dpis`, `skew` (degrees) and `rulings` narrow the draw when given.

    `seals` sets how many each page has, None leaves it to the level; `handwriting` writes on every page.
    `ruling_colours` are taken in turn, one a document. `scramble` is the share of cells with other words.
    `worse` makes copies and faxes mostly of the worst kind.
    """

    seed: int
    levels: tuple[Level, ...]
    dpis: tuple[int, ...] = ()
    layouts: tuple[str, ...] = ()
    skew: float | None = None
    turn_share: float = 0.08
    rulings: Rulings | None = None
    coloured_ink: bool = False
    seals: int | None = None
    handwriting: bool = False
    ruling_colours: tuple[RulingColour, ...] = ()
    scramble: float = 0.0
    worse: bool = False


@dataclass(frozen=True, eq=False)
class Made:
    """A finished document: its file name and bytes, truth, and how it was made."""

    file: str
    data: bytes
    truth: Json
    recipe: Json
    shots: tuple[Shot, ...]
    settings: tuple[Setting, ...]

    @property
    def name(self) -> str:
        return str(self.truth["name"])


_DPI_WEIGHTS = {100: 0.4, 150: 3.0, 200: 5.0, 300: 3.0, 400: 0.4}


def _draw_dpi(rng: random.Random, order: Order, level: Level, form: Form) -> int:
    if level == "fax":
        return 200
    pool = order.dpis or tuple(_DPI_WEIGHTS)
    dpi = rng.choices(pool, [_DPI_WEIGHTS.get(d, 1.0) for d in pool])[0]
    # Sixteen narrow columns cannot be printed legibly for a coarse scan.
    return dpi if order.dpis or form.n_cols < 12 else max(dpi, 200)


_PALEST_RULING = {"fax": 45, "copy": 110}
_THINNEST_FAX = 0.6  # points: thinner lines fall between the scan lines, and no grid is left


def _as_ordered(style: Style, order: Order, level: Level) -> Style:
    """The style with the ordered rulings and ink, its rulings strong enough to outlive the level."""
    if order.rulings:
        style = replace(style, **_RULINGS[order.rulings])
    if order.coloured_ink and style.tint == (0, 0, 0):
        style = replace(style, tint=(28, 32, 92))
    palest, thinnest = _PALEST_RULING.get(level, 255), _THINNEST_FAX if level == "fax" else 0.0
    return replace(style, ruling_ink=min(style.ruling_ink, palest), ruling=max(style.ruling, thinnest))


def make(order: Order, index: int) -> Made:
    """Document number `index` of an order; the same order and index give the same bytes."""
    rng = random.Random(f"{order.seed}/{index}")
    level = order.levels[index % len(order.levels)]
    office = draw_office(rng)
    layout, build = draw_layout(rng, order.layouts)
    form = build(rng, office)
    if order.scramble:
        form = scrambled(form, random.Random(f"{order.seed}/{index}/words"), order.scramble)
    style = draw_style(rng, form, _draw_dpi(rng, order, level, form), common().margins)
    style = _as_ordered(style, order, level)
    turn = level not in ("clean", "fax") and rng.random() < order.turn_share
    hurt = draw_damage(rng, level, office.name, skew=order.skew, turn=turn)
    if order.worse:
        hurt = worsened(hurt, rng)
    if order.seals is not None:
        hurt = replace(hurt, seals=order.seals)
    by_hand = random.Random(f"{order.seed}/{index}/hand") if order.handwriting else None
    made = settings(form, style)
    colour = order.ruling_colours[index % len(order.ruling_colours)] if order.ruling_colours else None
    pages = (
        coloured_pages(made, colour, random.Random(f"{order.seed}/{index}/lines"))
        if colour
        else together(made)
    )
    shots = [suffer(page, style, hurt, rng, by_hand) for page in pages]
    suffix, data = _file(rng, made, style, hurt, shots)
    layer = "-text" if suffix == ".text.pdf" else ""
    name = f"{order.seed}{index:03d}-{layout}-{level}{layer}" + (f"-turn{hurt.turned}" if hurt.turned else "")
    name += f"-{colour}" if colour else ""
    file = name + suffix.removeprefix(".text")
    facts = truth(
        made,
        shots,
        name=name,
        file=file,
        level=level,
        dpi=style.dpi,
        turned=hurt.turned,
        source=f"seed{order.seed}-{index:03d}",
    )
    return Made(file, data, facts, _recipe(style, hurt), tuple(shots), tuple(made))


def _recipe(style: Style, hurt: Damage) -> Json:
    return {
        "font": style.face.chain[0].family,
        "latin": style.face.latin.family if style.face.latin else None,
        "font_px": style.face.size,
        "ruling_pt": round(style.ruling, 2),
        "ruling_kind": style.kind,
        "ruling_grey": style.ruling_ink,
        "ink": list(style.tint),
        "skew": round(hurt.skew, 3),
        "turned": hurt.turned,
        "seals": hurt.seals,
        "half_lines": hurt.half_lines,
        "hardness": round(hurt.hard, 3),
        "cut_rows": style.cut_rows,
        "repeat_header": style.repeat_header,
        "open_break": style.open_break,
    }


def _file(
    rng: random.Random,
    made: Sequence[Setting],
    style: Style,
    hurt: Damage,
    shots: Sequence[Shot],
) -> tuple[str, bytes]:
    """The file's suffix and bytes; several pages go into a PDF or TIFF."""
    quality = {"clean": 95, "phone": rng.randint(60, 90)}.get(hurt.level, rng.randint(55, 92))
    kind = rng.random()
    if hurt.level == "fax" and kind < 0.8:
        return ".tiff", _tiff(shots, (200.0, 100.0 if hurt.half_lines else 200.0), "group4")
    text_layer = hurt.level == "clean" and rng.random() < 0.4 and not hurt.turned and not hurt.skew
    # A PDF page has one dpi for both ways, so a fax of half lines is never put into one.
    if not hurt.half_lines and (len(shots) > 1 or kind < 0.35 or text_layer):
        if kind > 0.92 and not text_layer:
            return ".tif", _tiff(shots, (style.dpi, style.dpi), "jpeg")
        texts = [_layer(made, i) if text_layer else () for i in range(len(shots))]
        pages = [
            PdfPage(shot.pixels, style.dpi, hurt.level == "fax", layer)
            for shot, layer in zip(shots, texts, strict=True)
        ]
        return (".text.pdf" if text_layer else ".pdf"), pdf_bytes(pages, quality)
    if hurt.half_lines:
        return ".tiff", _tiff(shots, (200.0, 100.0), "group4")
    if hurt.level == "clean" or kind > 0.9:
        return ".png", _picture(shots[0], "PNG", dpi=(style.dpi, style.dpi), compress_level=3)
    dpi = (style.dpi, style.dpi) if rng.random() < 0.5 else (0, 0)
    return ".jpg", _picture(shots[0], "JPEG", dpi=dpi, quality=quality)


def _picture(shot: Shot, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(shot.pixels).save(buffer, kind, **options)
    return buffer.getvalue()


def _tiff(shots: Sequence[Shot], dpi: tuple[float, float], compression: str) -> bytes:
    images = [Image.fromarray(s.pixels) for s in shots]
    if compression == "group4":
        images = [Image.fromarray(np.asarray(s.pixels > 127)) for s in shots]
    buffer = io.BytesIO()
    images[0].save(buffer, "TIFF", save_all=True, append_images=images[1:], compression=compression, dpi=dpi)
    return buffer.getvalue()


def _layer(made: Sequence[Setting], number: int) -> tuple[LayerText, ...]:
    return tuple(
        LayerText(line, x, y + size * 0.38, max(length, 1.0), size)
        for setting in made
        if number < len(setting.pages)
        for line, x, y, length, size in text_lines(setting.form, setting.style, setting.pages[number])
        if line.strip()
    )


def write(made: Made, folder: Path) -> None:
    """The document's file and its truth file."""
    (folder / made.file).write_bytes(made.data)
    text = json.dumps(made.truth, ensure_ascii=False, separators=(",", ":"))
    (folder / f"{made.name}.truth.json").write_text(text, "utf-8")
