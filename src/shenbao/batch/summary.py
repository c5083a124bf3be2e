"""What a batch says about itself when it is done."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from shenbao.errors import ShenbaoError
from shenbao.export.rows import facts
from shenbao.models.document import Document, StageError


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Failure(_Model):
    """Why a file, or a page of it, could not be read."""

    page: int | None = None
    stage: str
    code: str
    message: str
    advice: str


class FileResult(_Model):
    """How one input ended. `output` is None where no document could be written.

    `up_to_date`: an earlier run had read the same bytes with the same settings and version.
    """

    input: str
    output: str | None
    status: str
    pages: int
    fields: int
    fields_for_review: int
    up_to_date: bool = False
    failures: list[Failure] = []


class Summary(_Model):
    """`summary.json`. `seconds` and `pages_per_second` are of this run, wall clock, all workers together;
    `review_share` is the share (0 to 1) of all fields that wait for review."""

    version: str
    files: int
    complete: int
    partial: int
    failed: int
    up_to_date: int
    pages: int
    fields: int
    fields_for_review: int
    review_share: float
    seconds: float
    pages_per_second: float
    results: list[FileResult]
    ignored: list[str]


def advice_for(code: str) -> str:
    """The advice that belongs to an error code."""
    return next((e.advice for e in ShenbaoError.__subclasses__() if e.code == code), ShenbaoError.advice)


def failure_of(error: ShenbaoError) -> Failure:
    return Failure(stage="load", code=error.code, message=str(error), advice=error.advice)


def result_of(source: Path, output: str, document: Document) -> FileResult:
    """The result of a file that gave a document."""
    fields = [fact.field for record in document.records for fact in facts(record)]
    return FileResult(
        input=str(source),
        output=output,
        status=document.status,
        pages=len(document.pages),
        fields=len(fields),
        fields_for_review=sum(field.status == "review" for field in fields),
        failures=[_stage_failure(error) for error in document.errors],
    )


def _stage_failure(error: StageError) -> Failure:
    return Failure(**error.model_dump(), advice=advice_for(error.code))


def failed_result(source: Path, failure: Failure) -> FileResult:
    """The result of a file that gave no document."""
    return FileResult(
        input=str(source),
        output=None,
        status="failed",
        pages=0,
        fields=0,
        fields_for_review=0,
        failures=[failure],
    )


def summarise(
    results: Sequence[FileResult], ignored: Iterable[Path], seconds: float, version: str
) -> Summary:
    """Counts over all results, in their order."""
    read_now = sum(result.pages for result in results if not result.up_to_date)
    fields = sum(result.fields for result in results)
    review = sum(result.fields_for_review for result in results)
    return Summary(
        version=version,
        files=len(results),
        complete=sum(result.status == "complete" for result in results),
        partial=sum(result.status == "partial" for result in results),
        failed=sum(result.status == "failed" for result in results),
        up_to_date=sum(result.up_to_date for result in results),
        pages=sum(result.pages for result in results),
        fields=fields,
        fields_for_review=review,
        review_share=round(review / fields, 4) if fields else 0.0,
        seconds=round(seconds, 3),
        pages_per_second=round(read_now / seconds, 3) if seconds > 0 else 0.0,
        results=list(results),
        ignored=[str(path) for path in ignored],
    )
