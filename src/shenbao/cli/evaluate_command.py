"""`shenbao evaluate`: figures of read documents against their truth, and a report with pictures."""

import argparse
import json
from pathlib import Path

from shenbao.cli.streams import check_target, deliver, tell
from shenbao.errors import MissingInput
from shenbao.evaluation.scoring import Report, score_folder, table
from shenbao.reading import ReaderFactory


def run(args: argparse.Namespace, reader_factory: ReaderFactory) -> int:
    for folder in (args.truth, args.outputs):
        if not folder.is_dir():
            raise MissingInput(f"{folder}: there is no such folder")
    for target in (args.json, args.report):
        check_parent(target)
    report = score_folder(args.truth, args.outputs)
    if not report.documents:
        raise MissingInput(f"{args.truth}: no *.truth.json there")
    deliver(f"{table(report.figures)}\n{_worst(report, args.worst)}".encode())
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


def _worst(report: Report, count: int) -> str:
    lines = []
    for share, name, tally in report.worst(count):
        lines.append(f"\n{name}: {share:.1%} wrong\n")
        lines += [f"   {want!r} read as {have!r}\n" for want, have in tally.wrong[:8]]
    return "".join(lines)
