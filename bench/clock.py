"""How long the reader's stages take, measured from outside: its steps are wrapped while a clock runs."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import wraps
from importlib import import_module
from typing import Any
from unittest.mock import patch

STAGES: dict[str, str] = {
    "flatten": "shenbao.reader.flatten",
    "rulings": "shenbao.reader.find_rulings",
    "grids": "shenbao.reader.find_tables",
    "seals": "shenbao.reader.find_seals",
    "marks": "shenbao.reader.find_marks",
    "read": "shenbao.reader.read_page",
    "join": "shenbao.reader.join_tables",
    "settle": "shenbao.reader.settle",
    "records": "shenbao.reader.map_document",
}
"""Stage by the name under which the reader calls it."""


_OPEN = "shenbao.reader.open_source"


class Clock:
    """Seconds by stage. A stage whose step no longer has its name is left out."""

    def __init__(self, stages: Mapping[str, str] = STAGES) -> None:
        self.stages = stages
        self.seconds: dict[str, float] = defaultdict(float)

    def timed(self, stage: str, step: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(step)
        def run(*args: Any, **kwargs: Any) -> Any:
            started = time.perf_counter()
            try:
                return step(*args, **kwargs)
            finally:
                self.seconds[stage] += time.perf_counter() - started

        return run

    @contextmanager
    def running(self) -> Iterator["Clock"]:
        """Wraps the stages for as long as the block runs."""
        with ExitStack() as stack:
            for stage, name in self.stages.items():
                owner, attribute = _owner(name)
                if owner is not None:
                    step = getattr(owner, attribute)
                    stack.enter_context(patch.object(owner, attribute, self.timed(stage, step)))
            owner, attribute = _owner(_OPEN)
            if owner is not None:
                step = self._timed_pages(getattr(owner, attribute))
                stack.enter_context(patch.object(owner, attribute, step))
            yield self

    def _timed_pages(self, open_source: Callable[..., Any]) -> Callable[..., Any]:
        """`open_source` whose sources draw their pages, which they do one by one, under `load`."""

        @wraps(open_source)
        def run(*args: Any, **kwargs: Any) -> Any:
            source = self.timed("load", open_source)(*args, **kwargs)
            return replace(source, page=self.timed("load", source.page))

        return run


def _owner(name: str) -> tuple[Any, str]:
    """The module or class that holds `name`, or None where it is gone."""
    path, attribute = name.rsplit(".", 1)
    owner: Any
    try:
        owner = import_module(path)
    except ModuleNotFoundError:
        module, cls = path.rsplit(".", 1)
        owner = getattr(import_module(module), cls, None)
    return (owner if hasattr(owner, attribute) else None), attribute
