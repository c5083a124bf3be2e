"""Damaged files through all loaders: each must end in pages or in an error of ours, soon and in little memory.

    python -m bench.fuzz --cases 5000 --seed 1 [--kind pdf] [--read] [--keep DIR] [--seconds 10] [--memory 1500]

Files of every kind that is read are made, then damaged in ways that a case's number decides: bits, bytes and
length fields changed, pieces cut out, doubled, swapped or put in from another file, the end cut off; of PDF
also its numbers, of Office files also what is inside the container. A case fails when the loader raises
something that is no ShenbaoError, ends its process, takes too long or too much memory; --keep writes such
files into a folder. With --read the files are read as well, by the real engine, and an error of a page that has
no type of its own counts, too. The exit code is 1 when there is one.
"""

import argparse
import io
import random
import re
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from shenbao.errors import ShenbaoError
from shenbao.loading import open_source
from shenbao.processes import ChildProcess
from shenbao.settings import LimitSettings

LIMITS = LimitSettings(side=6_000, pixels=20_000_000, file_bytes=20_000_000, pages=50)
"""Smaller than the default, so that a case takes no longer than it must."""

_PAGES = 3
"""Of a file that can still be opened, so many pages are decoded."""

_EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0x10000, 100_000)
_NUMBER = re.compile(rb"\d+")


@dataclass(frozen=True)
class Case:
    kind: str
    data: bytes


def seeds() -> list[Case]:
    """One small file of each kind and coding."""
    page = Image.new("RGB", (220, 300), "white")
    draw = ImageDraw.Draw(page)
    for y in range(20, 300, 40):
        draw.line((10, y, 210, y), "black", 2)
    made = [
        ("jpeg", page, "JPEG", {"quality": 80}),
        ("jpeg", page, "JPEG", {"progressive": True, "dpi": (200, 200)}),
    ]
    made += [
        ("jpeg", page.convert("CMYK"), "JPEG", {}),
        ("png", page, "PNG", {}),
        ("png", page.convert("P"), "PNG", {}),
    ]
    made += [("png", page.convert("1"), "PNG", {}), ("png", page.convert("RGBA"), "PNG", {})]
    for coding in ("raw", "group4", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        picture = page.convert("1") if coding == "group4" else page
        more = {"compression": coding, "save_all": True, "append_images": [picture]}
        made.append(("tiff", picture, "TIFF", more))
    made += [("webp", page, "WEBP", {}), ("bmp", page, "BMP", {})]
    made += [("pdf", page, "PDF", {"save_all": True, "append_images": [page.convert("1")]})]
    return (
        [Case(kind, _saved(picture, form, more)) for kind, picture, form, more in made]
        + _office()
        + _text_pdf()
    )


def _saved(picture: Image.Image, form: str, more: dict[str, object]) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, form, **more)
    return stream.getvalue()


def _office() -> list[Case]:
    """A Word and an Excel file with a table, where the packages that make them are installed."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["项目名称", "预算数"])
    book.active.append(["人民调解", 104.08])
    book.active.merge_cells("A3:B3")
    stream = io.BytesIO()
    book.save(stream)
    found = [Case("xlsx", stream.getvalue())]
    try:
        import docx
    except ImportError:
        return found
    document = docx.Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).text = "项目名称"
    table.cell(1, 0).merge(table.cell(1, 1))
    stream = io.BytesIO()
    document.save(stream)
    return [*found, Case("docx", stream.getvalue())]


def _text_pdf() -> list[Case]:
    """A PDF with text and lines, where reportlab is installed."""
    try:
        from reportlab.pdfgen import canvas
    except ImportError:
        return []
    return [Case("pdf", _drawn(canvas, compression)) for compression in (1, 0)]


def _drawn(canvas: Any, compression: int) -> bytes:
    """Without compression, damages reach the operators and numbers of the page's content."""
    stream = io.BytesIO()
    drawn = canvas.Canvas(stream, (220, 300), invariant=1, pageCompression=compression)
    drawn.grid([20, 100, 200], [40, 80, 120])
    for x, y, text in ((30, 50, "104.08"), (110, 50, "120"), (30, 90, "budget"), (110, 90, "8")):
        drawn.drawString(x, y, text)
    drawn.save()
    return stream.getvalue()


def damaged(case: Case, others: list[Case], chance: random.Random) -> Case:
    """The file after one to six damages."""
    if case.data[:2] == b"PK" and chance.random() < 0.7:
        return Case(case.kind, _inside_zip(case.data, chance))
    data = case.data
    for _ in range(chance.randint(1, 6)):
        change = chance.choice(_DAMAGES if case.kind != "pdf" else (*_DAMAGES, _number, _number))
        data = change(data, chance) if len(data) > 16 else data
    if chance.random() < 0.05:
        other = chance.choice(others).data
        start = chance.randrange(len(other))
        data = data[: len(data) // 2] + other[start : start + 2000] + data[len(data) // 2 :]
    return Case(case.kind, data)


def _inside_zip(data: bytes, chance: random.Random) -> bytes:
    """A container that is whole, one of whose members is damaged."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w") as target:
        names = source.namelist()
        chosen = chance.choice(names)
        for name in names:
            member = source.read(name)
            if name == chosen and len(member) > 16:
                for _ in range(chance.randint(1, 4)):
                    change = chance.choice((*_DAMAGES, _number))
                    member = change(member, chance) if len(member) > 16 else member
            target.writestr(zipfile.ZipInfo(name), member)
    return stream.getvalue()


def _bits(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _field(data: bytes, chance: random.Random) -> bytes:
    """A number of one, two or four bytes set to an extreme, mostly where headers stand."""
    size, order = chance.choice((1, 2, 4)), chance.choice(("little", "big"))
    reach = min(len(data), 512) if chance.random() < 0.7 else len(data)
    start = chance.randrange(max(1, reach - size))
    value = chance.choice(_EXTREMES) % (1 << 8 * size)
    return data[:start] + value.to_bytes(size, order) + data[start + size :]  # type: ignore[arg-type]


def _cut(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randint(1, 200) :]


def _double(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    piece = data[start : start + chance.randint(1, 200)]
    return data[:start] + piece * chance.randint(2, 20) + data[start:]


def _swap(data: bytes, chance: random.Random) -> bytes:
    size = chance.randint(1, max(1, min(100, len(data) // 4)))
    a, b = sorted((chance.randrange(len(data) - size), chance.randrange(len(data) - size)))
    if b - a < size:
        return data
    return data[:a] + data[b : b + size] + data[a + size : b] + data[a : a + size] + data[b + size :]


def _end(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(8, len(data))]


def _number(data: bytes, chance: random.Random) -> bytes:
    """One of the written numbers set to another."""
    found = list(_NUMBER.finditer(data))
    if not found:
        return data
    match = chance.choice(found)
    value = str(chance.choice((*_EXTREMES, -1, 10**12, chance.randrange(30)))).encode()
    return data[: match.start()] + value + data[match.end() :]


_DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _bits,
    _field,
    _field,
    _cut,
    _double,
    _swap,
    _end,
)


def serve(pipe: Connection) -> None:
    """Loads what it is given, and answers with how that ended."""
    _answer(pipe, loaded)


def serve_readings(pipe: Connection) -> None:
    """Reads what it is given, and answers with how that ended."""
    from shenbao import Reader, Settings

    _answer(pipe, partial(was_read, Reader(Settings(limits=LIMITS))))


def _answer(pipe: Connection, ending: Callable[[bytes], str]) -> None:
    import logging

    logging.disable(logging.CRITICAL)
    while True:
        try:
            data: bytes = pipe.recv()
        except EOFError:
            return
        pipe.send(ending(data))


def loaded(data: bytes) -> str:
    """`read`, the code of a typed error, or `raised ...` for any other."""
    try:
        with open_source(data, LIMITS, name="case") as source:
            for number in range(1, min(_PAGES, source.facts.page_count) + 1):
                if source.written is not None:
                    source.written(number)
                else:
                    source.page(number)
    except ShenbaoError as error:
        return error.code
    except Exception as error:  # noqa: BLE001 -- what is looked for
        return f"raised {type(error).__name__}: {error}"
    return "read"


def was_read(reader: Any, data: bytes) -> str:
    """As `loaded`, of a file that is read; what a page failed of counts as raised where it has no type."""
    try:
        document = reader.read(data, name="case")
    except ShenbaoError as error:
        return error.code
    except Exception as error:  # noqa: BLE001 -- what is looked for
        return f"raised {type(error).__name__}: {error}"
    untyped = [error.message for error in document.errors if error.code == ShenbaoError.code]
    return f"raised {untyped[0]}" if untyped else "read"


class Child:
    """A process that loads, replaced when it is gone."""

    def __init__(self, seconds: float, memory: int, work: Callable[[Connection], None] = serve) -> None:
        self._work, self._seconds, self._memory = work, seconds, memory
        self._process: ChildProcess | None = None

    def run(self, data: bytes) -> str:
        """How a case ended: as `loaded` says, or `ended`, `hung`, `grew`."""
        process = self._process = self._process or ChildProcess(self._work)
        end = time.monotonic() + self._seconds
        process.pipe.send(data)
        while not process.pipe.poll(0.1):
            if time.monotonic() > end:
                return self._stopped("hung")
            if self._held() > self._memory:
                return self._stopped("grew")
        try:
            answer: str = process.pipe.recv()
        except (EOFError, OSError):
            return self._stopped(f"ended with code {process.exit_code()}")
        return self._stopped("grew") if self._held() > self._memory else answer

    def _held(self) -> int:
        """Resident bytes of the process."""
        assert self._process is not None
        try:
            status = Path(f"/proc/{self._process.process.pid}/statm").read_text("ascii")
        except OSError:
            return 0
        return int(status.split()[1]) * 4096

    def _stopped(self, words: str) -> str:
        self.stop()
        return words

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--memory", type=int, default=1500, help="MB")
    parser.add_argument("--kind", help="only files of this kind, pdf for example")
    parser.add_argument("--read", action="store_true", help="read them, too")
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args()
    starts = [case for case in seeds() if args.kind in (None, case.kind)]
    counts, bad = Counter[tuple[str, str]](), 0
    child = Child(args.seconds, args.memory * 1_000_000, serve_readings if args.read else serve)
    begin = time.monotonic()
    for number in range(args.first, args.first + args.cases):
        chance = random.Random(f"{args.seed}/{number}")
        case = damaged(chance.choice(starts), starts, chance)
        ending = child.run(case.data)
        word = ending.split()[0]
        counts[case.kind, word] += 1
        if word in ("raised", "ended", "hung", "grew"):
            bad += 1
            print(f"case {number} ({case.kind}): {ending}", flush=True)
            if args.keep:
                args.keep.mkdir(parents=True, exist_ok=True)
                (args.keep / f"{args.seed}-{number}.{case.kind}").write_bytes(case.data)
    child.stop()
    for (kind, word), count in sorted(counts.items()):
        print(f"{kind:5} {word:12} {count}")
    print(f"{args.cases} cases, seed {args.seed}, {bad} bad, {time.monotonic() - begin:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
