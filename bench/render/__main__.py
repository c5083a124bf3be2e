"""python -m bench.render --out DIR --count N --seed S: writes test scans with their truth."""

import argparse
import json
import sys
import time
from pathlib import Path

from bench.render.coloured import COLOURS
from bench.render.document import Order, make, write
from bench.render.layouts import LAYOUTS, ON_REQUEST
from bench.render.levels import LEVELS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.render", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for documents and truth files")
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--levels", nargs="+", choices=LEVELS, default=list(LEVELS), help="taken in turn")
    parser.add_argument("--dpi", nargs="+", type=int, default=[], help="default: mostly 150, 200 and 300")
    parser.add_argument(
        "--layouts",
        nargs="+",
        choices=(*LAYOUTS, *ON_REQUEST),
        default=[],
        help=f"default: all but {', '.join(ON_REQUEST)}",
    )
    parser.add_argument("--skew", type=float, help="greatest angle in degrees, up to 15")
    parser.add_argument("--turns", type=float, default=0.08, help="share of documents given a quarter turn")
    parser.add_argument("--rulings", choices=("faint", "thick", "dotted", "double"))
    parser.add_argument(
        "--ruling-colours",
        nargs="+",
        choices=COLOURS,
        default=[],
        help="taken in turn; default: black or grey",
    )
    parser.add_argument("--coloured-ink", action="store_true", help="no document in black")
    parser.add_argument("--seals", type=int, help="on every page, at any level; default: as the level has it")
    parser.add_argument("--handwriting", action="store_true", help="names written by hand on every page")
    return parser


def main(argv: list[str] | None = None) -> int:
    parser = _parser()
    args = parser.parse_args(argv)
    if args.skew is not None and not 0 <= args.skew <= 15:
        parser.error("--skew takes 0 to 15 degrees")
    if any(not 72 <= dpi <= 600 for dpi in args.dpi):
        parser.error("--dpi takes 72 to 600")
    if args.ruling_colours and args.handwriting:
        parser.error("--handwriting goes on pages with black rulings only")
    order = Order(
        seed=args.seed,
        levels=tuple(args.levels),
        dpis=tuple(args.dpi),
        layouts=tuple(args.layouts),
        skew=args.skew,
        turn_share=args.turns,
        rulings=args.rulings,
        coloured_ink=args.coloured_ink,
        seals=args.seals,
        handwriting=args.handwriting,
        ruling_colours=tuple(args.ruling_colours),
    )
    args.out.mkdir(parents=True, exist_ok=True)
    recipes: dict[str, object] = {}
    pages, started = 0, time.perf_counter()
    for index in range(args.count):
        made = make(order, index)
        write(made, args.out)
        recipes[made.name] = made.recipe
        pages += len(made.shots)
    recipe_file = args.out / f"recipes-{args.seed}.json"
    recipe_file.write_text(json.dumps(recipes, ensure_ascii=False, indent=1), "utf-8")
    seconds = time.perf_counter() - started
    print(f"{args.count} documents, {pages} pages, {pages / seconds:.2f} pages/s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
