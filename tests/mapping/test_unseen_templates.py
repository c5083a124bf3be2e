"""Forms that no family describes, each from a file: title, captions, grid, and what a reader should find."""

import importlib.util
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from shenbao.models.document import Indicator, Record, Table

FILES = sorted((Path(__file__).parent / "templates").glob("*.txt"))
Draw = Callable[..., Table]
Map = Callable[..., Record]


@dataclass(frozen=True)
class Template:
    """`indicators` are level 1-3, operator, value and unit, joined by `|`."""

    table: Table
    fields: dict[str, str]
    indicators: list[str]


def template(path: Path, draw: Draw) -> Template:
    head, grid, fields, indicators = (part.strip("\n") for part in path.read_text("utf-8").split("---\n"))
    title, *captions = head.splitlines()
    listed = tuple(text.strip() for line in captions for text in line.split(";"))
    stated = dict(line.split("=", 1) for line in fields.splitlines())
    return Template(draw(grid, title, listed), stated, indicators.splitlines())


def as_line(item: Indicator) -> str:
    fields = (item.level1, item.level2, item.level3, item.operator, item.value, item.unit)
    return "|".join("" if field is None else field.value for field in fields)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_unseen_form_gives_its_indicators_and_fields(path: Path, draw: Draw, map_table: Map) -> None:
    wanted = template(path, draw)
    record = map_table(wanted.table)
    assert [as_line(item) for item in record.indicators] == wanted.indicators
    values = {key: field.value for key, field in record.fields.items()}
    assert {key: values.get(key) for key in wanted.fields} == wanted.fields
    assert not [check for check in record.checks if check.status == "fail" and check.severity == "hard"]


def printed_form() -> ModuleType:
    spec = importlib.util.spec_from_file_location("printed_form", Path(__file__).parent / "printed_form.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.e2e
def test_unseen_forms_are_read_from_clean_scans(draw: Draw) -> None:
    """At least 95 % of all their indicators are exactly right; what is not wanted are the wrong ones alone."""
    from shenbao.reader import Reader

    printer = printed_form()
    font = printer.font_file()
    if font is None:
        pytest.skip("no Chinese font on this machine")
    reader, right, total, extra = Reader(), 0, 0, 0
    for path in FILES:
        wanted = template(path, draw)
        scan = io.BytesIO()
        Image.fromarray(printer.print_page(wanted.table, font)).save(scan, "PNG", dpi=(200, 200))
        records = reader.read(scan.getvalue(), name=f"{path.stem}.png").records
        # As the evaluation counts: `=` and no operator are alike.
        found = [as_line(item).replace("|=|", "||") for record in records for item in record.indicators]
        for line in wanted.indicators:
            total += 1
            if line.replace("|=|", "||") in found:
                right += 1
                found.remove(line.replace("|=|", "||"))
        extra += len(found)
    assert len(FILES) >= 6 and total >= 50
    assert right / total >= 0.95
    assert extra <= total - right
