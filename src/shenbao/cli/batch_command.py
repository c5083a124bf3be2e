"""`shenbao batch`: many files in, a folder of documents out."""

import argparse
import sys

from shenbao.batch import Executor, Joint, Limits, LocalExecutor, Sharing, Summary, run_batch
from shenbao.cli.near import near
from shenbao.cli.options import settings_of
from shenbao.cli.streams import tell
from shenbao.errors import NothingRead, PartialFailure, UsageError
from shenbao.export import Format
from shenbao.reading import ReaderFactory

_MEGABYTE = 1_000_000


def run(args: argparse.Namespace, reader_factory: ReaderFactory) -> int:
    if args.engine == "ray":  # what others call an engine; which one reads is then left to the settings
        args.engine, args.executor = None, "ray"
    with near(args) as here:
        return _run(here, reader_factory)


def _run(args: argparse.Namespace, reader_factory: ReaderFactory) -> int:
    formats, joint = formats_of(args.formats)
    summary = run_batch(
        args.inputs,
        args.out,
        settings_of(args),
        workers=args.workers,
        formats=formats,
        joint=joint,
        password=args.password,
        again=args.again,
        limits=Limits(seconds=args.time_limit, memory=args.memory_limit * _MEGABYTE or None),
        sharing=Sharing(args.manifest, args.lease) if args.manifest else None,
        executor=_executor(args),
        reader_factory=reader_factory,
        lines=sys.stdout if args.json else None,
    )
    tell(_words(summary))
    if summary.failed == summary.files:
        return NothingRead.exit_code
    return PartialFailure.exit_code if summary.failed or summary.partial else 0


def _executor(args: argparse.Namespace) -> Executor:
    """Raises UsageError for a cluster's address without a cluster, ExtraMissing where Ray is not installed."""
    if args.executor == "ray":
        from shenbao.batch.ray_staff import RayExecutor

        return RayExecutor(args.address)
    if args.address:
        raise UsageError("--address is the cluster's of --executor ray")
    return LocalExecutor()


def formats_of(text: str) -> tuple[list[Format], list[Joint]]:
    """What to write of each document, and of all together, from text like `json,xlsx,parquet`.

    Raises:
        UsageError: it names something else, or nothing.
    """
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    joint = [Joint(name) for name in names if name in list(Joint)]
    single = [form for form in Format if form is not Format.PARQUET]
    unknown = [name for name in names if name not in (*joint, *single)]
    if unknown or not names:
        known = ", ".join([*single, *Joint])
        raise UsageError(f"--formats {text}: give some of {known}, with commas between")
    return [Format(name) for name in names if name not in joint], joint


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
