"""Files that hold all documents of a batch together, written at its end from the manifest."""

import io
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path

from shenbao.batch.manifest import Manifest
from shenbao.batch.packing import unpack_document
from shenbao.export.json import to_json
from shenbao.models.document import Document
from shenbao.storing import store


class Joint(StrEnum):
    """JSON Lines: a document on each line. Parquet: records and indicators. XLSX: a row for each indicator."""

    JSON_LINES = "jsonl"
    PARQUET = "parquet"
    INDICATORS = "indicators"


def write_joint(joint: Sequence[Joint], manifest: Manifest, outputs: list[str], out: Path) -> None:
    """Writes the files, with the documents in the order of `outputs`; those that failed are left out.

    Raises:
        OutputError: a file cannot be written.
        UsageError: Parquet needs an extra that is not installed.
    """
    if Joint.JSON_LINES in joint:
        stream = io.BytesIO()
        stream.writelines(map(to_json, _documents(manifest, outputs)))
        store(out / "documents.jsonl", stream.getvalue())
    if Joint.PARQUET in joint:
        from shenbao.export.parquet import indicators_file, records_file

        store(out / "records.parquet", records_file(_documents(manifest, outputs)))
        store(out / "indicators.parquet", indicators_file(_documents(manifest, outputs)))
    if Joint.INDICATORS in joint:
        from shenbao.export.indicators import indicators_workbook

        store(out / "summary.xlsx", indicators_workbook(_documents(manifest, outputs)))


def _documents(manifest: Manifest, outputs: list[str]) -> Iterator[Document]:
    for name, key in manifest.done(outputs):
        body = manifest.document(key)
        if body is not None:
            document = unpack_document(body)
            yield document.model_copy(update={"source": document.source.model_copy(update={"name": name})})
