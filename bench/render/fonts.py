"""Typefaces: found on the machine, checked for glyphs, and set line by line.

A character that a typeface lacks is taken from the next one in the chain, as word processors do.
"""

import random
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageDraw, ImageFont
from pydantic import BaseModel, ConfigDict

from bench.render.words import DATA


class FontSpec(BaseModel):
    """A font file by base name, the family to take from a collection, and its weight in the draw."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    family: str
    bold_file: str | None = None
    weight: float = 1.0


class FontList(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    folders: tuple[str, ...]
    fonts: tuple[FontSpec, ...]
    latin: tuple[FontSpec, ...]


@cache
def font_list() -> FontList:
    return FontList.model_validate_json((DATA / "fonts.json").read_bytes())


@cache
def _files() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in font_list().folders:
        for path in sorted(Path(folder).rglob("*.tt[cf]")):
            found.setdefault(path.name, path)
    return found


@cache
def _index(path: Path, family: str) -> int:
    """The face of a collection whose name is `family`."""
    for index in range(12):
        try:
            name = ImageFont.truetype(str(path), 12, index=index).getname()
        except OSError:
            break
        if name[0] == family:
            return index
    return 2 if path.name.startswith("Noto") else 0


@lru_cache(maxsize=256)
def load(file: str, family: str, size: int) -> ImageFont.FreeTypeFont:
    """A typeface at `size` pixels to the em.

    Raises:
        FileNotFoundError: the font is not installed.
    """
    path = _files().get(file)
    if path is None:
        raise FileNotFoundError(f"font {file} is missing: apt-get install fonts-noto-cjk fonts-wqy-zenhei")
    return ImageFont.truetype(str(path), size, index=_index(path, family))


@lru_cache(maxsize=100_000)
def has_glyph(file: str, family: str, char: str) -> bool:
    """Whether the typeface draws `char` as something else than its missing-glyph box."""
    if char.isspace():
        return True
    face = load(file, family, 24)
    return bytes(face.getmask(char)) != bytes(face.getmask("\U0010fffd"))


_left_out: ContextVar[Collection[str]] = ContextVar("left_out", default=())


@contextmanager
def leaving_out(fonts: Collection[str]) -> Iterator[None]:
    """As long as it lasts nothing is set in these font files: what is taught is to be tested on them."""
    token = _left_out.set(fonts)
    try:
        yield
    finally:
        _left_out.reset(token)


def installed(specs: tuple[FontSpec, ...]) -> list[FontSpec]:
    return [s for s in specs if s.file in _files() and s.file not in _left_out.get()]


@dataclass(frozen=True)
class Face:
    """A chain of typefaces at one size in pixels; `latin` sets ASCII when it is given."""

    chain: tuple[FontSpec, ...]
    latin: FontSpec | None
    size: int
    bold: bool = False

    def _pick(self, char: str) -> tuple[FontSpec, bool]:
        """The typeface for `char`, and whether bold must be faked by a wider stroke."""
        chain = (self.latin, *self.chain) if self.latin and char.isascii() else self.chain
        for spec in chain:
            file = spec.bold_file if self.bold and spec.bold_file in _files() else spec.file
            if file and has_glyph(file, spec.family, char):
                chosen = spec.model_copy(update={"file": file})
                return chosen, self.bold and file == spec.file
        return chain[-1], self.bold

    @lru_cache(maxsize=50_000)  # noqa: B019 (faces are few and live as long as the program)
    def glyph(self, char: str) -> tuple[ImageFont.FreeTypeFont, float, bool]:
        """The font of a character, its advance in pixels, and whether bold is faked."""
        spec, fake = self._pick(char)
        font = load(spec.file, spec.family, self.size)
        return font, font.getlength(char), fake

    def length(self, text: str) -> float:
        return sum(self.glyph(c)[1] for c in text)

    def draw(self, canvas: ImageDraw.ImageDraw, x: float, y: float, text: str, fill: int) -> None:
        """Sets `text` with its left end at `x` and the middle of its em box at `y`."""
        run, start, at = "", x, x
        last: tuple[ImageFont.FreeTypeFont, bool] | None = None
        for char in [*text, ""]:
            font, advance, fake = self.glyph(char) if char else (None, 0.0, False)
            if last and (not char or (font, fake) != last):
                stroke = max(1, self.size // 28) if last[1] else 0
                # Latin and Chinese share the baseline, 0.88 em below the top as in CJK fonts.
                base = y + self.size * 0.38
                canvas.text((start, base), run, font=last[0], fill=fill, anchor="ls", stroke_width=stroke)
                run, start = "", at
            if char and font is not None:
                run, at, last = run + char, at + advance, (font, fake)


def draw_face(rng: random.Random, size: int) -> Face:
    """A face at random. Raises FileNotFoundError when no Chinese font is installed."""
    fonts = installed(font_list().fonts)
    if not fonts:
        raise FileNotFoundError("no Chinese font found: apt-get install fonts-noto-cjk")
    first = rng.choices(fonts, [f.weight for f in fonts])[0]
    latin = installed(font_list().latin)
    ascii_face = rng.choice(latin) if latin and rng.random() < 0.35 else None
    return Face((first, *(f for f in fonts if f != first)), ascii_face, size)


_NOT_FIRST = "，。、；：？！）》〉】”’%％)]}…·"


def wrap(face: Face, text: str, width: float, *, keep_words: bool) -> list[str]:
    """`text` in lines of at most `width` pixels, closing marks never first on a line.

    `keep_words` keeps runs of ASCII letters and digits together where they fit.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for piece in _pieces(face, paragraph, width, keep_words):
            advance = face.length(piece)
            if (
                line
                and used + advance > width
                and not (piece in _NOT_FIRST and used + advance < width + face.size)
            ):
                lines.append(line)
                line, used = "", 0.0
            line, used = line + piece, used + advance
        lines.append(line)
    return lines


def _pieces(face: Face, text: str, width: float, keep_words: bool) -> list[str]:
    pieces: list[str] = []
    for char in text:
        word = char.isascii() and (char.isalnum() or char in ".%-,")
        if keep_words and word and pieces and pieces[-1][-1].isascii() and pieces[-1][-1] not in " ()":
            joined = pieces[-1] + char
            if face.length(joined) <= width:
                pieces[-1] = joined
                continue
        pieces.append(char)
    return pieces
