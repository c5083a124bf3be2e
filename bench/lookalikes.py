"""Which characters look like those of the level names, by comparing their drawn shapes.

    python -m bench.lookalikes FONT.ttc [--face 0] [--count 10] > groups.json

Every character of the first and second levels is drawn, blurred a little as scanning does, and correlated with all
characters of GB 2312. `mapping/data/vocabulary/alike.json` holds the groups of a sans-serif face;
`tests/mapping/lookalikes.json`, with which the mapping is tested, those of a serif face.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from shenbao.mapping.vocabulary import Vocabulary, load_vocabulary

_SIZE = 40
_BLUR = 1.2


def level_characters(vocabulary: Vocabulary) -> list[str]:
    """The Han characters of all first and second levels, their other forms included."""
    forms = [
        form
        for frame in vocabulary.frames
        for first in frame.level1
        for named in (first, *first.children)
        for form in named.forms
    ]
    return sorted({char for form in forms for char in form if "一" <= char <= "鿿"})


def gb2312() -> list[str]:
    """The 6,763 Han characters of GB 2312."""
    codes = [bytes([row, cell]) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)]
    return [char for code in codes if (char := code.decode("gb2312", "ignore"))]


def shape(char: str, font: ImageFont.FreeTypeFont) -> NDArray[np.float32]:
    """The drawn character as a vector of length 1, its mean taken off."""
    side = _SIZE + 8
    picture = Image.new("L", (side, side), 0)
    ImageDraw.Draw(picture).text((side / 2, side / 2), char, font=font, fill=255, anchor="mm")
    drawn = np.asarray(picture.filter(ImageFilter.GaussianBlur(_BLUR)), np.float32).ravel()
    drawn = drawn - drawn.mean()
    vector: NDArray[np.float32] = (drawn / np.linalg.norm(drawn)).astype(np.float32)
    return vector


def groups(chars: Sequence[str], font: ImageFont.FreeTypeFont, count: int) -> list[dict[str, str]]:
    """For each character the `count` most like it, the likest first."""
    pool = gb2312()
    shapes = np.stack([shape(char, font) for char in pool])
    found = []
    for char in chars:
        ranked = np.argsort(-(shapes @ shape(char, font)))[: count + 1]
        alike = "".join(pool[i] for i in ranked if pool[i] != char)[:count]
        found.append({"char": char, "alike": alike})
    return found


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Which characters look like those of the level names.")
    parser.add_argument("font", type=Path)
    parser.add_argument("--face", type=int, default=0, help="number of the face in a collection")
    parser.add_argument("--count", type=int, default=25)
    args = parser.parse_args(argv)
    font = ImageFont.truetype(args.font, _SIZE, index=args.face)
    found = groups(level_characters(load_vocabulary()), font, args.count)
    print("[\n" + ",\n".join(json.dumps(group, ensure_ascii=False) for group in found) + "\n]")
    return 0


if __name__ == "__main__":
    sys.exit(main())
