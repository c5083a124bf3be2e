"""Whole documents rendered and, marked e2e, read from start to end."""

import json
from pathlib import Path
from typing import get_args

import numpy as np
import pypdfium2
import pytest
from bench.prose import Line, Shares, longest_run, score
from bench.render.disclosure import MadeDisclosure, main, make
from bench.render.fonts import font_list, installed

from shenbao import Reader
from shenbao.models.document import Role, Text

pytestmark = pytest.mark.skipif(not installed(font_list().fonts), reason="no Chinese font installed")


@pytest.fixture(scope="module")
def made() -> MadeDisclosure:
    return make(51, 0, ["clean"])


def test_same_seed_same_bytes(made: MadeDisclosure) -> None:
    again = make(51, 0, ["clean"])
    assert again.data == made.data
    assert again.truth == made.truth


def test_the_truth_fits_the_file(made: MadeDisclosure) -> None:
    document = pypdfium2.PdfDocument(made.data)
    assert len(document) == len(made.truth["pages"])
    roles = set(get_args(Role))
    for page in made.truth["pages"]:
        for line in page["texts"]:
            quad = np.array(line["quad"])
            assert line["role"] in roles
            assert (quad >= -1).all() and (quad <= (page["width"] + 1, page["height"] + 1)).all()


def test_blocks_are_numbered_in_order_and_every_table_has_its_own(made: MadeDisclosure) -> None:
    numbers = [t["block"] for page in made.truth["pages"] for t in page["texts"] if t["block"]]
    assert numbers == sorted(numbers)
    tables = [table["block"] for table in made.truth["tables"]]
    assert len(set(tables)) == len(tables) > 1


def test_every_kind_of_line_is_drawn() -> None:
    left = set(get_args(Role))
    for index in range(8):
        pages = make(51, index, ["clean"]).truth["pages"]
        left -= {line["role"] for page in pages for line in page["texts"]}
        if not left:
            return
    raise AssertionError(f"never drawn: {left}")


def test_files_are_written(tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path), "--count", "1", "--seed", "51", "--levels", "clean"]) == 0
    (truth,) = tmp_path.glob("*.truth.json")
    assert (tmp_path / json.loads(truth.read_text("utf-8"))["files"][0]).stat().st_size > 10_000


def test_order_is_the_longest_run_in_order() -> None:
    assert longest_run([0, 1, 2, 3]) == 4
    assert longest_run([3, 0, 1, 2]) == 3
    assert longest_run([3, 2, 1]) == 1
    assert longest_run([]) == 0


def test_leaders_and_dashes_do_not_make_a_line_lost() -> None:
    found = Text(text="一、职责…3", confidence=1.0, polygon=((0, 0), (1, 0), (1, 1), (0, 1)))
    assert Line({"text": "一、职责.............................3"}, ((0, found),)).is_found
    assert not Line({"text": "（三）资产占用情况"}, ((0, found),)).is_found
    assert not Line({"text": "一、职责.....3"}, ()).is_found


@pytest.mark.e2e
@pytest.mark.parametrize(("index", "level"), [(0, "clean"), (1, "scan"), (3, "seal")])
def test_documents_are_read_from_start_to_end(index: int, level: str, tmp_path: Path) -> None:
    made = make(22, index, ["clean", "scan", "copy", "seal"])
    assert level in made.name
    (tmp_path / made.file).write_bytes(made.data)
    shares = Shares()
    score(made.truth, Reader().read(tmp_path / made.file), shares, show=False)
    told = {name: shares.right[name] / count for name, count in shares.all.items()}
    assert told["found"] > 0.97
    assert told["order"] > 0.97
    assert told["role"] > 0.95
    assert told["level"] > 0.9
    assert told["break"] > 0.95
