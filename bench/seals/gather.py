"""Seals on rendered copies and faxes, with the print below them: what the network of `layout/seal_print.py` learns from.

    python -m bench.seals.gather OUT.npz --count N --seed S [--levels copy fax]

Each document is drawn twice with the same damage, once without its seals. The first is found, flattened and marked as
the reader does it; what the second shows at the same places is the print.
"""

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.render import damage, levels
from bench.render.damage import Drawn, Rng, Shot
from bench.render.document import Made, Order, make
from bench.render.seals import Mask, worn
from bench.render.style import Style
from bench.seals.varied import varied_seal
from shenbao import Reader
from shenbao.layout.seal_print import Spot, pictures_of, spot_of
from shenbao.loading import open_source
from shenbao.models.stages import FlatPage
from shenbao.settings import ReadingSettings, Settings

AROUND = 3.0
"""Half the side, in character heights, of the square in which the paper's level is taken."""

INK = 1
"""Percentile of a page's levels that is its ink's."""


@dataclass(frozen=True, eq=False)
class Example:
    """What the network sees of a seal, (CHANNELS, height, width) of bytes, and the print below, 255 for the darkest."""

    seen: NDArray[np.uint8]
    print_: NDArray[np.uint8]


def pair(order: Order, index: int) -> tuple[Made, Made]:
    """A document with its seals, and without."""
    with patch.object(levels, "_seal_mask", _varied):
        sealed = make(order, index)
        with patch.object(damage, "stamp", _no_stamp):
            return sealed, make(order, index)


def _varied(rng: random.Random, noise: Rng, style: Style, owner: str) -> tuple[Mask, Drawn]:
    mask, shape = varied_seal(rng, style, owner)
    angle = rng.gauss(0, 14)
    return worn(mask, noise, angle), Drawn("seal", shape, np.zeros((4, 2)))


def _no_stamp(shot: Shot, *_: object) -> Shot:
    return shot


def examples(reader: Reader, order: Order, index: int) -> Iterator[Example]:
    sealed, bare = pair(order, index)
    with open_source(sealed.data, reader.settings.limits, name=sealed.file) as source:
        for number, shot in enumerate(bare.shots, 1):
            laid = reader.lay_out(source.page(number))
            for mark in getattr(laid, "marks", ()):
                if mark.kind == "seal" and mark.colour == "grey":
                    spot = spot_of(mark, laid.flat)
                    if spot.inside.any():
                        yield Example(pictures_of(spot, laid.flat), print_of(spot, laid.flat, shot))


def print_of(spot: Spot, flat: FlatPage, bare: Shot) -> NDArray[np.uint8]:
    """How dark the page without seals is at each pixel of a spot, from paper (0) to the page's ink (255)."""
    grey = damage.grey(bare).pixels
    rows, columns = spot.window
    y, x = np.mgrid[rows, columns]
    places = flat.to_delivered(np.stack([x.ravel() + 0.5, y.ravel() + 0.5], axis=1)) - 0.5
    across, down = (places[:, k].reshape(y.shape).astype(np.float32) for k in (0, 1))
    shown = cv2.remap(grey, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    side = 2 * round(AROUND * flat.char_height) + 1
    paper = cv2.blur(np.asarray(_local_paper(shown, side), np.float32), (side, side))
    ink = float(np.percentile(grey, INK))
    dark = (paper - shown) / np.maximum(paper - ink, 1.0)
    return np.asarray(np.clip(np.round(dark * 255), 0, 255), np.uint8)


def _local_paper(shown: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The level of paper around each pixel: most of what stands within a square is paper."""
    small = cv2.resize(shown, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    calm = cv2.dilate(small, np.ones((3, 3), np.uint8))
    wide = cv2.medianBlur(calm, min(255, (side // 4) | 1))
    return np.asarray(cv2.resize(wide, shown.shape[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.seals.gather", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--levels", nargs="+", default=["copy", "copy", "fax"])
    options = parser.parse_args()
    order = Order(options.seed, tuple(options.levels), dpis=(150, 200, 300), seals=3, turn_share=0.0)
    reader = Reader(Settings(reading=ReadingSettings(text_layer=False)))
    found: dict[str, NDArray[np.uint8]] = {}
    for index in range(options.count):
        for example in examples(reader, order, index):
            found[f"seen{len(found) // 2:05d}"] = example.seen
            found[f"print{len(found) // 2:05d}"] = example.print_
    np.savez_compressed(options.out, **found)  # type: ignore[arg-type]
    print(f"{len(found) // 2} seals of {options.count} documents")


if __name__ == "__main__":
    main()
