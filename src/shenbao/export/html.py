"""HTML: the document from start to end on one page, and its records, for reading, printing and pasting."""

from collections.abc import Iterable, Sequence
from html import escape

from shenbao.export.flow import Passage, apart, flow
from shenbao.export.rows import (
    CHECK_HEADS,
    DOCUMENT_STATUS,
    FIELD_HEADS,
    INDICATOR_PARTS,
    LINE_HEADS,
    amount_names,
    check_row,
    doubt,
    field_row,
    level_of,
    line_fields,
    part,
)
from shenbao.models.document import Cell, Document, Field, Record, Table

_STYLE = """
:root { color-scheme: light dark; --line: #8888; --one: #fff2cc; --two: #f8cbad; --head: #8882; }
@media (prefers-color-scheme: dark) { :root { --one: #5a4a12; --two: #6e3018; } }
body { font: 15px/1.5 "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; margin: 1.5em; }
table { border-collapse: collapse; margin: .5em 0 1.5em; }
th, td { border: 1px solid var(--line); padding: .25em .5em; vertical-align: middle; text-align: left; }
th { background: var(--head); }
.paragraph { text-indent: 2em; max-width: 46em; } .caption { text-align: center; }
.d1 { background: var(--one); } .d2 { background: var(--two); }
"""


def to_html(document: Document, accept: float) -> bytes:
    """UTF-8 HTML without scripts or outside references; doubtful cells in two shades."""
    title = escape(clean(document.source.name))
    parts = [
        f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>',
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>",
        f"<p>状态：{DOCUMENT_STATUS[document.status]}；页数：{document.source.page_count}</p>",
        *(f"<p>错误：{_text(e.message)}（{_text(e.code)}）</p>" for e in document.errors),
    ]
    for item in flow(document):
        parts += _table_parts(item, accept) if isinstance(item, Table) else [_passage(item)]
    for number, record in enumerate(document.records, 1):
        parts.append(record_html(record, number, accept))
    rest = [f"<p>{_text(text.text)}</p>" for text in apart(document)]
    if rest:
        parts += ["<h2>页码、页眉和图中文字</h2>", *rest]
    return ("\n".join(parts) + "\n</body>\n</html>\n").encode("utf-8", "replace")


def _passage(passage: Passage) -> str:
    """Titles and headings below the file's name; paragraphs are indented as in print."""
    level = {"title": 2, "heading": min(6, (passage.level or 1) + 1)}.get(passage.role)
    if level:
        return f"<h{level}>{_text(passage.text)}</h{level}>"
    return f'<p class="{passage.role}">{_text(passage.text)}</p>'


def _table_parts(table: Table, accept: float) -> list[str]:
    captions = [f"<p>{_text(caption)}</p>" for caption in table.captions]
    return [f"<h2>{_text(table.title) or escape(table.id)}</h2>", *captions, table_html(table, accept)]


def table_html(table: Table, accept: float | None = None) -> str:
    """A `<table>` with the spans of the paper; coloured by confidence where `accept` is given."""
    rows: list[list[str]] = [[] for _ in range(table.n_rows)]
    for cell in sorted(table.cells, key=lambda c: (c.row, c.col)):
        rows[cell.row].append(_cell_html(cell, cell.row in table.header_rows, accept))
    body = "\n".join(f"<tr>{''.join(cells)}</tr>" for cells in rows)
    return f"<table>\n{body}\n</table>"


def _cell_html(cell: Cell, header: bool, accept: float | None) -> str:
    name = "th" if header else "td"
    spans = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
    spans += f' colspan="{cell.col_span}"' if cell.col_span > 1 else ""
    level = 0 if accept is None else doubt(cell.confidence, accept)
    mark = f' class="d{level}" title="可信度 {cell.confidence:.3f}"' if level else ""
    return f"<{name}{spans}{mark}>{_text(cell.text)}</{name}>"


def record_html(record: Record, number: int, accept: float) -> str:
    """The record's fields, indicators, budget lines and checks as tables under one heading."""
    parts = [f"<h2>记录 {number}：{_text(record.family)}</h2>"]
    if record.fields:
        parts.append(_listing(FIELD_HEADS, (_field_row(f, accept) for f in record.fields.values())))
    if record.indicators:
        rows = ([_value(part(i, name), accept) for name, _ in INDICATOR_PARTS] for i in record.indicators)
        parts += ["<h3>绩效指标</h3>", _listing([heading for _, heading in INDICATOR_PARTS], rows)]
    if record.lines:
        names = amount_names(record.lines)
        rows = ([_value(f, accept) for f in line_fields(line, names)] for line in record.lines)
        parts += ["<h3>预算明细</h3>", _listing([*LINE_HEADS, *names], rows)]
    if record.checks:
        rows = ([f"<td>{_text(t)}</td>" for t in check_row(check)] for check in record.checks)
        parts += ["<h3>校验</h3>", _listing(CHECK_HEADS, rows)]
    return "\n".join(parts)


def _field_row(field: Field, accept: float) -> list[str]:
    level = level_of(field, accept)
    mark = f' class="d{level}"' if level else ""
    return [f"<td{mark}>{_text(t)}</td>" for t in field_row(field)]


def _value(field: Field | None, accept: float) -> str:
    if field is None:
        return "<td></td>"
    level = level_of(field, accept)
    mark = f' class="d{level}" title="可信度 {field.confidence:.3f}"' if level else ""
    return f"<td{mark}>{_text(field.value)}</td>"


def _listing(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(h)}</th>" for h in heads)
    body = "\n".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return f"<table>\n<tr>{head}</tr>\n{body}\n</table>"


def clean(text: str) -> str:
    """`text` without the control characters that HTML forbids."""
    return "".join(c for c in text if c in "\n\t" or (c >= " " and not "\x7f" <= c <= "\x9f"))


def _text(text: str) -> str:
    return escape(clean(text)).replace("\n", "<br>")
