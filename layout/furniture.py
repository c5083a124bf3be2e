"""Lines that are no text of the document: page numbers, running heads, entries of its contents.

A running head is told by its return: the same words at the same height of several pages.
"""

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from shenbao.layout.numbering import is_contents_entry, is_contents_title, is_page_number
from shenbao.layout.order import rows as page_rows
from shenbao.models.document import Role
from shenbao.models.plain import plain
from shenbao.models.stages import Box, PageLines

Place = tuple[int, int]
"""Page, from 0, and place in the page's texts."""

MARGIN = 0.14
"""Share of the page's height at either end in which page numbers and running heads stand."""

SAME_HEIGHT = 0.02
"""Share of the page's height within which lines of two pages stand at one height."""

ALIKE = 80.0
"""Likeness (0 to 100) of running heads, one read on each page."""

HEAD_PAGES = 3
"""Fewest pages on which a running head returns."""

ENTRIES = 4
"""Rows of a contents that show without a heading 目录 what they are."""


def furniture(pages: Sequence[PageLines]) -> dict[Place, Role]:
    """The roles of page numbers, running heads (`other`) and entries of contents."""
    roles: dict[Place, Role] = {}
    rows = [page_rows(range(len(page.boxes)), page.boxes) for page in pages]
    for p, page in enumerate(pages):
        for row in _outer_rows(page, rows[p]):
            for i in row:
                if is_page_number(page.texts[i].text):
                    roles[p, i] = "page_number"
    roles |= dict.fromkeys(_running(pages, rows, roles), "other")
    inside = False
    for p, page in enumerate(pages):
        free = [[i for i in row if (p, i) not in roles] for row in rows[p]]
        entries = _contents(page, [row for row in free if row], inside)
        roles |= dict.fromkeys(((p, i) for i in entries), "contents")
        inside = bool(entries)
    return roles


def _outer_rows(page: PageLines, rows: Sequence[list[int]]) -> list[list[int]]:
    """The first and last row of the page where they stand in its margins."""
    outer = [rows[k] for k in {0, len(rows) - 1} if rows]
    return [row for row in outer if _in_margin(page, page.boxes[row[0]])]


def _in_margin(page: PageLines, box: Box) -> bool:
    return box[1] < MARGIN * page.height or box[3] > (1 - MARGIN) * page.height


def _running(
    pages: Sequence[PageLines], rows: Sequence[list[list[int]]], known: Mapping[Place, Role]
) -> set[Place]:
    """Lines in the margins whose words return at the same height, and what stands beside them.

    The title and captions of a table return with it; they count only where the words stand over pages
    without a table, too.
    """
    groups: list[list[Place]] = []
    for p, page in enumerate(pages):
        outer = {i for row in (*rows[p][:2], *rows[p][-2:]) for i in row}
        for i in sorted(outer):
            if (p, i) in known or not _in_margin(page, page.boxes[i]):
                continue
            group = next((g for g in groups if _same(pages, g[-1], (p, i))), None)
            if group is None:
                groups.append([(p, i)])
            else:
                group.append((p, i))
    found: set[Place] = set()
    for group in groups:
        free = any(not _heads_table(pages[p], i) for p, i in group)
        if free and len({p for p, _ in group}) >= HEAD_PAGES:
            found.update((p, j) for p, i in group for row in rows[p] if i in row for j in row)
    return found - known.keys()


def _heads_table(page: PageLines, i: int) -> bool:
    return any(i in title or i in captions for title, captions in page.heads)


def _same(pages: Sequence[PageLines], one: Place, other: Place) -> bool:
    if one[0] == other[0]:
        return False
    a, b = (pages[p] for p, _ in (one, other))
    ya, yb = (sum(page.boxes[i][1::2]) / 2 / page.height for page, (_, i) in ((a, one), (b, other)))
    if abs(ya - yb) > SAME_HEIGHT:
        return False
    first, second = (_words(page.texts[i].text) for page, (_, i) in ((a, one), (b, other)))
    return len(first) > 2 and fuzz.ratio(first, second) >= ALIKE


def _words(text: str) -> str:
    return "".join(c for c in plain(text) if not c.isdigit())


def _contents(page: PageLines, rows: Sequence[Sequence[int]], inside: bool) -> list[int]:
    """The lines of a contents on a page; `inside`: the page before was one.

    They begin under the heading 目录, or with the first entry, and end with the last one: headings stand
    among the entries.
    """
    entries = [k for k, row in enumerate(rows) if _is_entry(page, row)]
    title = next((k for k, row in enumerate(rows) if is_contents_title(_text(page, row))), None)
    if title is not None:
        numbered = (k for k, row in enumerate(rows) if _text(page, row)[-1:].isdigit())
        below = sorted(k for k in {*entries, *numbered} if k > title)
        if len(below) >= 2:
            return _between(rows, title + 1, below[-1])
    enough = len(entries) >= (1 if inside else ENTRIES)
    if entries and enough and len(entries) >= 0.5 * (entries[-1] - entries[0] + 1):
        first = 0 if inside else entries[0]
        return _between(rows, first, entries[-1])
    return []


def _between(rows: Sequence[Sequence[int]], first: int, last: int) -> list[int]:
    return [i for row in rows[first : last + 1] for i in row]


def _text(page: PageLines, row: Sequence[int]) -> str:
    return "".join(page.texts[i].text for i in row)


def _is_entry(page: PageLines, row: Sequence[int]) -> bool:
    """Whether a row is an entry: it ends in a leader, or in a number that stands apart."""
    if is_contents_entry(_text(page, row)):
        return True
    last = plain(page.texts[row[-1]].text)
    return len(row) > 1 and last.isdigit() and len(last) <= 3
