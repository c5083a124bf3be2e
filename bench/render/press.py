"""Sets a document of prose, tables and charts on pages, and notes what every line of it is."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from PIL import Image, ImageDraw

from bench.render.fonts import Face, wrap
from bench.render.form import Form
from bench.render.paginate import PageCell, PagePlan, measure, plan
from bench.render.style import Style
from bench.render.typeset import CleanPage, draw_table, head_height, head_lines

_A4 = (210.0, 297.0)
_NO_PLAN = PagePlan((), 0.0, (), False)
_GUTTER = 2.5  # ems between two columns


@dataclass(frozen=True)
class SetLine:
    """A line as set: its box in pixels of the clean page, and what it is (as in the output contract)."""

    text: str
    role: str
    level: int | None
    block: int | None
    box: tuple[float, float, float, float]


@dataclass
class Sheet:
    """A page being set."""

    image: Image.Image
    lines: list[SetLine] = field(default_factory=list)
    cells: list[tuple[int, PageCell]] = field(default_factory=list)
    box: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)

    @property
    def canvas(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.image)

    def clean(self) -> CleanPage:
        """The page as `levels.suffer` takes it; its print is what a turned page must keep."""
        boxes = [line.box for line in self.lines] + [cell.box for _, cell in self.cells]
        ends = [f(b[k] for b in boxes) for k, f in enumerate((min, min, max, max))] if boxes else self.box
        return CleanPage(np.asarray(self.image), _NO_PLAN, "", (ends[0], ends[1], ends[2], ends[3]))


@dataclass(frozen=True)
class PressStyle:
    """How prose is set: type size of the body in pixels, leading in ems; headings by level from 1."""

    body: Face
    headings: tuple[Face, ...]
    title: Face
    leading: float
    centred_levels: int
    running_head: str
    justify: bool


class Press:
    """Sets elements one after the other. Lengths are pixels."""

    def __init__(self, style: Style, press: PressStyle) -> None:
        self.style, self.press = style, press
        self.sheets: list[Sheet] = []
        self.tables: list[tuple[Form, int]] = []
        self.block = 0
        self.new_page()

    def new_page(self, *, landscape: bool = False) -> None:
        self.width, self.height = (round(self.style.px(s)) for s in (_A4[::-1] if landscape else _A4))
        self.sheets.append(Sheet(Image.new("L", (self.width, self.height), 255)))
        self.left, self.right = (
            self.style.px(self.style.margin[0]),
            self.width - self.style.px(self.style.margin[2]),
        )
        self.top, self.bottom = (
            self.style.px(self.style.margin[1]),
            self.height - self.style.px(self.style.margin[3]),
        )
        self.y = self.top

    @property
    def pitch(self) -> float:
        return self.press.body.size * self.press.leading

    def put(
        self,
        face: Face,
        text: str,
        x: float,
        y: float,
        role: str,
        *,
        level: int | None = None,
        block: int | None = None,
        justify: float = 0.0,
    ) -> None:
        """One line with its left end at `x` and its middle at `y`, stretched by `justify` in all."""
        sheet, length = self.sheets[-1], face.length(text)
        if justify > 0 and len(text) > 1:
            step, at = justify / (len(text) - 1), x
            for char in text:
                face.draw(sheet.canvas, at, y, char, self.style.ink)
                at += face.length(char) + step
        else:
            face.draw(sheet.canvas, x, y, text, self.style.ink)
        box = (x, y - face.size / 2, x + length + max(justify, 0.0), y + face.size / 2)
        sheet.lines.append(SetLine(text, role, level, block, box))

    def gap(self, ems: float) -> None:
        self.y += ems * self.press.body.size

    def room(self, height: float) -> None:
        """Begins a page where `height` does not fit any more."""
        if self.y + height > self.bottom:
            self.new_page()

    def centred(self, face: Face, text: str, role: str, level: int | None = None) -> None:
        self.block += 1
        for line in wrap(face, text, (self.right - self.left) * 0.9, keep_words=True):
            self.room(face.size * 1.6)
            x = (self.left + self.right - face.length(line)) / 2
            self.put(face, line, x, self.y + face.size * 0.7, role, level=level, block=self.block)
            self.y += face.size * 1.5

    def heading(self, text: str, level: int) -> None:
        face = self.press.headings[level - 1]
        self.room(3 * self.pitch)
        if level <= self.press.centred_levels:
            self.gap(0.8)
            self.centred(face, text, "heading", level)
            self.gap(0.5)
        else:
            self.paragraph(text, face=face, role="heading", level=level)

    def paragraph(
        self, text: str, *, face: Face | None = None, role: str = "paragraph", level: int | None = None
    ) -> None:
        self.block += 1
        self._lines(text, face or self.press.body, role, level, (self.left, self.right))

    def _lines(
        self, text: str, face: Face, role: str, level: int | None, column: tuple[float, float]
    ) -> None:
        left, right = column
        lines = wrap(face, "\u3000\u3000" + text, right - left, keep_words=True)
        for number, line in enumerate(lines):
            self.room(self.pitch)
            shown = line.lstrip("\u3000")
            x = left + face.length(line) - face.length(shown)
            free = right - x - face.length(shown)
            stretch = free if self.press.justify and number + 1 < len(lines) else 0.0
            self.put(
                face, shown, x, self.y + self.pitch / 2, role, level=level, block=self.block, justify=stretch
            )
            self.y += self.pitch

    def columns(self, texts: Sequence[str]) -> None:
        """Paragraphs in two columns of about equal length, on what is left of the page or a new one."""
        gutter = _GUTTER * self.press.body.size
        half = (self.right - self.left - gutter) / 2
        lines = [len(wrap(self.press.body, "\u3000\u3000" + t, half, keep_words=True)) for t in texts]
        self.room(self.pitch * (sum(lines) / 2 + max(lines)))
        top, lowest, x = self.y, self.y, self.left
        for k, text in enumerate(texts):
            if x == self.left and sum(lines[: k + 1]) > sum(lines) / 2 + 1:
                self.y, x = top, self.left + half + gutter
            self.block += 1
            self._lines(text, self.press.body, "paragraph", None, (x, x + half))
            lowest = max(lowest, self.y)
        self.y = lowest

    def contents(self, entries: Sequence[tuple[str, int, int | None]]) -> None:
        """Entries: text, indent in ems, page number or None."""
        self.centred(self.press.headings[0], "目　录", "heading", 1)
        self.gap(1)
        self.block += 1
        face = self.press.body
        for text, indent, page in entries:
            self.room(self.pitch)
            x, end = self.left + indent * face.size, "" if page is None else str(page)
            free = self.right - x - face.length(text) - face.length(end)
            dots = "" if page is None else "." * max(3, int(free / face.length(".")))
            self.put(face, text + dots + end, x, self.y + self.pitch / 2, "contents", block=self.block)
            self.y += self.pitch

    def table(self, form: Form, style: Style) -> None:
        """A form with its title and captions, from here on and over as many pages as it takes."""
        if form.landscape:
            self.new_page(landscape=True)
        self.gap(0.6)
        measured = measure(form, style, self.width)
        head = head_height(form, style, self.width)
        if self.y + head + sum(measured.heights[:3]) > self.bottom:
            self.new_page(landscape=form.landscape)
        here = replace(style, margin=(style.margin[0], self.y * 25.4 / style.dpi, *style.margin[2:]))
        self.block += 1
        self.tables.append((form, self.block))
        for face, text, x, y in head_lines(form, here, measured, self.width):
            self.put(face, text, x, y, "title" if face == style.title else "caption", block=self.block)
        plans = plan(form, here, measured, round(self.y + head), round(self.top), self.bottom)
        for number, page in enumerate(plans):
            if number:
                self.new_page(landscape=form.landscape)
            sheet = self.sheets[-1]
            draw_table(sheet.canvas, form, here, measured, page, continued=number > 0)
            sheet.cells += [(len(self.tables) - 1, cell) for cell in page.cells]
            self.y = page.bottom + self.pitch
        if form.landscape:
            self.new_page()

    def chart(self, rng: random.Random, labels: Sequence[str], caption: str) -> None:
        """A chart of bars with its labels, and its caption below."""
        face = Face(self.press.body.chain, self.press.body.latin, round(self.press.body.size * 0.75))
        height = self.style.px(rng.uniform(40, 60))
        self.room(height + 4 * self.pitch)
        self.block += 1
        x0, x1 = self.left + self.style.px(12), self.right - self.style.px(12)
        base = self.y + height
        canvas = self.sheets[-1].canvas
        canvas.line([(x0, self.y), (x0, base), (x1, base)], fill=0, width=max(1, round(self.style.pt(1))))
        step = (x1 - x0) / len(labels)
        for k, label in enumerate(labels):
            share, x = rng.uniform(0.2, 0.85), x0 + (k + 0.5) * step
            canvas.rectangle(
                (x - step * 0.22, base - share * height, x + step * 0.22, base), fill=rng.randint(60, 190)
            )
            value = f"{share * 100:.1f}"
            self.put(
                face,
                value,
                x - face.length(value) / 2,
                base - share * height - face.size,
                "other",
                block=self.block,
            )
            self.put(face, label, x - face.length(label) / 2, base + face.size, "other", block=self.block)
        self.y = base + 2 * face.size + self.pitch * 0.4
        self.centred(self.press.body, caption, "caption")

    def furniture(self, *, cover: bool) -> None:
        """Page numbers and running heads, on all pages but the cover."""
        for number, sheet in enumerate(self.sheets[1:] if cover else self.sheets, 1):
            width, height = sheet.image.size
            face = self.style.caption
            if self.style.page_numbers:
                text = self.style.page_numbers.format(number, n=len(self.sheets))
                self._margin_line(
                    sheet,
                    face,
                    text,
                    (width - face.length(text)) / 2,
                    height - self.style.px(11),
                    "page_number",
                )
            if self.press.running_head:
                text, y = self.press.running_head, self.style.px(9)
                self._margin_line(sheet, face, text, (width - face.length(text)) / 2, y, "other")

    def _margin_line(self, sheet: Sheet, face: Face, text: str, x: float, y: float, role: str) -> None:
        face.draw(sheet.canvas, x, y, text, self.style.ink)
        box = (x, y - face.size / 2, x + face.length(text), y + face.size / 2)
        sheet.lines.append(SetLine(text, role, None, None, box))


def heading_faces(rng: random.Random, body: Face) -> tuple[Face, ...]:
    """Faces of the levels 1 to 5: larger and bold above, like the body below."""
    large = round(body.size * rng.uniform(1.3, 1.6))
    bold = [rng.random() < 0.8, rng.random() < 0.5, rng.random() < 0.2]
    sizes = [large, round(body.size * rng.choice([1.0, 1.0, 1.12])), body.size, body.size, body.size]
    return tuple(Face(body.chain, body.latin, size, bold=k < 3 and bold[k]) for k, size in enumerate(sizes))
