"""A folder of as many pages as a long run needs: documents rendered, and copies of them with other bytes.

python -m bench.scale_input --out DIR --pages 2000 [--distinct 400] [--seed S] [--levels …]
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

from bench.render.document import Order, make
from bench.render.levels import LEVELS


def rendered(out: Path, order: Order, pages: int) -> list[tuple[Path, int]]:
    """Renders documents of all levels until they have `pages`; their files and numbers of pages."""
    out.mkdir(parents=True, exist_ok=True)
    found: list[tuple[Path, int]] = []
    while sum(number for _, number in found) < pages:
        made = make(order, len(found))
        (out / made.file).write_bytes(made.data)
        found.append((out / made.file, len(made.shots)))
    return found


def copied(documents: Sequence[tuple[Path, int]], pages: int) -> int:
    """Copies the documents in turn until all together have `pages`; gives the pages there are then.

    A copy has a line behind its end, which every format ignores: its digest is its own, so it is read for itself.
    """
    total = sum(number for _, number in documents)
    for turn, (path, number) in enumerate(cycle(documents)):
        if total >= pages:
            break
        copy = path.with_name(f"copy{turn:05}-{path.name}")
        shutil.copyfile(path, copy)
        with copy.open("ab") as stream:
            stream.write(f"\n% copy {turn}\n".encode())
        total += number
    return total


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.scale_input",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument(
        "--distinct", type=int, default=400, help="pages that are rendered; the rest are copies"
    )
    parser.add_argument("--seed", type=int, default=21)
    parser.add_argument("--levels", nargs="+", choices=LEVELS, default=list(LEVELS), help="taken in turn")
    args = parser.parse_args(argv)
    order = Order(seed=args.seed, levels=tuple(args.levels))
    documents = rendered(args.out, order, min(args.distinct, args.pages))
    pages = copied(documents, args.pages)
    print(f"{pages} pages, {sum(number for _, number in documents)} of them rendered", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
