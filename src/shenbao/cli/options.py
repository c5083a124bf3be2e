"""Arguments -> typed values that more than one command needs."""

import argparse
import re

from shenbao.errors import UsageError
from shenbao.settings import Settings

_RANGE = re.compile(r"(\d+)(?:-(\d+))?")


def settings_of(args: argparse.Namespace) -> Settings:
    """The settings file, if one is given, with --engine put over it."""
    settings = Settings.from_file(args.settings) if args.settings else Settings()
    if args.engine:
        engine = settings.engine.model_copy(update={"name": args.engine})
        settings = settings.model_copy(update={"engine": engine})
    return settings


def page_ranges(text: str) -> list[range]:
    """Ranges of page numbers from text like `1-3,5`.

    Raises:
        UsageError: it is something else, starts at 0 or runs backwards.
    """
    ranges = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        first = int(match[1]) if match else 0
        last = int(match[2] or first) if match else 0
        if not 1 <= first <= last:
            raise UsageError(f"--pages {text}: give page numbers from 1, like 1-3,5")
        ranges.append(range(first, last + 1))
    return ranges
