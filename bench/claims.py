"""What a shared manifest carries: files a second that are lent and finished, by several processes at once.

    python -m bench.claims postgresql://USER@HOST/DATABASE [--files 20000] [--processes 1 2 4] [--record]

Nothing is read: each file costs what the manifest does for it (lent, its content held, its packed document, result
and output noted, finished), with a document of `--bytes`. Needs an empty database on the server that is measured.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Sequence

from sqlalchemy import text

from bench.record import markdown, plain_command, record, section
from shenbao.batch.databases import shared_database
from shenbao.batch.folder import RemoteFolder
from shenbao.batch.manifest import Manifest
from shenbao.batch.shared import Shared
from shenbao.batch.summary import FileResult

_FOLDER = RemoteFolder("memory://claims")


def _names(count: int) -> list[str]:
    return [f"{number:07}.json" for number in range(count)]


def _result(name: str) -> FileResult:
    return FileResult(input=name, output=name, status="complete", pages=1, fields=60, fields_for_review=6)


def take_part(url: str, identity: str, files: int, size: int) -> int:
    """Takes files until none is left; gives how many."""
    done, body = 0, os.urandom(size)
    engine = shared_database(url, identity)
    with Manifest(engine, _FOLDER, "recipe") as manifest, Shared(engine, _names(files), "same") as queue:
        while True:
            turn = queue.take()
            if turn is None:
                if queue.done():
                    return done
                continue
            queue.hold(turn.output, manifest.key(turn.output))
            manifest.add(turn.output, turn.output, body, _result(turn.output), {turn.output: "0" * 64})
            queue.finish(turn.output, _result(turn.output), made=True, read=1)
            done += 1


def measure(url: str, processes: int, files: int, size: int) -> list[object]:
    """Processes, seconds to enter all files, files a second, bytes in the database for a file."""
    identity = f"{processes:016x}"
    engine = shared_database(url, identity)
    start = time.monotonic()
    with Manifest(engine, _FOLDER, "recipe"), Shared(engine, _names(files), "same"):
        entered = time.monotonic() - start
        start = time.monotonic()
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            shares = pool.starmap(take_part, [(url, identity, files, size)] * processes)
        seconds = time.monotonic() - start
    schema = f"shenbao_batch_{identity}"
    held = text(
        "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = :schema AND c.relkind = 'r'"
    )
    with engine.begin() as connection:
        size_held = int(connection.scalar(held, {"schema": schema}) or 0)
        connection.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))
    engine.dispose()
    assert sum(shares) == files, shares
    return [processes, f"{entered:.1f}", f"{files / seconds:.0f}", f"{size_held / files:.0f}"]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.claims",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("database")
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--bytes", type=int, default=20_000, help="of a packed document")
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--record", action="store_true", help="keep the figures in docs/benchmarks.md")
    args = parser.parse_args(argv)
    rows = [measure(args.database, number, args.files, args.bytes) for number in args.processes]
    body = markdown(
        ("processes", "s to enter all files", "files/s", "bytes in the database for a file"), rows
    )
    print(body)
    if args.record:
        command = plain_command("bench.claims", [a for a in argv or sys.argv[1:] if "://" not in a])
        record(section(command, body))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
