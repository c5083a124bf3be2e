"""Markdown (GitHub flavour): tables of a plain grid as pipe tables, tables with merged cells as HTML tables."""

import re
from collections.abc import Iterable, Sequence

from shenbao.export.flow import Passage, apart, flow
from shenbao.export.html import table_html
from shenbao.export.rows import (
    CHECK_HEADS,
    DOCUMENT_STATUS,
    FIELD_HEADS,
    INDICATOR_PARTS,
    LINE_HEADS,
    amount_names,
    check_row,
    field_row,
    line_fields,
    part,
)
from shenbao.models.document import Document, Field, Record, Table

_SPECIAL = re.compile(r"([\\`*_\[\]#|~$])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BLOCK_START = re.compile(r"^(\s*)([-+]|\d+[.)])(\s)", re.MULTILINE)


def to_markdown(document: Document) -> bytes:
    """UTF-8 Markdown: state, the document from start to end with its tables in place, records."""
    parts = [
        f"# {_line(document.source.name)}",
        f"状态：{DOCUMENT_STATUS[document.status]}；页数：{document.source.page_count}",
        *(f"错误：{_line(e.message)}（{_line(e.code)}）" for e in document.errors),
    ]
    for item in flow(document):
        parts += _table_parts(item) if isinstance(item, Table) else [_passage(item)]
    for number, record in enumerate(document.records, 1):
        parts += _record(record, number)
    rest = [_line(text.text) for text in apart(document)]
    if rest:
        parts += ["## 页码、页眉和图中文字", *rest]
    return ("\n\n".join(parts) + "\n").encode("utf-8", "replace")


def _passage(passage: Passage) -> str:
    """Titles and headings by `#` below the file's name; entries of a contents keep their lines."""
    text = _line(passage.text)
    if passage.role == "title":
        return f"## {text}"
    if passage.role == "heading":
        return "#" * min(6, (passage.level or 1) + 1) + f" {text}"
    return text


def _table_parts(table: Table) -> list[str]:
    return [f"## {_line(table.title) or table.id}", *map(_line, table.captions), _table(table)]


def _table(table: Table) -> str:
    plain = all(cell.row_span == cell.col_span == 1 for cell in table.cells)
    if not plain or len(table.cells) != table.n_rows * table.n_cols:
        return table_html(table)
    texts = [["" for _ in range(table.n_cols)] for _ in range(table.n_rows)]
    for cell in table.cells:
        texts[cell.row][cell.col] = cell.text
    return _listing(texts[0], texts[1:])


def _record(record: Record, number: int) -> list[str]:
    parts = [f"## 记录 {number}：{_line(record.family)}"]
    if record.fields:
        parts.append(_listing(FIELD_HEADS, map(field_row, record.fields.values())))
    if record.indicators:
        rows = ([_value(part(i, name)) for name, _ in INDICATOR_PARTS] for i in record.indicators)
        parts += ["### 绩效指标", _listing([heading for _, heading in INDICATOR_PARTS], rows)]
    if record.lines:
        names = amount_names(record.lines)
        rows = ([_value(f) for f in line_fields(line, names)] for line in record.lines)
        parts += ["### 预算明细", _listing([*LINE_HEADS, *names], rows)]
    if record.checks:
        parts += ["### 校验", _listing(CHECK_HEADS, map(check_row, record.checks))]
    return parts


def _value(field: Field | None) -> str:
    return "" if field is None else field.value


def _listing(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [_row(heads), "|" + " --- |" * len(heads), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(texts: Sequence[str]) -> str:
    return "| " + " | ".join(_escaped(text).replace("\n", "<br>") for text in texts) + " |"


def _line(text: str) -> str:
    """A paragraph of its own: no marks, no list, no heading."""
    return _BLOCK_START.sub(r"\1\\\2\3", _escaped(text)).replace("\n", "<br>")


def _escaped(text: str) -> str:
    text = _SPECIAL.sub(r"\\\1", _CONTROL.sub("", text))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
