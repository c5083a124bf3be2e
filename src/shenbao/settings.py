"""All that a user may set, in one typed object.

Values come from the call, or for the command line from a TOML file given with `--settings`.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shenbao.errors import UsageError


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EngineSettings(_Part):
    """Which engine reads, and how.

    `threads` 0 means as many as the process may use. `precision` "auto" takes bf16 where the
    processor has it. `model_dir` replaces the packaged weights by those of a local folder. `batch` is how
    many lines of equal width are read in one run of the net: with 4 OpenVINO is a tenth to a sixth faster than
    with 1, and no faster with 8. `device` "auto" takes a graphics
    processor where the engine finds one, "cpu" never, "gpu" fails without one; `threads` and `precision`
    are the processor's.
    """

    name: Literal["openvino", "onnxruntime", "paddle"] = "openvino"
    threads: Annotated[int, Field(ge=0)] = 0
    precision: Literal["auto", "bf16", "f32"] = "auto"
    device: Literal["auto", "cpu", "gpu"] = "auto"
    model_dir: Path | None = None
    batch: Annotated[int, Field(ge=1, le=64)] = 4


class LimitSettings(_Part):
    """What is refused before memory is spent.

    `side`: longest side of a page in pixels. `pixels`: pixels of one page. `file_bytes`: size of
    the file. `pages`: pages of one document. `pdf_dpi`: the resolution at which a PDF page is drawn
    when it holds no picture that fixes one.
    """

    side: Annotated[int, Field(ge=100)] = 12_000
    pixels: Annotated[int, Field(ge=10_000)] = 100_000_000
    file_bytes: Annotated[int, Field(ge=1_000)] = 1_000_000_000
    pages: Annotated[int, Field(ge=1)] = 2_000
    pdf_dpi: Annotated[float, Field(ge=50, le=600)] = 200.0


class ReadingSettings(_Part):
    """How pages are read.

    `second_look`: the most that reading lines again may cost on a page, as a share of what its
    first reading costs; 0 reads nothing again. `text_layer`: the text that a PDF page has is taken where it is
    what is printed on the page; false reads every page as a scan.
    """

    second_look: Annotated[float, Field(ge=0, le=10)] = 1.2
    text_layer: bool = True


class ReviewSettings(_Part):
    """A field whose confidence is below `accept` goes to review.

    `accuracy` asks for a share of accepted cells that are right, such as 0.999: the threshold then follows from
    the calibration and takes the place of `accept`.
    """

    accept: Annotated[float, Field(ge=0, le=1)] = 0.96
    accuracy: Annotated[float, Field(gt=0, lt=1)] | None = None


class MappingSettings(_Part):
    """What the user adds to the package's knowledge of forms, and how far the fields' confidence goes.

    `families`: a folder of family files (`*.json`); one with the id of a packaged family replaces it.
    `vocabulary`: a file of additions, as `shenbao vocab add` writes it. `calibrated`: false leaves the fields'
    confidence the estimate that `shenbao calibrate --fields` is fitted to.
    """

    families: Path | None = None
    vocabulary: Path | None = None
    calibrated: bool = True

    @property
    def files(self) -> tuple[Path, ...]:
        """The files whose content decides what is made of a form."""
        families = sorted(self.families.glob("*.json")) if self.families else []
        return (*families, *([self.vocabulary] if self.vocabulary else []))


class ServiceSettings(_Part):
    """How `shenbao serve` works.

    `data`: the folder of database and pictures. `database` and `blobs` are URLs that take the place of what is in
    it: PostgreSQL, and a folder or bucket that fsspec knows. `workers`: reading processes. `queue`: documents
    that may wait to be read. `read_seconds`: after so long a document is given up. `upload_bytes` and
    `upload_files` bound one upload. `requests_per_minute` and `logins_per_minute` are of one user or address.
    `lease_seconds`: how long an item is one reviewer's. `session_hours`: how long a login holds. Webhooks:
    `webhook_private` allows addresses of this machine and of private networks; `webhook_seconds` bounds one
    request, `webhook_retry_seconds` is the pause before the second, doubled each time up to an hour; after
    `webhook_hours` a message is given up.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8765
    data: Path = Path("shenbao-data")
    database: str | None = None
    blobs: str | None = None
    workers: Annotated[int, Field(ge=0, le=256)] = 1
    queue: Annotated[int, Field(ge=1)] = 1_000
    read_seconds: Annotated[float, Field(gt=0)] = 1_800.0
    upload_bytes: Annotated[int, Field(ge=1_000)] = 1_000_000_000
    upload_files: Annotated[int, Field(ge=1)] = 500
    requests_per_minute: Annotated[int, Field(ge=1)] = 3_000
    logins_per_minute: Annotated[int, Field(ge=1)] = 10
    lease_seconds: Annotated[float, Field(gt=0)] = 600.0
    session_hours: Annotated[float, Field(gt=0)] = 12.0
    webhook_private: bool = False
    webhook_seconds: Annotated[float, Field(gt=0)] = 10.0
    webhook_retry_seconds: Annotated[float, Field(gt=0)] = 10.0
    webhook_hours: Annotated[float, Field(gt=0)] = 72.0


class Settings(_Part):
    engine: EngineSettings = EngineSettings()
    limits: LimitSettings = LimitSettings()
    reading: ReadingSettings = ReadingSettings()
    review: ReviewSettings = ReviewSettings()
    mapping: MappingSettings = MappingSettings()
    service: ServiceSettings = ServiceSettings()

    @staticmethod
    def from_file(path: Path) -> "Settings":
        """Settings from a TOML file.

        Raises:
            UsageError: the file is missing, is no TOML, or names a setting that does not exist.
        """
        try:
            return Settings.model_validate(tomllib.loads(path.read_text("utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
            raise UsageError(f"settings file {path}: {error}") from error
