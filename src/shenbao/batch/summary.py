"""What a batch says about itself when it is done."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from shenbao.errors import ShenbaoError
from shenbao.export.rows import facts
from shenbao.loading.names import as_text
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


CONFIDENCE_EDGES = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
"""The confidences at which the classes of `confidences` begin, after the first, which begins at 0."""


class FamilyCount(_Model):
    """Records of one form family, their fields, and how many of these wait for review."""

    records: int = 0
    fields: int = 0
    fields_for_review: int = 0


class FileResult(_Model):
    """How one input ended. `output` is the name of its output in the first format, None where there is none.

    `up_to_date`: an earlier run had read the same bytes with the same settings and version.
    `confidences` counts fields by class of confidence, see `CONFIDENCE_EDGES`.
    """

    input: str
    output: str | None
    status: str
    pages: int
    fields: int
    fields_for_review: int
    up_to_date: bool = False
    families: dict[str, FamilyCount] = {}
    confidences: list[int] = [0] * (len(CONFIDENCE_EDGES) + 1)
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
    families: dict[str, FamilyCount] = {}
    confidences: list[int] = []
    seconds: float
    pages_per_second: float
    results: list[FileResult]
    ignored: list[str]


def advice_for(code: str) -> str:
    """The advice that belongs to an error code."""
    return next((e.advice for e in ShenbaoError.__subclasses__() if e.code == code), ShenbaoError.advice)


def error_of(failure: Failure) -> ShenbaoError:
    """The error that a failure tells of, to be raised."""
    kinds = {kind.code: kind for kind in ShenbaoError.__subclasses__()}
    return kinds.get(failure.code, ShenbaoError)(failure.message)


def failure_of(error: ShenbaoError) -> Failure:
    return Failure(stage="load", code=error.code, message=str(error), advice=error.advice)


def result_of(source: Path, output: str | None, document: Document) -> FileResult:
    """The result of a file that gave a document."""
    fields = [fact.field for record in document.records for fact in facts(record)]
    classes = Counter(bisect_right(CONFIDENCE_EDGES, field.confidence) for field in fields)
    return FileResult(
        input=as_text(str(source)),
        output=output,
        status=document.status,
        pages=len(document.pages),
        fields=len(fields),
        fields_for_review=sum(field.status == "review" for field in fields),
        families=_families(document),
        confidences=[classes[number] for number in range(len(CONFIDENCE_EDGES) + 1)],
        failures=[_stage_failure(error) for error in document.errors],
    )


def _families(document: Document) -> dict[str, FamilyCount]:
    found: dict[str, FamilyCount] = {}
    for record in document.records:
        fields = [fact.field for fact in facts(record)]
        review = sum(field.status == "review" for field in fields)
        one = FamilyCount(records=1, fields=len(fields), fields_for_review=review)
        found[record.family] = _added(found.get(record.family, FamilyCount()), one)
    return found


def _added(a: FamilyCount, b: FamilyCount) -> FamilyCount:
    return FamilyCount(
        records=a.records + b.records,
        fields=a.fields + b.fields,
        fields_for_review=a.fields_for_review + b.fields_for_review,
    )


def _stage_failure(error: StageError) -> Failure:
    return Failure(**error.model_dump(), advice=advice_for(error.code))


def failed_result(source: Path, failure: Failure) -> FileResult:
    """The result of a file that gave no document."""
    return FileResult(
        input=as_text(str(source)),
        output=None,
        status="failed",
        pages=0,
        fields=0,
        fields_for_review=0,
        failures=[failure],
    )


def summarise(
    results: Sequence[FileResult], ignored: Iterable[Path], seconds: float, pages_read: int, version: str
) -> Summary:
    """Counts over all results, in their order; `pages_read` are those of this run."""
    fields = sum(result.fields for result in results)
    review = sum(result.fields_for_review for result in results)
    families: dict[str, FamilyCount] = {}
    for result in results:
        for name, count in result.families.items():
            families[name] = _added(families.get(name, FamilyCount()), count)
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
        families=dict(sorted(families.items())),
        confidences=[sum(column) for column in zip(*(r.confidences for r in results), strict=True)],
        seconds=round(seconds, 3),
        pages_per_second=round(pages_read / seconds, 3) if seconds > 0 else 0.0,
        results=list(results),
        ignored=[as_text(str(path)) for path in ignored],
    )
