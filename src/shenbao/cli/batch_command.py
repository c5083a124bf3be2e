"""`shenbao batch`: many files in, a folder of documents out."""

import argparse

from shenbao.batch import Summary, run_batch
from shenbao.cli.options import settings_of
from shenbao.cli.streams import tell
from shenbao.errors import NothingRead, PartialFailure
from shenbao.reading import ReaderFactory


def run(args: argparse.Namespace, reader_factory: ReaderFactory) -> int:
    summary = run_batch(
        args.inputs,
        args.out,
        settings_of(args),
        workers=args.workers,
        password=args.password,
        again=args.again,
        time_limit=args.time_limit,
        reader_factory=reader_factory,
    )
    tell(_words(summary))
    if summary.failed == summary.files:
        return NothingRead.exit_code
    return PartialFailure.exit_code if summary.failed or summary.partial else 0


def _words(summary: Summary) -> str:
    parts = [
        f"{summary.files} files: {summary.complete} complete, {summary.partial} partial, {summary.failed} failed",
        f"{summary.up_to_date} of them from an earlier run" if summary.up_to_date else "",
        f"{summary.pages} pages",
        f"{summary.review_share:.1%} of {summary.fields} fields for review",
        f"{summary.seconds:.1f} s, {summary.pages_per_second:.2f} pages/s",
        f"{len(summary.ignored)} files of other kinds ignored" if summary.ignored else "",
    ]
    return "; ".join(part for part in parts if part)
