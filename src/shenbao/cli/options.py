"""Arguments -> typed values that more than one command needs."""

import argparse
import re

from shenbao.cli.streams import tell
from shenbao.errors import UsageError
from shenbao.settings import Settings

_RANGE = re.compile(r"(\d+)(?:-(\d+))?")


def settings_of(args: argparse.Namespace) -> Settings:
    """The settings file, if one is given, with --engine and --accuracy put over it.

    Raises:
        AccuracyUnsupported: the calibration cannot show the accuracy that is asked for.
    """
    settings = Settings.from_file(args.settings) if args.settings else Settings()
    if getattr(args, "engine", None) is not None:
        engine = settings.engine.model_copy(update={"name": args.engine})
        settings = settings.model_copy(update={"engine": engine})
    if getattr(args, "accuracy", None) is not None:
        review = settings.review.model_copy(update={"accuracy": args.accuracy})
        settings = settings.model_copy(update={"review": review})
    return _with_threshold(settings)


def _with_threshold(settings: Settings) -> Settings:
    """The settings with the threshold of the wished accuracy; tells people what it will cost."""
    if settings.review.accuracy is None:
        return settings
    from shenbao.ocr.accept import target_of, with_threshold
    from shenbao.ocr.calibration import packaged_calibration

    target = target_of(settings.review, packaged_calibration())
    if target is not None:
        tell(
            f"accepted from {target.threshold:.5f} on: about {target.review:.0%} of cells will need review, "
            f"{target.error:.2%} of the accepted ones may be wrong, on documents like those of the calibration"
        )
    return with_threshold(settings)


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
