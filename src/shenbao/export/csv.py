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

_FORMULA = re.compile(r" *[=+@\-\t\r\n＝＋＠－]")
"""How a text begins that a spreadsheet may take for a formula; Chinese and Japanese ones know wide signs, too."""

_HARMLESS = re.compile(r"-[0-9]+(\.[0-9]+)?%?|[-－]*")
"""Negative amounts, which are to stay numbers, and the dashes of an empty cell."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def to_csv(document: Document) -> bytes:
    """UTF-8 with a byte order mark (Excel needs it), CRLF line ends, one heading row.

    A text that a spreadsheet would take for a formula gets an apostrophe in front, one with a plus sign also:
    the sign would be lost. A negative number stays as it is.
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
    if _FORMULA.match(text) and not _HARMLESS.fullmatch(text):
        return "'" + text
    return text
