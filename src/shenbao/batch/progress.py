"""Tells people how a batch goes: a bar on a terminal, lines for failures everywhere."""

import time
from types import TracebackType
from typing import Any, Self, TextIO

from shenbao.batch.summary import FileResult


class Progress:
    """Use it with `with`; `stream` is where people look (stderr)."""

    def __init__(self, total: int, stream: TextIO) -> None:
        self._stream = stream
        self._pages = 0
        self._start = time.monotonic()
        self._bar: Any = None
        if stream.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=total, unit="file", file=stream, dynamic_ncols=True, smoothing=0.05)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def say(self, line: str) -> None:
        """A line of its own, above the bar."""
        if self._bar is None:
            print(line, file=self._stream, flush=True)
        else:
            self._bar.write(line, file=self._stream)

    def add(self, result: FileResult) -> None:
        """Counts a finished file and tells why it failed, if it did."""
        for failure in result.failures:
            page = f" page {failure.page}" if failure.page else ""
            self.say(f"{result.input}{page}: {failure.code}: {failure.message}")
        if not result.up_to_date:
            self._pages += result.pages
        if self._bar is not None:
            rate = self._pages / max(time.monotonic() - self._start, 1e-6)
            self._bar.set_postfix_str(f"{self._pages} pages, {rate:.2f} pages/s", refresh=False)
            self._bar.update()
