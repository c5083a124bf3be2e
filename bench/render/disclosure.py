"""python -m bench.render.disclosure --out DIR --count N --seed S: whole disclosure documents with their truth.

A document has a cover and a contents (or a title alone), sections of prose, tables in the prose and on
pages of their own, a chart, page numbers and perhaps a running head. The truth file is that of
`bench.render.truth`; its pages also have `texts`: text, role, level and block of every line outside tables
(as in the output contract) with its `quad`, and its tables their `block`.
"""

import argparse
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict

from bench.render.content import Office, draw_office, draw_total, goals, plain
from bench.render.damage import Shot
from bench.render.fonts import Face, draw_face
from bench.render.form import Form
from bench.render.layouts import LAYOUTS
from bench.render.levels import LEVELS, Damage, Level, draw_damage, suffer
from bench.render.pdf import PdfPage, pdf_bytes
from bench.render.press import Press, PressStyle, SetLine, heading_faces
from bench.render.style import Style, draw_style
from bench.render.truth import Json, cell_truth, table_truth
from bench.render.words import DATA, common


class Sentences(BaseModel):
    """Schema of `data/disclosure.json`: sentences by subject, with places for the office and its figures."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    rules: tuple[str, ...]
    management: tuple[str, ...]
    income: tuple[str, ...]
    expenditure: tuple[str, ...]
    change: tuple[str, ...]
    running: tuple[str, ...]
    three_public: tuple[str, ...]
    procurement: tuple[str, ...]
    assets: tuple[str, ...]
    measures: tuple[str, ...]
    terms: tuple[str, ...]
    charts: tuple[str, ...]
    running_heads: tuple[str, ...]


@cache
def sentences() -> Sentences:
    return Sentences.model_validate_json((DATA / "disclosure.json").read_bytes())


@dataclass
class Writer:
    """Writes a document about an office into a press."""

    rng: random.Random
    office: Office
    press: Press
    parts: bool

    def say(self, *subjects: tuple[str, ...]) -> None:
        """One paragraph with a sentence, or several, of each subject."""
        total = draw_total(self.rng) + 1000
        part = round(total * self.rng.uniform(0.4, 0.8))
        facts = {"total": plain(total), "part": plain(part), "rest": plain(total - part)}
        chosen = [
            s for subject in subjects for s in self.rng.sample(subject, k=self.rng.randint(1, len(subject)))
        ]
        text = "".join(chosen).format(office=self.office.name, year=self.office.year, **facts)
        self.press.paragraph(text)

    def table(self, layout: str) -> None:
        form = LAYOUTS[layout][0](self.rng, self.office)
        self.press.table(form, _table_style(self.rng, form, self.press.style))

    def listed(self, texts: Sequence[str], mark: str) -> None:
        for number, text in enumerate(texts, 1):
            self.press.paragraph(
                mark.format("一二三四五六七八九十"[number - 1] if "（" in mark else number) + text
            )

    def part(self, number: int, name: str) -> None:
        if not self.parts:
            return
        if self.rng.random() < 0.5:
            self.press.new_page()
        self.press.heading(f"第{'一二三四五'[number - 1]}部分　{name}", 1)

    def overview(self) -> None:
        words, press = common(), self.press
        self.part(1, "部门概况")
        press.heading("一、部门职责及机构设置情况", 2)
        if self.rng.random() < 0.5:
            press.paragraph(f"{self.office.name}负责贯彻落实上级有关方针政策和决策部署，主要职责是：")
        duties = self.rng.sample(words.duties, k=min(len(words.duties), self.rng.randint(4, 8)))
        long = [f"{d}。" + "".join(goals(self.rng, self.office, self.rng.randint(0, 2))) for d in duties]
        self.listed(long, self.rng.choice(["（{}）", "{}.", "{}、"]))
        press.heading("二、机构设置情况", 2)
        press.paragraph(f"{self.office.name}部门预算单位构成见下表。")
        self.table("org_setup")

    def accounts(self) -> None:
        s, press, year = sentences(), self.press, self.office.year
        self.part(2, f"{year}年部门预算情况说明")
        press.heading("三、部门预算安排的总体情况", 2)
        self.say(s.management)
        for number, (name, subject) in enumerate(
            (("收入说明", s.income), ("支出说明", s.expenditure), ("比上年增减情况", s.change))
        ):
            press.heading(f"（{'一二三'[number]}）{name}", 3)
            self.say(subject)
            if name == "支出说明":
                labels = [kind[1][:6] for kind in self.rng.sample(common().economic_codes, k=3)] + ["其他"]
                press.chart(self.rng, labels, f"图1　{year}年{self.rng.choice(s.charts)}（%）")
        press.heading("四、机关运行经费安排情况", 2)
        self.say(s.running, s.management)
        press.heading("五、财政拨款“三公”经费预算情况及增减变化原因", 2)
        self.say(s.three_public)
        press.heading("六、政府采购及国有资产情况", 2)
        for number, subject in enumerate((s.procurement, s.assets), 1):
            press.heading(f"{number}. {('政府采购预算情况', '国有资产占用情况')[number - 1]}", 4)
            self.say(subject)
        self.table("fixed_assets")

    def objectives(self) -> None:
        s, press = sentences(), self.press
        self.part(3, "部门预算绩效目标")
        press.heading("七、总体绩效目标", 2)
        press.paragraph("".join(goals(self.rng, self.office, 3)))
        press.heading("八、工作保障措施", 2)
        self.listed(self.rng.sample(s.measures, k=3), "（{}）")
        press.heading("九、项目绩效目标", 2)
        for _ in range(self.rng.randint(1, 2)):
            self.table(self.rng.choice(["goal_6col", "goal_7col", "three_public", "expenditure_summary"]))

    def terms(self) -> None:
        press, chosen = self.press, self.rng.sample(sentences().terms, k=6)
        self.part(4, "名词解释")
        press.heading("十、名词解释", 2)
        numbered = [f"{k}.{text}" for k, text in enumerate(chosen, 1)]
        if self.rng.random() < 0.4:
            press.columns(numbered)
        else:
            for text in numbered:
                press.paragraph(text)
        press.paragraph(f"特此说明。{self.office.name}将严格执行预算，自觉接受社会监督。")

    def front(self) -> None:
        """Cover and contents, or the title alone."""
        press, office = self.press, self.office
        if not self.parts:
            press.centred(press.press.title, f"{office.name}{office.year}年部门预算信息公开情况说明", "title")
            press.gap(1)
            self.say(sentences().rules)
            return
        press.y = press.height * 0.28
        press.block += 0
        press.centred(press.press.title, f"{office.name}{office.year}年部门预算公开", "title")
        press.y = press.height * 0.72
        press.centred(press.press.body, f"{office.name}编制", "paragraph")
        press.gap(1)
        press.centred(press.press.body, f"{office.year}年{self.rng.randint(1, 4)}月", "paragraph")
        press.new_page()
        press.contents(self.entries())
        press.new_page()

    def entries(self) -> list[tuple[str, int, int | None]]:
        page, found = 1, list[tuple[str, int, int | None]]()
        named = self.rng.random() < 0.5
        names = (
            ("第一部分　部门概况", ("一、部门职责及机构设置情况", "二、机构设置情况")),
            (
                f"第二部分　{self.office.year}年部门预算情况说明",
                (
                    "三、部门预算安排的总体情况",
                    "四、机关运行经费安排情况",
                    "五、财政拨款“三公”经费预算情况及增减变化原因",
                    "六、政府采购及国有资产情况",
                ),
            ),
            ("第三部分　部门预算绩效目标", ("七、总体绩效目标", "八、工作保障措施", "九、项目绩效目标")),
            ("第四部分　名词解释", ("十、名词解释",)),
        )
        for part, sections in names:
            found.append((part, 0, page if named else None))
            for section in sections:
                found.append((section, 2, page))
                page += self.rng.randint(0, 2)
        return found

    def write(self) -> None:
        steps: tuple[Callable[[], None], ...] = (
            self.front,
            self.overview,
            self.accounts,
            self.objectives,
            self.terms,
        )
        for step in steps:
            step()
        self.press.furniture(cover=self.parts)


def _table_style(rng: random.Random, form: Form, style: Style) -> Style:
    """A style for a table that keeps the document's page, rulings apart."""
    drawn = draw_style(rng, form, style.dpi, ("",))
    return replace(
        drawn,
        margin=style.margin,
        ink=style.ink,
        kind="solid",
        open_break=False,
        page_numbers="",
        margin_text="",
    )


def _press(rng: random.Random, office: Office, dpi: int, level: Level) -> Press:
    form = LAYOUTS["org_setup"][0](rng, office)
    style = draw_style(rng, form, dpi, ("",))
    side = rng.uniform(22, 30)
    style = replace(style, margin=(side, rng.uniform(24, 34), side, rng.uniform(24, 32)))
    points = rng.choice([12, 12, 14, 14, 16])
    chain = draw_face(rng, 8)
    body = Face(chain.chain, chain.latin, round(points * dpi / 72))
    title = Face(
        draw_face(rng, 8).chain, None, round(body.size * rng.uniform(1.5, 2.0)), bold=rng.random() < 0.7
    )
    head = rng.choice(sentences().running_heads).format(office=office.name, year=office.year)
    looks = PressStyle(
        body=body,
        headings=heading_faces(rng, body),
        title=title,
        leading=rng.uniform(1.4, 1.9),
        centred_levels=1,
        running_head=head if rng.random() < 0.4 else "",
        justify=rng.random() < 0.6,
    )
    return Press(style, looks)


@dataclass(frozen=True, eq=False)
class MadeDisclosure:
    name: str
    file: str
    data: bytes
    truth: Json


def make(seed: int, index: int, levels: Sequence[Level]) -> MadeDisclosure:
    """Document number `index` of a seed; the same arguments give the same bytes."""
    rng = random.Random(f"disclosure {seed}/{index}")
    level = levels[index % len(levels)]
    office = draw_office(rng)
    dpi = 200 if level == "fax" else rng.choice([150, 200, 200, 300])
    writer = Writer(rng, office, _press(rng, office, dpi, level), rng.random() < 0.6)
    writer.write()
    style = writer.press.style
    hurt: Damage = replace(draw_damage(rng, level, office.name, skew=None, turn=False), half_lines=False)
    shots = [suffer(sheet.clean(), style, hurt, rng) for sheet in writer.press.sheets]
    pages = [PdfPage(shot.pixels, dpi, level == "fax") for shot in shots]
    name = f"{seed}{index:03d}-disclosure-{level}"
    return MadeDisclosure(name, f"{name}.pdf", pdf_bytes(pages, 88), _truth(writer, shots, name, level, dpi))


def _truth(writer: Writer, shots: Sequence[Shot], name: str, level: Level, dpi: int) -> Json:
    press = writer.press
    tables = [table_truth(form) | {"block": block} for form, block in press.tables]
    pages = [
        {
            "title": "",
            "family": "disclosure",
            "source": name,
            "n_rows": 0,
            "n_cols": 0,
            "continued": number > 0,
            "repeated_header": False,
            "cells": [cell_truth(table, cell, shot) for table, cell in sheet.cells],
            "texts": [_line_truth(line, shot) for line in sheet.lines],
            "width": int(shot.pixels.shape[1]),
            "height": int(shot.pixels.shape[0]),
        }
        for number, (sheet, shot) in enumerate(zip(press.sheets, shots, strict=True))
    ]
    facts: Json = {"name": name, "files": [f"{name}.pdf"], "level": level, "dpi": dpi, "turned": 0}
    return facts | {
        "family": "disclosure",
        "source": name,
        "tables": tables,
        "fields": {},
        "indicators": [],
        "pages": pages,
    }


def _line_truth(line: SetLine, shot: Shot) -> Json:
    x0, y0, x1, y1 = line.box
    quad = np.round(shot.move(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float64)), 1)
    return {
        "text": line.text,
        "role": line.role,
        "level": line.level,
        "block": line.block,
        "quad": [[float(x), float(y)] for x, y in quad],
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.render.disclosure", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--levels", nargs="+", choices=LEVELS, default=["clean", "scan", "copy"], help="taken in turn"
    )
    args = parser.parse_args(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    for index in range(args.count):
        made = make(args.seed, index, args.levels)
        (args.out / made.file).write_bytes(made.data)
        text = json.dumps(made.truth, ensure_ascii=False, separators=(",", ":"))
        (args.out / f"{made.name}.truth.json").write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
