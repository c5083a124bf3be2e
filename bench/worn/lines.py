"""Lines of invented damaged forms, cut as a page is read, with what is printed in them.

    python -m bench.worn.lines --out DIR --count N --seed S [--scramble 0.6] [--without FONTFILE ...] [--worse] [--all]

Each document becomes one file of `Line`s. Without --all those are left out that the packaged recogniser reads rightly and
surely, but for some: they teach nothing.
"""

import argparse
import pickle
import random
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.render.document import Made, Order, make
from bench.render.fonts import leaving_out
from bench.render.levels import Level
from bench.render.typeset import text_lines
from shenbao import Reader
from shenbao.loading import open_source
from shenbao.models.document import Engine
from shenbao.models.stages import Box, Image, Reading, ReadPage
from shenbao.ocr.engine import LineReader
from shenbao.ocr.engines import open_engine
from shenbao.ocr.lines import HEIGHT, scaled_width
from shenbao.settings import EngineSettings, ReadingSettings, Settings

LEVELS: tuple[Level, ...] = (
    "fax", "copy", "fax", "copy", "phone", "fax", "copy", "scan", "phone", "seal",
)  # fmt: skip
"""Taken in turn: mostly what is worn, and a little that is not."""

WIDEST = 1600
"""Columns of a line picture; wider ones are left out."""

SURE = 0.9
EASY = 0.12
"""Share of the lines kept whose weakest character is at least `SURE` and that are read rightly."""

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Line:
    """A line picture, grey (48, width), and the text that is printed there, none where it shows dirt alone."""

    picture: Image
    text: str


@dataclass(frozen=True, eq=False)
class Printed:
    """A printed line: its text, and its corners (4, 2), clockwise, on the delivered page."""

    text: str
    corners: Points


class _Listener:
    """An engine that reads nothing and keeps the lines that it was first asked for."""

    def __init__(self) -> None:
        self.heard: list[Image] | None = None

    def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
        if self.heard is None:
            self.heard = list(lines)
        return [Reading(()) for _ in lines]

    read_worn = read_lines

    def find_lines(self, page: Image) -> list[Box]:
        return []

    def load(self) -> None:
        pass

    def release(self) -> None:
        pass

    def describe(self) -> Engine:
        return Engine(name="listener", version="0", models={})


def lines_of(made: Made) -> Iterator[Line]:
    """The lines of a document that are found where one is printed and nothing else, or where nothing is."""
    settings = Settings(reading=ReadingSettings(second_look=0.0, text_layer=False))
    reader = Reader(settings)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / made.file
        path.write_bytes(made.data)
        with open_source(path, settings.limits) as loaded:
            for number in range(len(made.shots)):
                ear = _Listener()
                reader.__dict__["engine"] = ear
                laid = reader.lay_out(loaded.page(number + 1))
                if isinstance(laid, ReadPage):
                    continue
                ear.heard = None
                page = reader.read_cells(laid)
                yield from _matched(page, ear.heard or [], printed_lines(made, number))


def printed_lines(made: Made, number: int) -> list[Printed]:
    """What is printed on a page, line by line."""
    found = []
    for setting in made.settings:
        if number >= len(setting.pages):
            continue
        for text, x, y, length, size in text_lines(setting.form, setting.style, setting.pages[number]):
            top, bottom = y - size / 2, y + size / 2
            corners = np.array([[x, top], [x + length, top], [x + length, bottom], [x, bottom]], np.float64)
            if text.strip():
                found.append(Printed(text.strip(), made.shots[number].move(corners)))
    return found


def _matched(page: ReadPage, pictures: Sequence[Image], printed: Sequence[Printed]) -> Iterator[Line]:
    boxes = [line.box for table in page.tables for cell in table.cells for line in cell.lines]
    middles = np.array([line.corners.mean(axis=0) for line in printed]).reshape(-1, 2)
    for picture, polygon in zip(pictures, page.flat.polygons(boxes), strict=False):
        corners = np.array(polygon)
        if not len(printed) or not picture.size:
            continue
        columns = scaled_width(*picture.shape)
        near = printed[int(((middles - corners.mean(axis=0)) ** 2).sum(axis=1).argmin())]
        blank = all(apart(corners, line.corners) for line in printed)
        right = fits(corners, near.corners) and not any(char.isspace() for char in near.text)
        if (right or blank) and columns <= WIDEST:
            how = cv2.INTER_AREA if picture.shape[0] > HEIGHT else cv2.INTER_LINEAR
            shown = np.asarray(cv2.resize(picture, (columns, HEIGHT), interpolation=how), np.uint8)
            yield Line(shown, "" if blank else near.text)


def apart(found: Points, printed: Points) -> bool:
    """Whether a line that was found, by its corners, lies clear of a printed one, by half the height of its print."""
    across, down = printed[1] - printed[0], printed[3] - printed[0]
    length, height = float(np.hypot(*across)), float(np.hypot(*down))
    along = (found - printed[0]) @ across / length
    below = (found - printed[0]) @ down / height
    room = height / 2
    return bool(
        along.max() < -room
        or along.min() > length + room
        or below.max() < -room
        or below.min() > height + room
    )


def fits(found: Points, printed: Points) -> bool:
    """Whether a line that was found, by its corners, is the printed one, all of it and nothing beside it."""
    across, down = printed[1] - printed[0], printed[3] - printed[0]
    length, height = float(np.hypot(*across)), float(np.hypot(*down))
    along = (found - printed[0]) @ across / length
    below = (found - printed[0]) @ down / height
    return bool(
        -0.9 * height < along.min() < 0.35 * height
        and -0.35 * height < along.max() - length < 0.9 * height
        and abs(below.mean() - height / 2) < 0.35 * height
        and 0.5 * height < below.max() - below.min() < 1.9 * height
    )


def same(one: str, other: str) -> bool:
    """Whether two texts are the same but for blanks and the width of characters."""
    folded = [unicodedata.normalize("NFKC", text).replace(" ", "") for text in (one, other)]
    return folded[0] == folded[1]


def hard(lines: Sequence[Line], engine: LineReader, rng: random.Random) -> list[Line]:
    """The lines that the packaged recogniser does not read rightly and surely, and a few of the others."""
    readings = engine.read_lines([line.picture for line in lines])
    return [
        line
        for line, reading in zip(lines, readings, strict=True)
        if not same(line.text, reading.text) or 0 < reading.weakest < SURE or rng.random() < EASY
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.worn.lines", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--scramble", type=float, default=0.6, help="share of cells with other words")
    parser.add_argument("--without", nargs="*", default=[], help="font files that nothing is set in")
    parser.add_argument("--worse", action="store_true", help="copies and faxes mostly of the worst kind")
    parser.add_argument("--all", action="store_true", help="keep the lines that are easy to read")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    order = Order(seed=args.seed, levels=LEVELS, turn_share=0.0, scramble=args.scramble, worse=args.worse)
    engine = open_engine(EngineSettings())
    for index in range(args.count):
        with leaving_out(args.without):
            made = make(order, index)
        lines = list(lines_of(made))
        kept = lines if args.all else hard(lines, engine, random.Random(index))
        (args.out / f"{made.name}.pkl").write_bytes(pickle.dumps([(k.picture, k.text) for k in kept]))
        print(made.name, len(lines), len(kept), flush=True)


if __name__ == "__main__":
    main()
