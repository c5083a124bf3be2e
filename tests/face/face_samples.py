"""A document built by hand, and a reader that gives it without reading anything."""

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from shenbao.errors import ModelFileError, UnreadableInput
from shenbao.loading import LoadedSource, open_source
from shenbao.models.document import (
    BudgetLine,
    Candidate,
    Cell,
    CellRef,
    Check,
    Document,
    Engine,
    Field,
    Indicator,
    Page,
    Polygon,
    Record,
    Region,
    Source,
    StageError,
    Table,
    Text,
)
from shenbao.models.stages import PageLines, ReadPage
from shenbao.reader import PageResult
from shenbao.settings import Settings

SHARED = Path(__file__).parents[2] / "../shared"
NASTY_TEXT = "=HYPERLINK(\"http://x\")<script>alert('|')</script>\x0b&\n第二行"


def box(x0: float, y0: float, x1: float, y1: float) -> Polygon:
    return (x0, y0), (x1, y0), (x1, y1), (x0, y1)


def cell(row: int, col: int, text: str, confidence: float = 0.999, rows: int = 1, cols: int = 1) -> Cell:
    """A cell 100 pixels wide and 40 high for each column and row it spans."""
    polygon = box(50 + 100 * col, 60 + 40 * row, 50 + 100 * (col + cols), 60 + 40 * (row + rows))
    return Cell(
        row=row,
        col=col,
        row_span=rows,
        col_span=cols,
        text=text,
        confidence=confidence,
        regions=[Region(page=1, polygon=polygon)],
        candidates=[Candidate(text=text, probability=confidence), Candidate(text="≥", probability=0.001)],
        flags=["seal"] if confidence < 0.9 else [],
    )


def fact(name: str, text: str, value: str | None = None, **more: object) -> Field:
    facts: dict[str, object] = {"label": name, "confidence": 0.99, "status": "accepted"}
    return Field.model_validate(
        {"name": name, "text": text, "value": text if value is None else value} | facts | more
    )


def sample_table() -> Table:
    return Table(
        id="t1",
        title="绩效目标申报表",
        captions=["（2021年度）"],
        pages=[1],
        n_rows=3,
        n_cols=3,
        header_rows=[0],
        cells=[
            cell(0, 0, "项目名称", cols=2),
            cell(0, 2, "指标值"),
            cell(1, 0, NASTY_TEXT, 0.95, rows=2),
            cell(1, 1, "104.08"),
            cell(1, 2, "≥", 0.5),
            cell(2, 1, "+1"),
            cell(2, 2, ""),
        ],
    )


def sample_record() -> Record:
    where = [CellRef(table="t1", row=1, col=1)]
    doubtful = {"confidence": 0.6, "status": "review", "reasons": ["印章遮挡"]}
    return Record(
        family="project_declaration",
        tables=["t1"],
        fields={
            "budget_total": fact("预算数", "104.08", unit="万元", cells=where),
            "project_name": fact(
                "项目名称", NASTY_TEXT, cells=[CellRef(table="t1", row=1, col=0)], **doubtful
            ),
            "project_code": fact("项目编码", "001234"),
        },
        indicators=[
            Indicator(
                level1=fact("一级指标", "效果指标", "效益指标"),
                operator=fact("符号", "≥", cells=[CellRef(table="t1", row=1, col=2)], **doubtful),
                value=fact("指标值", "8"),
                unit=fact("单位", "人"),
            )
        ],
        lines=[
            BudgetLine(
                code=fact("科目编码", "20101"),
                name=fact("科目名称", "人大事务"),
                amounts={"合计": fact("合计", "1,204.50", "1204.50", unit="万元")},
            )
        ],
        checks=[
            Check(
                rule="budget_total = budget_fiscal + budget_other",
                severity="hard",
                status="fail",
                message="合计不符",
                expected="104.08",
                found="103",
                cells=where,
            )
        ],
    )


def sample_document(name: str = "表.jpg", status: str = "complete", sha256: str = "ab" * 32) -> Document:
    errors = [] if status == "complete" else [StageError(page=1, stage="grid", code="error", message="坏页")]
    return Document.model_validate(
        {
            "status": status,
            "source": Source(name=name, sha256=sha256, kind="image/jpeg", page_count=1),
            "pages": [
                Page(
                    number=1,
                    width=400,
                    height=240,
                    dpi=100,
                    rotation=0,
                    skew=0.5,
                    texts=[Text(text="填报单位：朝阳县", confidence=0.99, polygon=box(50, 10, 250, 40))],
                )
            ],
            "tables": [sample_table()],
            "records": [sample_record()],
            "errors": errors,
            "engine": Engine(name="fake", version="1", models={}),
        }
    )


class FakeReader:
    """Stands in for `Reader`: opens the file as the real one does, and gives the sample document.

    The name of a file tells what goes wrong with it: `bad`, `partial`, `failed`, `crash`, `hang`, `once` (ends the
    process at the first try alone), `grow`. Of a file of several pages so does `crash3` with its third page.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()

    def load(self) -> None:
        pass

    def read(
        self,
        source: str | Path | bytes,
        *,
        password: str | None = None,
        name: str | None = None,
        keep: Callable[[ReadPage], None] | None = None,
    ) -> Document:
        label = name or (Path(source).name if isinstance(source, str | Path) else "bytes")
        with open_source(source, self.settings.limits, password, name=label) as loaded:
            facts = loaded.facts
        misbehave(label, Path(source) if isinstance(source, str | Path) else None)
        status = next((s for s in ("partial", "failed") if label.startswith(s)), "complete")
        return sample_document(facts.name, status, facts.sha256)

    def read_number(self, loaded: LoadedSource, number: int) -> PageResult | StageError:
        image = loaded.page(number)
        stem = loaded.facts.name.split(".")[0]
        if stem.endswith(str(number)):
            misbehave(stem, None)
        text = Text(text=f"{number}", confidence=0.9, polygon=box(0, 0, 10, 10))
        page = Page(
            number=number, width=image.width, height=image.height, dpi=100, rotation=0, skew=0, texts=[text]
        )
        return page, (), PageLines(number, 10.0, (), (), (), (), ())

    def assemble(self, facts: Source, pages: list[PageResult], errors: list[StageError]) -> Document:
        document = sample_document(facts.name, "partial" if errors else "complete", facts.sha256)
        return document.model_copy(
            update={"source": facts, "pages": [page for page, _, _ in pages], "errors": errors}
        )


class SlowReader(FakeReader):
    """Takes so long for a page of several that something can happen meanwhile."""

    def read_number(self, loaded: LoadedSource, number: int) -> PageResult | StageError:
        time.sleep(0.4)
        return super().read_number(loaded, number)


def misbehave(label: str, path: Path | None) -> None:
    """Does what the name of a file says."""
    if label.startswith("bad"):
        raise UnreadableInput("坏文件")
    if label.startswith("once") and path is not None and not path.with_suffix(".tried").exists():
        path.with_suffix(".tried").touch()
        os._exit(78)
    if label.startswith("crash"):
        os._exit(77)
    if label.startswith("hang"):
        time.sleep(60)
    if label.startswith("grow"):
        held = bytearray(b"x" * 900_000_000)
        time.sleep(60)
        del held


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class ReaderWithoutModels(FakeReader):
    def load(self) -> None:
        raise ModelFileError("the weights are not there")
