"""Parquet: records and indicators as typed columns, each value with its confidence, for data frames.

`records` has a row for each fact (field, part of an indicator, cell of a budget line); `indicators` a row for
each indicator, each part with its text, value and confidence. Numbers are also there as numbers.
"""

import io
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO

from shenbao.errors import UsageError
from shenbao.export.rows import INDICATOR_PARTS, facts, indicator_rows, part
from shenbao.models.document import Document

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError as missing:
    raise UsageError("Parquet needs the extra `parquet`: pip install 'shenbao[parquet]'") from missing

DIGITS, DECIMALS = 28, 6
"""Of the decimal numbers; what has more of either is only there as text."""

_NUMBER = pa.decimal128(DIGITS, DECIMALS)
_NAMES = pa.dictionary(pa.int32(), pa.string())

RECORDS = pa.schema(
    [
        pa.field("document", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("record", pa.int32(), nullable=False),
        pa.field("family", _NAMES, nullable=False),
        pa.field("group", _NAMES, nullable=False),
        pa.field("number", pa.int32(), nullable=False),
        pa.field("key", _NAMES, nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("label", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("value", pa.string(), nullable=False),
        pa.field("number_value", _NUMBER),
        pa.field("unit", pa.string()),
        pa.field("confidence", pa.float64(), nullable=False),
        pa.field("review", pa.bool_(), nullable=False),
        pa.field("reasons", pa.list_(pa.string()), nullable=False),
    ]
)

INDICATORS = pa.schema(
    [
        pa.field("document", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("record", pa.int32(), nullable=False),
        pa.field("family", _NAMES, nullable=False),
        pa.field("project", pa.string(), nullable=False),
        pa.field("implementing_unit", pa.string(), nullable=False),
        pa.field("number", pa.int32(), nullable=False),
        *(
            column
            for name, _ in INDICATOR_PARTS
            for column in (
                pa.field(name, pa.string()),
                pa.field(f"{name}_text", pa.string()),
                pa.field(f"{name}_confidence", pa.float64()),
            )
        ),
        pa.field("number_value", _NUMBER),
        pa.field("review", pa.bool_(), nullable=False),
    ]
)


def to_parquet(document: Document) -> bytes:
    """The records of one document."""
    stream = io.BytesIO()
    write_records([document], stream)
    return stream.getvalue()


def write_records(documents: Iterable[Document], stream: BinaryIO) -> None:
    """Writes the facts of all documents."""
    _write(RECORDS, documents, record_rows, stream)


def write_indicators(documents: Iterable[Document], stream: BinaryIO) -> None:
    """Writes the indicators of all documents."""
    _write(INDICATORS, documents, indicator_dicts, stream)


def _write(schema: Any, documents: Iterable[Document], rows: Any, stream: BinaryIO) -> None:
    """Row groups of some documents each: not all rows are held at a time."""
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        waiting: list[dict[str, Any]] = []
        for document in documents:
            waiting += rows(document)
            if len(waiting) >= _GROUP:
                writer.write_table(pa.Table.from_pylist(waiting, schema))
                waiting = []
        writer.write_table(pa.Table.from_pylist(waiting, schema))


_GROUP = 50_000


def record_rows(document: Document) -> Iterator[dict[str, Any]]:
    for number, record in enumerate(document.records, 1):
        for fact in facts(record):
            field = fact.field
            yield {
                "document": document.source.name,
                "sha256": document.source.sha256,
                "record": number,
                "family": record.family,
                "group": fact.group,
                "number": fact.number,
                "key": fact.key,
                "name": field.name,
                "label": field.label,
                "text": field.text,
                "value": field.value,
                "number_value": _number(field.value),
                "unit": field.unit,
                "confidence": field.confidence,
                "review": field.status == "review",
                "reasons": field.reasons,
            }


def indicator_dicts(document: Document) -> Iterator[dict[str, Any]]:
    for row in indicator_rows(document):
        found: dict[str, Any] = {
            "document": row.document,
            "sha256": document.source.sha256,
            "record": row.record,
            "family": row.family,
            "project": row.project,
            "implementing_unit": row.unit,
            "number": row.number,
            "review": False,
        }
        for name, _ in INDICATOR_PARTS:
            field = part(row.indicator, name)
            if field is not None:
                found |= {name: field.value, f"{name}_text": field.text}
                found |= {f"{name}_confidence": field.confidence}
                found["review"] = found["review"] or field.status == "review"
        found["number_value"] = _number(found.get("value") or "")
        yield found


def _number(value: str) -> Decimal | None:
    """The number that a value in normal form is, where the columns can hold it."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    if not number.is_finite() or number.adjusted() >= DIGITS - DECIMALS:
        return None
    exact = number.quantize(Decimal(1).scaleb(-DECIMALS))
    return exact if exact == number else None


def _clean(value: Any) -> Any:
    """Texts as they can be written in UTF-8: file names may hold bytes that are no text."""
    if isinstance(value, list):
        return [_clean(each) for each in value]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
