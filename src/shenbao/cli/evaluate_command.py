"""`shenbao evaluate`: figures of read documents against their truth, and a report with pictures."""

import argparse
import json
from pathlib import Path

from shenbao.cli.streams import check_target, deliver, tell
from shenbao.errors import MissingInput
from shenbao.evaluation.scoring import Report, score_folder, table
from shenbao.models.calibration import threshold_for
from shenbao.ocr.calibration import packaged_calibration
from shenbao.reading import ReaderFactory

ACCURACIES = (0.99, 0.995, 0.999)
"""Shares of accepted cells to be right for which it is told how much needs review."""


def run(args: argparse.Namespace, reader_factory: ReaderFactory) -> int:
    for folder in (args.truth, args.outputs):
        if not folder.is_dir():
            raise MissingInput(f"{folder}: there is no such folder")
    for target in (args.json, args.report):
        check_parent(target)
    report = score_folder(args.truth, args.outputs)
    if not report.documents:
        raise MissingInput(f"{args.truth}: no *.truth.json there")
    deliver(f"{table(report.figures)}\n\n{_review(report)}{_worst(report, args.worst)}".encode())
    if args.json:
        deliver(json.dumps(report.figures, ensure_ascii=False, indent=1).encode(), args.json)
    if args.report:
        from shenbao.evaluation.report import write_report

        for file in write_report(report, args.truth, args.report):
            tell(f"wrote {file}")
    return 0


def check_parent(target: Path | None) -> None:
    """Says before the work is done that its result could not be written."""
    if target is not None:
        check_target(target.parent / f"{target.name}.part", binary=False)


def _review(report: Report) -> str:
    """For each accuracy that may be asked for: the threshold of the packaged calibration, and what it does here."""
    judged = [pair for document in report.documents for pair in document.tally.judged]
    total = sum(len(document.tally.outcomes) for document in report.documents)
    lines = []
    for accuracy in ACCURACIES:
        target = threshold_for(accuracy, packaged_calibration().operating)
        if target is None:
            lines.append(f"{accuracy:.1%} right: the calibration cannot show it\n")
            continue
        taken = [right for confidence, right in judged if confidence >= target.threshold]
        wrong = taken.count(False)
        lines.append(
            f"{accuracy:.1%} right: accepted from {target.threshold:.5f}, "
            f"{1 - len(taken) / max(1, total):.1%} of cells for review (calibration: {target.review:.1%}), "
            f"{wrong} of {len(taken)} accepted wrong\n"
        )
    return "".join(lines)


def _worst(report: Report, count: int) -> str:
    lines = []
    for share, name, tally in report.worst(count):
        lines.append(f"\n{name}: {share:.1%} wrong\n")
        lines += [f"   {want!r} read as {have!r}\n" for want, have in tally.wrong[:8]]
    return "".join(lines)
