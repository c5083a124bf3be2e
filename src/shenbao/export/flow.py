"""Document -> its paragraphs, headings and tables in reading order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shenbao.models.document import Document, Role, Table, Text


@dataclass(frozen=True)
class Passage:
    """A block of text: a title, heading, paragraph or caption as one text; of a contents a line each entry."""

    role: Role
    level: int | None
    text: str


def flow(document: Document) -> Iterator[Passage | Table]:
    """The document from start to end: passages, and each table where it stands.

    The lines of a table's title and captions are in the table. Tables without a place come last.
    """
    tables = {table.block: table for table in document.tables if table.block is not None}
    blocks: dict[int, list[Text]] = {}
    for page in document.pages:
        for text in page.texts:
            if text.block is not None:
                blocks.setdefault(text.block, []).append(text)
    for number in sorted({*blocks, *tables}):
        if number in tables:
            yield tables[number]
        else:
            yield _passage(blocks[number])
    yield from (table for table in document.tables if table.block is None)


def apart(document: Document) -> list[Text]:
    """The texts that belong to no block: page numbers, running heads, print in charts."""
    return [text for page in document.pages for text in page.texts if text.block is None]


def _passage(lines: Sequence[Text]) -> Passage:
    texts = [line.text for line in lines]
    joined = "\n".join(texts) if lines[0].role == "contents" else run_on(texts)
    return Passage(lines[0].role, lines[0].level, joined)


def run_on(lines: Sequence[str]) -> str:
    """The lines of a paragraph as one text: a blank stays only between two words in Latin letters."""
    parts = [lines[0]] if lines else []
    for before, after in pairwise(lines):
        words = (
            before[-1:].isascii() and after[:1].isascii() and before[-1:].isalpha() and after[:1].isalpha()
        )
        parts += [" ", after] if words else [after]
    return "".join(parts)
