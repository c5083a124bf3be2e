"""How a document is set: sizes in points or millimetres, rulings, alignment. One draw per document."""

import random
from dataclasses import dataclass
from typing import Literal

from bench.render.fonts import Face, draw_face
from bench.render.form import Form

RulingKind = Literal["solid", "dotted", "double"]


@dataclass(frozen=True)
class Style:
    """`ruling` and `frame` are thicknesses in points; `ink` and `ruling_ink` grey levels (0 black).

    `margin` left, top, right, bottom and `padding` across, down in millimetres; `leading` in ems.
    `least_row` is the least row height in millimetres. `cut_rows` lets a page break cut a row;
    `carry` prints a merged label again on the next page; `open_break` leaves the break unruled.
    """

    dpi: int
    face: Face
    bold: Face
    title: Face
    caption: Face
    ruling: float
    frame: float
    kind: RulingKind
    ink: int
    ruling_ink: int
    tint: tuple[int, int, int]
    margin: tuple[float, float, float, float]
    padding: tuple[float, float]
    leading: float
    least_row: float
    bold_labels: bool
    center_text: bool
    keep_words: bool
    shade: int
    cut_rows: bool
    carry: bool
    open_break: bool
    repeat_header: bool
    top_align: bool
    page_numbers: str
    margin_text: str
    bottom_limit: float

    def px(self, millimetres: float) -> float:
        return millimetres * self.dpi / 25.4

    def pt(self, points: float) -> float:
        return points * self.dpi / 72


_TINTS = ((0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0), (28, 32, 92), (60, 30, 30), (20, 60, 50))


def draw_style(rng: random.Random, form: Form, dpi: int, margin_texts: tuple[str, ...]) -> Style:
    """A style at random that suits the form's size."""
    points = form.size + rng.choice([-1, -0.5, 0, 0, 0, 0.5, 1, 1.5 if form.n_cols < 9 else 0])
    # Below 7 pt or 17 px no reader, human or other, is expected to read a copy.
    size = max(round(points * dpi / 72), round(7 * dpi / 72), 15)
    face = draw_face(rng, size)
    heavy = rng.random()
    ruling = (
        rng.uniform(0.35, 0.5)
        if heavy < 0.15
        else rng.uniform(1.1, 1.6)
        if heavy > 0.88
        else rng.uniform(0.5, 1)
    )
    special = rng.random()
    kind: RulingKind = "dotted" if special < 0.04 else "double" if special < 0.06 else "solid"
    side = rng.uniform(12, 26)
    return Style(
        dpi=dpi,
        face=face,
        bold=Face(face.chain, face.latin, size, bold=True),
        title=Face(
            draw_face(rng, 8).chain, None, round(size * rng.uniform(1.3, 1.8)), bold=rng.random() < 0.7
        ),
        caption=Face(face.chain, face.latin, round(size * rng.choice([0.85, 1, 1]))),
        ruling=ruling,
        frame=ruling * rng.choice([1, 1, 1, 2]),
        kind=kind,
        ink=rng.choice([0, 0, 0, 20, 45]),
        ruling_ink=rng.choice([0, 0, 0, 30, 60, 120, 165]),
        tint=rng.choice(_TINTS),
        margin=(side, rng.uniform(14, 32), side * rng.uniform(0.8, 1.2), rng.uniform(18, 28)),
        padding=(rng.uniform(0.7, 2.0), rng.uniform(0.4, 2.2)),
        leading=rng.uniform(1.12, 1.5),
        least_row=rng.choice([0, 5, 6.5, 8, 10]),
        bold_labels=rng.random() < 0.25,
        center_text=rng.random() < 0.45,
        keep_words=rng.random() < 0.75,
        shade=rng.choice([255] * 9 + [225]),
        cut_rows=rng.random() < 0.45,
        carry=rng.random() < 0.12,
        open_break=rng.random() < 0.1,
        repeat_header=rng.random() < 0.8,
        top_align=rng.random() < 0.08,
        page_numbers=rng.choice(["- {} -", "— {} —", "{}", "第{}页", "第 {} 页 共 {n} 页", ""]),
        margin_text=rng.choice(margin_texts) if rng.random() < 0.3 else "",
        bottom_limit=rng.choice([1.0, 1.0, 1.0, 0.8, 0.6]),
    )
