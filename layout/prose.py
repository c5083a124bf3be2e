"""Lines and tables of all pages -> the document as blocks: titles, headings, paragraphs, tables in place.

Paragraphs are told by the indent of their first line and the room that their last line leaves; headings
by their numbers (`data/numbering.json`), by what follows them, and by type size.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shenbao.layout.furniture import Place, furniture
from shenbao.layout.numbering import Numbering, is_contents_title, is_figure_caption, numbering
from shenbao.layout.print_lines import Item, PrintLine, ems, measured
from shenbao.models.document import Role, Text
from shenbao.models.plain import plain
from shenbao.models.stages import Box, JoinedTable, PageLines

INDENT = 1.1
"""Ems from which a line is indented."""

FULL = 2.2
"""Ems of room that a line of a paragraph leaves at most before it goes on: signs that may not begin a line,
and words that may not be cut, make the line before them end early."""

LARGE = 1.15
"""Type this much larger than the body's is that of a heading."""

TITLE = 1.3
"""Type this much larger than the body's is that of the document's title."""

HEADING_EMS = 42.0
"""Longest heading in ems."""

CLAUSES_EMS = 26.0
"""Longest heading of two clauses in ems."""

FEW = 6.0
"""Ems below which the type size of a line is not known well."""

LABEL_EMS = 14.0
"""Longest label in a chart, in ems."""

COVER_LINES = 10
"""Most lines of a cover."""


@dataclass(frozen=True)
class Prose:
    """The texts of each page with role, level and block, and the block of each joined table."""

    texts: tuple[tuple[Text, ...], ...]
    tables: tuple[int, ...]


@dataclass(frozen=True)
class Block:
    """Lines of one paragraph, heading or caption; or a table of a page (`table`: page and which).

    The role of a `settled` block is known; others may turn out to be headings.
    """

    lines: tuple[PrintLine, ...] = ()
    table: tuple[int, int] | None = None
    role: Role = "paragraph"
    level: int | None = None
    settled: bool = False

    @property
    def text(self) -> str:
        return "".join(line.text for line in self.lines)

    @property
    def number(self) -> Numbering | None:
        return numbering(self.text) if self.lines else None

    @property
    def is_centred(self) -> bool:
        return all(line.is_centred for line in self.lines)


def compose(pages: Sequence[PageLines], tables: Sequence[JoinedTable]) -> Prose:
    """The document's print with what it is, in reading order.

    Args:
        pages: the pages of the document, in order.
        tables: their tables, joined.
    """
    apart = _apart(pages)
    without = {place for place, role in apart.items() if role != "contents"}
    heads = {(p, i) for p, page in enumerate(pages) for head in page.heads for part in head for i in part}
    items = measured(pages, {**dict.fromkeys(without), **dict.fromkeys(heads - apart.keys())})
    body = _body_size([x for x in items if isinstance(x, PrintLine) and x.place not in apart])
    blocks = _blocks(items, apart, body)
    blocks = _with_titles(blocks, body)
    blocks = _with_headings(blocks, body)
    return _numbered(pages, tables, apart, blocks)


def _apart(pages: Sequence[PageLines]) -> dict[Place, Role]:
    """Lines whose role does not depend on the paragraphs around them."""
    roles = furniture(pages)
    for p, page in enumerate(pages):
        for i, box in enumerate(page.boxes):
            label = (p, i) not in roles and _may_be_label(page.texts[i].text)
            if label and any(_inside(box, figure) for figure in page.figures):
                roles[p, i] = "other"
    return roles


def _may_be_label(text: str) -> bool:
    """Whether a text may stand in a chart; a heading may be there because a seal lies over it."""
    number = numbering(text)
    heading = is_contents_title(text) or (number is not None and number.level <= 3)
    return ems(text) <= LABEL_EMS and not heading


def _inside(box: Box, figure: Box) -> bool:
    """Whether print belongs to a figure: in it, or below or beside it within its own height.

    What reaches further is prose over which something was drawn or stamped.
    """
    y, high = (box[1] + box[3]) / 2, box[3] - box[1]
    across = figure[0] - 2 * high <= box[0] and box[2] <= figure[2] + 2 * high
    return across and figure[1] <= y <= figure[3] + high


def _body_size(lines: Sequence[PrintLine]) -> float:
    """The type size in which most of the document is printed, as a share of the page's height."""
    if not lines:
        return 1.0
    order = sorted(lines, key=lambda line: line.size)
    reached = np.cumsum([line.ems for line in order])
    return order[int(np.searchsorted(reached, reached[-1] / 2))].size


def _blocks(items: Iterable[Item], apart: Mapping[Place, Role], body: float) -> list[Block]:
    blocks: list[Block] = []
    for item in items:
        if not isinstance(item, PrintLine):
            blocks.append(Block(table=item))
        elif item.place in apart:
            if blocks and blocks[-1].role == "contents":
                blocks[-1] = replace(blocks[-1], lines=(*blocks[-1].lines, item))
            else:
                blocks.append(Block((item,), role="contents"))
        elif blocks and blocks[-1].role == "paragraph" and _goes_on(blocks[-1], item, body):
            blocks[-1] = replace(blocks[-1], lines=(*blocks[-1].lines, item))
        else:
            blocks.append(Block((item,)))
    return [replace(b, role="caption") if b.lines and is_figure_caption(b.text) else b for b in blocks]


def _goes_on(block: Block, line: PrintLine, body: float) -> bool:
    """Whether a line continues a paragraph or heading."""
    if not block.lines:
        return False
    last = block.lines[-1]
    same_column = last.column == line.column
    if not _is_one_size(last, line):
        return False
    if same_column and line.y0 - last.y1 > 1.4 * line.em:
        return False
    if same_column and line.y0 < (last.y0 + last.y1) / 2:
        return False  # beside the line before it, in a row
    if last.is_centred and line.is_centred:
        return same_column and line.size > LARGE * body and line.y0 - last.y1 < line.em
    if last.room > FULL or line.indent > INDENT:
        return False
    return numbering(line.text) is None or last.text[-1] not in "。；;"


def _is_one_size(a: PrintLine, b: PrintLine) -> bool:
    """Whether two lines are of one type size; that of a few characters is not known well."""
    most = LARGE if min(a.ems, b.ems) >= FEW else 1.4
    return 1 / most < a.size / b.size < most


def _with_titles(blocks: list[Block], body: float) -> list[Block]:
    """The title of the document: the largest lines of a cover, or large centred lines at its beginning."""
    first = next((b.lines[0].place[0] for b in blocks if b.lines), None)
    begin = [b for b in blocks if b.lines and b.lines[0].place[0] == first]
    if not begin or any(b.table and b.table[0] == first for b in blocks):
        begin = begin[:1]
    count = sum(len(b.lines) for b in begin)
    lines = [line for b in begin for line in b.lines]
    cover = count <= COVER_LINES and all(line.is_centred or line.size > TITLE * body for line in lines)
    largest = max((line.size for b in begin for line in b.lines), default=0.0)
    titles: list[Block] = []
    for block in begin:
        large = min(line.size for line in block.lines) > max(TITLE * body, 0.8 * largest)
        if large and block.role == "paragraph" and not is_contents_title(block.text):
            titles.append(block)
        elif not cover:
            break
    settled = begin if cover and titles else titles
    return [
        replace(b, role="title") if b in titles else replace(b, settled=True) if b in settled else b
        for b in blocks
    ]


def _with_headings(blocks: list[Block], body: float) -> list[Block]:
    """Headings among the paragraphs; items of a list are numbered, too, but nothing stands below them."""
    numbers = [b.number if _is_open(b) else None for b in blocks]
    found: dict[int, int] = {}
    for run in _siblings(numbers):
        looks = sum(_looks_like_heading(blocks[k]) for k in run)
        bare = sum(_is_bare(blocks, numbers, k) for k in run)
        if 2 * looks > len(run) and 2 * bare < max(2, len(run)):
            found |= {k: n.level for k in run if (n := numbers[k]) and _may_be_heading(blocks[k])}
    for k, block in enumerate(blocks):
        if k not in found and _is_open(block) and _stands_out(block, body):
            number = numbers[k]
            found[k] = number.level if number else 1 if block.is_centred else 2
    return [replace(b, role="heading", level=found[k]) if k in found else b for k, b in enumerate(blocks)]


def _is_open(block: Block) -> bool:
    return block.role == "paragraph" and not block.settled and block.table is None


def _siblings(numbers: Sequence[Numbering | None]) -> list[list[int]]:
    """Runs of blocks numbered in one way, each by more than the one before, under one parent."""
    open_runs: dict[int, list[int]] = {}
    done: list[list[int]] = []
    for k, number in enumerate(numbers):
        if number is None:
            continue
        done += [open_runs.pop(level) for level in list(open_runs) if level > number.level]
        run = open_runs.get(number.level)
        last = numbers[run[-1]] if run else None
        if run and last and last.value < number.value:
            run.append(k)
        else:
            if run:
                done.append(run)
            open_runs[number.level] = [k]
    return done + list(open_runs.values())


def _may_be_heading(block: Block) -> bool:
    return len(block.lines) <= 2 and sum(line.ems for line in block.lines) <= HEADING_EMS


def _looks_like_heading(block: Block) -> bool:
    """Short, and no sentence: a heading may end in a full stop, but has none within."""
    text = plain(block.text)
    if "," in text and sum(line.ems for line in block.lines) > CLAUSES_EMS:
        return False
    ends = text[-1:] in ";,:。" and not (text[-1:] == "。" and len(block.lines) == 1)
    return _may_be_heading(block) and not ends and not any(c in text[:-1] for c in "。;")


def _is_bare(blocks: Sequence[Block], numbers: Sequence[Numbering | None], k: int) -> bool:
    """Whether a numbered block has nothing below it: the next block is no lower in rank, or the end."""
    following = next((j for j in range(k + 1, len(blocks))), None)
    if following is None:
        return True
    number, own = numbers[following], numbers[k]
    return bool(own and number and number.level <= own.level)


def _stands_out(block: Block, body: float) -> bool:
    """Whether a block without the support of siblings is a heading by its type and place."""
    text = plain(block.text)
    if not _may_be_heading(block) or len(text) < 2 or text[-1] in "。;:,":
        return False
    if is_contents_title(text):
        return True
    large = min(line.size for line in block.lines) > LARGE * body
    number = block.number
    return large and (block.is_centred or bool(number))


def _numbered(
    pages: Sequence[PageLines],
    tables: Sequence[JoinedTable],
    apart: Mapping[Place, Role],
    blocks: Sequence[Block],
) -> Prose:
    """Blocks counted through the document; a table's title and captions belong to its block."""
    known: dict[Place, tuple[Role, int | None, int | None]] = {p: (r, None, None) for p, r in apart.items()}
    joined = _joined(pages, tables)
    of_table: dict[int, int] = {}
    count = 0
    for block in blocks:
        if block.table is None:
            count += 1
            known |= {line.place: (block.role, block.level, count) for line in block.lines}
            continue
        page, which = block.table
        table = joined.get(block.table)
        if table is None or table not in of_table:
            count += 1
        number = count if table is None else of_table.setdefault(table, count)
        title, captions = pages[page].heads[which]
        parts: tuple[tuple[Role, tuple[int, ...]], ...] = (("title", title), ("caption", captions))
        for role, part in parts:
            known |= {(page, i): (role, None, number) for i in part if (page, i) not in apart}
    texts = tuple(
        tuple(_told(text, known.get((p, i))) for i, text in enumerate(page.texts))
        for p, page in enumerate(pages)
    )
    return Prose(texts, tuple(of_table.get(k, count + 1) for k in range(len(tables))))


def _told(text: Text, known: tuple[Role, int | None, int | None] | None) -> Text:
    role, level, block = known or ("other", None, None)
    return text.model_copy(update={"role": role, "level": level, "block": block})


def _joined(pages: Sequence[PageLines], tables: Sequence[JoinedTable]) -> dict[tuple[int, int], int]:
    """Which joined table each table of a page is part of: both lists are in the order of the pages."""
    found: dict[tuple[int, int], int] = {}
    for p, page in enumerate(pages):
        parts = [k for k, table in enumerate(tables) if page.number in table.pages]
        found |= {(p, which): k for which, k in enumerate(parts)}
    return found
