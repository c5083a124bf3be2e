"""`shenbao calibrate`: fits the confidence to documents whose truth is known."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from shenbao.cli.evaluate_command import ACCURACIES, check_parent
from shenbao.cli.options import settings_of
from shenbao.cli.streams import deliver, tell
from shenbao.errors import UsageError
from shenbao.evaluation.field_fitting import FieldFit, fit_fields, gather_fields
from shenbao.evaluation.fitting import Fit, fit
from shenbao.evaluation.gather import Gathered, gather, truth_files
from shenbao.mapping.calibration import FieldCalibration
from shenbao.models.calibration import threshold_for
from shenbao.ocr.calibration import Calibration
from shenbao.ocr.signals import GROUPS
from shenbao.reading import DocumentReader, ReaderFactory
from shenbao.settings import Settings


def run(args: argparse.Namespace, reader_factory: ReaderFactory) -> int:
    check_parent(args.output)
    files = truth_files(args.truth)
    tell(f"reading {len(files)} documents")
    reader = reader_factory(_settings(args))
    try:
        found = _of_fields(files, reader, args.label) if args.fields else _of_cells(files, reader, args)
    except ValueError as error:
        raise UsageError(f"these documents give no calibration: {error}") from error
    calibration, said = found
    deliver((calibration.model_dump_json(indent=1) + "\n").encode(), args.output)
    deliver(said.encode())
    return 0


def _settings(args: argparse.Namespace) -> Settings:
    """A calibration is of what the recogniser reads; that of fields, of their estimates."""
    settings = settings_of(args)
    scans = settings.reading.model_copy(update={"text_layer": False})
    mapping = settings.mapping.model_copy(update={"calibrated": False})
    return settings.model_copy(update={"reading": scans, "mapping": mapping})


def _of_cells(
    files: Sequence[Path], reader: DocumentReader, args: argparse.Namespace
) -> tuple[Calibration, str]:
    gathered = gather(files, reader, tell)
    found = fit(gathered, args.label)
    return found.calibration, _summary(found) + "".join(_without(gathered) if args.signals else ())


def _of_fields(files: Sequence[Path], reader: DocumentReader, label: str) -> tuple[FieldCalibration, str]:
    found = fit_fields(gather_fields(files, reader, tell), label)
    return found.calibration, _field_summary(found)


def _without(gathered: Gathered) -> Iterator[str]:
    figures = fit(gathered, "", apart="family").calibration.figures
    yield f"each family by weights that were fitted without it:\n  {'':19}{_in_line(figures)}\nwithout:\n"
    for name, group in GROUPS.items():
        figures = fit(gathered, "", without=group).calibration.figures
        yield f"  {name:19}{_in_line(figures)}\n"


def _in_line(figures: Mapping[str, float | None]) -> str:
    return "  ".join(f"{key} {_shown(value)}" for key, value in figures.items())


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _summary(found: Fit) -> str:
    made = found.calibration
    on = made.fitted_on
    lines = [
        f"fitted on    {on.documents} documents, {on.cells} cells",
        f"  families   {_counts(on.families)}",
        f"  levels     {_counts(on.levels)}",
        "reported on  the same documents, each by weights that were fitted without it",
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


def _field_summary(found: FieldFit) -> str:
    on, after = found.calibration.fitted_on, found.calibration.figures
    lines = [
        f"fitted on    {on.documents} documents, {on.cells} fields",
        f"  families   {_counts(on.families)}",
        f"  levels     {_counts(on.levels)}",
        "reported on  the same documents, each family by weights that were fitted without it",
        f"  {'':17}estimate  calibrated",
        *(f"  {name:17}{_shown(found.before[name]):8}  {_shown(value)}" for name, value in after.items()),
    ]
    return "\n".join(lines) + "\n"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
