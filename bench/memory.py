"""Memory over a long run: one warm reader, as a worker of a batch has it, the same documents again and again.

    python -m bench.memory FOLDER [--pages 1000] [--match TEXT] [--every 50] [--record]

The resident memory is taken after each document, once collectable garbage is gone. Growth is told from the mark
after the first 50 pages (or `--after`) to the end: by the greatest memory held at a document's end in the last
`--every` pages over the greatest up to the mark. Peaks within a page are not looked at here; `bench.run` gives
the peak.
"""

import argparse
import gc
import itertools
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bench.record import markdown, plain_command, record, resident_mib, section
from bench.run import jobs
from shenbao import Reader
from shenbao.memory import keep_one_heap

Marks = list[tuple[int, float]]
"""Pages read so far, and MiB resident then."""


def watch(read: Callable[[Path], int], files: Iterable[Path], pages: int) -> Marks:
    """Reads files until `pages` are reached, and marks the memory after each; `read` gives a file's pages."""
    marks: Marks = []
    done = 0
    for file in files:
        done += read(file)
        gc.collect()
        marks.append((done, resident_mib()))
        if done >= pages:
            break
    return marks


def growth(marks: Marks, after: int, last: int) -> float:
    """Share by which memory grew: the greatest of the last pages over the greatest up to `after` pages."""
    end = marks[-1][0]
    early = max(mib for page, mib in marks if page <= after or page == marks[0][0])
    late = max(mib for page, mib in marks if page > end - last)
    return late / early - 1


def spread(marks: Marks, every: int) -> Marks:
    """The marks nearest after each multiple of `every` pages, and the last."""
    chosen: Marks = []
    due = every
    for page, mib in marks:
        if page >= due:
            chosen.append((page, mib))
            due = page - page % every + every
    return chosen if chosen and chosen[-1] == marks[-1] else [*chosen, marks[-1]]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.memory",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--after", type=int, default=50, help="pages after which memory should stay")
    parser.add_argument("--every", type=int, default=50, help="pages from one line of the table to the next")
    parser.add_argument("--match", default="", help="only documents whose names hold this")
    parser.add_argument("--record", action="store_true", help="keep the figures in docs/benchmarks.md")
    args = parser.parse_args(argv)
    keep_one_heap()
    reader = Reader()
    reader.load()

    failed: list[str] = []

    def read(file: Path) -> int:
        document = reader.read(file)
        if document.status != "complete":
            failed.append(file.name)
        return document.source.page_count

    files = itertools.cycle([job.file for job in jobs(args.folder, args.match)])
    marks = watch(read, files, args.pages)
    grown = growth(marks, args.after, args.every)
    head = f"{marks[-1][0]} pages; from the first {args.after} to the last {args.every}: {grown:+.1%}."
    head += f" {len(failed)} documents failed." if failed else " No document failed."
    table = markdown(("pages", "MiB"), [(page, f"{mib:.0f}") for page, mib in spread(marks, args.every)])
    body = f"{head}\n\n{table}"
    print(body)
    if args.record:
        record(section(plain_command("bench.memory", argv or sys.argv[1:]), body))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
