"""Tells how a batch goes: to people a bar and a line for each failure, to programs lines of JSON."""

import time
from types import TracebackType
from typing import Any, Literal, Self, TextIO

from pydantic import BaseModel, ConfigDict

from shenbao.batch.summary import FileResult


class State(BaseModel):
    """Where a batch stands; a line of `--json` is one of these.

    `event`: start, file (one is finished, `result` says how), end. Counts are of files, but for `pages`, which
    this run has read, and fields. `seconds_left` is None while nothing is known of the speed. `worker_bytes`:
    the most memory that one of the workers held after its last task.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    event: Literal["start", "file", "end"]
    files: int
    finished: int
    up_to_date: int
    partial: int
    failed: int
    pages: int
    pages_per_second: float
    seconds: float
    seconds_left: float | None
    fields: int
    fields_for_review: int
    review_share: float
    worker_bytes: int
    result: FileResult | None = None


class Progress:
    """Use it with `with`; `stream` is where people look (stderr), `lines` where programs do, if any."""

    def __init__(self, total: int, stream: TextIO, lines: TextIO | None = None) -> None:
        self._total, self._stream, self._lines = total, stream, lines
        self._results = dict.fromkeys(("finished", "up_to_date", "partial", "failed"), 0)
        self._fields = self._review = self._pages = self._worker_bytes = 0
        self._of_files = 0
        self._start = time.monotonic()
        self._bar: Any = None
        if stream.isatty() and lines is None:
            from tqdm import tqdm

            self._bar = tqdm(total=total, unit="file", file=stream, dynamic_ncols=True, bar_format=_BAR)

    def __enter__(self) -> Self:
        self._write("start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._write("end")
        if self._bar is not None:
            self._bar.close()

    def say(self, line: str) -> None:
        """A line of its own, above the bar."""
        if self._bar is None:
            print(line, file=self._stream, flush=True)
        else:
            self._bar.write(line, file=self._stream)

    def add(self, result: FileResult, pages: int, worker_bytes: int) -> None:
        """Counts a finished file and tells why it failed, if it did; `pages` have been read in all."""
        for failure in result.failures:
            page = f" page {failure.page}" if failure.page else ""
            self.say(f"{result.input}{page}: {failure.code}: {failure.message}")
        self._results["finished"] += 1
        self._results["up_to_date"] += result.up_to_date
        for status in ("partial", "failed"):
            self._results[status] += result.status == status
        self._fields += result.fields
        self._review += result.fields_for_review
        self._of_files += 0 if result.up_to_date else result.pages
        self._pages, self._worker_bytes = pages, worker_bytes
        self._write("file", result)
        if self._bar is not None:
            self._bar.set_postfix_str(self._words(), refresh=False)
            self._bar.update()

    def state(self, event: Literal["start", "file", "end"], result: FileResult | None = None) -> State:
        seconds = time.monotonic() - self._start
        return State(
            event=event,
            files=self._total,
            **self._results,
            pages=self._pages,
            pages_per_second=round(self._pages / max(seconds, 1e-6), 3),
            seconds=round(seconds, 3),
            seconds_left=self._left(seconds),
            fields=self._fields,
            fields_for_review=self._review,
            review_share=round(self._review / self._fields, 4) if self._fields else 0.0,
            worker_bytes=self._worker_bytes,
            result=result,
        )

    def _left(self, seconds: float) -> float | None:
        """Seconds that the rest will take: as many pages a file as so far, less those read of open files."""
        read = self._results["finished"] - self._results["up_to_date"]
        rest = self._total - self._results["finished"]
        if not rest:
            return 0.0
        if not read or not self._pages:
            return None
        pages = max(0.0, rest * self._of_files / read - (self._pages - self._of_files))
        return round(pages * seconds / self._pages, 1)

    def _words(self) -> str:
        state = self.state("file")
        left = "?" if state.seconds_left is None else _clock(state.seconds_left)
        return (
            f"{state.pages} pages, {state.pages_per_second:.2f}/s, {left} left, "
            f"{state.failed + state.partial} with failures, {state.review_share:.0%} for review"
        )

    def _write(self, event: Literal["start", "file", "end"], result: FileResult | None = None) -> None:
        if self._lines is not None:
            print(self.state(event, result).model_dump_json(), file=self._lines, flush=True)


_BAR = "{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} [{elapsed}{postfix}]"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
