"""Files that hold all documents of a batch together, written at its end from the manifest, document by document."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from shenbao.batch.folder import OutputFolder
from shenbao.batch.manifest import Manifest
from shenbao.batch.packing import unpack_document
from shenbao.export.json import to_json
from shenbao.models.document import Document


class Joint(StrEnum):
    """JSON Lines: a document on each line. Parquet: records and indicators. XLSX: a row for each indicator."""

    JSON_LINES = "jsonl"
    PARQUET = "parquet"
    INDICATORS = "indicators"


def write_joint(joint: Sequence[Joint], manifest: Manifest, outputs: list[str], out: OutputFolder) -> None:
    """Writes the files, with the documents in the order of `outputs`; those that failed are left out.

    One document is held at a time; of Parquet, the rows of a row group.

    Raises:
        OutputError: a file cannot be written.
        UsageError: Parquet needs an extra that is not installed.
    """

    def documents() -> Iterator[Document]:
        return _documents(manifest, outputs)

    if Joint.JSON_LINES in joint:
        with out.writing("documents.jsonl") as stream:
            stream.writelines(map(to_json, documents()))
    if Joint.PARQUET in joint:
        from shenbao.export.parquet import write_indicators, write_records

        with out.writing("records.parquet") as stream:
            write_records(documents(), stream)
        with out.writing("indicators.parquet") as stream:
            write_indicators(documents(), stream)
    if Joint.INDICATORS in joint:
        from shenbao.export.indicators import write_indicators as write_workbook

        with out.writing("summary.xlsx") as stream:
            write_workbook(documents(), stream)


def _documents(manifest: Manifest, outputs: list[str]) -> Iterator[Document]:
    for name, key in manifest.done(outputs):
        body = manifest.document(key)
        if body is not None:
            document = unpack_document(body)
            yield document.model_copy(update={"source": document.source.model_copy(update={"name": name})})
