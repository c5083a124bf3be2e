"""What the tests in a browser share: waiting, dropping files, and pictures of what they see."""

import base64
import os
import time
from pathlib import Path
from typing import Any

ARTEFACTS = "SHENBAO_ARTEFACTS"
"""The variable that names a folder which keeps the screenshots."""

_DROP = """([name, kind, data]) => {
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name, { type: kind }));
  for (const type of ["dragover", "drop"]) {
    document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  }
}"""


def until(page: Any, expression: str, arg: object = None, seconds: float = 10) -> None:
    """Waits for what an expression says. Playwright's own wait needs `eval`, which the pages forbid."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression, arg):
        assert time.monotonic() < end, expression
        time.sleep(0.02)


def drop(page: Any, path: Path, kind: str) -> None:
    """Drops a file on the page, as a mouse does."""
    page.evaluate(_DROP, [path.name, kind, base64.b64encode(path.read_bytes()).decode()])


class Album:
    """Keeps screenshots, numbered as they are taken."""

    def __init__(self, page: Any, folder: Path) -> None:
        self._page, self._number = page, 0
        self._folder = Path(os.environ.get(ARTEFACTS) or folder)

    def take(self, name: str) -> None:
        self._number += 1
        self._folder.mkdir(parents=True, exist_ok=True)
        self._page.screenshot(path=self._folder / f"{self._number:02d}-{name}.png")
