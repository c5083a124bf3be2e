"""`shenbao calibrate`: fits the confidence to documents whose truth is known."""

import argparse
from collections.abc import Iterator, Mapping

from shenbao.cli.evaluate_command import ACCURACIES, check_parent
from shenbao.cli.options import settings_of
from shenbao.cli.streams import deliver, tell
from shenbao.errors import UsageError
from shenbao.evaluation.fitting import Fit, fit
from shenbao.evaluation.gather import Gathered, gather, truth_files
from shenbao.models.calibration import threshold_for
from shenbao.ocr.signals import GROUPS
from shenbao.reading import ReaderFactory


def run(args: argparse.Namespace, reader_factory: ReaderFactory) -> int:
    check_parent(args.output)
    files = truth_files(args.truth)
    tell(f"reading {len(files)} documents")
    settings = settings_of(args)
    # A calibration is of what the recogniser reads.
    scans = settings.reading.model_copy(update={"text_layer": False})
    reader = reader_factory(settings.model_copy(update={"reading": scans}))
    gathered = gather(files, reader, tell)
    try:
        found = fit(gathered, args.label)
    except ValueError as error:
        raise UsageError(f"these documents give no calibration: {error}") from error
    deliver((found.calibration.model_dump_json(indent=1) + "\n").encode(), args.output)
    deliver(_summary(found).encode())
    if args.signals:
        deliver("".join(_without(gathered)).encode())
    return 0


def _without(gathered: Gathered) -> Iterator[str]:
    yield "without:\n"
    for name, group in GROUPS.items():
        figures = fit(gathered, "", without=group).calibration.figures
        yield f"  {name:19}{'  '.join(f'{key} {_shown(value)}' for key, value in figures.items())}\n"


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _summary(found: Fit) -> str:
    made = found.calibration
    on = made.fitted_on
    lines = [
        f"fitted on    {on.documents} documents, {on.cells} cells",
        f"  families   {_counts(on.families)}",
        f"  levels     {_counts(on.levels)}",
        "reported on  the same documents, each family by weights that were fitted without it",
        *(f"  {name:17}{_shown(value)}" for name, value in made.figures.items()),
    ]
    for accuracy in ACCURACIES:
        target = threshold_for(accuracy, made.operating)
        lines.append(
            f"  {accuracy:.1%} right: "
            + (
                "cannot be shown with so few cells"
                if target is None
                else f"accept from {target.threshold:.5f}, {target.review:.1%} of cells for review"
            )
        )
    return "\n".join(lines) + "\n"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
