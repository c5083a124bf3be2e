"""CSV: every fact of every record as one row, for statistics and databases."""

import csv
import io
import re

from shenbao.export.rows import facts
from shenbao.models.document import Document

COLUMNS = (
    "文件",
    "记录",
    "表单",
    "类别",
    "序号",
    "键",
    "名称",
    "标签",
    "原文",
    "规范值",
    "单位",
    "可信度",
    "状态",
    "说明",
)

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?%?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def to_csv(document: Document) -> bytes:
    """UTF-8 with a byte order mark (Excel needs it), CRLF line ends, one heading row.

    A text that a spreadsheet would take for a formula gets an apostrophe in front; a plain number with
    a sign stays as it is.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for index, record in enumerate(document.records, 1):
        for fact in facts(record):
            field = fact.field
            texts = (fact.key, field.name, field.label, field.text, field.value, field.unit or "")
            row = (document.source.name, str(index), record.family, fact.group, str(fact.number), *texts)
            ending = (f"{field.confidence:.4f}", field.status, "；".join(field.reasons))
            writer.writerow([safe(value) for value in (*row, *ending)])
    return stream.getvalue().encode("utf-8-sig", "replace")


def safe(text: str) -> str:
    """`text` such that no spreadsheet takes it for a formula, without control characters."""
    text = _CONTROL.sub("", text)
    if text.lstrip(" ").startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text
